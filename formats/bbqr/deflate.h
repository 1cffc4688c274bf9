#pragma once

#include "core/base/bytes.h"

#include <cstddef>

/// Raw deflate (RFC 1951) with a window of 10 bits, as BBQr packs.
namespace coffer::bbqr {

Bytes deflate(ByteView bytes);
/// Throws Error{qr_inflate} for what is no such stream, looks back further than 1024 bytes, does not end or has something after its
/// end, and as soon as it becomes larger than `most_bytes`; memory is taken as the content comes.
Bytes inflate(ByteView bytes, std::size_t most_bytes);

} // namespace coffer::bbqr
