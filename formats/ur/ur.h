#pragma once

#include "formats/ur/part.h"

#include <string>
#include <string_view>
#include <variant>

/// Uniform Resources, version 2 (BCR-2020-005): `ur:TYPE/BODY`, and `ur:TYPE/SEQ-COUNT/BODY` for a part. The body is CBOR
/// in minimal bytewords.
namespace coffer::ur {

constexpr std::size_t most_type_characters = 64;
/// A message of most_message_bytes, two characters a byte, with checksum and type.
constexpr std::size_t most_characters = 2 * (most_message_bytes + 4) + most_type_characters + 64;

struct Message {
    std::string type; ///< a-z, 0-9 and hyphens
    Bytes cbor;       ///< one item, untagged; not looked into here

    bool operator==(const Message&) const = default;
};

/// What one QR code or line of text is: a whole message or a part of one.
struct Frame {
    std::string type;
    std::variant<Bytes, Part> content; ///< the CBOR of a message, or a part

    bool operator==(const Frame&) const = default;
};

/// `[a-z0-9-]{1,64}`.
bool is_type(std::string_view text);

/// In lower case; QR codes show it in upper case, which takes less room. A type that is none and an empty message are
/// broken invariants; the numbers of a part are not looked into.
std::string format_message(const Message& message);
std::string format_part(std::string_view type, const Part& part);

/// Reads one frame in lower or upper case, not both, with nothing around it.
///
/// Throws Error{qr_enc} for what is no UR; Error{qr_crc} for a body that does not fit its checksum; Error{qr_limit} over
/// most_characters, and for the numbers of a part; Error{qr_part} when those before the body are not those inside; what
/// decode_part throws.
Frame parse_frame(std::string_view text);

} // namespace coffer::ur
