#include "tests/integration/faults/workload.h"
#include "tests/support/scratch.h"

#include <gtest/gtest.h>

namespace coffer::test {
namespace {

/// How many steps are found after a run that nothing disturbed.
std::uint64_t steps_found(Workload& workload)
{
    const ScratchDirectory scratch;
    std::uint64_t told = 0;
    workload.run(scratch.path(), [&](std::uint64_t number) { told = number; });
    return workload.recover(scratch.path(), told, [](std::uint64_t) {});
}

TEST(Undisturbed, HomeHoldsEveryCommit)
{
    EXPECT_EQ(steps_found(*online_home(9)), 10u);
}

TEST(Undisturbed, VaultHoldsEveryRecord)
{
    EXPECT_EQ(steps_found(*vault_ledger(6)), 7u);
}

TEST(Undisturbed, FilesAreTheNewest)
{
    EXPECT_EQ(steps_found(*written_files(20)), 20u);
}

} // namespace
} // namespace coffer::test
