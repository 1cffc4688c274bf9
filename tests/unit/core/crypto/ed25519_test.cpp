#include "core/crypto/ed25519.h"

#include "core/encoding/hex.h"
#include "tests/support/vectors.h"

namespace coffer::crypto {
namespace {

/// Decoding the key and verifying in one: false when either refuses.
bool accepts(ByteView key, ByteView message, ByteView signature)
{
    if (signature.size() != 64)
        return false;
    try {
        return verify_ed25519(Ed25519PublicKey::decode(key), message, to_array<64>(signature, "signature"));
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::pubkey);
        return false;
    }
}

TEST(Ed25519, SignsAsRfc8032Says)
{
    for (const auto& vector : test::load_vectors("rfc8032_ed25519.json")) {
        SCOPED_TRACE(vector.name());
        const Ed25519PrivateKey key{SecretBytes::copy_of(vector.bytes("seed"))};
        const auto message = vector.bytes("message");
        EXPECT_TRUE(equal(key.public_key().bytes(), vector.bytes("public_key")));
        EXPECT_TRUE(equal(key.sign(message), vector.bytes("signature")));
        EXPECT_TRUE(accepts(vector.bytes("public_key"), message, vector.bytes("signature")));
    }
}

TEST(Ed25519, VerifiesAsWycheproofSays)
{
    for (const auto& vector : test::load_vectors("wycheproof_ed25519.json")) {
        SCOPED_TRACE(vector.name());
        EXPECT_EQ(accepts(vector.bytes("public_key"), vector.bytes("msg"), vector.bytes("sig")), !vector.is_invalid())
            << vector.text("comment");
    }
}

TEST(Ed25519, IsStrictAtTheEdges)
{
    std::size_t accepted = 0;
    for (const auto& vector : test::load_vectors("ed25519_edge.json")) {
        SCOPED_TRACE(vector.name());
        const auto message = vector.text("message_utf8");
        EXPECT_EQ(accepts(vector.bytes("public_key"), bytes_of(message), vector.bytes("signature")),
                  !vector.is_invalid());
        accepted += vector.is_invalid() ? 0U : 1U;
    }
    EXPECT_EQ(accepted, 6U);
}

TEST(Ed25519, RefusesKeysOfAnotherLength)
{
    const Ed25519PrivateKey key{SecretBytes::copy_of(Bytes(32, 1))};
    EXPECT_ERROR(Ed25519PublicKey::decode(ByteView{key.public_key().bytes()}.first(31)), ErrorCode::pubkey);
    EXPECT_ERROR(Ed25519PublicKey::decode(Bytes(33, 1)), ErrorCode::pubkey);
    EXPECT_ERROR(Ed25519PrivateKey{SecretBytes{31}}, ErrorCode::malformed);
    EXPECT_ERROR(Ed25519PrivateKey{SecretBytes{64}}, ErrorCode::malformed);
}

// p - 1 and p, p + 1: the last canonical encoding and the first two that are not.
TEST(Ed25519, RefusesEncodingsFromPOnwards)
{
    for (const auto* last : {"ec", "ed", "ee", "f0", "ff"}) {
        const auto hex = std::string{last} + std::string(60, 'f') + "7f";
        EXPECT_ERROR(Ed25519PublicKey::decode(encoding::decode_hex(hex)), ErrorCode::pubkey);
    }
}

} // namespace
} // namespace coffer::crypto
