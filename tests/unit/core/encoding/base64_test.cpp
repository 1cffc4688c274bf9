#include "core/encoding/base64.h"

#include "tests/support/vectors.h"

namespace coffer::encoding {
namespace {

// RFC 4648, 10.
TEST(Base64, FollowsTheRfc)
{
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"", ""},         {"f", "Zg=="},         {"fo", "Zm8="},        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, text] : cases) {
        EXPECT_EQ(encode_base64(bytes_of(plain)), text);
        EXPECT_TRUE(equal(decode_base64(text), bytes_of(plain)));
        if (text.empty())
            continue;
        for (std::size_t size = 1; size < text.size(); ++size)
            if (size % 4 != 0)
                EXPECT_ERROR(decode_base64(text.substr(0, size)), ErrorCode::malformed);
        EXPECT_ERROR(decode_base64(std::string{text} + "="), ErrorCode::malformed);
    }
    EXPECT_EQ(encode_base64(Bytes{0xfb, 0xff, 0xbf}), "+/+/");
}

TEST(Base64, GoesRoundForEveryByte)
{
    Bytes bytes;
    for (unsigned byte = 0; byte < 256; ++byte) {
        bytes.push_back(static_cast<std::uint8_t>(byte));
        EXPECT_EQ(decode_base64(encode_base64(bytes)), bytes);
    }
}

TEST(Base64, RefusesWhatHasASecondSpelling)
{
    for (const auto* text : {"Zh==", "Zm9=", "Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zg==Zg==", "Zm=v", "Zm9v\n",
                             " Zm9", "Zm9v Zm9v", "-_-_", "Zm9v====", "Z g="})
        EXPECT_ERROR(decode_base64(text), ErrorCode::malformed);
}

} // namespace
} // namespace coffer::encoding
