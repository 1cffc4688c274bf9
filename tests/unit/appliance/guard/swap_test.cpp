#include "appliance/guard/swap.h"

#include "tests/support/scratch.h"
#include "tests/support/vectors.h"

#include <fstream>
#include <gtest/gtest.h>

namespace coffer::appliance {
namespace {

TEST(Swap, IsActiveWhenTheKernelListsAnArea)
{
    const test::ScratchDirectory scratch;
    const auto swaps = [&](const char* content) {
        std::ofstream{scratch / "swaps"} << content;
        return scratch / "swaps";
    };
    constexpr auto heading = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
    EXPECT_FALSE(swap_is_active(swaps(heading)));
    EXPECT_TRUE(swap_is_active(swaps((std::string{heading} + "/dev/sda2 partition 8388604 0 -2\n").c_str())));
}

TEST(Swap, KeepsAProductionHomeFromBeingMade)
{
    EXPECT_ERROR(require_no_swap(artefacts::Environment::production, true), ErrorCode::swap);
    EXPECT_NO_THROW(require_no_swap(artefacts::Environment::production, false));
    EXPECT_NO_THROW(require_no_swap(artefacts::Environment::test, true));
}

} // namespace
} // namespace coffer::appliance
