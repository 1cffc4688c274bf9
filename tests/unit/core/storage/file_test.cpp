#include "core/storage/file.h"

#include "tests/support/scratch.h"
#include "tests/support/vectors.h"

#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace coffer::storage {
namespace {

using test::ScratchDirectory;
namespace fs = std::filesystem;

Bytes text(std::string_view content)
{
    return to_bytes(bytes_of(content));
}

void put(const fs::path& path, std::string_view content, mode_t mode = private_mode)
{
    std::ofstream{path} << content;
    ::chmod(path.c_str(), mode);
}

mode_t mode_of(const fs::path& path)
{
    struct stat status{};
    EXPECT_EQ(::lstat(path.c_str(), &status), 0);
    return status.st_mode & 07777;
}

std::size_t count_files(const fs::path& folder)
{
    return static_cast<std::size_t>(std::distance(fs::directory_iterator{folder}, fs::directory_iterator{}));
}

TEST(ReadFile, ReadsTheWholeFile)
{
    const ScratchDirectory scratch;
    put(scratch / "a", std::string(200'000, 'x'));
    EXPECT_EQ(read_file(scratch / "a", 200'000), Bytes(200'000, 'x'));
    put(scratch / "empty", "");
    EXPECT_TRUE(read_file(scratch / "empty", 0).empty());
}

TEST(ReadFile, ReadsAFileWhoseSizeIsNotDeclared)
{
    EXPECT_GT(read_file("/proc/" + std::to_string(::getpid()) + "/status", 100'000).size(), 100U);
    EXPECT_ERROR(read_file("/proc/" + std::to_string(::getpid()) + "/status", 10), ErrorCode::limit);
}

TEST(ReadFile, RefusesOneByteOverTheLimit)
{
    const ScratchDirectory scratch;
    put(scratch / "a", "12345");
    EXPECT_EQ(read_file(scratch / "a", 5), text("12345"));
    EXPECT_ERROR(read_file(scratch / "a", 4), ErrorCode::limit);
}

TEST(ReadFile, RefusesWhatIsNotARegularFile)
{
    const ScratchDirectory scratch;
    put(scratch / "a", "content");
    fs::create_symlink(scratch / "a", scratch / "link");
    ASSERT_EQ(::mkfifo((scratch / "fifo").c_str(), 0600), 0);
    EXPECT_ERROR(read_file(scratch / "link", 100), ErrorCode::file_type);
    EXPECT_ERROR(read_file(scratch / "fifo", 100), ErrorCode::file_type);
    EXPECT_ERROR(read_file(scratch.path(), 100), ErrorCode::file_type);
    EXPECT_ERROR(read_file("/dev/null", 100), ErrorCode::file_type);
}

/// Another file system than that of /, as a stick is one.
constexpr auto other_file_system = "/dev/shm";

TEST(Way, LeadsOverLinksOfThisMachineOnly) // F16
{
    const ScratchDirectory scratch;
    fs::create_directory(scratch / "folder");
    put(scratch / "folder" / "a", "content");
    fs::create_directory_symlink(scratch / "folder", scratch / "own");
    EXPECT_EQ(read_file(scratch / "own" / "a", 100), text("content"));
    EXPECT_NO_THROW(write_file_atomically(scratch / "own" / "b", text("new"), 0600, Overwrite::no));
    EXPECT_ERROR(read_file("/proc/self/status", 100'000), ErrorCode::file_type);
    EXPECT_ERROR(write_file_atomically("/proc/self/cwd/b", text("new"), 0600, Overwrite::yes), ErrorCode::file_type);

    const auto stick = fs::path{other_file_system} / ("coffer-way-" + std::to_string(::getpid()));
    fs::create_directory(stick);
    fs::create_directory_symlink(scratch / "folder", stick / "theirs");
    EXPECT_ERROR(read_file(stick / "theirs" / "a", 100), ErrorCode::file_type);
    EXPECT_ERROR(write_file_atomically(stick / "theirs" / "c", text("new"), 0600, Overwrite::no), ErrorCode::file_type);
    EXPECT_FALSE(fs::exists(scratch / "folder" / "c"));
    fs::create_directory(stick / "real");
    put(stick / "real" / "a", "content");
    EXPECT_EQ(read_file(stick / "real" / "a", 100), text("content"));
    EXPECT_EQ(read_file(stick / "real" / ".." / "real" / "a", 100), text("content"));
    fs::remove_all(stick);
}

TEST(Way, DoesNotLeadOverALinkOfAnotherUser) // F16
{
    if (::geteuid() != 0)
        GTEST_SKIP() << "only root can give a link away";
    const ScratchDirectory scratch;
    fs::create_directory(scratch / "folder");
    put(scratch / "folder" / "a", "content");
    fs::create_directory_symlink(scratch / "folder", scratch / "theirs");
    ASSERT_EQ(::lchown((scratch / "theirs").c_str(), 12345, 12345), 0);
    EXPECT_ERROR(read_file(scratch / "theirs" / "a", 100), ErrorCode::file_type);
}

TEST(ReadFile, SaysWhatIsNotThere)
{
    const ScratchDirectory scratch;
    EXPECT_ERROR(read_file(scratch / "none", 100), ErrorCode::not_found);
    EXPECT_ERROR(read_file(scratch / "none/below", 100), ErrorCode::not_found);
}

TEST(ReadFile, QuotesAHostileName)
{
    try {
        read_file("/tmp/\x1b[31mred", 1);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.message().find('\x1b'), std::string::npos);
    }
}

TEST(ReadSecretFile, RefusesAFileThatOthersMayAccess)
{
    const ScratchDirectory scratch;
    for (const mode_t mode : {0640U, 0604U, 0620U, 0601U, 0666U}) {
        put(scratch / "secret", "hush", mode);
        EXPECT_ERROR(read_secret_file(scratch / "secret", 10), ErrorCode::file_perm);
    }
    put(scratch / "secret", "hush", 0400);
    EXPECT_TRUE(equal(read_secret_file(scratch / "secret", 10).reveal(), bytes_of("hush")));
}

TEST(ReadPassphrase, StripsOneNewlineOnly)
{
    const ScratchDirectory scratch;
    const auto read = [&](std::string_view content) {
        put(scratch / "p", content);
        return to_bytes(read_passphrase_file(scratch / "p").reveal());
    };
    EXPECT_EQ(read("correct horse\n"), text("correct horse"));
    EXPECT_EQ(read("correct horse"), text("correct horse"));
    EXPECT_EQ(read("correct horse\n\n"), text("correct horse\n"));
    EXPECT_EQ(read(" spaces \r\n"), text(" spaces \r"));
    EXPECT_EQ(read("\n"), Bytes{});
    EXPECT_EQ(read(""), Bytes{});
}

TEST(ReadPassphrase, IsBounded)
{
    const ScratchDirectory scratch;
    put(scratch / "p", std::string(1024, 'x'));
    EXPECT_EQ(read_passphrase_file(scratch / "p").size(), 1024U);
    put(scratch / "p", std::string(1025, 'x'));
    EXPECT_ERROR(read_passphrase_file(scratch / "p"), ErrorCode::limit);
}

TEST(ReadPassphrase, ReadsADescriptorToItsEnd)
{
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    ASSERT_EQ(::write(ends[1], "from a pipe\n", 12), 12);
    ::close(ends[1]);
    EXPECT_EQ(to_bytes(read_passphrase_descriptor(ends[0]).reveal()), text("from a pipe"));
    ::close(ends[0]);
    EXPECT_ERROR(read_passphrase_descriptor(-1), ErrorCode::internal);
}

TEST(WriteFile, WritesWithTheModeWhateverTheUmask)
{
    const ScratchDirectory scratch;
    for (const mode_t mask : {0000U, 0077U, 0777U}) {
        const auto before = ::umask(mask);
        write_file_atomically(scratch / "private", text("a"), private_mode, Overwrite::yes);
        write_file_atomically(scratch / "public", text("b"), 0644, Overwrite::yes);
        ::umask(before);
        EXPECT_EQ(mode_of(scratch / "private"), 0600U);
        EXPECT_EQ(mode_of(scratch / "public"), 0644U);
    }
    EXPECT_EQ(read_file(scratch / "private", 10), text("a"));
    EXPECT_EQ(count_files(scratch.path()), 2U);
}

TEST(WriteFile, WritesEverySize)
{
    const ScratchDirectory scratch;
    for (const std::size_t size : {0U, 1U, 4095U, 4096U, 4097U, 65536U, 1'000'000U}) {
        const Bytes content(size, 0x5a);
        write_file_atomically(scratch / "a", content, private_mode, Overwrite::yes);
        EXPECT_EQ(read_file(scratch / "a", size), content);
    }
}

TEST(WriteFile, NeverOverwritesUnasked)
{
    const ScratchDirectory scratch;
    put(scratch / "a", "old");
    fs::create_symlink(scratch / "nowhere", scratch / "dangling");
    EXPECT_ERROR(write_file_atomically(scratch / "a", text("new"), private_mode, Overwrite::no), ErrorCode::exists);
    EXPECT_ERROR(write_file_atomically(scratch / "dangling", text("new"), private_mode, Overwrite::no), ErrorCode::exists);
    EXPECT_ERROR(write_file_atomically(scratch.path(), text("new"), private_mode, Overwrite::no), ErrorCode::exists);
    EXPECT_EQ(read_file(scratch / "a", 10), text("old"));
    EXPECT_EQ(count_files(scratch.path()), 2U);
}

TEST(WriteFile, ReplacesALinkInsteadOfFollowingIt)
{
    const ScratchDirectory scratch;
    put(scratch / "target", "old");
    fs::create_symlink(scratch / "target", scratch / "link");
    write_file_atomically(scratch / "link", text("new"), private_mode, Overwrite::yes);
    EXPECT_EQ(read_file(scratch / "target", 10), text("old"));
    EXPECT_EQ(read_file(scratch / "link", 10), text("new"));
}

TEST(WriteFile, NeedsItsFolder)
{
    const ScratchDirectory scratch;
    EXPECT_ERROR(write_file_atomically(scratch / "none/a", text("x"), private_mode, Overwrite::no), ErrorCode::not_found);
}

/// Runs `body` in a child whose files may have at most `bytes`; answers its exit status.
template <typename Body>
int with_file_limit(rlim_t bytes, Body body)
{
    const auto child = ::fork();
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{bytes, bytes};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        ::_exit(body());
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(WriteFile, LeavesTheOldContentWhenThereIsNoRoom)
{
    const ScratchDirectory scratch;
    put(scratch / "a", "old");
    for (const auto overwrite : {Overwrite::yes, Overwrite::no}) {
        const auto path = scratch / (overwrite == Overwrite::yes ? "a" : "b");
        const auto status = with_file_limit(1000, [&] {
            try {
                write_file_atomically(path, Bytes(100'000, 'n'), private_mode, overwrite);
            } catch (const Error& error) {
                return error.code() == ErrorCode::disk ? 42 : 1;
            }
            return 0;
        });
        EXPECT_EQ(status, 42);
    }
    EXPECT_EQ(read_file(scratch / "a", 10), text("old"));
    EXPECT_EQ(count_files(scratch.path()), 1U) << "the temporary file stayed";
}

TEST(FileError, CallsEveryFailureOfAMediumDisk)
{
    for (const int number : {ENOSPC, EDQUOT, EIO, EROFS, EFBIG})
        EXPECT_EQ(file_error(number, "write", "a").code(), ErrorCode::disk);
    EXPECT_EQ(file_error(EACCES, "open", "a").code(), ErrorCode::file_perm);
    EXPECT_EQ(file_error(EBADF, "open", "a").code(), ErrorCode::internal);
}

TEST(PrivateDirectory, IsClosedAndNew)
{
    const ScratchDirectory scratch;
    const auto before = ::umask(0);
    create_private_directory(scratch / "home");
    ::umask(before);
    EXPECT_EQ(mode_of(scratch / "home"), 0700U);
    EXPECT_ERROR(create_private_directory(scratch / "home"), ErrorCode::exists);
    EXPECT_ERROR(create_private_directory(scratch / "none/home"), ErrorCode::not_found);
}

TEST(RequirePrivate, RefusesEveryBitForOthers)
{
    const ScratchDirectory scratch;
    put(scratch / "a", "x");
    require_private(scratch / "a");
    for (mode_t bit = 1; bit <= 0040; bit <<= 1) {
        ::chmod((scratch / "a").c_str(), 0600 | bit);
        EXPECT_ERROR(require_private(scratch / "a"), ErrorCode::file_perm);
    }
    EXPECT_ERROR(require_private(scratch / "none"), ErrorCode::not_found);
    fs::create_symlink(scratch / "a", scratch / "link");
    EXPECT_ERROR(require_private(scratch / "link"), ErrorCode::file_type);
}

TEST(RequirePrivate, RefusesAnotherOwner)
{
    if (::geteuid() != 0)
        EXPECT_ERROR(require_private("/etc"), ErrorCode::file_perm);
    else {
        const ScratchDirectory scratch;
        put(scratch / "a", "x");
        ASSERT_EQ(::chown((scratch / "a").c_str(), 65534, 65534), 0);
        EXPECT_ERROR(require_private(scratch / "a"), ErrorCode::file_perm);
    }
}

} // namespace
} // namespace coffer::storage
