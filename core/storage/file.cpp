#include "core/storage/file.h"

#include "core/base/text.h"
#include "core/storage/descriptor.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <span>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace coffer::storage {

namespace {

using std::filesystem::path;

constexpr std::size_t chunk_bytes = 64 * 1024;

struct stat status_of(int descriptor, const path& name)
{
    struct stat status{};
    if (::fstat(descriptor, &status) != 0)
        throw file_error(errno, "examine", name);
    return status;
}

path folder_of(const path& name)
{
    return name.has_parent_path() ? name.parent_path() : path{"."};
}

/// True of a link that this machine's own file system holds and root or this user made: a carrier's stick can bring
/// links of any owner, but they stand on the stick.
bool is_own_link(const struct stat& link)
{
    struct stat root{};
    return ::stat("/", &root) == 0 && link.st_dev == root.st_dev && (link.st_uid == 0 || link.st_uid == ::geteuid());
}

/// Opens the folder that holds `name`, one component after the other from the working folder or from /.
Descriptor open_way_to(const path& name)
{
    const auto way = folder_of(name);
    Descriptor folder{uninterrupted([&] { return ::open(way.is_absolute() ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC); })};
    if (!folder.is_open())
        throw file_error(errno, "open", way);
    for (const auto& part : way.relative_path()) {
        struct stat status{};
        if (::fstatat(folder.number(), part.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
            throw file_error(errno, "open", name);
        const bool is_link = S_ISLNK(status.st_mode);
        if (is_link && !is_own_link(status))
            throw Error{ErrorCode::file_type, "cannot open " + quoted(name) + ": " + quoted(part) +
                                                  " is a symbolic link that did not come from this machine",
                        "name the folder that it leads to, if you trust whoever made it"};
        const auto flags = O_PATH | O_DIRECTORY | O_CLOEXEC | (is_link ? 0 : O_NOFOLLOW);
        folder = Descriptor{uninterrupted([&] { return ::openat(folder.number(), part.c_str(), flags); })};
        if (!folder.is_open())
            throw file_error(errno, "open", name);
    }
    return folder;
}

Descriptor open_regular(const path& name)
{
    const auto folder = open_way_to(name);
    // O_NONBLOCK: opening a FIFO must not wait for its other end. A name without a last component is a folder.
    const auto last = name.has_filename() ? name.filename() : path{"."};
    Descriptor file{uninterrupted([&] {
        return ::openat(folder.number(), last.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    })};
    if (!file.is_open())
        throw file_error(errno, "open", name);
    if (!S_ISREG(status_of(file.number(), name).st_mode))
        throw Error{ErrorCode::file_type, quoted(name) + " is not a regular file"};
    return file;
}

Error over_limit(const path& name, std::size_t most_bytes)
{
    return Error{ErrorCode::limit, quoted(name) + " is over the limit of " + std::to_string(most_bytes) + " bytes"};
}

void require_closed_to_others(const struct stat& status, const path& name)
{
    if (status.st_uid != ::geteuid())
        throw Error{ErrorCode::file_perm, quoted(name) + " belongs to user " + std::to_string(status.st_uid) +
                                              ", not to this one (" + std::to_string(::geteuid()) + ")"};
    if ((status.st_mode & 077) == 0)
        return;
    std::array<char, 8> mode{};
    std::snprintf(mode.data(), mode.size(), "%04o", status.st_mode & 07777);
    const std::string wanted = S_ISDIR(status.st_mode) ? "0700" : "0600";
    throw Error{ErrorCode::file_perm,
                quoted(name) + " has mode " + mode.data() + ", expected " + wanted + ", closed to group and others",
                "chmod " + wanted + " " + name.string()};
}

/// Fills `room` as far as the file goes; answers how many bytes came.
std::size_t read_up_to(int descriptor, std::span<std::uint8_t> room, const path& name)
{
    std::size_t filled = 0;
    while (filled < room.size()) {
        const auto count = uninterrupted([&] { return ::read(descriptor, room.data() + filled, room.size() - filled); });
        if (count < 0)
            throw file_error(errno, "read", name);
        if (count == 0)
            break;
        filled += static_cast<std::size_t>(count);
    }
    return filled;
}

SecretBytes read_secret(int descriptor, std::size_t most_bytes, const path& name)
{
    SecretBytes room{most_bytes + 1};
    const auto size = read_up_to(descriptor, room.reveal_mutable(), name);
    if (size > most_bytes)
        throw over_limit(name, most_bytes);
    return room.first(size);
}

SecretBytes without_newline(const SecretBytes& line)
{
    const auto bytes = line.reveal();
    if (!bytes.empty() && bytes.back() == '\n')
        return line.first(bytes.size() - 1);
    return line.clone();
}

Descriptor open_folder(const path& name)
{
    Descriptor folder{uninterrupted([&] { return ::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); })};
    if (!folder.is_open())
        throw file_error(errno, "open", name);
    return folder;
}

/// After a failed fsync the kernel may have dropped the data and report the next one as good, so
/// nobody tries again.
void sync(int descriptor, const path& name)
{
    if (uninterrupted([&] { return ::fsync(descriptor); }) != 0)
        throw file_error(errno, "sync", name);
}

/// A new file beside its destination that removes itself unless it was moved into place.
class TemporaryFile {
public:
    TemporaryFile(const path& destination, mode_t mode)
    {
        static std::atomic<unsigned> counter{0};
        const auto folder = folder_of(destination);
        do {
            m_path = folder / (".coffer-" + std::to_string(::getpid()) + "-" + std::to_string(counter++) + ".tmp");
            m_descriptor = uninterrupted([&] {
                return ::open(m_path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, private_mode);
            });
        } while (m_descriptor < 0 && errno == EEXIST); // left behind by a process of the same number
        if (m_descriptor < 0)
            throw file_error(errno, "create a file for", destination);
        try {
            set_mode(mode);
        } catch (...) {
            remove();
            throw;
        }
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() { remove(); }

    void write(ByteView content)
    {
        while (!content.empty()) {
            const auto size = std::min(content.size(), chunk_bytes);
            const auto count = uninterrupted([&] { return ::write(m_descriptor, content.data(), size); });
            if (count < 0)
                throw file_error(errno, "write", m_path);
            content = content.subspan(static_cast<std::size_t>(count));
        }
        sync(m_descriptor, m_path);
    }

    void compare(ByteView content) const
    {
        // Drops the cached pages, so that the bytes come from the medium.
        ::posix_fadvise(m_descriptor, 0, 0, POSIX_FADV_DONTNEED);
        if (::lseek(m_descriptor, 0, SEEK_SET) != 0)
            throw file_error(errno, "read", m_path);
        std::array<std::uint8_t, 4096> room{};
        bool same = true;
        for (;;) {
            const auto count = read_up_to(m_descriptor, room, m_path);
            const auto part = content.subspan(0, std::min(count, content.size()));
            same = same && part.size() == count && std::equal(part.begin(), part.end(), room.begin());
            content = content.subspan(part.size());
            if (count < room.size())
                break;
        }
        wipe(std::span<std::uint8_t>{room});
        if (!same || !content.empty())
            throw Error{ErrorCode::disk, quoted(m_path) + " does not read back as it was written"};
    }

    void move_to(const path& destination, Overwrite overwrite)
    {
        if (overwrite == Overwrite::yes)
            replace(destination);
        else
            take_free_name(destination);
        m_is_in_place = true;
    }

private:
    void set_mode(mode_t mode)
    {
        if (::fchmod(m_descriptor, mode) == 0)
            return;
        // FAT on removable media has no modes; only what may be public can go there.
        if (errno != EPERM || (mode & 077) == 0)
            throw file_error(errno, "set the mode of", m_path);
    }

    void replace(const path& destination)
    {
        if (::rename(m_path.c_str(), destination.c_str()) != 0)
            throw file_error(errno, "replace", destination);
    }

    void take_free_name(const path& destination)
    {
        if (::renameat2(AT_FDCWD, m_path.c_str(), AT_FDCWD, destination.c_str(), RENAME_NOREPLACE) == 0)
            return;
        if (errno != EINVAL && errno != ENOSYS)
            throw file_error(errno, "create", destination);
        if (::link(m_path.c_str(), destination.c_str()) != 0)
            throw file_error(errno, "create", destination);
        ::unlink(m_path.c_str());
    }

    void remove()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
        if (!m_is_in_place)
            ::unlink(m_path.c_str());
        m_descriptor = -1;
    }

    path m_path;
    int m_descriptor = -1;
    bool m_is_in_place = false;
};

ErrorCode code_of_errno(int number)
{
    switch (number) {
    case ENOSPC:
    case EDQUOT:
    case EIO:
    case EROFS:
    case EFBIG: return ErrorCode::disk;
    case ENOENT:
    case ENOTDIR: return ErrorCode::not_found;
    case EACCES:
    case EPERM: return ErrorCode::file_perm;
    case EISDIR:
    case ENXIO:
    case ELOOP: return ErrorCode::file_type;
    case EEXIST: return ErrorCode::exists;
    default: return ErrorCode::internal;
    }
}

} // namespace

std::string quoted(const path& name)
{
    return coffer::quoted(std::string_view{name.native()});
}

Error file_error(int number, std::string_view action, const path& name)
{
    return Error{code_of_errno(number),
                 "cannot " + std::string{action} + " " + quoted(name) + ": " + std::generic_category().message(number)};
}

Bytes read_file(const path& name, std::size_t most_bytes)
{
    const auto file = open_regular(name);
    const auto declared = static_cast<std::size_t>(std::max<off_t>(status_of(file.number(), name).st_size, 0));
    if (declared > most_bytes)
        throw over_limit(name, most_bytes);
    // What fstat says may change, and is 0 in /proc: the end of the file decides.
    Bytes content(std::min(declared, most_bytes) + 1);
    std::size_t filled = 0;
    for (;;) {
        filled += read_up_to(file.number(), std::span{content}.subspan(filled), name);
        if (filled > most_bytes)
            throw over_limit(name, most_bytes);
        if (filled < content.size())
            break;
        content.resize(std::min(content.size() * 2, most_bytes + 1));
    }
    content.resize(filled);
    return content;
}

SecretBytes read_secret_file(const path& name, std::size_t most_bytes)
{
    const auto file = open_regular(name);
    require_closed_to_others(status_of(file.number(), name), name);
    return read_secret(file.number(), most_bytes, name);
}

SecretBytes read_passphrase_file(const path& name)
{
    return without_newline(read_secret_file(name, most_passphrase_bytes));
}

SecretBytes read_passphrase_descriptor(int descriptor)
{
    const path name = "descriptor " + std::to_string(descriptor);
    return without_newline(read_secret(descriptor, most_passphrase_bytes, name));
}

void write_file_atomically(const path& name, ByteView content, mode_t mode, Overwrite overwrite)
{
    static_cast<void>(open_way_to(name)); // refuses a way over links of others
    TemporaryFile file{name, mode};
    file.write(content);
    file.compare(content);
    file.move_to(name, overwrite);
    sync_folder(folder_of(name));
}

void sync_folder(const path& name)
{
    const auto folder = open_folder(name);
    // Some file systems of removable media cannot sync a folder and say EINVAL.
    if (uninterrupted([&] { return ::fsync(folder.number()); }) != 0 && errno != EINVAL)
        throw file_error(errno, "sync", name);
}

void create_private_directory(const path& name)
{
    if (::mkdir(name.c_str(), 0700) != 0)
        throw file_error(errno, "create", name);
    sync_folder(folder_of(name));
}

void require_private(const path& name)
{
    struct stat status{};
    if (::lstat(name.c_str(), &status) != 0)
        throw file_error(errno, "examine", name);
    if (S_ISLNK(status.st_mode))
        throw Error{ErrorCode::file_type, quoted(name) + " is a symbolic link"};
    require_closed_to_others(status, name);
}

} // namespace coffer::storage
