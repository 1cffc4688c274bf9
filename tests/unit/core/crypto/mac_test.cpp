#include "core/crypto/mac.h"

#include "core/encoding/hex.h"
#include "tests/support/vectors.h"

namespace coffer::crypto {
namespace {

TEST(Hmac, Sha256FollowsWycheproof)
{
    for (const auto& vector : test::load_vectors("wycheproof_hmac_sha256.json")) {
        SCOPED_TRACE(vector.name());
        const auto tag = hmac_sha256(vector.bytes("key"), vector.bytes("msg"));
        const auto size = vector.number("tag_size") / 8; // some tags are truncated
        EXPECT_EQ(equal(ByteView{tag}.first(size), vector.bytes("tag")), !vector.is_invalid());
    }
}

// RFC 4231, test cases 1, 2 and 6 (a key above the block size).
TEST(Hmac, Sha512GivesPublishedTags)
{
    const auto tag = [](ByteView key, std::string_view message) {
        return encoding::encode_hex(hmac_sha512(key, bytes_of(message)).reveal());
    };
    EXPECT_EQ(tag(Bytes(20, 0x0b), "Hi There"), "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
                                                "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854");
    EXPECT_EQ(tag(bytes_of("Jefe"), "what do ya want for nothing?"),
              "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
              "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
    EXPECT_EQ(tag(Bytes(131, 0xaa), "Test Using Larger Than Block-Size Key - Hash Key First"),
              "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
              "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598");
}

} // namespace
} // namespace coffer::crypto
