#include "core/encoding/compact_size.h"

#include "core/encoding/hex.h"
#include "tests/support/vectors.h"

namespace coffer::encoding {
namespace {

std::uint64_t read(std::string_view hex)
{
    const auto bytes = decode_hex(hex);
    ByteReader reader{bytes};
    const auto value = read_compact_size(reader);
    reader.expect_end();
    return value;
}

std::string written(std::uint64_t value)
{
    ByteWriter writer;
    write_compact_size(writer, value);
    EXPECT_EQ(writer.size(), compact_size_length(value));
    return encode_hex(writer.bytes());
}

TEST(CompactSize, HasOneEncodingAValue)
{
    const std::vector<std::pair<std::uint64_t, std::string>> known{{0, "00"},
                                                                   {252, "fc"},
                                                                   {253, "fdfd00"},
                                                                   {0xffff, "fdffff"},
                                                                   {0x10000, "fe00000100"},
                                                                   {0xffffffff, "feffffffff"},
                                                                   {0x100000000, "ff0000000001000000"},
                                                                   {0xffffffffffffffff, "ffffffffffffffffff"}};
    for (const auto& [value, hex] : known) {
        EXPECT_EQ(written(value), hex);
        EXPECT_EQ(read(hex), value);
        for (std::size_t cut = 0; cut < hex.size(); cut += 2)
            EXPECT_ERROR(read(hex.substr(0, cut)), ErrorCode::malformed);
    }
}

TEST(CompactSize, RefusesWhatIsLongerThanItNeedsToBe)
{
    for (const auto* hex : {"fdfc00", "fd0000", "feffff0000", "ffffffffff00000000"})
        EXPECT_ERROR(read(hex), ErrorCode::malformed);
}

TEST(CompactSize, ACountFitsIntoWhatIsLeft)
{
    const auto count = [](std::string_view hex, std::size_t item_size) {
        const auto bytes = decode_hex(hex);
        ByteReader reader{bytes};
        return read_compact_count(reader, item_size);
    };
    EXPECT_EQ(count("02aabb", 1), 2U);
    EXPECT_ERROR(count("03aabb", 1), ErrorCode::malformed);
    EXPECT_EQ(count("01aabb", 2), 1U);
    EXPECT_ERROR(count("02aabb", 2), ErrorCode::malformed);
    EXPECT_ERROR(count("ffffffffffffffffff", 41), ErrorCode::malformed);
}

TEST(CompactBytes, StandBehindTheirLength)
{
    ByteWriter writer;
    write_compact_bytes(writer, Bytes{1, 2, 3});
    EXPECT_EQ(encode_hex(writer.bytes()), "03010203");
    ByteReader reader{writer.bytes()};
    EXPECT_EQ(to_bytes(read_compact_bytes(reader)), (Bytes{1, 2, 3}));
    EXPECT_TRUE(reader.at_end());
}

} // namespace
} // namespace coffer::encoding
