#include "core/base/byte_writer.h"
#include "core/encoding/cbor.h"
#include "core/encoding/cbor_head.h"

namespace coffer::cbor {

/// Writes one tree; the visitor of Value's alternatives.
class Encoder {
public:
    void write(const Value& value) { std::visit(*this, value.m_content); }
    Bytes bytes() && { return std::move(m_out).bytes(); }

    void operator()(std::nullptr_t) { write_head(MajorType::simple, simple_null); }
    void operator()(bool flag) { write_head(MajorType::simple, flag ? simple_true : simple_false); }
    void operator()(std::uint64_t number) { write_head(MajorType::unsigned_integer, number); }

    void operator()(const Bytes& content)
    {
        write_head(MajorType::byte_string, content.size());
        m_out.write(content);
    }

    void operator()(const std::string& content)
    {
        write_head(MajorType::text_string, content.size());
        m_out.write(bytes_of(content));
    }

    void operator()(const Value::Array& items)
    {
        write_head(MajorType::array, items.size());
        for (const auto& item : items)
            write(item);
    }

    void operator()(const Value::MapContent& map)
    {
        write_head(MajorType::map, map.entries.size());
        for (const auto& [key, value] : map.entries) {
            write_head(MajorType::unsigned_integer, key);
            write(value);
        }
    }

    void operator()(const Value::TagContent& content)
    {
        write_head(MajorType::tag, content.tag);
        write(content.item.front());
    }

private:
    /// RFC 8949, 3: the argument in the fewest bytes.
    void write_head(MajorType type, std::uint64_t argument)
    {
        const auto initial = static_cast<unsigned>(type) << 5;
        const auto write_initial = [&](unsigned info) { m_out.write_u8(static_cast<std::uint8_t>(initial | info)); };
        if (argument < 24) {
            write_initial(static_cast<unsigned>(argument));
        } else if (argument <= 0xff) {
            write_initial(24);
            m_out.write_u8(static_cast<std::uint8_t>(argument));
        } else if (argument <= 0xffff) {
            write_initial(25);
            m_out.write_u16_be(static_cast<std::uint16_t>(argument));
        } else if (argument <= 0xffffffff) {
            write_initial(26);
            m_out.write_u32_be(static_cast<std::uint32_t>(argument));
        } else {
            write_initial(27);
            m_out.write_u64_be(argument);
        }
    }

    ByteWriter m_out;
};

Bytes encode(const Value& value)
{
    Encoder encoder;
    encoder.write(value);
    return std::move(encoder).bytes();
}

} // namespace coffer::cbor
