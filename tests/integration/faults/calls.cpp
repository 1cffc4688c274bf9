// The functions of the C library that change files, replaced for this program and the libraries that it loads: what
// happens below the folder of the active Recorder is noted, and fails where the recorder says so.

#include "tests/integration/faults/elsewhere.h"
#include "tests/integration/faults/recorder.h"

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace {

using coffer::ByteView;
using coffer::test::Recorder;

constexpr bool is_sync = true;
constexpr bool needs_room = true;

template <typename... Arguments>
long call(long number, Arguments... arguments)
{
    return ::syscall(number, arguments...);
}

/// True when the call must fail; errno says how.
bool fails(Recorder& recorder, bool sync, bool room)
{
    const int error = recorder.next_failure(sync, room);
    if (error != 0)
        errno = error;
    return error != 0;
}

int open_at(int folder, const char* path, int flags, mode_t mode)
{
    auto* recorder = Recorder::active();
    if (recorder == nullptr || (flags & O_PATH) != 0)
        return static_cast<int>(call(SYS_openat, folder, path, flags, mode));
    const bool existed = call(SYS_faccessat, folder, path, F_OK) == 0;
    const bool makes = !existed && (flags & O_CREAT) != 0 && recorder->name_of(folder, path);
    if (makes && fails(*recorder, !is_sync, needs_room))
        return -1;
    const auto result = static_cast<int>(call(SYS_openat, folder, path, flags, mode));
    if (result >= 0)
        recorder->opened(result, existed, (flags & O_TRUNC) != 0);
    return result;
}

mode_t mode_of(int flags, va_list list)
{
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? static_cast<mode_t>(va_arg(list, unsigned)) : 0;
}

ssize_t write_at(int file, const void* data, std::size_t size, off_t offset, bool is_positioned)
{
    const auto write = [&](std::size_t count) {
        return is_positioned ? call(SYS_pwrite64, file, data, count, offset) : call(SYS_write, file, data, count);
    };
    auto* recorder = Recorder::active();
    if (recorder == nullptr || !recorder->covers(file))
        return write(size);
    const auto begin = is_positioned ? offset : call(SYS_lseek, file, 0, SEEK_CUR);
    const bool is_failing = fails(*recorder, !is_sync, needs_room);
    if (is_failing && (size < 2 || !recorder->writes_short()))
        return -1;
    const auto count = write(is_failing ? size / 2 : size);
    if (count > 0)
        recorder->wrote(file, static_cast<std::uint64_t>(begin), {static_cast<const std::uint8_t*>(data), static_cast<std::size_t>(count)});
    return count;
}

int truncate_to(int file, off_t size)
{
    auto* recorder = Recorder::active();
    const bool is_covered = recorder != nullptr && recorder->covers(file);
    if (is_covered && fails(*recorder, !is_sync, needs_room))
        return -1;
    const auto result = static_cast<int>(call(SYS_ftruncate, file, size));
    if (is_covered && result == 0)
        recorder->truncated(file, static_cast<std::uint64_t>(size));
    return result;
}

/// The recorded medium is not the machine's, so nothing is synced in truth.
int sync(int file, long number)
{
    auto* recorder = Recorder::active();
    if (recorder == nullptr || !recorder->covers(file))
        return static_cast<int>(call(number, file));
    if (fails(*recorder, is_sync, !needs_room)) {
        recorder->sync_failed(file);
        return -1;
    }
    recorder->synced(file);
    return 0;
}

template <typename Change, typename Note>
int change_name(int folder, const char* path, bool room, Change change, Note note)
{
    auto* recorder = Recorder::active();
    const auto name = recorder != nullptr ? recorder->name_of(folder, path) : std::nullopt;
    if (name && fails(*recorder, !is_sync, room))
        return -1;
    const auto result = static_cast<int>(change());
    if (name && result == 0)
        note(*recorder, *name);
    return result;
}

int remove_name(int folder, const char* path, int flags)
{
    return change_name(folder, path, !needs_room, [&] { return call(SYS_unlinkat, folder, path, flags); },
                       [](Recorder& recorder, const std::string& name) { recorder.unlinked(name); });
}

} // namespace

// The C library declares some of these without the attributes that GCC would derive.
#pragma GCC diagnostic ignored "-Wmissing-declarations"

extern "C" {

int open(const char* path, int flags, ...)
{
    va_list list;
    va_start(list, flags);
    const auto mode = mode_of(flags, list);
    va_end(list);
    return open_at(AT_FDCWD, path, flags, mode);
}

int open64(const char* path, int flags, ...)
{
    va_list list;
    va_start(list, flags);
    const auto mode = mode_of(flags, list);
    va_end(list);
    return open_at(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char* path, int flags, ...)
{
    va_list list;
    va_start(list, flags);
    const auto mode = mode_of(flags, list);
    va_end(list);
    return open_at(folder, path, flags, mode);
}

int openat64(int folder, const char* path, int flags, ...)
{
    va_list list;
    va_start(list, flags);
    const auto mode = mode_of(flags, list);
    va_end(list);
    return open_at(folder, path, flags, mode);
}

int close(int file)
{
    if (auto* recorder = Recorder::active())
        recorder->closed(file);
    return static_cast<int>(call(SYS_close, file));
}

ssize_t write(int file, const void* data, std::size_t size)
{
    return write_at(file, data, size, 0, false);
}

ssize_t pwrite64(int file, const void* data, std::size_t size, off_t offset)
{
    return write_at(file, data, size, offset, true);
}

int ftruncate64(int file, off_t size) noexcept
{
    return truncate_to(file, size);
}

int fsync(int file)
{
    return sync(file, SYS_fsync);
}

int fdatasync(int file)
{
    return sync(file, SYS_fdatasync);
}

int mkdir(const char* path, mode_t mode) noexcept
{
    return change_name(AT_FDCWD, path, needs_room, [&] { return call(SYS_mkdir, path, mode); },
                       [](Recorder& recorder, const std::string& name) { recorder.made_folder(name); });
}

int unlink(const char* path) noexcept
{
    return remove_name(AT_FDCWD, path, 0);
}

int unlinkat(int folder, const char* path, int flags) noexcept
{
    return remove_name(folder, path, flags);
}

int rmdir(const char* path) noexcept
{
    return remove_name(AT_FDCWD, path, AT_REMOVEDIR);
}

int remove(const char* path) noexcept
{
    const int result = remove_name(AT_FDCWD, path, 0);
    return result != 0 && errno == EISDIR ? remove_name(AT_FDCWD, path, AT_REMOVEDIR) : result;
}

int rename(const char* from, const char* to) noexcept
{
    return change_name(AT_FDCWD, from, needs_room, [&] { return call(SYS_rename, from, to); },
                       [&](Recorder& recorder, const std::string& name) { recorder.renamed(name, *recorder.name_of(AT_FDCWD, to)); });
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) noexcept
{
    return change_name(AT_FDCWD, from, needs_room, [&] { return call(SYS_renameat2, from_folder, from, to_folder, to, flags); },
                       [&](Recorder& recorder, const std::string& name) { recorder.renamed(name, *recorder.name_of(AT_FDCWD, to)); });
}

int link(const char* from, const char* to) noexcept
{
    return change_name(AT_FDCWD, from, needs_room, [&] { return call(SYS_link, from, to); },
                       [&](Recorder& recorder, const std::string& name) { recorder.linked(name, *recorder.name_of(AT_FDCWD, to)); });
}

int statfs(const char* path, struct statfs* status) noexcept
{
    const auto result = static_cast<int>(call(SYS_statfs, path, status));
    if (result == 0 && coffer::test::g_file_system)
        status->f_type = *coffer::test::g_file_system;
    return result;
}

} // extern "C"
