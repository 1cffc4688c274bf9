#include "tests/integration/faults/medium.h"

#include "core/base/error.h"

#include <algorithm>

namespace coffer::test {

namespace {

using Kind = Operation::Kind;

constexpr std::size_t sector_bytes = 512;

void write_into(Bytes& content, std::uint64_t offset, ByteView part)
{
    content.resize(std::max<std::size_t>(content.size(), offset + part.size()));
    std::ranges::copy(part, content.begin() + static_cast<std::ptrdiff_t>(offset));
}

void apply_whole(Bytes& content, const Operation& operation)
{
    if (operation.kind == Kind::truncate)
        content.resize(operation.offset);
    else
        write_into(content, operation.offset, operation.content);
}

/// Each sector alone: kept, lost, now and then garbage.
void apply_torn(Bytes& content, const Operation& operation, std::mt19937_64& random)
{
    const ByteView whole{operation.content};
    for (std::uint64_t begin = 0; begin < whole.size();) {
        const auto position = operation.offset + begin;
        const auto size = std::min<std::uint64_t>(sector_bytes - position % sector_bytes, whole.size() - begin);
        const auto fate = random() % 8;
        if (fate < 4)
            write_into(content, position, whole.subspan(begin, size));
        else if (fate == 4)
            write_into(content, position, Bytes(size, static_cast<std::uint8_t>(random())));
        begin += size;
    }
}

} // namespace

Medium::Medium(const Image& base)
{
    for (const auto& name : base.folders)
        m_names.emplace(name, Folder{});
    int number = 0; // as the recorder counts them
    for (const auto& [name, content] : base.files) {
        m_names.emplace(name, number);
        m_files.emplace(number++, File{content, {}});
    }
}

std::string Medium::folder_of(const std::string& name)
{
    const auto slash = name.rfind('/');
    return slash == std::string::npos ? "." : name.substr(0, slash);
}

void Medium::apply_to_names(Names& names, const Operation& operation)
{
    const auto move = [&](bool keeps_source) {
        const auto source = names.find(operation.name);
        if (source == names.end())
            return; // the name that came before was lost
        names[operation.target] = source->second;
        if (!keeps_source)
            names.erase(operation.name);
    };
    switch (operation.kind) {
    case Kind::create: names[operation.name] = operation.file; break;
    case Kind::make_folder: names[operation.name] = Folder{}; break;
    case Kind::rename: move(false); break;
    case Kind::link: move(true); break;
    case Kind::unlink: names.erase(operation.name); break;
    default: break;
    }
}

void Medium::apply(const Operation& operation)
{
    switch (operation.kind) {
    case Kind::create: m_files.emplace(operation.file, File{}); [[fallthrough]];
    case Kind::make_folder:
    case Kind::rename:
    case Kind::link:
    case Kind::unlink: m_pending_names.push_back(operation); break;
    case Kind::write:
    case Kind::truncate: m_files.at(operation.file).pending.push_back(operation); break;
    case Kind::sync_file: {
        auto& file = m_files.at(operation.file);
        for (const auto& change : file.pending)
            apply_whole(file.durable, change);
        file.pending.clear();
        break;
    }
    case Kind::fail_file: m_files.at(operation.file).pending.clear(); break;
    case Kind::sync_folder:
    case Kind::fail_folder: sync_folder(operation); break;
    case Kind::acknowledge: break;
    }
}

void Medium::sync_folder(const Operation& operation)
{
    const auto is_there = [&](const Operation& change) { return folder_of(change.name) == operation.name; };
    for (const auto& change : m_pending_names)
        if (is_there(change) && operation.kind == Kind::sync_folder)
            apply_to_names(m_names, change);
    std::erase_if(m_pending_names, is_there);
}

Bytes Medium::content_of(const File& file, Survival survival, std::mt19937_64& random) const
{
    auto content = file.durable;
    if (survival == Survival::nothing || survival == Survival::names)
        return content;
    for (const auto& change : file.pending) {
        const bool is_torn = survival == Survival::any || &change == &file.pending.back();
        if (change.kind == Kind::write && is_torn)
            apply_torn(content, change, random);
        else if (survival != Survival::any || random() % 2 == 0)
            apply_whole(content, change);
    }
    return content;
}

Image Medium::cut(Survival survival, std::mt19937_64& random) const
{
    auto names = m_names;
    for (const auto& change : m_pending_names)
        if (survival == Survival::all || survival == Survival::names || (survival == Survival::any && random() % 2 == 0))
            apply_to_names(names, change);
    Image image;
    for (const auto& [name, what] : names) {
        const auto folder = folder_of(name);
        if (folder != "." && !names.contains(folder))
            continue; // its folder was lost
        if (const auto* file = std::get_if<int>(&what))
            image.files.emplace(name, content_of(m_files.at(*file), survival, random));
        else
            image.folders.push_back(name);
    }
    return image;
}

} // namespace coffer::test
