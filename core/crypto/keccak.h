#pragma once

#include "core/base/bytes.h"

namespace coffer::crypto {

/// Keccak-256 with the original padding 0x01 (Ethereum's, not SHA3-256's 0x06).
ByteArray<32> keccak256(ByteView message);

} // namespace coffer::crypto
