#include "core/base/bytes.h"

#include "tests/support/vectors.h"

namespace coffer {
namespace {

TEST(Bytes, GoBetweenTextAndBytes)
{
    EXPECT_EQ(to_bytes(bytes_of("ab")), (Bytes{'a', 'b'}));
    EXPECT_EQ(bytes_of("").size(), 0U);
    EXPECT_EQ(text_of(Bytes{'a', 0, 'b'}), (std::string_view{"a\0b", 3}));
    Bytes out{1};
    append(out, Bytes{2, 3});
    EXPECT_EQ(out, (Bytes{1, 2, 3}));
}

TEST(Bytes, CompareContentAndLength)
{
    EXPECT_TRUE(equal(Bytes{1, 2}, ByteArray<2>{1, 2}));
    EXPECT_FALSE(equal(Bytes{1, 2}, Bytes{1, 2, 0}));
    EXPECT_FALSE(equal(Bytes{1, 2}, Bytes{1, 3}));
    EXPECT_TRUE(equal({}, Bytes{}));
}

TEST(Bytes, MakeArraysOfTheRightLengthOnly)
{
    EXPECT_EQ(to_array<2>(Bytes{1, 2}, "field"), (ByteArray<2>{1, 2}));
    EXPECT_ERROR(to_array<2>(Bytes{1}, "field"), ErrorCode::malformed);
    EXPECT_ERROR(to_array<2>(Bytes{1, 2, 3}, "field"), ErrorCode::malformed);
}

} // namespace
} // namespace coffer
