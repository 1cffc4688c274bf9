#include "core/storage/lock_file.h"

#include "core/storage/file.h"
#include "tests/support/scratch.h"
#include "tests/support/vectors.h"

#include <csignal>
#include <fstream>
#include <gtest/gtest.h>
#include <optional>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace coffer::storage {
namespace {

using namespace std::chrono_literals;
using test::ScratchDirectory;

/// A child that holds the lock until it is killed.
pid_t start_holder(const LockFile& file)
{
    int ready[2];
    EXPECT_EQ(::pipe(ready), 0);
    const auto child = ::fork();
    if (child == 0) {
        const auto lock = file.acquire(30s);
        static_cast<void>(!::write(ready[1], "x", 1));
        for (;;)
            ::pause();
    }
    char byte = 0;
    EXPECT_EQ(::read(ready[0], &byte, 1), 1);
    ::close(ready[0]);
    ::close(ready[1]);
    return child;
}

void end(pid_t child)
{
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
}

TEST(LockFile, IsFreeAgainAfterItsScope)
{
    const ScratchDirectory scratch;
    const LockFile file{scratch / "lock"};
    for (int i = 0; i < 3; ++i)
        const auto lock = file.acquire(0ms);
}

TEST(LockFile, GivesUpAfterItsPatience)
{
    const ScratchDirectory scratch;
    const LockFile file{scratch / "lock"};
    const auto holder = start_holder(file);
    EXPECT_ERROR(file.acquire(0ms), ErrorCode::busy);
    const auto start = std::chrono::steady_clock::now();
    EXPECT_ERROR(file.acquire(200ms), ErrorCode::busy);
    EXPECT_GE(std::chrono::steady_clock::now() - start, 200ms);
    end(holder);
}

TEST(LockFile, DoesNotOutliveAKilledProcess)
{
    const ScratchDirectory scratch;
    const LockFile file{scratch / "lock"};
    end(start_holder(file));
    const auto lock = file.acquire(0ms);
}

TEST(LockFile, GoesToAWaiterWhenItsHolderIsKilled)
{
    const ScratchDirectory scratch;
    const LockFile file{scratch / "lock"};
    const auto holder = start_holder(file);
    const auto killer = ::fork();
    if (killer == 0) {
        ::usleep(100'000);
        ::kill(holder, SIGKILL);
        ::_exit(0);
    }
    const auto lock = file.acquire(30s);
    ::waitpid(killer, nullptr, 0);
    ::waitpid(holder, nullptr, 0);
}

TEST(LockFile, LosesNoIncrementOfEightProcesses)
{
    const ScratchDirectory scratch;
    const LockFile file{scratch / "lock"};
    std::ofstream{scratch / "counter"} << 0;
    for (int child = 0; child < 8; ++child) {
        if (::fork() != 0)
            continue;
        for (int i = 0; i < 50; ++i) {
            const auto lock = file.acquire(30s);
            int count = 0;
            std::ifstream{scratch / "counter"} >> count;
            std::ofstream{scratch / "counter"} << count + 1;
        }
        ::_exit(0);
    }
    for (int child = 0; child < 8; ++child) {
        int status = -1;
        ::wait(&status);
        EXPECT_EQ(status, 0);
    }
    int count = 0;
    std::ifstream{scratch / "counter"} >> count;
    EXPECT_EQ(count, 400);
}

TEST(LockFile, StillGuardsAfterItsFileWasRemoved)
{
    const ScratchDirectory scratch;
    const LockFile file{scratch / "lock"};
    const auto holder = start_holder(file);
    const auto helper = ::fork();
    if (helper == 0) {
        ::usleep(100'000);
        std::filesystem::remove(scratch / "lock");
        const auto next = start_holder(file);
        ::kill(holder, SIGKILL);
        ::usleep(300'000);
        ::kill(next, SIGKILL);
        ::_exit(0);
    }
    // The first lock is free when the holder dies, but by then the name belongs to another file.
    EXPECT_ERROR(file.acquire(200ms), ErrorCode::busy);
    ::waitpid(helper, nullptr, 0);
    ::waitpid(holder, nullptr, 0);
}

TEST(LockFile, MakesNoFileOfSomebodyElse)
{
    const ScratchDirectory scratch;
    const LockFile file{scratch / "entry", LockTarget::existing_file};
    EXPECT_ERROR(file.acquire(0ms), ErrorCode::not_found);
    EXPECT_FALSE(std::filesystem::exists(scratch / "entry"));
    std::ofstream{scratch / "entry"} << "content";
    const auto lock = file.acquire(0ms);
    EXPECT_ERROR(file.acquire(0ms), ErrorCode::busy);
    std::filesystem::remove(scratch / "entry");
    std::ofstream{scratch / "entry"} << "another";
    const auto next = file.acquire(0ms);
}

TEST(LockFile, RefusesALinkAndAFifo)
{
    const ScratchDirectory scratch;
    std::filesystem::create_symlink(scratch / "elsewhere", scratch / "link");
    ASSERT_EQ(::mkfifo((scratch / "fifo").c_str(), 0600), 0);
    EXPECT_ERROR(LockFile{scratch / "link"}.acquire(0ms), ErrorCode::file_type);
    EXPECT_ERROR(LockFile{scratch / "fifo"}.acquire(0ms), ErrorCode::file_type);
    EXPECT_FALSE(std::filesystem::exists(scratch / "elsewhere"));
}

} // namespace
} // namespace coffer::storage
