#pragma once

#include "core/base/secret.h"

namespace coffer::crypto {

/// HMAC (RFC 2104); the key is of any length.
ByteArray<32> hmac_sha256(ByteView key, ByteView message);
/// The result is a secret: it is split into keys.
WipedArray<64> hmac_sha512(ByteView key, ByteView message);

} // namespace coffer::crypto
