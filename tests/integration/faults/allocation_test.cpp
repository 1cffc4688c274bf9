#include "core/base/error.h"
#include "tests/integration/faults/recorder.h"
#include "tests/integration/faults/whole.h"
#include "tests/integration/faults/workload.h"
#include "tests/support/scratch.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <iostream>
#include <new>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

/// Which allocation fails; 0 for none. Counts those of C++ and of SQLite together.
std::size_t g_failing = 0;
std::size_t g_count = 0;
bool g_lasts = false;
bool g_has_failed = false;

bool must_fail()
{
    if (g_failing == 0)
        return false;
    ++g_count;
    const bool fails = g_count == g_failing || (g_lasts && g_count > g_failing);
    g_has_failed = g_has_failed || fails;
    return fails;
}

sqlite3_mem_methods g_sqlite_memory{};

void* sqlite_allocate(int size)
{
    return must_fail() ? nullptr : g_sqlite_memory.xMalloc(size);
}

void* sqlite_grow(void* old, int size)
{
    return must_fail() ? nullptr : g_sqlite_memory.xRealloc(old, size);
}

void* allocate(std::size_t size)
{
    auto* room = must_fail() ? nullptr : std::malloc(size == 0 ? 1 : size);
    if (room == nullptr)
        throw std::bad_alloc{};
    return room;
}

} // namespace

void* operator new(std::size_t size)
{
    return allocate(size);
}

void operator delete(void* room) noexcept
{
    std::free(room);
}

void operator delete(void* room, std::size_t) noexcept
{
    std::free(room);
}

namespace coffer::test {
namespace {

enum Outcome { unharmed = 0, refused = 10, not_reached = 11, wrong_error = 12 };

void take_over_memory_of_sqlite()
{
    sqlite3_shutdown();
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &g_sqlite_memory);
    auto ours = g_sqlite_memory;
    ours.xMalloc = sqlite_allocate;
    ours.xRealloc = sqlite_grow;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &ours);
}

class FailingAllocation : public testing::Test {
protected:
    static void SetUpTestSuite() { take_over_memory_of_sqlite(); }

    /// In a process of its own, whatever the failure does: it must end by an error, and a second run must finish.
    void fail_everywhere(Workload& workload, std::size_t stride)
    {
        std::size_t failed = 0;
        for (const bool lasts : {false, true})
            for (std::size_t number = 1;; number += stride) {
                put_in_place({}, m_scratch.path());
                const auto [outcome, acknowledged] = run_in_child(workload, number, lasts);
                if (outcome == not_reached)
                    break;
                ++failed;
                ASSERT_TRUE(outcome == refused || outcome == unharmed) << "allocation " << number << (lasts ? " and all later ones" : "") << ": " << outcome;
                ASSERT_GE(workload.recover(m_scratch.path(), acknowledged, [](std::uint64_t) {}), acknowledged) << "allocation " << number;
            }
        std::cout << "failed allocations: " << failed << "\n";
        EXPECT_GT(failed, 100u);
    }

private:
    struct Ended {
        int outcome; ///< or 100 plus the signal
        std::uint64_t acknowledged;
    };

    Ended run_in_child(Workload& workload, std::size_t number, bool lasts)
    {
        int told[2];
        require(::pipe(told) == 0, "no pipe");
        const auto child = ::fork();
        require(child >= 0, "no process");
        if (child == 0)
            ::_exit(run_failing(workload, number, lasts, told[1]));
        ::close(told[1]);
        std::uint64_t acknowledged = 0;
        while (::read(told[0], &acknowledged, sizeof acknowledged) > 0) {
        }
        ::close(told[0]);
        int status = 0;
        require(::waitpid(child, &status, 0) == child, "the process is not there");
        return {WIFSIGNALED(status) ? 100 + WTERMSIG(status) : WEXITSTATUS(status), acknowledged};
    }

    int run_failing(Workload& workload, std::size_t number, bool lasts, int told)
    {
        g_lasts = lasts;
        g_failing = number;
        Outcome outcome = unharmed;
        try {
            workload.run(m_scratch.path(), [&](std::uint64_t done) { require(::write(told, &done, sizeof done) > 0, "nobody listens"); });
        } catch (const std::bad_alloc&) {
            outcome = refused;
        } catch (const Error& error) {
            outcome = refused;
            static_cast<void>(error);
        }
        g_failing = 0;
        return g_has_failed ? outcome : not_reached;
    }

    ScratchDirectory m_scratch;
};

TEST_F(FailingAllocation, LosesNoCommitOfTheHome)
{
    fail_everywhere(*online_home(3), is_whole() ? 7 : 101);
}

TEST_F(FailingAllocation, LosesNoRecordOfTheVault)
{
    fail_everywhere(*vault_ledger(3), is_whole() ? 1 : 23);
}

TEST_F(FailingAllocation, LeavesEveryFileWhole)
{
    fail_everywhere(*written_files(20), is_whole() ? 1 : 5);
}

} // namespace
} // namespace coffer::test
