#include "core/base/byte_reader.h"

#include "core/base/error.h"

namespace coffer {

namespace {

template <typename T>
T big_endian(ByteView bytes)
{
    T value = 0;
    for (const auto byte : bytes)
        value = static_cast<T>(static_cast<T>(value << 8) | byte);
    return value;
}

template <typename T>
T little_endian(ByteView bytes)
{
    T value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;)
        value = static_cast<T>(static_cast<T>(value << 8) | bytes[i]);
    return value;
}

} // namespace

std::uint8_t ByteReader::peek_u8() const
{
    if (at_end())
        throw malformed("ends where one more byte is needed", m_offset);
    return m_bytes[m_offset];
}

ByteView ByteReader::read(std::size_t count)
{
    if (count > remaining())
        throw malformed("ends " + std::to_string(count - remaining()) + " bytes too early", m_offset);
    const auto view = m_bytes.subspan(m_offset, count);
    m_offset += count;
    return view;
}

std::uint8_t ByteReader::read_u8()
{
    return read(1)[0];
}

std::uint16_t ByteReader::read_u16_be()
{
    return big_endian<std::uint16_t>(read(2));
}

std::uint32_t ByteReader::read_u32_be()
{
    return big_endian<std::uint32_t>(read(4));
}

std::uint64_t ByteReader::read_u64_be()
{
    return big_endian<std::uint64_t>(read(8));
}

std::uint32_t ByteReader::read_u32_le()
{
    return little_endian<std::uint32_t>(read(4));
}

std::uint64_t ByteReader::read_u64_le()
{
    return little_endian<std::uint64_t>(read(8));
}

void ByteReader::expect_end() const
{
    if (!at_end())
        throw malformed(std::to_string(remaining()) + " bytes follow the end", m_offset);
}

} // namespace coffer
