#pragma once

#include "core/base/bytes.h"

#include <string>
#include <string_view>

namespace coffer::encoding {

/// RFC 4648, 6, in capitals and without padding.
std::string encode_base32(ByteView bytes);
/// Strict: capitals alone, no padding, a length that bytes have, unused bits zero. Throws Error{malformed} with the offset.
Bytes decode_base32(std::string_view text);

} // namespace coffer::encoding
