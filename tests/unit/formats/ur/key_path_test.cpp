#include "formats/ur/key_path.h"

#include "core/encoding/hex.h"
#include "formats/ur/body.h"
#include "tests/support/vectors.h"

#include <algorithm>

namespace coffer::ur {
namespace {

using encoding::decode_hex;

KeyPath decode(std::string_view hex)
{
    return decode_key_path(cbor::decode(decode_hex(hex), body_limits));
}

TEST(KeyPath, FollowsTheVectors)
{
    std::size_t count = 0;
    for (const auto& vector : test::load_vectors("ur_registry.json")) {
        if (vector.kind() != "crypto-keypath")
            continue;
        ++count;
        const auto path = decode(vector.text("cbor"));
        auto text = "m" + path.format_steps();
        std::ranges::replace(text, 'h', '\'');
        EXPECT_EQ(text, vector.text("fields.path"));
        EXPECT_EQ(path.source->bytes(), to_array<4>(vector.bytes("fields.source_fingerprint"), "fingerprint"));
        EXPECT_EQ(cbor::encode(encode_key_path(path)), vector.bytes("cbor"));
    }
    EXPECT_EQ(count, 2U);
}

TEST(KeyPath, HasPairsAndWildcards)
{
    // <0;1>/*, 1h/<2h;3>/*h
    for (const auto& [hex, text] : std::vector<std::pair<std::string, std::string>>{
             {"a101838400f401f480f4", "/<0;1>/*"}, {"a1018501f58402f503f480f5", "/1h/<2h;3>/*h"}, {"a10180", ""}}) {
        const auto path = decode(hex);
        EXPECT_EQ(path.format_steps(), text);
        EXPECT_EQ(encoding::encode_hex(cbor::encode(encode_key_path(path))), hex);
    }
}

TEST(KeyPath, RefusesWhatIsNoPath)
{
    const auto refuse = [](std::string_view hex, ErrorCode code) { EXPECT_ERROR(decode(hex), code); };
    EXPECT_EQ(decode("a1018200f4").format_steps(), "/0");
    refuse("a0", ErrorCode::malformed);                     // no steps
    refuse("a1018100", ErrorCode::malformed);               // a number without a flag
    refuse("a1018180", ErrorCode::malformed);               // a wildcard without one
    refuse("a101820000", ErrorCode::malformed);             // the flag a number
    refuse("a10182f400", ErrorCode::malformed);             // the number a flag
    refuse("a101821a80000000f4", ErrorCode::malformed);     // 2^31
    refuse("a10182820001f4", ErrorCode::malformed);         // the range 0 to 1
    refuse("a101818600f401f402f4", ErrorCode::malformed);   // three of a pair
    refuse("a20180041904d2", ErrorCode::malformed);         // an unknown field
    refuse("a201800200", ErrorCode::malformed);             // a fingerprint of zeros
    refuse("a20180021b0000000100000000", ErrorCode::malformed);
    refuse("a2018003190100", ErrorCode::malformed);         // a depth of 256
    EXPECT_EQ(decode("a201800318ff").depth, 255);
}

TEST(KeyPath, IsNoLongerThanBip32Allows)
{
    const auto path_of = [](std::size_t steps) {
        cbor::Value::Array items;
        for (std::size_t i = 0; i < steps; ++i) {
            items.emplace_back(1U);
            items.emplace_back(false);
        }
        return cbor::Value::map({{1, std::move(items)}});
    };
    EXPECT_EQ(decode_key_path(path_of(255)).steps.size(), 255U);
    EXPECT_ERROR(decode_key_path(path_of(256)), ErrorCode::limit);
}

TEST(KeyPath, IsMadeOfAnOrigin)
{
    const auto path = KeyPath::of(keys::KeyOrigin::parse("[d34db33f/84h/0h/7]"));
    EXPECT_EQ(path.format_steps(), "/84h/0h/7");
    EXPECT_EQ(encoding::encode_hex(cbor::encode(encode_key_path(path))), "a201861854f500f507f4021ad34db33f");
}

} // namespace
} // namespace coffer::ur
