#pragma once

#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"

#include <cstdint>

namespace coffer::encoding {

/// Bitcoin's variable-length integer: below 0xfd one byte, else 0xfd, 0xfe or 0xff and a
/// little-endian integer of 2, 4 or 8 bytes.
///
/// Throws Error{malformed} when it is cut or longer than it needs to be.
std::uint64_t read_compact_size(ByteReader& reader);
/// A count of items of at least `item_size` bytes each, so that nothing is allocated that cannot
/// follow. Throws Error{malformed} also when that many do not fit into what is left.
std::size_t read_compact_count(ByteReader& reader, std::size_t item_size);
/// A byte string behind its length; a view into what the reader reads.
ByteView read_compact_bytes(ByteReader& reader);

void write_compact_size(ByteWriter& writer, std::uint64_t value);
void write_compact_bytes(ByteWriter& writer, ByteView bytes);
/// 1, 3, 5 or 9.
std::size_t compact_size_length(std::uint64_t value);

} // namespace coffer::encoding
