#include "core/keys/shamir.h"

#include "tests/support/test_environment.h"

#include <bit>
#include <gtest/gtest.h>

namespace coffer::keys {
namespace {

/// Product of polynomials over GF(2), then the remainder by x^8 + x^4 + x^3 + x + 1.
std::uint8_t product(unsigned a, unsigned b)
{
    unsigned sum = 0;
    for (unsigned bit = 0; bit < 8; ++bit)
        sum ^= (b >> bit & 1U) != 0 ? a << bit : 0;
    for (unsigned bit = 15; bit >= 8; --bit)
        sum ^= (sum >> bit & 1U) != 0 ? 0x11bU << (bit - 8) : 0;
    return static_cast<std::uint8_t>(sum);
}

TEST(Gf256, MultipliesAsPolynomials)
{
    for (unsigned a = 0; a < 256; ++a)
        for (unsigned b = 0; b < 256; ++b)
            ASSERT_EQ(gf256_multiply(static_cast<std::uint8_t>(a), static_cast<std::uint8_t>(b)), product(a, b));
    EXPECT_EQ(gf256_multiply(0x57, 0x83), 0xc1); // FIPS 197, 4.2
}

ShareValue value(std::size_t size, std::uint64_t seed)
{
    test::ScriptedRandom random{seed};
    ShareValue bytes;
    random.fill(bytes.reveal_mutable().first(size));
    return bytes;
}

TEST(Interpolate, GivesThePolynomialBack)
{
    // f(x) = 3 + 5x + x^2 in the first byte, 7 in the second.
    const auto f = [](std::uint8_t x) {
        ShareValue y;
        y.reveal_mutable()[0] = static_cast<std::uint8_t>(3 ^ product(5, x) ^ product(x, x));
        y.reveal_mutable()[1] = 7;
        return y;
    };
    const std::array<SharePoint, 3> points{SharePoint{0, f(0)}, SharePoint{9, f(9)}, SharePoint{200, f(200)}};
    for (unsigned x = 0; x < 256; ++x) {
        const auto at = static_cast<std::uint8_t>(x);
        EXPECT_TRUE(equal(interpolate(at, points).reveal(), f(at).reveal())) << x;
    }
}

TEST(InterpolateDeathTest, EndsTheProcessOnTwoPointsWithOneIndex)
{
    const std::array<SharePoint, 2> points{SharePoint{4, value(16, 1)}, SharePoint{4, value(16, 2)}};
    EXPECT_DEATH(interpolate(255, points), "same index");
}

std::vector<SharePoint> chosen(const std::array<ShareValue, most_shares>& values, unsigned subset)
{
    std::vector<SharePoint> points;
    for (unsigned i = 0; i < most_shares; ++i)
        if ((subset >> i & 1U) != 0)
            points.push_back({static_cast<std::uint8_t>(i), values[i]});
    return points;
}

/// Every subset of the size of the threshold restores; no other does.
void check_all_subsets(unsigned threshold, unsigned count, std::size_t size)
{
    SCOPED_TRACE(std::to_string(threshold) + " of " + std::to_string(count));
    const auto secret = value(size, 100 * threshold + count);
    test::ScriptedRandom random{threshold * 17 + count};
    const auto values = split_value(threshold, count, secret, size, random);
    for (unsigned subset = 1; subset < 1U << count; ++subset) {
        const auto given = static_cast<unsigned>(std::popcount(subset));
        if (threshold == 1 && given > 1)
            continue; // without a digest there is nothing to recover from two
        const auto restored = recover_value(chosen(values, subset), size);
        // One share alone counts as 1 of 1: it is something, but not the secret.
        const bool is_secret = restored && equal(restored->reveal(), secret.reveal());
        ASSERT_EQ(is_secret, given >= threshold) << subset;
        if (given > 1 && given < threshold)
            ASSERT_FALSE(restored) << subset;
    }
}

TEST(Shamir, RestoresFromEverySubsetAndFromNoneBelow)
{
    for (unsigned count = 1; count <= 7; ++count)
        for (unsigned threshold = 1; threshold <= count; ++threshold)
            check_all_subsets(threshold, count, 16 + 2 * (count % 9));
    check_all_subsets(10, 11, 32);
}

TEST(Shamir, RestoresOfSixteen)
{
    for (unsigned threshold = 2; threshold <= 16; ++threshold) {
        const auto secret = value(32, threshold);
        test::ScriptedRandom random{threshold};
        const auto values = split_value(threshold, 16, secret, 32, random);
        const auto last = chosen(values, 0xffffU << (16 - threshold) & 0xffffU);
        EXPECT_TRUE(equal(recover_value(last, 32).value().reveal(), secret.reveal())) << threshold;
    }
}

TEST(Shamir, KeepsBytesBeyondTheSecretZero)
{
    test::ScriptedRandom random{3};
    for (const auto& share : split_value(3, 5, value(16, 9), 16, random))
        EXPECT_TRUE(equal(share.reveal().subspan(16), Bytes(16, 0)));
}

TEST(Shamir, TellsEveryChangedByteOfAShare)
{
    test::ScriptedRandom random{4};
    const auto values = split_value(2, 3, value(16, 9), 16, random);
    for (std::size_t place = 0; place < 16; ++place) {
        auto points = chosen(values, 0b101);
        points[1].y.reveal_mutable()[place] ^= 0x40;
        EXPECT_FALSE(recover_value(points, 16)) << place;
    }
}

TEST(Shamir, DrawsNewRandomBytesForEachShare)
{
    test::ScriptedRandom random{4};
    const auto first = split_value(3, 5, value(16, 9), 16, random);
    const auto second = split_value(3, 5, value(16, 9), 16, random);
    for (unsigned i = 0; i < 5; ++i) {
        EXPECT_FALSE(equal(first[i].reveal(), second[i].reveal()));
        EXPECT_FALSE(equal(first[i].reveal(), first[(i + 1) % 5].reveal()));
    }
}

TEST(ShamirDeathTest, EndsTheProcessOnNumbersOutOfRange)
{
    test::ScriptedRandom random{4};
    EXPECT_DEATH(split_value(0, 1, value(16, 1), 16, random), "out of range");
    EXPECT_DEATH(split_value(3, 2, value(16, 1), 16, random), "out of range");
    EXPECT_DEATH(split_value(2, 17, value(16, 1), 16, random), "out of range");
    EXPECT_DEATH(split_value(2, 3, value(16, 1), 33, random), "size");
}

} // namespace
} // namespace coffer::keys
