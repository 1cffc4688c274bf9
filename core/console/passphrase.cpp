#include "core/console/passphrase.h"

#include "core/base/text.h"
#include "core/console/dialogue.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <limits>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace coffer::console {

namespace {

class Descriptor {
public:
    explicit Descriptor(int number) : m_number{number} {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { ::close(m_number); }
    int number() const { return m_number; }

private:
    int m_number;
};

std::string reason(int error)
{
    return std::generic_category().message(error);
}

/// Opens a file that only its owner may read. What is checked is what was opened, so a swap
/// between check and use changes nothing.
int open_private(const std::filesystem::path& file)
{
    const auto name = coffer::quoted(file.string());
    // Without O_NONBLOCK a named pipe would hold the program here.
    const int number = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (number < 0)
        throw Error{errno == ENOENT ? ErrorCode::not_found : ErrorCode::disk, name + ": " + reason(errno)};
    struct stat status {};
    if (::fstat(number, &status) != 0 || !S_ISREG(status.st_mode)) {
        ::close(number);
        throw Error{ErrorCode::file_type, name + " is not a regular file"};
    }
    const bool is_foreign = status.st_uid != ::geteuid() && status.st_uid != 0;
    if (is_foreign || (status.st_mode & 077U) != 0) {
        ::close(number);
        throw Error{ErrorCode::file_perm,
                    name + (is_foreign ? " belongs to another user" : " may be read or written by others"),
                    "chmod 600 it, and change the secret if others could have read it"};
    }
    return number;
}

/// How many bytes came; none at the end.
std::size_t read_some(int descriptor, std::span<std::uint8_t> out, const std::string& name)
{
    while (true) {
        const auto count = ::read(descriptor, out.data(), out.size());
        if (count >= 0)
            return static_cast<std::size_t>(count);
        if (errno != EINTR)
            throw Error{errno == EBADF ? ErrorCode::secret_source : ErrorCode::disk, name + ": " + reason(errno)};
    }
}

/// One byte into `byte`; false at the end.
bool read_byte(int descriptor, std::uint8_t& byte, const std::string& name)
{
    return read_some(descriptor, std::span<std::uint8_t>{&byte, 1}, name) == 1;
}

/// One line, byte by byte, so that what follows stays for the next reader.
SecretBytes read_line(int descriptor, const std::string& name)
{
    SecretBytes line{max_secret_size + 1};
    std::size_t size = 0;
    while (read_byte(descriptor, line.reveal_mutable()[size], name)) {
        if (line.reveal()[size] == '\n')
            break;
        if (++size > max_secret_size)
            throw Error{ErrorCode::limit,
                        name + ": the line is longer than " + std::to_string(max_secret_size) + " bytes"};
    }
    if (size > 0 && line.reveal()[size - 1] == '\r')
        --size;
    if (size == 0)
        throw Error{ErrorCode::malformed, name + " is empty"};
    return line.first(size);
}

SecretBytes read_only_line(const std::filesystem::path& file)
{
    const Descriptor descriptor{open_private(file)};
    const auto name = coffer::quoted(file.string());
    auto line = read_line(descriptor.number(), name);
    std::uint8_t byte = 0;
    const bool has_more = read_byte(descriptor.number(), byte, name);
    wipe(std::span<std::uint8_t>{&byte, 1});
    if (has_more)
        throw Error{ErrorCode::malformed, name + " has more than one line"};
    return line;
}

std::optional<SecretBytes> read_from_source(const Invocation& invocation, std::string_view name)
{
    const auto file_option = std::string{name} + "-file";
    const auto fd_option = std::string{name} + "-fd";
    if (invocation.has(file_option) && invocation.has(fd_option))
        throw Error{ErrorCode::usage, "--" + file_option + " and --" + fd_option + " are both given"};
    if (invocation.has(file_option)) {
        const auto file = invocation.path(file_option);
        if (file == "-")
            return read_line(STDIN_FILENO, "standard input");
        return read_only_line(file);
    }
    if (invocation.has(fd_option)) {
        const auto number = static_cast<int>(invocation.number(fd_option, 0, std::numeric_limits<int>::max()));
        return read_line(number, "descriptor " + std::to_string(number));
    }
    return std::nullopt;
}

} // namespace

std::vector<OptionSpec> secret_options(std::string_view name)
{
    const std::string what{name};
    return {
        {.name = what + "-file",
         .metavar = "FILE",
         .help = "read the " + what + " from this private file",
         .completes = Completes::file},
        {.name = what + "-fd", .metavar = "N", .help = "read the " + what + " as a line from this descriptor"},
    };
}

SecretBytes read_passphrase(const Invocation& invocation, std::string_view what, std::string_view name)
{
    if (auto secret = read_from_source(invocation, name))
        return std::move(*secret);
    return ask_passphrase(invocation.environment().terminal, what);
}

SecretBytes read_new_passphrase(const Invocation& invocation, std::string_view what, std::string_view name)
{
    auto secret = read_from_source(invocation, name);
    if (!secret)
        return ask_new_passphrase(invocation.environment().terminal, what);
    if (secret->size() < min_passphrase_size)
        throw Error{ErrorCode::usage, "the new " + std::string{name} + " for " + std::string{what} +
                                          " is shorter than " + std::to_string(min_passphrase_size) + " bytes"};
    return std::move(*secret);
}

SecretBytes read_secret_file(const std::filesystem::path& file, std::size_t max_size)
{
    const Descriptor descriptor{open_private(file)};
    const auto name = coffer::quoted(file.string());
    SecretBytes content{max_size + 1};
    std::size_t size = 0;
    while (const auto count = read_some(descriptor.number(), content.reveal_mutable().subspan(size), name)) {
        size += count;
        if (size > max_size)
            throw Error{ErrorCode::limit, name + " is longer than " + std::to_string(max_size) + " bytes"};
    }
    return content.first(size);
}

std::vector<int> secret_descriptors(const std::vector<std::string>& args)
{
    std::vector<int> descriptors;
    for (std::size_t i = 0; i < args.size() && args[i] != "--"; ++i) {
        const std::string_view arg = args[i];
        const auto name = arg.substr(0, arg.find('='));
        if (!name.starts_with("--") || !name.ends_with("-fd"))
            continue;
        std::string_view value = name.size() < arg.size() ? arg.substr(name.size() + 1) : std::string_view{};
        if (name.size() == arg.size() && i + 1 < args.size())
            value = args[i + 1];
        int number = -1;
        const auto [stop, error] = std::from_chars(value.data(), value.data() + value.size(), number);
        if (error == std::errc{} && stop == value.data() + value.size() && number >= 0)
            descriptors.push_back(number);
    }
    return descriptors;
}

} // namespace coffer::console
