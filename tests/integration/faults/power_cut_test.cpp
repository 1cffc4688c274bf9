#include "core/base/error.h"
#include "tests/integration/faults/medium.h"
#include "tests/integration/faults/recorder.h"
#include "tests/integration/faults/whole.h"
#include "tests/integration/faults/workload.h"
#include "tests/support/scratch.h"

#include <gtest/gtest.h>

namespace coffer::test {
namespace {

constexpr std::size_t most_failures_shown = 5;
constexpr std::uint64_t any_seeds = 3; ///< cuts of Survival::any at one point

const char* name_of(Survival survival)
{
    switch (survival) {
    case Survival::nothing: return "nothing unsynced survives";
    case Survival::all: return "all but the last write survives";
    case Survival::any: return "any of it survives";
    case Survival::names: return "names survive";
    case Survival::content: return "content survives";
    }
    return "";
}

class PowerCut : public testing::Test {
protected:
    /// The power goes at every operation of the workload, in every way; then again while it recovers.
    void cut_everywhere(Workload& workload, std::size_t stride)
    {
        std::vector<Operation> operations;
        Image base;
        {
            Recorder recorder{scratch.path()};
            base = recorder.base();
            workload.run(scratch.path(), [&](std::uint64_t number) { recorder.acknowledge(number); });
            operations = recorder.operations();
        }
        Medium medium{base};
        std::uint64_t acknowledged = 0;
        for (std::size_t i = 0; i <= operations.size(); ++i) {
            if (i % stride == 0)
                cut_in_every_way(workload, medium, acknowledged, "before operation " + std::to_string(i) + " of " + std::to_string(operations.size()));
            if (i == operations.size())
                break;
            medium.apply(operations[i]);
            if (operations[i].kind == Operation::Kind::acknowledge)
                acknowledged = operations[i].offset;
        }
        std::cout << "power cuts: " << m_cuts << " (" << m_cuts_of_recoveries << " during recovery), " << operations.size() << " operations\n";
        RecordProperty("cuts", std::to_string(m_cuts));
        EXPECT_GT(operations.size(), 100u);
        EXPECT_EQ(m_failures, 0u);
    }

    ScratchDirectory scratch;

private:
    void cut_in_every_way(Workload& workload, const Medium& medium, std::uint64_t acknowledged, const std::string& when)
    {
        for (const auto survival : every_survival)
            for (std::uint64_t seed = 0; seed < (survival == Survival::any ? any_seeds : 1); ++seed)
                cut_twice(workload, medium.cut(survival, m_random), acknowledged, when + ", " + name_of(survival));
    }

    /// Recovers; then the same with another cut somewhere on the way.
    void cut_twice(Workload& workload, const Image& image, std::uint64_t acknowledged, const std::string& when)
    {
        const auto recovery = recover(workload, image, acknowledged, when);
        if (recovery.empty())
            return;
        Medium medium{image};
        const auto end = m_random() % recovery.size();
        for (std::size_t i = 0; i < end; ++i) {
            medium.apply(recovery[i]);
            if (recovery[i].kind == Operation::Kind::acknowledge)
                acknowledged = std::max(acknowledged, recovery[i].offset);
        }
        const auto survival = every_survival[m_random() % std::size(every_survival)];
        ++m_cuts_of_recoveries;
        static_cast<void>(recover(workload, medium.cut(survival, m_random), acknowledged,
                                  when + "; before operation " + std::to_string(end) + " of its recovery, " + name_of(survival)));
    }

    std::vector<Operation> recover(Workload& workload, const Image& image, std::uint64_t acknowledged, const std::string& when)
    {
        ++m_cuts;
        put_in_place(image, scratch.path());
        Recorder recorder{scratch.path()};
        try {
            const auto found = workload.recover(scratch.path(), acknowledged, [&](std::uint64_t number) { recorder.acknowledge(number); });
            if (found < acknowledged)
                fail(when, std::to_string(acknowledged) + " steps were done, " + std::to_string(found) + " are there");
        } catch (const std::exception& error) {
            fail(when, error.what());
            return {};
        }
        return recorder.operations();
    }

    void fail(const std::string& when, const std::string& why)
    {
        if (++m_failures <= most_failures_shown)
            ADD_FAILURE() << when << ": " << why;
    }

    std::mt19937_64 m_random{20261121};
    std::size_t m_cuts = 0;
    std::size_t m_cuts_of_recoveries = 0;
    std::size_t m_failures = 0;
};

TEST_F(PowerCut, LosesNoCommitOfTheHome)
{
    cut_everywhere(*online_home(is_whole() ? 40 : 10), is_whole() ? 1 : 5);
}

TEST_F(PowerCut, LosesNoRecordOfTheVault)
{
    cut_everywhere(*vault_ledger(is_whole() ? 25 : 6), is_whole() ? 1 : 5);
}

TEST_F(PowerCut, LeavesEveryFileWhole)
{
    cut_everywhere(*written_files(40), is_whole() ? 1 : 3);
}

} // namespace
} // namespace coffer::test
