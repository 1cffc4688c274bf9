#include "core/base/constant_time.h"

#include <gtest/gtest.h>

namespace coffer {
namespace {

constexpr Mask all = ~Mask{0};

TEST(ConstantTime, MasksAreAllOrNothing)
{
    EXPECT_EQ(mask_if_zero(0), all);
    for (unsigned bit = 0; bit < 64; ++bit) {
        EXPECT_EQ(mask_if_zero(std::uint64_t{1} << bit), 0U);
        EXPECT_EQ(mask_if_equal(std::uint64_t{1} << bit, 0), 0U);
        EXPECT_EQ(mask_if_equal(std::uint64_t{1} << bit, std::uint64_t{1} << bit), all);
    }
    EXPECT_EQ(mask_if_zero(all), 0U);
}

TEST(ConstantTime, ComparesNumbers)
{
    constexpr std::uint64_t most = (std::uint64_t{1} << 63) - 1;
    for (const auto a : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{0x7f}, most - 1, most})
        for (const auto b : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{0x7f}, most - 1, most})
            EXPECT_EQ(mask_if_less(a, b), a < b ? all : 0U) << a << ' ' << b;
}

TEST(ConstantTime, SelectsByMask)
{
    EXPECT_EQ(select(all, 5, 9), 5U);
    EXPECT_EQ(select(0, 5, 9), 9U);
}

TEST(ConstantTime, DeclassifyingChangesNothing)
{
    EXPECT_EQ(declassified(7), 7);
    EXPECT_TRUE(declassified(true));
}

} // namespace
} // namespace coffer
