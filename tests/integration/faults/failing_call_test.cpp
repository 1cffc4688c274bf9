#include "core/base/error.h"
#include "tests/integration/faults/medium.h"
#include "tests/integration/faults/recorder.h"
#include "tests/integration/faults/whole.h"
#include "tests/integration/faults/workload.h"
#include "tests/support/scratch.h"

#include <algorithm>
#include <cerrno>
#include <gtest/gtest.h>
#include <iostream>

namespace coffer::test {
namespace {

constexpr std::size_t most_failures_shown = 5;

struct Fault {
    std::string name;
    Failure failure;
};

const Fault every_fault[] = {
    {"the disk is full and stays full", {.error = ENOSPC, .lasts = true}},
    {"no room once", {.error = ENOSPC}},
    {"a write stops half way, then there is no room", {.error = ENOSPC, .lasts = true, .is_short = true}},
    {"a write stops half way once", {.error = ENOSPC, .is_short = true}},
    {"the quota is used up", {.error = EDQUOT, .lasts = true}},
    {"the medium is read-only from then on", {.error = EROFS, .lasts = true}},
    {"the medium fails once", {.error = EIO}},
};
const Fault failing_sync{"a sync fails once, and the next succeeds", {.error = EIO, .of = Failure::Of::sync}};

class FailingCall : public testing::Test {
protected:
    /// Each call that changes a file fails in each way: what was told to be done is there, the rest is undone, the
    /// reason is `disk`, and a second run finishes.
    void fail_everywhere(Workload& workload, std::size_t stride)
    {
        for (const auto& fault : every_fault)
            fail_each(workload, fault, stride);
        std::cout << "failed calls: " << m_failed << "\n";
        EXPECT_GT(m_failed, 100u);
        EXPECT_EQ(m_wrong, 0u);
    }

    /// Each sync fails once; also when the power goes then, nothing was told to be done that the medium never got.
    void fail_each_sync(Workload& workload)
    {
        fail_each(workload, failing_sync, 1);
        std::cout << "failed syncs: " << m_failed << "\n";
        EXPECT_GT(m_failed, 20u);
        EXPECT_EQ(m_wrong, 0u);
    }

private:
    void fail_each(Workload& workload, Fault fault, std::size_t stride)
    {
        for (fault.failure.at = 0;; fault.failure.at += stride) {
            put_in_place({}, m_scratch.path());
            if (!fail_at(workload, fault))
                return;
            ++m_failed;
        }
    }

    /// False when the workload has fewer calls.
    bool fail_at(Workload& workload, const Fault& fault)
    {
        const auto where = fault.name + ", call " + std::to_string(fault.failure.at);
        std::uint64_t acknowledged = 0;
        std::string reason;
        std::optional<Image> cut;
        {
            Recorder recorder{m_scratch.path()};
            recorder.fail(fault.failure);
            try {
                workload.run(m_scratch.path(), [&](std::uint64_t number) { acknowledged = number; });
            } catch (const Error& error) {
                reason = error.message();
                if (error.code() != ErrorCode::disk)
                    complain(where, "not `disk`: " + std::string{name_of(error.code())} + ", " + reason);
            }
            if (!recorder.has_failed())
                return false;
            if (fault.failure.of == Failure::Of::sync)
                cut = what_a_power_cut_leaves(recorder);
        }
        for (const auto& [name, content] : take_image(m_scratch.path()).files)
            if (name.ends_with(".tmp"))
                complain(where, name + " stays behind");
        finish(workload, acknowledged, where + " (" + (reason.empty() ? "unnoticed" : reason) + ")");
        if (cut) {
            put_in_place(*cut, m_scratch.path());
            finish(workload, acknowledged, where + " (" + (reason.empty() ? "unnoticed" : reason) + "), then the power goes");
        }
        return true;
    }

    static Image what_a_power_cut_leaves(const Recorder& recorder)
    {
        Medium medium{recorder.base()};
        for (const auto& operation : recorder.operations())
            medium.apply(operation);
        std::mt19937_64 random;
        return medium.cut(Survival::nothing, random);
    }

    void finish(Workload& workload, std::uint64_t acknowledged, const std::string& where)
    {
        try {
            const auto found = workload.recover(m_scratch.path(), acknowledged, [](std::uint64_t) {});
            if (found < acknowledged)
                complain(where, std::to_string(acknowledged) + " steps were done, " + std::to_string(found) + " are there");
        } catch (const std::exception& error) {
            complain(where, std::string{"a second run: "} + error.what());
        }
    }

    void complain(const std::string& where, const std::string& what)
    {
        if (++m_wrong <= most_failures_shown)
            ADD_FAILURE() << where << ": " << what;
    }

    ScratchDirectory m_scratch;
    std::size_t m_failed = 0;
    std::size_t m_wrong = 0;
};

TEST_F(FailingCall, LosesNoCommitOfTheHome)
{
    fail_everywhere(*online_home(is_whole() ? 20 : 9), is_whole() ? 1 : 4);
}

TEST_F(FailingCall, LosesNoRecordOfTheVault)
{
    fail_everywhere(*vault_ledger(is_whole() ? 12 : 6), is_whole() ? 1 : 4);
}

TEST_F(FailingCall, LeavesEveryFileWhole)
{
    fail_everywhere(*written_files(is_whole() ? 40 : 20), is_whole() ? 1 : 2);
}

class FailingSync : public FailingCall {};

TEST_F(FailingSync, LosesNoCommitOfTheHome)
{
    fail_each_sync(*online_home(20));
}

TEST_F(FailingSync, LosesNoRecordOfTheVault)
{
    fail_each_sync(*vault_ledger(12));
}

TEST_F(FailingSync, LeavesEveryFileWhole)
{
    fail_each_sync(*written_files(40));
}

} // namespace
} // namespace coffer::test
