#include "formats/evm/rlp.h"

#include "core/base/byte_reader.h"
#include "core/base/error.h"

#include <string>

namespace coffer::evm::rlp {

namespace {

constexpr std::uint8_t string_base = 0x80;
constexpr std::uint8_t list_base = 0xc0;
constexpr std::size_t longest_short_form = 55;

Error bad(std::string message, std::size_t offset)
{
    return Error{ErrorCode::rlp, std::move(message)}.at_offset(offset);
}

Error bad_field(const Item& item, std::string_view field, std::string_view message)
{
    return bad(std::string{field} + " " + std::string{message}, item.offset);
}

class Decoder {
public:
    Decoder(ByteView bytes, std::size_t base) : m_reader{bytes}, m_base{base} {}

    bool at_end() const { return m_reader.at_end(); }
    std::size_t offset() const { return m_base + m_reader.offset(); }
    Item read_item(std::size_t depth);

private:
    ByteView read(std::size_t count);
    std::size_t read_long_length(std::size_t count);
    std::vector<Item> read_items(ByteView content, std::size_t depth) const;

    ByteReader m_reader;
    std::size_t m_base;
};

ByteView Decoder::read(std::size_t count)
{
    if (count > m_reader.remaining())
        throw bad("item ends " + std::to_string(count - m_reader.remaining()) + " bytes too early", offset());
    return m_reader.read(count);
}

std::size_t Decoder::read_long_length(std::size_t count)
{
    const auto start = offset();
    const auto digits = read(count);
    if (digits[0] == 0)
        throw bad("length has a leading zero byte", start);
    std::size_t length = 0;
    for (const auto digit : digits)
        length = length << 8 | digit;
    if (length <= longest_short_form)
        throw bad("length " + std::to_string(length) + " is in the long form", start);
    return length;
}

std::vector<Item> Decoder::read_items(ByteView content, std::size_t depth) const
{
    if (depth > most_depth)
        throw Error{ErrorCode::limit, "lists are nested deeper than " + std::to_string(most_depth)}.at_offset(offset());
    Decoder inner{content, offset() - content.size()};
    std::vector<Item> items;
    items.reserve(std::min<std::size_t>(content.size(), 12)); // a signed transaction of type 2 has 12
    while (!inner.at_end())
        items.push_back(inner.read_item(depth));
    return items;
}

Item Decoder::read_item(std::size_t depth)
{
    Item item;
    item.offset = offset();
    const auto first = read(1);
    if (first[0] < string_base) {
        item.content = first;
        return item;
    }
    item.kind = first[0] < list_base ? Item::Kind::string : Item::Kind::list;
    const auto base = item.kind == Item::Kind::string ? string_base : list_base;
    const auto code = static_cast<std::size_t>(first[0] - base);
    item.content = read(code <= longest_short_form ? code : read_long_length(code - longest_short_form));
    if (item.kind == Item::Kind::list)
        item.items = read_items(item.content, depth + 1);
    else if (item.content.size() == 1 && item.content[0] < string_base)
        throw bad("single byte below 0x80 has a length", item.offset);
    return item;
}

void append_header(Bytes& out, std::uint8_t base, std::size_t length)
{
    if (length <= longest_short_form) {
        out.push_back(static_cast<std::uint8_t>(base + length));
        return;
    }
    const auto digits = Uint256{length}.minimal_big_endian();
    out.push_back(static_cast<std::uint8_t>(base + longest_short_form + digits.size()));
    append(out, digits);
}

void append_string(Bytes& out, ByteView string)
{
    if (string.size() != 1 || string[0] >= string_base)
        append_header(out, string_base, string.size());
    append(out, string);
}

} // namespace

namespace detail {

void throw_wrong_length(const Item& item, std::string_view field, std::size_t expected)
{
    throw bad_field(item, field,
                    "has " + std::to_string(item.content.size()) + " bytes, not " + std::to_string(expected));
}

} // namespace detail

Item decode(ByteView bytes, std::size_t base)
{
    if (bytes.size() > most_bytes)
        throw Error{ErrorCode::limit, std::to_string(bytes.size()) + " bytes are over the limit of " +
                                          std::to_string(most_bytes)}.at_offset(base);
    Decoder decoder{bytes, base};
    auto item = decoder.read_item(0);
    if (!decoder.at_end())
        throw bad(std::to_string(base + bytes.size() - decoder.offset()) + " bytes follow the end", decoder.offset());
    return item;
}

ByteView string_of(const Item& item, std::string_view field)
{
    if (item.kind != Item::Kind::string)
        throw bad_field(item, field, "is a list");
    return item.content;
}

const std::vector<Item>& list_of(const Item& item, std::string_view field)
{
    if (item.kind != Item::Kind::list)
        throw bad_field(item, field, "is not a list");
    return item.items;
}

Uint256 integer_of(const Item& item, std::string_view field)
{
    const auto digits = string_of(item, field);
    if (!digits.empty() && digits[0] == 0)
        throw bad_field(item, field, "has a leading zero byte");
    if (digits.size() > 32)
        throw bad_field(item, field, "is over 256 bits");
    return Uint256::from_big_endian(digits);
}

std::uint64_t u64_of(const Item& item, std::string_view field)
{
    const auto value = integer_of(item, field).to_u64();
    if (!value)
        throw bad_field(item, field, "is over 64 bits");
    return *value;
}

ListWriter& ListWriter::add(ByteView string)
{
    append_string(m_payload, string);
    return *this;
}

ListWriter& ListWriter::add(const Uint256& integer)
{
    append_string(m_payload, integer.minimal_big_endian());
    return *this;
}

ListWriter& ListWriter::add(const ListWriter& list)
{
    append_header(m_payload, list_base, list.m_payload.size());
    append(m_payload, list.m_payload);
    return *this;
}

ListWriter& ListWriter::add(const Item& item)
{
    append(m_payload, rlp::encode(item));
    return *this;
}

Bytes ListWriter::encode() const
{
    Bytes out;
    append_header(out, list_base, m_payload.size());
    append(out, m_payload);
    return out;
}

Bytes encode(ByteView string)
{
    Bytes out;
    append_string(out, string);
    return out;
}

Bytes encode(const Item& item)
{
    if (item.kind == Item::Kind::string)
        return encode(item.content);
    ListWriter list;
    for (const auto& each : item.items)
        list.add(each);
    return list.encode();
}

} // namespace coffer::evm::rlp
