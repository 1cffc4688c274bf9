#pragma once

#include "core/base/bytes.h"

#include <string>
#include <string_view>

/// Bytewords (BCR-2020-012): every byte is a word of four letters, and the last four words are the CRC-32 of the others.
namespace coffer::ur {

enum class BytewordStyle {
    standard, ///< whole words and spaces: `able acid also`
    uri,      ///< whole words and hyphens: `able-acid-also`
    minimal,  ///< first and last letter of each word, nothing between: `aeadao`, the body of a UR
};

/// In lower case, with the checksum. No data is a broken invariant.
std::string encode_bytewords(ByteView data, BytewordStyle style);

/// The data without the checksum, at least one byte. Takes lower or upper case, not both, and nothing around the words.
/// The caller bounds the length; time and memory are linear in it.
///
/// Throws Error{qr_enc} for mixed case, a length that is no whole number of words, a wrong separator and what is no
/// word, with the offset in `text` where there is one; Error{qr_crc} for a wrong checksum and for less than five words.
Bytes decode_bytewords(std::string_view text, BytewordStyle style);

/// ASCII letters in lower case. Throws Error{qr_enc} for a text with lower and upper ones.
std::string from_one_case(std::string_view text);

} // namespace coffer::ur
