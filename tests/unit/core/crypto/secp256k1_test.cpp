#include "core/crypto/secp256k1.h"

#include "core/crypto/hash.h"
#include "core/encoding/hex.h"
#include "tests/support/vectors.h"

#include <algorithm>
#include <set>

namespace coffer::crypto {
namespace {

using encoding::decode_hex;
using encoding::encode_hex;

constexpr std::string_view order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
constexpr std::string_view generator = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";

Secp256k1PrivateKey private_key(std::string_view hex)
{
    auto bytes = decode_hex(hex);
    bytes.insert(bytes.begin(), 32 - bytes.size(), 0);
    return Secp256k1PrivateKey{SecretBytes::copy_of(bytes)};
}

/// The value of a big-endian hex number in 32 bytes; none when it is negative.
std::optional<ByteArray<32>> number_of(const std::string& hex)
{
    if (hex.starts_with('-'))
        return std::nullopt;
    auto bytes = decode_hex(hex);
    bytes.insert(bytes.begin(), 32 - bytes.size(), 0);
    return to_array<32>(bytes, "number");
}

ByteArray<64> compact(const ByteArray<32>& r, const ByteArray<32>& s)
{
    ByteArray<64> both;
    std::ranges::copy(r, both.begin());
    std::ranges::copy(s, both.begin() + 32);
    return both;
}

TEST(Secp256k1, SignsAsRfc6979Says)
{
    std::size_t signatures = 0;
    for (const auto& vector : test::load_vectors("rfc6979_secp256k1.json")) {
        SCOPED_TRACE(vector.name());
        if (vector.kind() == "verify") {
            const auto r = number_of(vector.text("signature.r"));
            const auto s = number_of(vector.text("signature.s"));
            if (!r || !s)
                continue; // a negative number cannot be expressed
            EXPECT_FALSE(verify_ecdsa(private_key(vector.text("d")).public_key(),
                                      sha256(bytes_of(vector.text("message"))), compact(*r, *s)));
            continue;
        }
        if (vector.kind() != "rfc6979")
            continue; // nonces themselves are not reachable, and should not be
        const auto digest = sha256(bytes_of(vector.text("message_utf8")));
        const auto key = private_key(vector.text("private_key"));
        const auto signature = key.sign(digest);
        EXPECT_EQ(encode_hex(signature.compact), vector.text("r") + vector.text("s"));
        EXPECT_TRUE(verify_ecdsa(key.public_key(), digest, signature.compact));
        EXPECT_EQ(recover_ecdsa(digest, signature), key.public_key());
        ++signatures;
    }
    EXPECT_EQ(signatures, 5U);
}

/// Strict DER (BIP-66) as far as the vectors need it; none when it is not that.
std::optional<ByteArray<64>> parse_der(ByteView der)
{
    if (der.size() < 8 || der[0] != 0x30 || der[1] != der.size() - 2)
        return std::nullopt;
    der = der.subspan(2);
    ByteArray<64> both{};
    for (std::size_t i = 0; i < 2; ++i) {
        if (der.size() < 3 || der[0] != 0x02 || der[1] == 0 || der[1] > der.size() - 2)
            return std::nullopt;
        auto number = der.subspan(2, der[1]);
        der = der.subspan(2U + number.size());
        if ((number[0] & 0x80) != 0 || (number.size() > 1 && number[0] == 0 && (number[1] & 0x80) == 0))
            return std::nullopt;
        if (number[0] == 0)
            number = number.subspan(1);
        if (number.size() > 32)
            return std::nullopt;
        std::ranges::copy(number, both.begin() + static_cast<std::ptrdiff_t>(32 * (i + 1) - number.size()));
    }
    return der.empty() ? std::optional{both} : std::nullopt;
}

/// Digests that other encodings have confused: zeros in front, one bit, the sign bit.
TEST(Secp256k1, GivesNoTwoDigestsOneNonce)
{
    const auto key = private_key("0000000000000000000000000000000000000000000000000000000000000001");
    std::set<ByteArray<32>> digests = {{}};
    for (std::size_t bit = 0; bit < 256; ++bit) {
        ByteArray<32> digest{};
        digest[bit / 8] = static_cast<std::uint8_t>(0x80U >> (bit % 8));
        digests.insert(digest);
        for (auto& byte : digest)
            byte ^= 0xff;
        digests.insert(digest);
    }
    std::set<Bytes> nonces; // r of a signature stands for its nonce
    for (const auto& digest : digests) {
        const auto signature = key.sign(digest);
        nonces.insert(to_bytes(ByteView{signature.compact}.first(32)));
        EXPECT_EQ(key.sign(digest).compact, signature.compact);
    }
    EXPECT_EQ(nonces.size(), digests.size());
}

TEST(Secp256k1, VerifiesAsWycheproofSays)
{
    for (const auto& vector : test::load_vectors("wycheproof_ecdsa_secp256k1_bitcoin.json")) {
        SCOPED_TRACE(vector.name());
        const auto signature = parse_der(vector.bytes("sig"));
        const bool accepted = signature && verify_ecdsa(Secp256k1PublicKey::decode(vector.bytes("public_key")),
                                                        sha256(vector.bytes("msg")), *signature);
        EXPECT_EQ(accepted, !vector.is_invalid()) << vector.text("comment");
    }
}

TEST(Secp256k1, RefusesKeysOutOfRange)
{
    EXPECT_ERROR(private_key("00"), ErrorCode::pubkey);
    EXPECT_ERROR(private_key(order), ErrorCode::pubkey);
    EXPECT_ERROR(private_key("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"), ErrorCode::pubkey);
    EXPECT_ERROR(Secp256k1PrivateKey{SecretBytes{31}}, ErrorCode::pubkey);
    EXPECT_EQ(encode_hex(private_key("01").public_key().compressed()), generator);
}

TEST(Secp256k1, RefusesWhatIsNoPoint)
{
    const auto good = decode_hex(generator);
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_ERROR(Secp256k1PublicKey::decode(ByteView{good}.first(size)), ErrorCode::pubkey);
    const auto uncompressed = Secp256k1PublicKey::decode(good).uncompressed();
    EXPECT_EQ(Secp256k1PublicKey::decode(uncompressed), Secp256k1PublicKey::decode(good));

    for (const auto hybrid : ByteArray<2>{0x06, 0x07}) {
        auto bytes = uncompressed;
        bytes[0] = hybrid;
        EXPECT_ERROR(Secp256k1PublicKey::decode(bytes), ErrorCode::pubkey);
    }
    auto off_curve = uncompressed;
    off_curve[64] ^= 1;
    EXPECT_ERROR(Secp256k1PublicKey::decode(off_curve), ErrorCode::pubkey);
    EXPECT_ERROR(Secp256k1PublicKey::decode(decode_hex("020000000000000000000000000000000000000000000000000000000000000007")),
                 ErrorCode::pubkey);
}

TEST(Secp256k1, NormalizesToLowS)
{
    const auto digest = sha256(bytes_of("message"));
    const auto key = private_key("0102030405");
    const auto low = key.sign(digest).compact;
    // n - s, byte by byte.
    const auto n = decode_hex(order);
    auto high = low;
    int borrow = 0;
    for (std::size_t i = 32; i-- > 0;) {
        const int difference = n[i] - low[32 + i] - borrow;
        borrow = difference < 0 ? 1 : 0;
        high[32 + i] = static_cast<std::uint8_t>(difference & 0xff);
    }
    EXPECT_FALSE(verify_ecdsa(key.public_key(), digest, high));
    EXPECT_EQ(normalize_low_s(high), low);
    EXPECT_EQ(normalize_low_s(low), low);

    auto zero_s = low;
    std::fill(zero_s.begin() + 32, zero_s.end(), std::uint8_t{0});
    EXPECT_ERROR(normalize_low_s(zero_s), ErrorCode::sig_verify);
    auto zero_r = low;
    std::fill(zero_r.begin(), zero_r.begin() + 32, std::uint8_t{0});
    EXPECT_ERROR(normalize_low_s(zero_r), ErrorCode::sig_verify);
    auto large_s = low;
    std::ranges::copy(n, large_s.begin() + 32);
    EXPECT_ERROR(normalize_low_s(large_s), ErrorCode::sig_verify);
}

TEST(Secp256k1, TweaksBothHalvesAlike)
{
    const auto key = private_key("0102030405");
    const auto tweak = sha256(bytes_of("tweak"));
    const auto tweaked = key.tweak_add(tweak);
    ASSERT_TRUE(tweaked);
    EXPECT_EQ(key.public_key().tweak_add(tweak), tweaked->public_key());
    EXPECT_EQ(key.public_key().tweak_add(ByteArray<32>{}), key.public_key());
    EXPECT_EQ(key.public_key().tweak_add(key.scalar().reveal()), private_key("02040608" "0a").public_key());
}

TEST(Secp256k1, HasNoTweakToTheIdentityOrOutOfRange)
{
    const auto key = private_key("01");
    auto minus_one = decode_hex(order);
    minus_one.back() -= 1;
    EXPECT_FALSE(key.tweak_add(minus_one));
    EXPECT_FALSE(key.public_key().tweak_add(minus_one));
    EXPECT_FALSE(key.tweak_add(decode_hex(order)));
    EXPECT_FALSE(key.public_key().tweak_add(decode_hex(order)));
}

TEST(Secp256k1, RecoversNoKeyFromNonsense)
{
    const auto digest = sha256(bytes_of("message"));
    auto signature = private_key("05").sign(digest);
    signature.recovery_id = 4;
    EXPECT_FALSE(recover_ecdsa(digest, signature));
    EXPECT_FALSE(recover_ecdsa(digest, EcdsaSignature{}));
}

TEST(EcdsaDer, ComesBackAndIsStrict)
{
    const auto key = private_key("0000000000000000000000000000000000000000000000000000000000000007");
    for (std::uint8_t i = 0; i < 40; ++i) { // numbers with and without a leading zero
        const auto signature = key.sign(ByteArray<32>{i}).compact;
        const auto der = encode_der(signature);
        EXPECT_EQ(decode_der(der), signature);
        for (std::size_t size = 0; size < der.size(); ++size)
            EXPECT_ERROR(decode_der(ByteView{der}.first(size)), ErrorCode::sig_verify);
        auto longer = der;
        longer.push_back(0);
        EXPECT_ERROR(decode_der(longer), ErrorCode::sig_verify);
        auto other = der;
        other[0] = 0x31;
        EXPECT_ERROR(decode_der(other), ErrorCode::sig_verify);
    }
    // r with a zero too many, r = 0, r = n.
    EXPECT_ERROR(decode_der(decode_hex("300702020001020101")), ErrorCode::sig_verify);
    EXPECT_ERROR(decode_der(decode_hex("3006020100020101")), ErrorCode::sig_verify);
    EXPECT_ERROR(decode_der(decode_hex("3026022100" + std::string{order} + "020101")), ErrorCode::sig_verify);
    EXPECT_EQ(decode_der(decode_hex("3006020101020101"))[31], 1);
    EXPECT_ERROR(decode_der({}), ErrorCode::sig_verify);
}

} // namespace
} // namespace coffer::crypto
