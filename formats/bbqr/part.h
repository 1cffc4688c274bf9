#pragma once

#include "core/base/bytes.h"

#include <cstddef>
#include <string>
#include <string_view>

/// BBQr (https://bbqr.org): a file in the alphanumeric text of one or more QR codes.
namespace coffer::bbqr {

enum class Encoding : char {
    hex = 'H',
    base32 = '2',
    zlib = 'Z', ///< deflate(), then base32
};

constexpr std::size_t header_size = 8;
constexpr unsigned most_parts = 1295; ///< two digits of base 36
/// Alphanumeric characters of the largest QR code (version 40, level L).
constexpr std::size_t most_characters = 4296;

/// `B$`, the encoding, the file type, count and index each in two digits of base 36, then the body.
struct Part {
    Encoding encoding = Encoding::base32;
    char file_type = 'B'; ///< P PSBT, T transaction, J JSON, C CBOR, U text in UTF-8, B binary
    unsigned count = 1;
    unsigned index = 0;
    Bytes body; ///< decoded, still packed
};

/// Throws Error{qr_enc} for other text (lower case too), an unknown encoding or file type, digits that are none and an empty body;
/// Error{qr_part} for an index that is not below the count and a body that is no whole number of groups though parts follow it;
/// Error{qr_limit} for more characters than a QR code holds.
Part parse_part(std::string_view text);
/// A body that is not whole groups before the last part is a broken invariant.
std::string format_part(const Part& part);

/// Bytes of a body that is not the last are a multiple of this: 1, or 5 in base32.
std::size_t group_size(Encoding encoding);
/// How many bytes fit into a code of so many characters, as whole groups. 0 when none do.
std::size_t capacity(Encoding encoding, std::size_t characters);

} // namespace coffer::bbqr
