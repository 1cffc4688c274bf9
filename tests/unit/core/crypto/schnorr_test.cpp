#include "core/crypto/schnorr.h"

#include "core/encoding/hex.h"
#include "tests/support/vectors.h"

namespace coffer::crypto {
namespace {

Secp256k1PrivateKey private_key(ByteView bytes)
{
    SecretBytes scalar{bytes.size()};
    std::ranges::copy(bytes, scalar.reveal_mutable().begin());
    return Secp256k1PrivateKey{std::move(scalar)};
}

TEST(Schnorr, SignsAndVerifiesThePublishedVectors)
{
    for (const auto& vector : test::load_vectors("bip340.json")) {
        SCOPED_TRACE(vector.name());
        const auto message = vector.bytes("message");
        if (message.size() != 32)
            continue; // BIP-340 allows any length; what we sign is a hash
        const auto digest = to_array<32>(message, "message");
        const auto signature = to_array<64>(vector.bytes("signature"), "signature");
        const auto verifies = [&] { return verify_schnorr(XOnlyPublicKey::decode(vector.bytes("public_key")), digest, signature); };
        if (vector.text("comment").find("public_key") != std::string::npos) {
            EXPECT_ERROR(verifies(), ErrorCode::pubkey);
            continue;
        }
        EXPECT_EQ(verifies(), !vector.is_invalid());
        if (vector.is_invalid())
            continue;
        if (vector.kind() != "sign")
            continue;
        const auto key = private_key(vector.bytes("secret_key"));
        EXPECT_EQ(to_bytes(XOnlyPublicKey::of(key.public_key()).bytes()), vector.bytes("public_key"));
        EXPECT_EQ(sign_schnorr(key, digest, to_array<32>(vector.bytes("aux_rand"), "aux")), signature);
    }
}

TEST(Schnorr, AFlippedBitVerifiesNothing)
{
    const auto key = private_key(Bytes(32, 7));
    const ByteArray<32> digest{1, 2, 3};
    const auto public_key = XOnlyPublicKey::of(key.public_key());
    const auto good = sign_schnorr(key, digest);
    EXPECT_TRUE(verify_schnorr(public_key, digest, good));
    EXPECT_EQ(sign_schnorr(key, digest), good);
    for (std::size_t i = 0; i < good.size(); ++i) {
        auto bad = good;
        bad[i] ^= 1;
        EXPECT_FALSE(verify_schnorr(public_key, digest, bad)) << i;
    }
    EXPECT_FALSE(verify_schnorr(public_key, ByteArray<32>{1, 2, 4}, good));
    EXPECT_FALSE(verify_schnorr(XOnlyPublicKey::of(private_key(Bytes(32, 8)).public_key()), digest, good));
}

TEST(Taproot, PrivateAndPublicKeyAreTweakedAlike)
{
    for (std::uint8_t i = 1; i < 20; ++i) { // points of both parities
        const auto key = private_key(Bytes(32, i));
        const Bytes tweak(32, static_cast<std::uint8_t>(i + 100));
        const auto tweaked = tweak_for_taproot(key, tweak);
        ASSERT_TRUE(tweaked);
        EXPECT_EQ(XOnlyPublicKey::of(tweaked->public_key()), *XOnlyPublicKey::of(key.public_key()).tweak_add(tweak));
        EXPECT_EQ(SchnorrKeyPair{tweaked->scalar().reveal()}.public_key(), XOnlyPublicKey::of(tweaked->public_key()));
        EXPECT_EQ(XOnlyPublicKey::of(key.public_key()), XOnlyPublicKey::decode(ByteView{key.public_key().compressed()}.subspan(1)));
    }
    const auto order = encoding::decode_hex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    EXPECT_FALSE(tweak_for_taproot(private_key(Bytes(32, 1)), order));
    EXPECT_FALSE(XOnlyPublicKey::of(private_key(Bytes(32, 1)).public_key()).tweak_add(order));
}

TEST(XOnlyPublicKey, IsAnXCoordinate)
{
    EXPECT_ERROR(XOnlyPublicKey::decode(Bytes(31, 1)), ErrorCode::pubkey);
    EXPECT_ERROR(XOnlyPublicKey::decode(Bytes(33, 2)), ErrorCode::pubkey);
    EXPECT_ERROR(XOnlyPublicKey::decode(Bytes(32, 0xff)), ErrorCode::pubkey);
    EXPECT_ERROR(XOnlyPublicKey::decode(Bytes(32, 0)), ErrorCode::pubkey);
}

} // namespace
} // namespace coffer::crypto
