#include "core/encoding/base32.h"

#include "tests/support/vectors.h"

namespace coffer::encoding {
namespace {

/// RFC 4648, 10, without padding.
TEST(Base32, HasTheDigitsOfTheStandard)
{
    const std::pair<const char*, const char*> cases[] = {{"", ""}, {"f", "MY"}, {"fo", "MZXQ"}, {"foo", "MZXW6"},
                                                         {"foob", "MZXW6YQ"}, {"fooba", "MZXW6YTB"}, {"foobar", "MZXW6YTBOI"}};
    for (const auto& [bytes, text] : cases) {
        EXPECT_EQ(encode_base32(bytes_of(bytes)), text);
        EXPECT_EQ(decode_base32(text), to_bytes(bytes_of(bytes)));
    }
}

TEST(Base32, RefusesOtherSpellings)
{
    for (const auto* text : {"my", "MY======", "MZ", "M", "MZX", "MZXW6Y", "MY ", "M1", "MZXW6YR"})
        EXPECT_THROW(decode_base32(text), Error) << text;
}

} // namespace
} // namespace coffer::encoding
