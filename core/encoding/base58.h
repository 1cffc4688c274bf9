#pragma once

#include "core/base/secret.h"

#include <string>
#include <string_view>

namespace coffer::encoding {

/// The work grows with the square of the length, so that it is bounded: a Solana transaction fits.
constexpr std::size_t most_base58_characters = 1700;

/// Base58 with Bitcoin's alphabet; one `1` for every leading zero byte.
std::string encode_base58(ByteView bytes);
/// Throws Error{malformed}, with the offset, for another character or for more than
/// most_base58_characters.
Bytes decode_base58(std::string_view text);

/// Base58Check: what is encoded ends with the first 4 bytes of its SHA256d. Version bytes are part
/// of `payload`.
std::string encode_base58check(ByteView payload);
/// The payload without its checksum. Throws Error{malformed} as above and below 4 bytes,
/// Error{addr_checksum} when the checksum is another.
Bytes decode_base58check(std::string_view text);

/// The same for secrets, in memory that is wiped. Throws Error{malformed} also when the payload is
/// not of `size` bytes, which is at most 128.
SecretBytes encode_base58check_secret(ByteView payload);
SecretBytes decode_base58check_secret(std::string_view text, std::size_t size);

} // namespace coffer::encoding
