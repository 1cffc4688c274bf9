#include "core/keys/rs1024.h"

#include "core/base/constant_time.h"

#include <array>
#include <string_view>

namespace coffer::keys {

namespace {

constexpr unsigned bits_a_word = 10;
/// The word that holds the extendable flag, on which the customization string depends, and the flag in it.
constexpr std::size_t flag_place = 1;
constexpr std::uint32_t flag_bit = 1U << 4;

constexpr std::array<std::uint32_t, bits_a_word> generator = {
    0xe0e040, 0x1c1c080, 0x3838100, 0x7070200, 0xe0e0009, 0x1c0c2412, 0x38086c24, 0x3090fc48, 0x21b1f890, 0x3f3f120};

/// One step of rs1024_polymod in the specification.
std::uint32_t step(std::uint32_t state, std::uint32_t word)
{
    const auto carried = state >> 20;
    state = (state & 0xfffffU) << bits_a_word ^ word;
    for (unsigned i = 0; i < bits_a_word; ++i)
        state ^= generator[i] & (0U - (carried >> i & 1U));
    return state;
}

/// A word that is wrong by `error` and `following` words after it have the residue of as many zeros after `error`.
struct Suspect {
    std::uint64_t place = 0;
    std::uint64_t count = 0;

    void add(std::uint64_t found_place, Mask mask)
    {
        place |= found_place & mask;
        count += 1 & mask;
    }
};

} // namespace

std::uint32_t rs1024_residue(std::span<const std::uint16_t> words, bool extendable)
{
    std::uint32_t state = 1;
    for (const char c : extendable ? std::string_view{"shamir_extendable"} : std::string_view{"shamir"})
        state = step(state, static_cast<std::uint8_t>(c));
    for (const auto word : words)
        state = step(state, word);
    return state ^ 1U;
}

void rs1024_complete(std::span<std::uint16_t> words, bool extendable)
{
    const auto checksum = words.last(rs1024_checksum_words);
    for (auto& word : checksum)
        word = 0;
    const auto residue = rs1024_residue(words, extendable);
    for (std::size_t i = 0; i < rs1024_checksum_words; ++i)
        checksum[i] = static_cast<std::uint16_t>(residue >> (bits_a_word * (rs1024_checksum_words - 1 - i)) & 0x3ffU);
}

std::optional<std::size_t> rs1024_locate(std::span<const std::uint16_t> words, bool extendable)
{
    const auto residue = rs1024_residue(words, extendable);
    const auto residue_of_other_flag = rs1024_residue(words, !extendable);
    Suspect suspect;
    for (std::uint32_t error = 1; error < 1U << bits_a_word; ++error) {
        auto state = error;
        for (auto place = words.size(); place-- > 0;) {
            const bool turns_flag = place == flag_place && (error & flag_bit) != 0;
            suspect.add(place, mask_if_equal(state, turns_flag ? residue_of_other_flag : residue));
            state = step(state, 0);
        }
    }
    if (declassified(suspect.count) != 1)
        return std::nullopt;
    return declassified(suspect.place);
}

} // namespace coffer::keys
