#include "core/charter/position.h"

#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "tests/support/vectors.h"

namespace coffer::charter {
namespace {

using cbor::Value;

const Position example{7, LinkHash{crypto::sha256(bytes_of("link"))}};

TEST(Position, ComesBackAndHasTwoParts)
{
    EXPECT_EQ(Position::decode(example.encode()), example);
    EXPECT_ERROR(Position::decode(Value{Value::Array{7}}), ErrorCode::malformed);
    EXPECT_ERROR(Position::decode(Value{Value::Array{7, Bytes(32), 1}}), ErrorCode::malformed);
    EXPECT_ERROR(Position::decode(Value{Value::Array{7, Bytes(31)}}), ErrorCode::malformed);
    EXPECT_ERROR(Position::decode(Value{7}), ErrorCode::malformed);
}

TEST(Position, HasOneText)
{
    EXPECT_EQ(Position::parse(example.format()), example);
    const std::string hash(64, 'a');
    EXPECT_EQ(Position::parse("0:" + hash).number, 0U);
    EXPECT_EQ(Position::parse("18446744073709551615:" + hash).number, 18446744073709551615U);
    for (const auto& text : std::vector<std::string>{"", hash, ":" + hash, "7" + hash, "7:", "7:" + hash + "a", "7:" + hash.substr(1), "07:" + hash,
                             "+7:" + hash, " 7:" + hash, "7:" + std::string(64, 'A'), "18446744073709551616:" + hash})
        EXPECT_ERROR(Position::parse(text), ErrorCode::malformed);
}

} // namespace
} // namespace coffer::charter
