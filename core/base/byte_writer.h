#pragma once

#include "core/base/bytes.h"

namespace coffer {

/// Appends integers and bytes to a buffer that it owns.
class ByteWriter {
public:
    ByteWriter& write_u8(std::uint8_t value);
    ByteWriter& write_u16_be(std::uint16_t value);
    ByteWriter& write_u32_be(std::uint32_t value);
    ByteWriter& write_u64_be(std::uint64_t value);
    ByteWriter& write_u32_le(std::uint32_t value);
    ByteWriter& write_u64_le(std::uint64_t value);
    ByteWriter& write(ByteView bytes);

    std::size_t size() const { return m_bytes.size(); }
    const Bytes& bytes() const& { return m_bytes; }
    Bytes bytes() && { return std::move(m_bytes); }

private:
    Bytes m_bytes;
};

} // namespace coffer
