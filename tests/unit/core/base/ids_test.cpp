#include "core/base/ids.h"

#include "tests/support/vectors.h"

#include <type_traits>

namespace coffer {
namespace {

TEST(Identifier, KeepsMeaningsApart)
{
    static_assert(!std::is_convertible_v<CharterHash, EntryHash>);
    static_assert(!std::is_constructible_v<CharterHash, EntryHash>);
    EXPECT_TRUE(TreasuryId{}.is_zero());
    EXPECT_EQ(KeyId::from(Bytes(16, 7)).bytes(), KeyId::from(Bytes(16, 7)).bytes());
    EXPECT_FALSE(KeyId::from(Bytes(16, 7)).is_zero());
    EXPECT_LT(KeyId::from(Bytes(16, 6)), KeyId::from(Bytes(16, 7)));
    EXPECT_ERROR(KeyId::from(Bytes(15)), ErrorCode::malformed);
    EXPECT_ERROR(KeyId::from(Bytes(17)), ErrorCode::malformed);
}

// RFC 9562, A.6: the example's time to the second.
TEST(RequestId, IsAUuidOfVersion7)
{
    const auto id = make_request_id(parse_time("2022-02-22T19:22:22Z"),
                                    {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
    EXPECT_EQ(format_uuid(id), "017f22e2-79b0-7fff-bfff-ffffffffffff");
    EXPECT_EQ(format_uuid(make_request_id({0}, {})), "00000000-0000-7000-8000-000000000000");
    EXPECT_LT(make_request_id({1000}, {0xff}), make_request_id({1001}, {})); // they sort by time
    EXPECT_EQ(parse_uuid(format_uuid(id)), id);
}

TEST(RequestId, RefusesEveryOtherSpelling)
{
    const std::string good = "017f22e2-79b0-7fff-bfff-ffffffffffff";
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_ERROR(parse_uuid(good.substr(0, size)), ErrorCode::malformed);
    EXPECT_ERROR(parse_uuid(good + "0"), ErrorCode::malformed);
    for (const auto* text : {"017F22E2-79B0-7FFF-BFFF-FFFFFFFFFFFF", "017f22e279b0-7fff-bfff-ffffffffffff-",
                             "{17f22e2-79b0-7fff-bfff-fffffffffff}", "017f22e2-79b0-7fff-bfff-fffffffffffg"})
        EXPECT_ERROR(parse_uuid(text), ErrorCode::malformed);
}

} // namespace
} // namespace coffer
