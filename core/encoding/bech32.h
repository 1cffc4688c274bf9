#pragma once

#include "core/base/bytes.h"

#include <string>
#include <string_view>

namespace coffer::encoding {

/// Which constant the checksum ends in: 1 (BIP-173) or 0x2bc830a3 (BIP-350).
enum class Bech32Variant { bech32, bech32m };

/// Longer strings lose the guarantee that four errors are found (BIP-173).
constexpr std::size_t most_bech32_characters = 90;

/// Human-readable part in lower case, and the values below 32 between separator and checksum.
struct Bech32Text {
    Bech32Variant variant = Bech32Variant::bech32;
    std::string human_readable_part;
    Bytes values;
    bool operator==(const Bech32Text&) const = default;
};

/// In lower case. A part that decode_bech32 would not give, or more than 90 characters, is a
/// broken invariant.
std::string encode_bech32(const Bech32Text& text);
/// Lower or upper case, not both. Throws Error{malformed}, with the offset where there is one, for
/// case, character, separator and length, Error{addr_checksum} when neither variant fits.
Bech32Text decode_bech32(std::string_view text);

/// BIP-141 witness program: version 0 to 16, 2 to 40 bytes; version 0 has 20 or 32.
struct WitnessProgram {
    unsigned version = 0;
    Bytes program;
    bool operator==(const WitnessProgram&) const = default;
};

/// BIP-173 and BIP-350: version 0 as bech32, later ones as bech32m. `human_readable_part` is that
/// of the network, such as `bc`. A program of another size is a broken invariant.
std::string format_segwit_address(std::string_view human_readable_part, const WitnessProgram& program);
/// Throws Error{malformed} for another human-readable part, a program of a wrong size and padding
/// that is not zero or over 4 bits, Error{addr_checksum} also for the variant of another version.
WitnessProgram parse_segwit_address(std::string_view human_readable_part, std::string_view address);

} // namespace coffer::encoding
