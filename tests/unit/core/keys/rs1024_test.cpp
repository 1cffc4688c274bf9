#include "core/keys/rs1024.h"

#include "tests/support/test_environment.h"

#include <gtest/gtest.h>

namespace coffer::keys {
namespace {

using Words = std::vector<std::uint16_t>;

constexpr std::uint16_t extendable_bit = 0x10;

bool is_extendable(const Words& words)
{
    return (words[1] & extendable_bit) != 0;
}

Words random_share(std::size_t count, std::uint64_t seed)
{
    test::ScriptedRandom random{seed};
    Words words(count);
    for (auto& word : words) {
        const auto bytes = random.array<2>();
        word = static_cast<std::uint16_t>((bytes[0] << 8 | bytes[1]) & 0x3ff);
    }
    rs1024_complete(words, is_extendable(words));
    return words;
}

TEST(Rs1024, HoldsForACompletedShareUnderItsOwnStringOnly)
{
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const auto words = random_share(20 + seed % 14, seed);
        EXPECT_EQ(rs1024_residue(words, is_extendable(words)), 0U);
        EXPECT_NE(rs1024_residue(words, !is_extendable(words)), 0U);
        EXPECT_FALSE(rs1024_locate(words, is_extendable(words)));
    }
}

TEST(Rs1024, LocatesEveryWrongWordWhateverItIs)
{
    for (const std::size_t count : {20U, 33U})
        for (std::size_t place = 0; place < count; ++place) {
            const auto right = random_share(count, place);
            for (std::uint16_t error = 1; error < 1024; error = static_cast<std::uint16_t>(error + 37)) {
                auto words = right;
                words[place] ^= error;
                EXPECT_EQ(rs1024_locate(words, is_extendable(words)), place) << error;
            }
        }
}

/// The word with the flag says which customization string the checksum was made with.
TEST(Rs1024, LocatesAWordThatTurnsTheExtendableFlag)
{
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
        auto words = random_share(20, seed);
        words[1] ^= extendable_bit;
        EXPECT_EQ(rs1024_locate(words, is_extendable(words)), 1U);
        words[1] ^= 3;
        EXPECT_EQ(rs1024_locate(words, is_extendable(words)), 1U);
    }
}

TEST(Rs1024, NeverTakesTwoWrongWordsForOne)
{
    for (std::size_t first = 0; first < 33; ++first)
        for (std::size_t second = first + 1; second < 33; second += 5) {
            auto words = random_share(33, 100 * first + second);
            words[first] ^= 0x203;
            words[second] ^= 0x341;
            EXPECT_NE(rs1024_residue(words, is_extendable(words)), 0U);
            EXPECT_FALSE(rs1024_locate(words, is_extendable(words))) << first << ' ' << second;
        }
}

} // namespace
} // namespace coffer::keys
