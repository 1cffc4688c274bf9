#include "tests/integration/faults/recorder.h"

#include "core/base/error.h"

#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

namespace coffer::test {

namespace {

namespace fs = std::filesystem;

Recorder* g_active = nullptr;

Bytes content_of(const fs::path& file)
{
    std::ifstream stream{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

} // namespace

Image take_image(const fs::path& folder)
{
    Image image;
    for (const auto& entry : fs::recursive_directory_iterator{folder}) {
        const auto name = entry.path().lexically_relative(folder).string();
        if (entry.is_directory())
            image.folders.push_back(name);
        else
            image.files.emplace(name, content_of(entry.path()));
    }
    std::ranges::sort(image.folders);
    return image;
}

void put_in_place(const Image& image, const fs::path& folder)
{
    for (const auto& entry : fs::directory_iterator{folder})
        fs::remove_all(entry.path());
    for (const auto& name : image.folders)
        require(::mkdir((folder / name).c_str(), 0700) == 0, "a folder of the image cannot be made");
    for (const auto& [name, content] : image.files) {
        const int file = ::open((folder / name).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        require(file >= 0 && ::write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size()),
                "a file of the image cannot be made");
        ::close(file);
    }
}

Recorder::Recorder(fs::path folder) : m_folder{std::move(folder)}, m_base{take_image(m_folder)}
{
    require(g_active == nullptr, "two recorders at once");
    for (const auto& [name, content] : m_base.files)
        m_names.emplace(name, m_next_file++);
    g_active = this;
}

Recorder::~Recorder()
{
    g_active = nullptr;
}

Recorder* Recorder::active()
{
    return g_active;
}

void Recorder::acknowledge(std::uint64_t number)
{
    m_operations.push_back({.kind = Operation::Kind::acknowledge, .offset = number});
}

std::optional<std::string> Recorder::name_of(int folder, const char* path) const
{
    fs::path full{path};
    if (full.is_relative()) {
        const auto known = m_folders.find(folder);
        if (known == m_folders.end())
            return std::nullopt;
        full = m_folder / known->second / full;
    }
    const auto relative = full.lexically_normal().lexically_relative(m_folder).string();
    if (relative.empty() || relative.starts_with(".."))
        return std::nullopt;
    return relative;
}

void Recorder::opened(int descriptor, bool existed, bool is_truncated)
{
    std::array<char, PATH_MAX> path{};
    const auto link = "/proc/self/fd/" + std::to_string(descriptor);
    if (::readlink(link.c_str(), path.data(), path.size() - 1) < 0)
        return;
    const auto name = name_of(-1, path.data());
    struct stat status{};
    if (!name || ::fstat(descriptor, &status) != 0)
        return;
    if (S_ISDIR(status.st_mode)) {
        m_folders[descriptor] = *name;
        return;
    }
    if (!existed) {
        m_names[*name] = m_next_file++;
        m_operations.push_back({.kind = Operation::Kind::create, .file = m_names[*name], .name = *name});
    }
    m_files[descriptor] = m_names.at(*name);
    if (existed && is_truncated)
        truncated(descriptor, 0);
}

void Recorder::closed(int descriptor)
{
    m_files.erase(descriptor);
    m_folders.erase(descriptor);
}

void Recorder::wrote(int descriptor, std::uint64_t offset, ByteView content)
{
    m_operations.push_back({.kind = Operation::Kind::write, .file = m_files.at(descriptor), .offset = offset, .content = to_bytes(content)});
}

void Recorder::truncated(int descriptor, std::uint64_t size)
{
    m_operations.push_back({.kind = Operation::Kind::truncate, .file = m_files.at(descriptor), .offset = size});
}

void Recorder::synced(int descriptor)
{
    if (const auto folder = m_folders.find(descriptor); folder != m_folders.end())
        m_operations.push_back({.kind = Operation::Kind::sync_folder, .name = folder->second});
    else
        m_operations.push_back({.kind = Operation::Kind::sync_file, .file = m_files.at(descriptor)});
}

void Recorder::sync_failed(int descriptor)
{
    synced(descriptor);
    auto& operation = m_operations.back();
    operation.kind = operation.kind == Operation::Kind::sync_file ? Operation::Kind::fail_file : Operation::Kind::fail_folder;
}

void Recorder::renamed(const std::string& from, const std::string& to)
{
    m_names[to] = m_names.at(from);
    m_names.erase(from);
    m_operations.push_back({.kind = Operation::Kind::rename, .name = from, .target = to});
}

void Recorder::linked(const std::string& from, const std::string& to)
{
    m_names[to] = m_names.at(from);
    m_operations.push_back({.kind = Operation::Kind::link, .name = from, .target = to});
}

void Recorder::unlinked(const std::string& name)
{
    m_names.erase(name);
    m_operations.push_back({.kind = Operation::Kind::unlink, .name = name});
}

void Recorder::made_folder(const std::string& name)
{
    m_operations.push_back({.kind = Operation::Kind::make_folder, .name = name});
}

int Recorder::next_failure(bool is_sync, bool needs_room)
{
    const auto call = m_calls++;
    const auto sync = m_syncs;
    m_syncs += is_sync ? 1 : 0;
    if (!m_failure)
        return 0;
    const bool is_of_kind = m_failure->of == Failure::Of::any_change || is_sync;
    const auto number = m_failure->of == Failure::Of::any_change ? call : sync;
    const bool is_now = is_of_kind && number == m_failure->at;
    const bool is_still = is_of_kind && m_failure->lasts && number > m_failure->at && (needs_room || is_sync);
    if (!is_now && !is_still)
        return 0;
    m_has_failed = true;
    return m_failure->error;
}

} // namespace coffer::test
