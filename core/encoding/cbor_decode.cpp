#include "core/base/byte_reader.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/encoding/cbor.h"
#include "core/encoding/cbor_head.h"

namespace coffer::cbor {

namespace {

struct Head {
    MajorType type;
    std::uint8_t info; // the low five bits of the first byte
    std::uint64_t argument;
    std::size_t offset;
};

Error refused(ErrorCode code, std::string message, std::size_t offset)
{
    return Error{code, "CBOR: " + std::move(message)}.at_offset(offset);
}

class Decoder {
public:
    Decoder(ByteView bytes, const Limits& limits) : m_reader{bytes}, m_limits{limits} {}

    Value read_whole()
    {
        auto value = read_item(0);
        m_reader.expect_end();
        return value;
    }

private:
    Value read_item(std::size_t depth);
    Value read_array(const Head& head, std::size_t depth);
    Value read_map(const Head& head, std::size_t depth);
    Value read_tagged(const Head& head, std::size_t depth);
    std::uint64_t read_key(const Value::Map& before);
    ByteView read_content(const Head& head);
    Head read_head();
    std::uint64_t read_argument(std::uint8_t info, std::size_t offset);
    void require_depth(const Head& head, std::size_t depth) const;
    void enter(const Head& head, std::size_t depth, std::size_t least_bytes_an_entry);

    ByteReader m_reader;
    const Limits& m_limits;
    std::size_t m_items = 0;
};

/// RFC 8949, 3 and 4.2.1: the argument, in its shortest form and of definite length.
std::uint64_t Decoder::read_argument(std::uint8_t info, std::size_t offset)
{
    if (info < 24)
        return info;
    const auto shortest = [&](std::uint64_t argument, std::uint64_t least) {
        if (argument < least)
            throw refused(ErrorCode::canon, std::to_string(argument) + " is not written in its shortest form", offset);
        return argument;
    };
    switch (info) {
    case 24: return shortest(m_reader.read_u8(), 24);
    case 25: return shortest(m_reader.read_u16_be(), 0x100);
    case 26: return shortest(m_reader.read_u32_be(), 0x10000);
    case 27: return shortest(m_reader.read_u64_be(), 0x100000000);
    case 31: throw refused(ErrorCode::canon, "an item is of indefinite length", offset);
    default: throw refused(ErrorCode::malformed, "reserved additional information " + std::to_string(info), offset);
    }
}

Head Decoder::read_head()
{
    const auto offset = m_reader.offset();
    const auto initial = m_reader.read_u8();
    const auto type = static_cast<MajorType>(initial >> 5);
    const auto info = static_cast<std::uint8_t>(initial & 31);
    const bool may_be_indefinite = type >= MajorType::byte_string && type <= MajorType::map;
    if (info == 31 && !may_be_indefinite)
        throw refused(ErrorCode::malformed, "a break or length where none may stand", offset);
    if (type == MajorType::simple) // what follows is a simple value or a float, not a count
        return {type, info, 0, offset};
    return {type, info, read_argument(info, offset), offset};
}

Value read_simple(const Head& head)
{
    switch (head.info) {
    case simple_false: return Value{false};
    case simple_true: return Value{true};
    case simple_null: return Value{};
    case 25:
    case 26:
    case 27: throw refused(ErrorCode::canon, "floating-point numbers are not of this profile", head.offset);
    case 28:
    case 29:
    case 30: throw refused(ErrorCode::malformed, "reserved additional information", head.offset);
    default: throw refused(ErrorCode::canon, "this simple value is not of this profile", head.offset);
    }
}

ByteView Decoder::read_content(const Head& head)
{
    if (head.argument > m_reader.remaining())
        throw refused(ErrorCode::cbor_length,
                      "a string of " + std::to_string(head.argument) + " bytes with " +
                          std::to_string(m_reader.remaining()) + " left",
                      head.offset);
    return m_reader.read(static_cast<std::size_t>(head.argument));
}

void Decoder::require_depth(const Head& head, std::size_t depth) const
{
    if (depth >= m_limits.most_depth)
        throw refused(ErrorCode::cbor_depth, "deeper than " + std::to_string(m_limits.most_depth) + " levels",
                      head.offset);
}

void Decoder::enter(const Head& head, std::size_t depth, std::size_t least_bytes_an_entry)
{
    require_depth(head, depth);
    if (head.argument > m_reader.remaining() / least_bytes_an_entry)
        throw refused(ErrorCode::cbor_length,
                      std::to_string(head.argument) + " entries with " + std::to_string(m_reader.remaining()) +
                          " bytes left",
                      head.offset);
}

Value Decoder::read_array(const Head& head, std::size_t depth)
{
    enter(head, depth, 1);
    Value::Array items;
    for (std::uint64_t i = 0; i < head.argument; ++i)
        items.push_back(read_item(depth + 1));
    return Value{std::move(items)};
}

std::uint64_t Decoder::read_key(const Value::Map& before)
{
    const auto head = read_head();
    if (head.type != MajorType::unsigned_integer)
        throw refused(ErrorCode::canon, "a map key is not an unsigned integer", head.offset);
    // Unsigned integers of the shortest form ascend bytewise exactly as they ascend in value.
    if (!before.empty() && head.argument <= before.back().first)
        throw refused(ErrorCode::canon,
                      "map key " + std::to_string(head.argument) + " follows " + std::to_string(before.back().first),
                      head.offset);
    return head.argument;
}

Value Decoder::read_map(const Head& head, std::size_t depth)
{
    enter(head, depth, 2);
    Value::Map entries;
    for (std::uint64_t i = 0; i < head.argument; ++i) {
        const auto key = read_key(entries);
        entries.emplace_back(key, read_item(depth + 1));
    }
    return Value::map(std::move(entries));
}

Value Decoder::read_tagged(const Head& head, std::size_t depth)
{
    if (m_limits.tags == Tags::refused)
        throw refused(ErrorCode::canon, "tags are not of this profile", head.offset);
    require_depth(head, depth);
    return Value::tagged(head.argument, read_item(depth + 1));
}

Value Decoder::read_item(std::size_t depth)
{
    const auto head = read_head();
    if (++m_items > m_limits.most_items)
        throw refused(ErrorCode::limit, "more than " + std::to_string(m_limits.most_items) + " items", head.offset);
    switch (head.type) {
    case MajorType::unsigned_integer: return Value{head.argument};
    case MajorType::negative_integer:
        throw refused(ErrorCode::canon, "negative integers are not of this profile", head.offset);
    case MajorType::byte_string: return Value{read_content(head)};
    case MajorType::text_string: {
        const auto text = text_of(read_content(head));
        if (!is_valid_utf8(text))
            throw refused(ErrorCode::malformed, "text is not valid UTF-8", head.offset);
        return Value{text};
    }
    case MajorType::array: return read_array(head, depth);
    case MajorType::map: return read_map(head, depth);
    case MajorType::tag: return read_tagged(head, depth);
    case MajorType::simple: return read_simple(head);
    }
    fatal("a CBOR type beyond three bits");
}

} // namespace

Value decode(ByteView bytes, const Limits& limits)
{
    if (bytes.size() > limits.most_bytes)
        throw refused(ErrorCode::limit,
                      std::to_string(bytes.size()) + " bytes, over the limit of " + std::to_string(limits.most_bytes),
                      limits.most_bytes);
    return Decoder{bytes, limits}.read_whole();
}

} // namespace coffer::cbor
