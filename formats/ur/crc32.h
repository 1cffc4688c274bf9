#pragma once

#include "core/base/bytes.h"

namespace coffer::ur {

/// CRC-32/ISO-HDLC, the one of zlib (BCR-2020-012). It finds what was misread, not what was forged.
std::uint32_t crc32(ByteView data);

} // namespace coffer::ur
