#include "tests/support/cli_fixture.h"

namespace coffer {
namespace {

using test::CliTreasury;

TEST(CharterAdopt, MakesTheCharterCurrent)
{
    CliTreasury treasury;
    const auto shown = treasury.run_well({"--json", "charter", "show"});
    EXPECT_EQ(shown.field("version"), "1");
    EXPECT_EQ(shown.field("hash"), encoding::encode_hex(charter::hash_of(*treasury.sealed).bytes()));
    EXPECT_EQ(shown.field("signed_by.2"), "carol");
}

} // namespace
} // namespace coffer
