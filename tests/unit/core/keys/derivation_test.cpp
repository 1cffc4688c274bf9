#include "core/keys/derivation.h"

#include "core/encoding/base58.h"
#include "core/encoding/hex.h"
#include "core/keys/mnemonic.h"
#include "tests/support/vectors.h"

#include <algorithm>

namespace coffer::keys {
namespace {

using encoding::encode_hex;

SecretBytes secret(std::string_view text)
{
    return SecretBytes::copy_of(bytes_of(text));
}

std::string reveal(const SecretBytes& text)
{
    return std::string{text_of(text.reveal())};
}

/// The same key with the version bytes of BIP-32 instead of SLIP-132's, which we refuse.
std::string with_bip32_version(const std::string& text)
{
    auto bytes = encoding::decode_base58check(text);
    const auto version = encode_hex(ByteView{bytes}.first(4));
    for (const auto& [slip132, bip32] : {std::pair{"04b24746", "0488b21e"}, std::pair{"04b2430c", "0488ade4"},
                                         std::pair{"049d7cb2", "0488b21e"}, std::pair{"049d7878", "0488ade4"},
                                         std::pair{"044a5262", "043587cf"}, std::pair{"044a4e28", "04358394"},
                                         std::pair{"02aa7ed3", "0488b21e"}, std::pair{"02aa7a99", "0488ade4"},
                                         std::pair{"0295b43f", "0488b21e"}, std::pair{"0295b005", "0488ade4"}})
        if (version == slip132)
            std::ranges::copy(encoding::decode_hex(bip32), bytes.begin());
    return encoding::encode_base58check(bytes);
}

TEST(ExtendedKey, FollowsBip32)
{
    for (const auto& vector : test::load_vectors("bip32.json")) {
        SCOPED_TRACE(vector.name());
        if (vector.is_invalid()) {
            const auto text = vector.text("extended_key");
            if (text.starts_with("xprv"))
                EXPECT_ERROR(ExtendedPrivateKey::parse(secret(text)), vector.error_code());
            else
                EXPECT_ERROR(ExtendedPublicKey::parse(text), vector.error_code());
            continue;
        }
        const auto path = DerivationPath::parse(vector.text("path"));
        const auto master = ExtendedPrivateKey::from_seed(SecretBytes::copy_of(vector.bytes("seed")));
        const auto key = master.derive(path);
        EXPECT_EQ(reveal(key.format()), vector.text("xprv"));
        EXPECT_EQ(key.extended_public_key().format(), vector.text("xpub"));
        EXPECT_EQ(reveal(ExtendedPrivateKey::parse(secret(vector.text("xprv"))).format()), vector.text("xprv"));
        const auto parsed = ExtendedPublicKey::parse(vector.text("xpub"));
        EXPECT_EQ(parsed, key.extended_public_key());
        EXPECT_EQ(parsed.format(), vector.text("xpub"));
        EXPECT_EQ(parsed.key(), key.key().public_key());
        EXPECT_EQ(parsed.fingerprint(), key.fingerprint());
        if (path.steps().empty() || (path.steps().back() & hardened) != 0)
            continue;
        // The last step again, in public alone.
        auto parent_steps = path.steps();
        parent_steps.pop_back();
        const auto parent = master.derive(DerivationPath{parent_steps}).extended_public_key();
        EXPECT_EQ(parent.derive(path.steps().back()).format(), vector.text("xpub"));
    }
}

/// Checks every field that a vector of hd_accounts has about keys.
void check_account(const test::Vector& vector)
{
    const auto text_or_empty = [&](std::string_view field) {
        return vector.has(field) ? vector.text(field) : std::string{};
    };
    const auto network = text_or_empty("network") == "testnet" ? KeyNetwork::test : KeyNetwork::main;
    const auto seed = seed_from_mnemonic(secret(vector.text("mnemonic")), secret(text_or_empty("passphrase")));
    const auto master = ExtendedPrivateKey::from_seed(seed, network);
    const auto key = master.derive(DerivationPath::parse(vector.text("path")));
    if (vector.has("master_fingerprint"))
        EXPECT_EQ(encode_hex(master.fingerprint().bytes()), vector.text("master_fingerprint"));
    for (const auto* field : {"xprv", "xpriv", "rootpriv", "slip132_prv", "account_uprv"})
        if (vector.has(field))
            EXPECT_EQ(reveal(key.format()), with_bip32_version(vector.text(field))) << field;
    for (const auto* field : {"xpub", "rootpub", "slip132_pub", "account_upub"})
        if (vector.has(field))
            EXPECT_EQ(key.extended_public_key().format(), with_bip32_version(vector.text(field))) << field;
    if (vector.has("private_key"))
        EXPECT_EQ(encode_hex(key.key().scalar().reveal()), vector.text("private_key"));
    for (const auto* field : {"public_key", "pubkey"})
        if (vector.has(field))
            EXPECT_EQ(encode_hex(key.key().public_key().compressed()), vector.text(field));
    if (!vector.has("addresses"))
        return;
    for (std::size_t i = 0; i < vector.count("addresses"); ++i) {
        const auto child = "addresses." + std::to_string(i);
        const auto private_key = master.derive(DerivationPath::parse(vector.text(child + ".path"))).key();
        EXPECT_EQ(encode_hex(private_key.scalar().reveal()), vector.text(child + ".private_key"));
        EXPECT_EQ(encode_hex(private_key.public_key().compressed()), vector.text(child + ".public_key"));
    }
}

TEST(ExtendedKey, DerivesTheAccountsOfOtherWallets)
{
    for (const auto& vector : test::load_vectors("hd_accounts.json")) {
        SCOPED_TRACE(vector.name());
        if (vector.kind() != "solana" && vector.kind() != "multisig") // SLIP-10; no private key given
            check_account(vector);
    }
}

constexpr std::string_view master_xpub =
    "xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8";
constexpr std::string_view master_xprv =
    "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi";

TEST(ExtendedKey, RefusesTheOtherKindAndSlip132)
{
    EXPECT_ERROR(ExtendedPublicKey::parse(master_xprv), ErrorCode::malformed);
    EXPECT_ERROR(ExtendedPrivateKey::parse(secret(master_xpub)), ErrorCode::malformed);
    EXPECT_ERROR(ExtendedPublicKey::parse("zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG8"
                                          "68RvUUkgDKf31mGDtKsAYz2oz2AGutZYs"),
                 ErrorCode::malformed);
}

TEST(ExtendedKey, KeepsTheNetwork)
{
    const auto key = ExtendedPrivateKey::from_seed(SecretBytes{16}, KeyNetwork::test);
    EXPECT_TRUE(reveal(key.format()).starts_with("tprv"));
    EXPECT_TRUE(key.extended_public_key().derive(7).format().starts_with("tpub"));
    EXPECT_EQ(ExtendedPrivateKey::parse(key.format()).position().network, KeyNetwork::test);
}

TEST(ExtendedKey, RefusesEveryCutAndEveryChangedCharacter)
{
    for (std::size_t size = 0; size < master_xpub.size(); ++size) {
        EXPECT_THROW(ExtendedPublicKey::parse(master_xpub.substr(0, size)), Error);
        EXPECT_THROW(ExtendedPrivateKey::parse(secret(master_xprv.substr(0, size))), Error);
    }
    EXPECT_THROW(ExtendedPublicKey::parse(std::string{master_xpub} + "1"), Error);
    EXPECT_THROW(ExtendedPrivateKey::parse(secret(std::string{master_xprv} + "1")), Error);
    for (std::size_t i = 0; i < master_xpub.size(); ++i) {
        std::string changed{master_xpub};
        changed[i] = changed[i] == '2' ? '3' : '2';
        EXPECT_THROW(ExtendedPublicKey::parse(changed), Error);
    }
}

TEST(ExtendedKey, DerivesNoHardenedChildInPublic)
{
    const auto key = ExtendedPublicKey::parse(master_xpub);
    EXPECT_ERROR(key.derive(hardened), ErrorCode::pubkey);
    EXPECT_ERROR(key.derive(DerivationPath::parse("0/1h")), ErrorCode::pubkey);
}

TEST(ExtendedKey, AppliesAWholePathToTheMasterOnly)
{
    const auto key = ExtendedPublicKey::parse(master_xpub);
    EXPECT_EQ(key.derive(DerivationPath::parse("m/0/1")), key.derive(DerivationPath::parse("0/1")));
    EXPECT_ERROR(key.derive(0).derive(DerivationPath::parse("m/1")), ErrorCode::pubkey);
    const auto private_key = ExtendedPrivateKey::parse(secret(master_xprv)).derive(0);
    EXPECT_ERROR(private_key.derive(DerivationPath::parse("m/1")), ErrorCode::pubkey);
    EXPECT_EQ(private_key.derive(DerivationPath::parse("1")).extended_public_key(), key.derive(0).derive(1));
}

TEST(ExtendedKey, EndsAtDepth255)
{
    const DerivationPath deepest{std::vector<std::uint32_t>(255, hardened)};
    const auto key = ExtendedPrivateKey::parse(secret(master_xprv)).derive(deepest);
    EXPECT_EQ(key.position().depth, 255);
    EXPECT_ERROR(key.derive(0), ErrorCode::pubkey);
    EXPECT_ERROR(key.extended_public_key().derive(0), ErrorCode::pubkey);
}

TEST(ExtendedKey, TakesSeedsOf16To64Bytes)
{
    EXPECT_ERROR(ExtendedPrivateKey::from_seed(SecretBytes{15}), ErrorCode::malformed);
    EXPECT_NO_THROW(ExtendedPrivateKey::from_seed(SecretBytes{64}));
    EXPECT_ERROR(ExtendedPrivateKey::from_seed(SecretBytes{65}), ErrorCode::malformed);
}

} // namespace
} // namespace coffer::keys
