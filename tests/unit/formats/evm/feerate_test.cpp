#include "formats/evm/feerate.h"

#include "tests/support/vectors.h"

namespace coffer::evm {
namespace {

TEST(EvmFeerate, ReadsGweiAndWei)
{
    EXPECT_EQ(parse_feerate("50 gwei"), Uint256{50'000'000'000});
    EXPECT_EQ(parse_feerate("1.5 gwei"), Uint256{1'500'000'000});
    EXPECT_EQ(parse_feerate("0.000000001 gwei"), Uint256{1});
    EXPECT_EQ(parse_feerate("7 wei"), Uint256{7});
}

TEST(EvmFeerate, RefusesWhatIsNoRate)
{
    for (const auto* text : {"", "50", "50gwei", "50 Gwei", "50 ether", "50  gwei", " 50 gwei", "50 gwei ", "-1 gwei",
                             "1.5 wei", "0.0000000001 gwei", "gwei", "1e9 wei", "100 sat/vB"})
        EXPECT_ERROR(parse_feerate(text), ErrorCode::malformed);
    EXPECT_ERROR(parse_feerate(std::string(78, '9') + " gwei"), ErrorCode::amount_range);
}

TEST(EvmFeerate, WritesWhatItReads)
{
    EXPECT_EQ(format_feerate(Uint256{50'000'000'000}), "50 gwei");
    EXPECT_EQ(format_feerate(Uint256{1'500'000'007}), "1.500000007 gwei");
    EXPECT_EQ(format_feerate(Uint256{0}), "0 gwei");
    EXPECT_EQ(format_feerate(Uint256{999}), "999 wei");
    EXPECT_EQ(format_feerate(Uint256{1000}), "0.000001 gwei");
    for (const std::uint64_t wei : {0U, 1U, 999U, 1000U, 123456789U, 4000000000U})
        EXPECT_EQ(parse_feerate(format_feerate(wei)), Uint256{wei});
}

} // namespace
} // namespace coffer::evm
