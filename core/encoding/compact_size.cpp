#include "core/encoding/compact_size.h"

#include "core/base/error.h"

namespace coffer::encoding {

namespace {

constexpr std::uint8_t two_bytes = 0xfd;
constexpr std::uint8_t four_bytes = 0xfe;

std::uint64_t read_u16_le(ByteReader& reader)
{
    const auto low = reader.read_u8();
    return std::uint64_t{low} | std::uint64_t{reader.read_u8()} << 8;
}

} // namespace

std::uint64_t read_compact_size(ByteReader& reader)
{
    const auto start = reader.offset();
    const auto first = reader.read_u8();
    if (first < two_bytes)
        return first;
    const auto value = first == two_bytes ? read_u16_le(reader) : first == four_bytes ? reader.read_u32_le() : reader.read_u64_le();
    if (compact_size_length(value) != reader.offset() - start)
        throw malformed("compact size " + std::to_string(value) + " is written longer than it needs to be", start);
    return value;
}

std::size_t read_compact_count(ByteReader& reader, std::size_t item_size)
{
    const auto start = reader.offset();
    const auto count = read_compact_size(reader);
    if (count > reader.remaining() / item_size)
        throw malformed(std::to_string(count) + " items do not fit into the " + std::to_string(reader.remaining()) + " bytes that are left",
                        start);
    return static_cast<std::size_t>(count);
}

ByteView read_compact_bytes(ByteReader& reader)
{
    return reader.read(read_compact_count(reader, 1));
}

void write_compact_size(ByteWriter& writer, std::uint64_t value)
{
    switch (compact_size_length(value)) {
    case 1:
        writer.write_u8(static_cast<std::uint8_t>(value));
        break;
    case 3:
        writer.write_u8(two_bytes).write_u8(static_cast<std::uint8_t>(value & 0xff)).write_u8(static_cast<std::uint8_t>(value >> 8));
        break;
    case 5:
        writer.write_u8(four_bytes).write_u32_le(static_cast<std::uint32_t>(value));
        break;
    default:
        writer.write_u8(0xff).write_u64_le(value);
    }
}

void write_compact_bytes(ByteWriter& writer, ByteView bytes)
{
    write_compact_size(writer, bytes.size());
    writer.write(bytes);
}

std::size_t compact_size_length(std::uint64_t value)
{
    if (value < two_bytes)
        return 1;
    if (value <= 0xffff)
        return 3;
    return value <= 0xffffffff ? 5 : 9;
}

} // namespace coffer::encoding
