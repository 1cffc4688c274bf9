#include "core/base/byte_writer.h"

namespace coffer {

namespace {

template <typename T>
void write_big_endian(Bytes& out, T value)
{
    for (std::size_t i = sizeof(T); i-- > 0;)
        out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

template <typename T>
void write_little_endian(Bytes& out, T value)
{
    for (std::size_t i = 0; i < sizeof(T); ++i)
        out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

} // namespace

ByteWriter& ByteWriter::write_u8(std::uint8_t value)
{
    m_bytes.push_back(value);
    return *this;
}

ByteWriter& ByteWriter::write_u16_be(std::uint16_t value)
{
    write_big_endian(m_bytes, value);
    return *this;
}

ByteWriter& ByteWriter::write_u32_be(std::uint32_t value)
{
    write_big_endian(m_bytes, value);
    return *this;
}

ByteWriter& ByteWriter::write_u64_be(std::uint64_t value)
{
    write_big_endian(m_bytes, value);
    return *this;
}

ByteWriter& ByteWriter::write_u32_le(std::uint32_t value)
{
    write_little_endian(m_bytes, value);
    return *this;
}

ByteWriter& ByteWriter::write_u64_le(std::uint64_t value)
{
    write_little_endian(m_bytes, value);
    return *this;
}

ByteWriter& ByteWriter::write(ByteView bytes)
{
    append(m_bytes, bytes);
    return *this;
}

} // namespace coffer
