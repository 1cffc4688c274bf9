#include "core/keys/dice_rolls.h"

#include "core/base/text.h"
#include "core/keys/repetition.h"
#include "tests/support/vectors.h"

#include <random>

namespace coffer::keys {
namespace {

SecretBytes line(std::string_view text)
{
    return SecretBytes::copy_of(bytes_of(text));
}

TEST(DiceRolls, TakesDigitsBetweenBlanks)
{
    DiceRolls rolls;
    EXPECT_EQ(rolls.add(line(" 1 6\t6  32")), 5U);
    EXPECT_EQ(rolls.add(line("")), 0U);
    EXPECT_EQ(rolls.add(line("4")), 1U);
    EXPECT_EQ(rolls.count(), 6U);
    EXPECT_EQ(text_of(rolls.digits()), "166324");
    EXPECT_EQ(rolls.tally(), (std::array<std::size_t, 6>{1, 1, 1, 1, 0, 2}));
}

TEST(DiceRolls, TakesNothingOfALineThatIsWrong)
{
    DiceRolls rolls;
    rolls.add(line("123"));
    for (const auto* wrong : {"1207", "0", "7", "1,2", "1\n", "x", "12\xc2\xa0", "4 5 -"})
        EXPECT_ERROR(rolls.add(line(wrong)), ErrorCode::malformed);
    EXPECT_EQ(text_of(rolls.digits()), "123");
}

TEST(DiceRolls, DoesNotRepeatWhatWasTyped)
{
    DiceRolls rolls;
    try {
        rolls.add(line("12 94"));
        FAIL() << "taken";
    } catch (const Error& error) {
        EXPECT_EQ(error.message(), "character 4 of the line is not a digit from 1 to 6");
    }
}

TEST(DiceRolls, TakesSoManyAndNoMore)
{
    DiceRolls rolls;
    rolls.add(line(std::string(250, '5')));
    EXPECT_ERROR(rolls.add(line("1234561")), ErrorCode::limit);
    EXPECT_EQ(rolls.add(line("123456")), 6U);
    EXPECT_ERROR(rolls.add(line("1")), ErrorCode::limit);
    EXPECT_EQ(rolls.count(), most_rolls);
}

TEST(DiceRolls, TakesBackAndWipes)
{
    DiceRolls rolls;
    rolls.add(line("123"));
    rolls.add(line("456"));
    rolls.take_back(3);
    EXPECT_EQ(text_of(rolls.digits()), "123");
    const auto* const after = rolls.digits().data() + 3;
    EXPECT_EQ(after[0], 0) << "what was taken back is still there";
    rolls.take_back(9);
    EXPECT_EQ(rolls.count(), 0U);
}

/// Fair dice, by a generator with a fixed seed.
TEST(DiceRolls, AreHardlyEverRefusedOfAFairDie)
{
    std::mt19937_64 generator{7};
    unsigned refused = 0;
    for (int set = 0; set < 4000; ++set) {
        std::string digits;
        for (std::size_t i = 0; i < (set % 2 == 0 ? least_mixed_rolls : least_sole_rolls); ++i)
            digits += static_cast<char>('1' + generator() % 6);
        DiceRolls rolls;
        rolls.add(line(digits));
        try {
            rolls.require_fair(least_mixed_rolls);
        } catch (const Error&) {
            ++refused;
        }
    }
    EXPECT_LE(refused, 3U);
}

TEST(Repetition, IsFoundWhereSixStandardDeviationsAreExceeded)
{
    // 100 pairs of six values: the mean is 16.7, the deviation 3.73, so 39 equal ones pass and 40 do not.
    const auto samples = [](std::size_t equal) {
        Bytes bytes(101);
        for (std::size_t i = 0; i < 100; ++i)
            bytes[i + 1] = static_cast<std::uint8_t>(bytes[i] + (i < equal ? 0 : 1));
        return bytes;
    };
    EXPECT_EQ(find_repetition(samples(39), 6, 1), std::nullopt);
    EXPECT_EQ(find_repetition(samples(40), 6, 1), std::optional<std::size_t>{1});
    EXPECT_EQ(find_repetition(samples(0), 6, 1), std::nullopt) << "seldom is not often";
    EXPECT_EQ(find_repetition({}, 6, 5), std::nullopt);
    EXPECT_EQ(find_repetition(Bytes{1}, 6, 5), std::nullopt);
}

} // namespace
} // namespace coffer::keys
