#pragma once

#include <cstdint>
#include <optional>
#include <span>

/// RS1024, the checksum of SLIP-39: a Reed-Solomon code over GF(1024). Constant time in the words.
namespace coffer::keys {

constexpr std::size_t rs1024_checksum_words = 3;

/// 30 bits, zero when the last three of the words, each of 10 bits, fit the others.
std::uint32_t rs1024_residue(std::span<const std::uint16_t> words, bool extendable);

/// Writes the last three.
void rs1024_complete(std::span<std::uint16_t> words, bool extendable);

/// The place of the one word that is wrong. None when two are; of more, one in some 30,000 cases looks like one.
std::optional<std::size_t> rs1024_locate(std::span<const std::uint16_t> words, bool extendable);

} // namespace coffer::keys
