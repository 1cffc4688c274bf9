#include "core/base/amount.h"

#include "tests/support/vectors.h"

namespace coffer {
namespace {

const std::string most_decimal = "115792089237316195423570985008687907853269984665640564039457584007913129639935";

Uint256 most()
{
    return Uint256::from_decimal(most_decimal);
}

TEST(Uint256, ReadsAndWritesDecimal)
{
    EXPECT_EQ(most().decimal(), most_decimal);
    EXPECT_EQ(most().big_endian(), (Uint256::from_big_endian(Bytes(32, 0xff)).big_endian()));
    EXPECT_EQ(Uint256::from_decimal("0").decimal(), "0");
    EXPECT_EQ(Uint256::from_decimal("0123"), Uint256{123}); // not octal
    EXPECT_EQ(Uint256::from_decimal("18446744073709551616").decimal(), "18446744073709551616");
    for (const auto* text : {"", "-1", "+1", "1.0", "0x10", " 1", "1 ", "1e3", "12a"})
        EXPECT_ERROR(Uint256::from_decimal(text), ErrorCode::malformed);
    auto above = most_decimal;
    above.back() = '6';
    EXPECT_ERROR(Uint256::from_decimal(above), ErrorCode::amount_range);
    EXPECT_ERROR(Uint256::from_decimal(std::string(79, '9')), ErrorCode::amount_range);
    EXPECT_ERROR(Uint256::from_decimal(std::string(100'000, '9')), ErrorCode::amount_range);
}

TEST(Uint256, ReadsAndWritesBigEndian)
{
    EXPECT_EQ(Uint256::from_big_endian(Bytes{0, 0, 1, 0}), Uint256{256});
    EXPECT_EQ(Uint256::from_big_endian({}), Uint256{});
    EXPECT_ERROR(Uint256::from_big_endian(Bytes(33, 0)), ErrorCode::malformed);
    EXPECT_EQ(Uint256{256}.minimal_big_endian(), (Bytes{1, 0}));
    EXPECT_EQ(Uint256{}.minimal_big_endian(), Bytes{});
    EXPECT_EQ(Uint256::from_minimal_big_endian(Bytes{1, 0}), Uint256{256});
    EXPECT_ERROR(Uint256::from_minimal_big_endian(Bytes{0, 1}), ErrorCode::canon);
    EXPECT_ERROR(Uint256::from_minimal_big_endian(Bytes{0}), ErrorCode::canon);
}

TEST(Uint256, ChecksItsArithmetic)
{
    EXPECT_EQ(Uint256{UINT64_MAX} + Uint256{1}, Uint256::from_decimal("18446744073709551616"));
    EXPECT_ERROR(most() + Uint256{1}, ErrorCode::amount_range);
    EXPECT_EQ(most() - most(), Uint256{});
    EXPECT_ERROR(Uint256{1} - Uint256{2}, ErrorCode::amount_range);
    EXPECT_EQ(Uint256{UINT64_MAX} * Uint256{UINT64_MAX}, Uint256::from_decimal("340282366920938463426481119284349108225"));
    EXPECT_ERROR(most() * Uint256{2}, ErrorCode::amount_range);
    EXPECT_ERROR(most() * most(), ErrorCode::amount_range);
    EXPECT_EQ(Uint256{7} / Uint256{2}, Uint256{3});
    EXPECT_EQ(most() / most(), Uint256{1});
}

TEST(Uint256, ComparesAsNumbers)
{
    EXPECT_LT(Uint256{255}, Uint256{256});
    EXPECT_LT(Uint256{UINT64_MAX}, most());
    EXPECT_EQ(Uint256{7}.to_u64(), 7U);
    EXPECT_EQ(Uint256{UINT64_MAX}.to_u64(), UINT64_MAX);
    EXPECT_FALSE((Uint256{UINT64_MAX} + Uint256{1}).to_u64());
    EXPECT_TRUE(Uint256{}.is_zero());
    EXPECT_FALSE(Uint256{1}.is_zero());
}

TEST(Amount, AddsAndComparesWithinOneAsset)
{
    const AssetId eth{"ethereum", "ETH"};
    EXPECT_EQ(Amount(eth, 1) + Amount(eth, 2), Amount(eth, 3));
    EXPECT_LT(Amount(eth, 1), Amount(eth, 2));
    EXPECT_FALSE(Amount(eth, 2) < Amount(eth, 2));
}

TEST(AmountDeathTest, NeverMixesAssets)
{
    const Amount eth{{"ethereum", "ETH"}, 1};
    const Amount usdc{{"ethereum", "USDC"}, 1};
    EXPECT_DEATH(eth + usdc, "two assets");
    EXPECT_DEATH(static_cast<void>(eth < usdc), "two assets");
    EXPECT_DEATH(Uint256{1} / Uint256{}, "division by zero");
}

TEST(Decimal, IsExactBothWays)
{
    EXPECT_EQ(parse_decimal("1.25", 6), Uint256{1'250'000});
    EXPECT_EQ(parse_decimal("0.000001", 6), Uint256{1});
    EXPECT_EQ(parse_decimal("0", 18), Uint256{});
    EXPECT_EQ(parse_decimal("1", 0), Uint256{1});
    EXPECT_EQ(parse_decimal("0001.50", 2), Uint256{150});
    EXPECT_EQ(format_decimal(Uint256{1'250'000}, 6), "1.25");
    EXPECT_EQ(format_decimal(Uint256{1}, 6), "0.000001");
    EXPECT_EQ(format_decimal(Uint256{}, 18), "0");
    EXPECT_EQ(format_decimal(Uint256{1'000'000}, 6), "1");
    EXPECT_EQ(format_decimal(Uint256{15}, 0), "15");
    EXPECT_EQ(parse_decimal(format_decimal(most(), 18), 18), most());
}

TEST(Decimal, RefusesEveryOtherSpelling)
{
    for (const auto* text : {"", ".", ".5", "1.", "1.2.3", "-1", "+1", "1e3", "1,5", "1 000", "1_000", " 1", "1 ", "0x1",
                             "\xd9\xa1", "1.2x", "inf", "nan"})
        EXPECT_ERROR(parse_decimal(text, 6), ErrorCode::malformed);
    EXPECT_ERROR(parse_decimal("1.1234567", 6), ErrorCode::malformed);
    EXPECT_ERROR(parse_decimal("1.0", 0), ErrorCode::malformed);
    EXPECT_ERROR(parse_decimal(most_decimal, 1), ErrorCode::amount_range);
}

TEST(Share, RoundsUpAndIsCapped)
{
    EXPECT_EQ(share_per_100000(1, 3), 33334U);
    EXPECT_EQ(share_per_100000(1, 1), 100000U);
    EXPECT_EQ(share_per_100000(0, 5), 0U);
    EXPECT_EQ(share_per_100000(5, 0), 0U);
    EXPECT_EQ(share_per_100000(most(), 1), 1'000'000'000U);
    EXPECT_EQ(share_per_100000(1, most()), 1U);
}

} // namespace
} // namespace coffer
