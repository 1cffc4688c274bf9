#include "core/console/streams.h"

#include "core/base/text.h"
#include "core/storage/file.h"

#include <istream>

namespace coffer::console {

namespace {

constexpr mode_t public_mode = 0644;

Bytes read_stream(std::istream& in, std::size_t most_bytes)
{
    Bytes content;
    std::array<char, 16 * 1024> room;
    while (in) {
        in.read(room.data(), room.size());
        const auto count = static_cast<std::size_t>(in.gcount());
        if (content.size() + count > most_bytes)
            throw Error{ErrorCode::limit,
                        "standard input is over the limit of " + std::to_string(most_bytes) + " bytes"};
        append(content, bytes_of(std::string_view{room.data(), count}));
    }
    if (in.bad())
        throw Error{ErrorCode::disk, "standard input cannot be read"};
    return content;
}

bool holds(const std::filesystem::path& file, ByteView content)
{
    try {
        return equal(storage::read_file(file, content.size()), content);
    } catch (const Error&) {
        return false;
    }
}

} // namespace

Bytes read_input(const Invocation& invocation, const std::filesystem::path& file, std::size_t most_bytes)
{
    if (file == "-")
        return read_stream(invocation.environment().in, most_bytes);
    return storage::read_file(file, most_bytes);
}

std::filesystem::path path_of(const Invocation& invocation, std::string_view text)
{
    if (text == "-")
        return "-";
    return invocation.environment().working_directory / std::filesystem::path{text};
}

OptionSpec out_option(std::string help, Presence presence)
{
    return {.name = "out",
            .metavar = "FILE",
            .help = std::move(help),
            .letter = 'o',
            .presence = presence,
            .completes = Completes::file};
}

OptionSpec force_option()
{
    return {.name = "force", .help = "replace an output file that is there already"};
}

void require_free_output(const Invocation& invocation, const std::filesystem::path& file)
{
    if (std::filesystem::exists(file) && !invocation.has("force"))
        throw Error{ErrorCode::exists, "file " + storage::quoted(file) + " is there already", "--force replaces it"};
}

void write_output(const Invocation& invocation, const std::filesystem::path& file, ByteView content)
{
    const bool may_replace = invocation.has("force");
    try {
        storage::write_file_atomically(file, content, public_mode,
                                       may_replace ? storage::Overwrite::yes : storage::Overwrite::no);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::exists)
            throw;
        if (!holds(file, content))
            throw error.with_hint("--force replaces it");
    }
}

} // namespace coffer::console
