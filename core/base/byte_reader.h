#pragma once

#include "core/base/bytes.h"

namespace coffer {

/// Reads forward through a view and checks every read: past the end it throws Error{malformed}
/// with the offset. The view must outlive the reader and what its views are used for.
class ByteReader {
public:
    explicit ByteReader(ByteView bytes) : m_bytes{bytes} {}

    bool at_end() const { return m_offset == m_bytes.size(); }
    std::size_t offset() const { return m_offset; }
    std::size_t remaining() const { return m_bytes.size() - m_offset; }

    std::uint8_t peek_u8() const;
    std::uint8_t read_u8();
    std::uint16_t read_u16_be();
    std::uint32_t read_u32_be();
    std::uint64_t read_u64_be();
    std::uint32_t read_u32_le();
    std::uint64_t read_u64_le();
    ByteView read(std::size_t count);

    template <std::size_t N>
    ByteArray<N> read_array()
    {
        return to_array<N>(read(N), "field");
    }

    /// Throws Error{malformed} when bytes are left.
    void expect_end() const;

private:
    ByteView m_bytes;
    std::size_t m_offset = 0;
};

} // namespace coffer
