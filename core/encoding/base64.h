#pragma once

#include "core/base/bytes.h"

#include <string>
#include <string_view>

namespace coffer::encoding {

/// RFC 4648, 4, with padding.
std::string encode_base64(ByteView bytes);
/// Strict: no blanks or line breaks, padding where it belongs, unused bits zero (RFC 4648, 3.5).
/// Throws Error{malformed} with the offset.
Bytes decode_base64(std::string_view text);

} // namespace coffer::encoding
