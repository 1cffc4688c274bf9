#include "core/keys/dice_rolls.h"

#include "core/base/error.h"
#include "core/crypto/random.h"
#include "core/keys/repetition.h"

#include <algorithm>

namespace coffer::keys {

namespace {

// 512 samples, the window of SP 800-90B, 4.4.2, are more than anybody rolls: as many as the fewest rolls here.
constexpr crypto::HealthLimits dice_health{"the die", 9, least_mixed_rolls, 24};

constexpr std::size_t faces = 6;
constexpr std::size_t most_chi_square_milli = 25'745; // 5 degrees of freedom, 1 in 10,000

std::string text_of_tally(const std::array<std::size_t, faces>& tally)
{
    std::string text;
    for (std::size_t face = 0; face < faces; ++face)
        text += (face == 0 ? "" : ", ") + std::to_string(face + 1) + " came " + std::to_string(tally[face]);
    return text;
}

} // namespace

std::size_t DiceRolls::add(const SecretBytes& line)
{
    const auto typed = line.reveal();
    const auto is_blank = [](std::uint8_t byte) { return byte == ' ' || byte == '\t'; };
    for (std::size_t i = 0; i < typed.size(); ++i)
        if (!is_blank(typed[i]) && (typed[i] < '1' || typed[i] > '6'))
            throw Error{ErrorCode::malformed, "character " + std::to_string(i + 1) + " of the line is not a digit from 1 to 6"};
    const auto rolls = static_cast<std::size_t>(std::ranges::count_if(typed, [&](auto byte) { return !is_blank(byte); }));
    if (rolls > most_rolls - m_count)
        throw Error{ErrorCode::limit, "more than " + std::to_string(most_rolls) + " rolls are not taken"};
    std::ranges::copy_if(typed, m_digits.reveal_mutable().begin() + static_cast<std::ptrdiff_t>(m_count),
                         [&](auto byte) { return !is_blank(byte); });
    m_count += rolls;
    return rolls;
}

void DiceRolls::take_back(std::size_t rolls)
{
    m_count -= std::min(rolls, m_count);
    wipe(m_digits.reveal_mutable().subspan(m_count));
}

std::array<std::size_t, faces> DiceRolls::tally() const
{
    std::array<std::size_t, faces> tally{};
    for (const auto digit : digits())
        ++tally[static_cast<std::size_t>(digit - '1')];
    return tally;
}

void DiceRolls::require_fair(std::size_t least) const
{
    if (m_count < least)
        throw Error{ErrorCode::rng, std::to_string(m_count) + " rolls of dice are too few: at least " + std::to_string(least) +
                                        " are needed"};
    const std::string hint = "check that each roll was typed once, and roll another die on a flat table";
    try {
        crypto::HealthTests{dice_health}.check(digits());
    } catch (const Error& error) {
        throw error.with_hint(hint);
    }
    const auto counts = tally();
    std::size_t squares = 0;
    for (const auto count : counts)
        squares += count * count;
    // chi-square = 6/n Σ count² - n; Σ count² is at least n²/6.
    if ((faces * squares - m_count * m_count) * 1000 > most_chi_square_milli * m_count)
        throw Error{ErrorCode::rng, "the dice are not fair: of " + std::to_string(m_count) + " rolls " + text_of_tally(counts), hint};
    if (const auto distance = find_repetition(digits(), faces, m_count / 2))
        throw Error{ErrorCode::rng, "the rolls repeat what came " + std::to_string(*distance) + " rolls before, which dice do not", hint};
}

} // namespace coffer::keys
