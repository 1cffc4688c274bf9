#include "core/base/byte_reader.h"

#include "tests/support/vectors.h"

namespace coffer {
namespace {

const Bytes input{0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09};

TEST(ByteReader, ReadsEveryIntegerInItsByteOrder)
{
    EXPECT_EQ(ByteReader{input}.read_u8(), 0x01);
    EXPECT_EQ(ByteReader{input}.read_u16_be(), 0x0102);
    EXPECT_EQ(ByteReader{input}.read_u32_be(), 0x01020304U);
    EXPECT_EQ(ByteReader{input}.read_u64_be(), 0x0102030405060708U);
    EXPECT_EQ(ByteReader{input}.read_u32_le(), 0x04030201U);
    EXPECT_EQ(ByteReader{input}.read_u64_le(), 0x0807060504030201U);
    const Bytes high(8, 0xff);
    EXPECT_EQ(ByteReader{high}.read_u16_be(), 0xffffU);
    EXPECT_EQ(ByteReader{high}.read_u64_le(), 0xffffffffffffffffU);
}

TEST(ByteReader, MovesForwardAndKnowsWhereItIs)
{
    ByteReader reader{input};
    EXPECT_EQ(reader.peek_u8(), 0x01);
    EXPECT_EQ(reader.offset(), 0U);
    EXPECT_EQ(to_bytes(reader.read(3)), (Bytes{1, 2, 3}));
    EXPECT_EQ(reader.read_array<2>(), (ByteArray<2>{4, 5}));
    EXPECT_EQ(reader.offset(), 5U);
    EXPECT_EQ(reader.remaining(), 4U);
    EXPECT_ERROR(reader.expect_end(), ErrorCode::malformed);
    reader.read(4);
    EXPECT_TRUE(reader.at_end());
    EXPECT_NO_THROW(reader.expect_end());
    EXPECT_EQ(reader.read(0).size(), 0U);
}

TEST(ByteReader, RefusesEveryReadPastTheEndWithItsOffset)
{
    for (std::size_t size = 0; size < 8; ++size) {
        const auto cut = ByteView{input}.first(size);
        EXPECT_ERROR(ByteReader{cut}.read_u64_be(), ErrorCode::malformed);
        EXPECT_ERROR(ByteReader{cut}.read_u64_le(), ErrorCode::malformed);
        EXPECT_ERROR(ByteReader{cut}.read(size + 1), ErrorCode::malformed);
        EXPECT_ERROR(ByteReader{cut}.read_array<8>(), ErrorCode::malformed);
    }
    EXPECT_ERROR(ByteReader{{}}.peek_u8(), ErrorCode::malformed);
    EXPECT_ERROR(ByteReader{{}}.read_u8(), ErrorCode::malformed);
    ByteReader reader{input};
    reader.read(7);
    EXPECT_ERROR(reader.read(SIZE_MAX), ErrorCode::malformed); // no sum that overflows
    try {
        reader.read_u32_be();
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.offset(), 7U);
    }
    EXPECT_EQ(reader.read_u16_be(), 0x0809); // a refused read moves nothing
}

} // namespace
} // namespace coffer
