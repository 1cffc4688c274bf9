#pragma once

#include "core/base/secret.h"

#include <array>

namespace coffer::keys {

/// Fewest rolls that are worth 128 bits (log2 6 each), where the dice are one source of several.
constexpr std::size_t least_mixed_rolls = 50;
/// Fewest rolls that are worth 255 bits, where they are the only source.
constexpr std::size_t least_sole_rolls = 99;
constexpr std::size_t most_rolls = 256;

/// Rolls of a six-sided die in their order, as the ASCII digits 1 to 6.
class DiceRolls {
public:
    /// Adds the digits of a line, between which any blanks may stand; returns how many. Throws Error{malformed} for
    /// any other character, naming its position, and Error{limit} above most_rolls; then nothing is added.
    std::size_t add(const SecretBytes& line);
    /// Takes the newest back.
    void take_back(std::size_t rolls);

    std::size_t count() const { return m_count; }
    ByteView digits() const { return m_digits.reveal().first(m_count); }
    /// How often each face came, from 1 to 6.
    std::array<std::size_t, 6> tally() const;

    /// Throws Error{rng} for fewer rolls than `least`, and for rolls that a fair die practically never gives:
    ///
    /// - the health tests of NIST SP 800-90B, 4.4 (H = log2 6, α = 2^-20, in windows of 50);
    /// - faces too uneven: chi-square above 25.745, 5 degrees of freedom, one set in 10,000;
    /// - rolls that repeat others a fixed distance before them, up to half of all, more often by six standard
    ///   deviations than chance does: one set in 200,000.
    ///
    /// Together they refuse one fair set in about 8,000.
    void require_fair(std::size_t least) const;

private:
    SecretBytes m_digits{most_rolls};
    std::size_t m_count = 0;
};

} // namespace coffer::keys
