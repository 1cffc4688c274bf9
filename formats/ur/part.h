#pragma once

#include "core/base/bytes.h"

/// One part of a message that is longer than a QR code (BCR-2020-005, multipart; BCR-2024-001).
namespace coffer::ur {

/// Parts of one message; mixed ones beyond them are numbered on.
constexpr std::uint32_t most_parts = 2048;
/// CBOR of one message.
constexpr std::size_t most_message_bytes = 2 * 1024 * 1024;

/// What every part says of its message.
struct PartHeader {
    std::uint32_t seq_len = 0;        ///< how many fragments, 1 to most_parts
    std::uint32_t message_length = 0; ///< in bytes, 1 to most_message_bytes
    std::uint32_t checksum = 0;       ///< CRC-32 of the message
    bool operator==(const PartHeader&) const = default;
};

struct Part {
    std::uint32_t seq_num = 0; ///< from 1; up to seq_len it is fragment seq_num - 1, beyond that several, mixed by XOR
    PartHeader header;
    Bytes data; ///< as long as a fragment; the last fragment ends in zeros

    bool operator==(const Part&) const = default;
};

/// [seq_num, seq_len, message_length, checksum, data].
Bytes encode_part(const Part& part);

/// Throws Error{qr_limit} over most_parts or most_message_bytes, before anything is allocated for them; Error{qr_length}
/// when seq_len fragments of this length do not hold the message, or fewer would; Error{malformed} for another shape and
/// numbers that are 0 or beyond 32 bits; what cbor::decode throws.
Part decode_part(ByteView cbor);

} // namespace coffer::ur
