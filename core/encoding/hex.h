#pragma once

#include "core/base/bytes.h"

#include <string>
#include <string_view>

namespace coffer::encoding {

/// Lower case, no prefix.
std::string encode_hex(ByteView bytes);
/// Either case, no prefix, an even number of digits. Throws Error{malformed} with the offset.
Bytes decode_hex(std::string_view text);

} // namespace coffer::encoding
