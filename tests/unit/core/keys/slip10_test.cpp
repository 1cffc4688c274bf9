#include "core/keys/slip10.h"

#include "core/crypto/hash.h"
#include "core/encoding/hex.h"
#include "core/keys/derivation.h"
#include "tests/support/vectors.h"

namespace coffer::keys {
namespace {

using encoding::encode_hex;

/// As SLIP-10 prints it, with a zero byte in front.
Bytes printed_public_key(const Slip10Key& key)
{
    Bytes printed{0};
    append(printed, key.key().public_key().bytes());
    return printed;
}

std::string parent_fingerprint(const SecretBytes& seed, const DerivationPath& path)
{
    auto steps = path.steps();
    if (steps.empty())
        return "00000000";
    steps.pop_back();
    return encode_hex(ByteView{crypto::hash160(printed_public_key(Slip10Key::derive(seed, DerivationPath{steps})))}.first(4));
}

void check_ed25519(const test::Vector& vector)
{
    const auto seed = SecretBytes::copy_of(vector.bytes("seed"));
    const auto path = DerivationPath::parse(vector.text("path"));
    const auto key = Slip10Key::derive(seed, path);
    EXPECT_EQ(encode_hex(key.private_key()), vector.text("private_key"));
    EXPECT_EQ(encode_hex(key.chain_code()), vector.text("chain_code"));
    EXPECT_EQ(encode_hex(printed_public_key(key)), vector.text("public_key"));
    EXPECT_EQ(parent_fingerprint(seed, path), vector.text("fingerprint"));
}

/// For this curve SLIP-10 is BIP-32.
void check_secp256k1(const test::Vector& vector)
{
    const auto key = ExtendedPrivateKey::from_seed(SecretBytes::copy_of(vector.bytes("seed"))).derive(DerivationPath::parse(vector.text("path")));
    EXPECT_EQ(encode_hex(key.key().scalar().reveal()), vector.text("private_key"));
    EXPECT_EQ(encode_hex(key.extended_public_key().chain_code()), vector.text("chain_code"));
    EXPECT_EQ(encode_hex(key.key().public_key().compressed()), vector.text("public_key"));
    EXPECT_EQ(encode_hex(key.position().parent_fingerprint.bytes()), vector.text("fingerprint"));
}

TEST(Slip10, FollowsThePublishedVectors)
{
    for (const auto& vector : test::load_vectors("slip10.json")) {
        SCOPED_TRACE(vector.name());
        if (vector.is_invalid())
            EXPECT_ERROR(Slip10Key::derive(SecretBytes::copy_of(vector.bytes("seed")), DerivationPath::parse(vector.text("path"))),
                         vector.error_code());
        else if (vector.kind() == "ed25519")
            check_ed25519(vector);
        else
            check_secp256k1(vector);
    }
}

TEST(Slip10, RefusesEveryStepThatIsNotHardened)
{
    const SecretBytes seed{64};
    for (std::size_t i = 0; i < 4; ++i) {
        auto steps = DerivationPath::parse("m/44h/501h/0h/0h").steps();
        EXPECT_NO_THROW(Slip10Key::derive(seed, DerivationPath{steps}));
        steps[i] &= ~hardened;
        EXPECT_ERROR(Slip10Key::derive(seed, DerivationPath{steps}), ErrorCode::pubkey);
    }
}

TEST(Slip10, TakesSeedsOf16To64Bytes)
{
    EXPECT_NO_THROW(Slip10Key::derive(SecretBytes{16}, {}));
    EXPECT_NO_THROW(Slip10Key::derive(SecretBytes{64}, {}));
}

TEST(Slip10, IsAnotherTreeThanBip32)
{
    const SecretBytes seed{64};
    const auto path = DerivationPath::parse("m/44h/501h/0h/0h");
    EXPECT_FALSE(equal(Slip10Key::derive(seed, path).private_key(), ExtendedPrivateKey::from_seed(seed).derive(path).key().scalar().reveal()));
}

TEST(Slip10, SignsWithTheKeyOfThePath)
{
    const auto key = Slip10Key::derive(SecretBytes{64}, DerivationPath::parse("m/44h/501h/0h/0h")).key();
    const auto signature = key.sign(Bytes{1, 2, 3});
    EXPECT_TRUE(crypto::verify_ed25519(key.public_key(), Bytes{1, 2, 3}, signature));
    const auto other = Slip10Key::derive(SecretBytes{64}, DerivationPath::parse("m/44h/501h/1h/0h")).key();
    EXPECT_FALSE(crypto::verify_ed25519(other.public_key(), Bytes{1, 2, 3}, signature));
}

} // namespace
} // namespace coffer::keys
