#include "core/base/byte_writer.h"

#include <gtest/gtest.h>

namespace coffer {
namespace {

TEST(ByteWriter, WritesEveryIntegerInItsByteOrder)
{
    ByteWriter writer;
    writer.write_u8(0xff).write_u16_be(0x0102).write_u32_be(0x03040506).write_u64_be(0x0708090a0b0c0d0e);
    writer.write_u32_le(0x04030201).write_u64_le(0x0807060504030201).write(Bytes{0xaa, 0xbb});
    EXPECT_EQ(writer.bytes(),
              (Bytes{0xff, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e,
                     0x01, 0x02, 0x03, 0x04, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0xaa, 0xbb}));
    EXPECT_EQ(writer.size(), 29U);
    EXPECT_EQ(std::move(writer).bytes().size(), 29U);
}

} // namespace
} // namespace coffer
