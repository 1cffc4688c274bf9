#include "core/requests/head.h"

#include "tests/support/decoding.h"
#include "tests/support/treasury.h"
#include "tests/support/vectors.h"

namespace coffer::requests {
namespace {

Head example()
{
    return {.header = test::example_header, .source = "vault-a", .size = 17, .root = Hash256{crypto::sha256(bytes_of("root"))}, .time = test::founding_day};
}

TEST(Head, ComesBackAsItWas)
{
    EXPECT_EQ(decode_head(encode(example())), example());
    EXPECT_EQ(encode(decode_head(encode(example()))).encode(), encode(example()).encode());
}

TEST(Head, RefusesCutAndTrailing)
{
    test::expect_refuses_cut_and_trailing(encode(example()).body(), [](ByteView body) {
        return decode_head({artefacts::Kind::head, to_bytes(body)});
    });
}

TEST(Head, RefusesUnknownFieldsOtherKindsAndImpossibleTimes)
{
    using cbor::Value;
    const auto body = cbor::decode(encode(example()).body());
    auto fields = body.map_entries("body");
    fields.emplace_back(6, 0);
    EXPECT_ERROR(decode_head({artefacts::Kind::head, cbor::encode(Value::map(fields))}), ErrorCode::malformed);
    fields.pop_back();
    fields.back().second = 0xffffffffffffffffU;
    EXPECT_ERROR(decode_head({artefacts::Kind::head, cbor::encode(Value::map(fields))}), ErrorCode::malformed);
    EXPECT_ERROR(decode_head({artefacts::Kind::vote, encode(example()).body()}), ErrorCode::type);
}

} // namespace
} // namespace coffer::requests
