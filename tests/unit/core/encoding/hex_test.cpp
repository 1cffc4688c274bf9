#include "core/encoding/hex.h"

#include "tests/support/vectors.h"

namespace coffer::encoding {
namespace {

TEST(Hex, EncodesInLowerCaseAndDecodesBoth)
{
    const Bytes bytes{0x00, 0x0f, 0xab, 0xff};
    EXPECT_EQ(encode_hex(bytes), "000fabff");
    EXPECT_EQ(decode_hex("000fabff"), bytes);
    EXPECT_EQ(decode_hex("000FaBFF"), bytes);
    EXPECT_EQ(decode_hex(""), Bytes{});
}

TEST(Hex, RefusesWhatIsNotHexAndSaysWhere)
{
    for (const auto* text : {"0", "0x00", "0g", " 00", "00 ", "a\xc3\xa4", "/0", ":0", "@0", "G0", "`0"})
        EXPECT_ERROR(decode_hex(text), ErrorCode::malformed);
    try {
        decode_hex("0011zz");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.offset(), 4U);
    }
}

} // namespace
} // namespace coffer::encoding
