#include "core/chains/account.h"
#include "core/crypto/hash.h"
#include "core/encoding/base58.h"
#include "core/encoding/hex.h"
#include "core/keys/mnemonic.h"
#include "core/keys/slip10.h"
#include "formats/bitcoin/address.h"
#include "formats/bitcoin/descriptor.h"
#include "formats/evm/account.h"
#include "formats/solana/address.h"
#include "formats/tron/address.h"
#include "tests/support/vectors.h"

#include <algorithm>
#include <map>

/// Every vector of hd_accounts.json by our own way from the words to the address.
namespace coffer::chains {
namespace {

using encoding::encode_hex;
using keys::DerivationPath;
using test::Vector;

std::string text_or_empty(const Vector& vector, std::string_view field)
{
    return vector.has(field) ? vector.text(field) : std::string{};
}

SecretBytes seed_of(const Vector& vector)
{
    const auto secret = [](std::string_view text) { return SecretBytes::copy_of(bytes_of(text)); };
    return keys::seed_from_mnemonic(secret(vector.text("mnemonic")), secret(text_or_empty(vector, "passphrase")));
}

const AccountChain& bitcoin_of(const Vector& vector)
{
    return account_chain_named(text_or_empty(vector, "network") == "testnet" ? "testnet" : "bitcoin");
}

keys::ExtendedPrivateKey master_of(const Vector& vector)
{
    return keys::ExtendedPrivateKey::from_seed(seed_of(vector), bitcoin_of(vector).key_network);
}

DerivationPath first_steps(const DerivationPath& path, std::size_t count)
{
    const auto& steps = path.steps();
    return DerivationPath{{steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(count)}};
}

std::string reveal(const SecretBytes& text)
{
    return std::string{text_of(text.reveal())};
}

/// The account of the table that lies at the first three steps of a path.
AccountKey account_at(const Vector& vector, const AccountChain& chain, const AccountKind& kind, const DerivationPath& path)
{
    const auto account = first_steps(path, 3);
    EXPECT_EQ(kind.path(chain, account.steps()[2] & ~keys::hardened), account);
    const auto master = master_of(vector);
    return {{master.fingerprint(), account}, master.derive(account).extended_public_key().on(chain.key_network)};
}

// Extended keys, under the prefixes of BIP-32 and of SLIP-132.

bitcoin::Slip132Script script_of_prefix(std::string_view prefix)
{
    using enum bitcoin::Slip132Script;
    const std::map<std::string_view, bitcoin::Slip132Script> scripts = {{"xp", any},         {"yp", p2sh_p2wpkh}, {"up", p2sh_p2wpkh},
                                                                        {"zp", p2wpkh},      {"Yp", p2sh_p2wsh},  {"Zp", p2wsh}};
    return scripts.at(prefix.substr(0, 2));
}

void check_extended_public(const keys::ExtendedPrivateKey& key, const std::string& text)
{
    const auto [plain, script] = bitcoin::read_slip132(text);
    EXPECT_EQ(key.extended_public_key().format(), plain);
    EXPECT_EQ(script, script_of_prefix(text));
}

void check_extended_private(const keys::ExtendedPrivateKey& key, const std::string& text)
{
    const auto [plain, script] = bitcoin::read_slip132_private(SecretBytes::copy_of(bytes_of(text)));
    EXPECT_EQ(reveal(key.format()), reveal(plain));
    EXPECT_EQ(script, script_of_prefix(text));
}

void check_extended_keys(const Vector& vector)
{
    const auto master = master_of(vector);
    const auto key = master.derive(DerivationPath::parse(vector.text("path")));
    if (vector.has("master_fingerprint"))
        EXPECT_EQ(encode_hex(master.fingerprint().bytes()), vector.text("master_fingerprint"));
    if (vector.has("master_uprv"))
        check_extended_private(master, vector.text("master_uprv"));
    for (const auto* field : {"xprv", "xpriv", "rootpriv", "slip132_prv", "account_uprv"})
        if (vector.has(field))
            check_extended_private(key, vector.text(field));
    for (const auto* field : {"xpub", "rootpub", "slip132_pub", "account_upub"})
        if (vector.has(field))
            check_extended_public(key, vector.text(field));
}

// Keys and addresses of Bitcoin.

std::string wif_of(const crypto::Secp256k1PrivateKey& key, const AccountChain& chain)
{
    Bytes payload{chain.key_network == keys::KeyNetwork::main ? std::uint8_t{0x80} : std::uint8_t{0xef}};
    append(payload, key.scalar().reveal());
    payload.push_back(1);
    return encoding::encode_base58check(payload);
}

/// What an object of a vector says of one key; `at` is empty or its name with a dot.
void check_key(const Vector& vector, const std::string& at, const crypto::Secp256k1PrivateKey& key)
{
    const auto compressed = key.public_key().compressed();
    if (vector.has(at + "private_key"))
        EXPECT_EQ(encode_hex(key.scalar().reveal()), vector.text(at + "private_key"));
    for (const auto* field : {"public_key", "pubkey"})
        if (vector.has(at + field))
            EXPECT_EQ(encode_hex(compressed), vector.text(at + field));
    for (const auto* field : {"wif", "privkey"})
        if (vector.has(at + field))
            EXPECT_EQ(wif_of(key, bitcoin_of(vector)), vector.text(at + field));
    if (vector.has(at + "internal_key"))
        EXPECT_EQ(encode_hex(ByteView{compressed}.subspan(1)), vector.text(at + "internal_key"));
    if (vector.has(at + "keyhash"))
        EXPECT_EQ(encode_hex(crypto::hash160(compressed)), vector.text(at + "keyhash"));
}

void check_scripts(const Vector& vector, const std::string& at, const bitcoin::DerivedScripts& scripts)
{
    const auto text = encode_hex(scripts.script_pubkey);
    for (const auto* field : {"script_pubkey", "scriptPubKey"})
        if (vector.has(at + field))
            EXPECT_EQ(text, vector.text(at + field));
    if (vector.has(at + "output_key"))
        EXPECT_EQ(text, "5120" + vector.text(at + "output_key"));
    if (vector.has(at + "redeem_script"))
        EXPECT_EQ(encode_hex(scripts.redeem_script), vector.text(at + "redeem_script"));
    if (vector.has(at + "script_hash"))
        EXPECT_EQ(encode_hex(crypto::hash160(scripts.redeem_script)), vector.text(at + "script_hash"));
    if (vector.has(at + "witness_script"))
        EXPECT_EQ(encode_hex(scripts.witness_script), vector.text(at + "witness_script"));
}

void check_bitcoin_address(const Vector& vector, const std::string& at, std::uint32_t purpose)
{
    const auto path = DerivationPath::parse(vector.text(at + "path"));
    check_key(vector, at, master_of(vector).derive(path).key());
    if (!vector.has(at + "address"))
        return;
    const auto& chain = bitcoin_of(vector);
    const auto& kind = account_kind(chain, purpose);
    const auto account = account_at(vector, chain, kind, path);
    const auto descriptor = bitcoin::Descriptor::parse(kind.text("descriptor", chain, kind, account), bitcoin::DescriptorChecksum::required);
    const auto scripts = descriptor.derive(path.steps()[3], path.steps()[4]);
    check_scripts(vector, at, scripts);
    const auto* network = bitcoin::find_network(chain.name == "bitcoin" ? "mainnet" : chain.name);
    EXPECT_EQ(bitcoin::format_address(scripts.script_pubkey, *network), vector.text(at + "address"));
    if (path.steps()[3] == 0 && path.steps()[4] == 0)
        EXPECT_EQ(kind.first_address(chain, account).text, vector.text(at + "address"));
}

void check_bitcoin(const Vector& vector)
{
    const auto purpose = static_cast<std::uint32_t>(std::stoul(vector.kind().substr(3)));
    check_extended_keys(vector);
    if (vector.has("script"))
        EXPECT_TRUE(vector.text("script") == account_kind(bitcoin_of(vector), purpose).address_type || vector.text("script") == "p2sh-p2wsh");
    if (!vector.has("addresses")) {
        check_bitcoin_address(vector, "", purpose);
        return;
    }
    ASSERT_GE(vector.count("addresses"), 4U);
    for (std::size_t i = 0; i < vector.count("addresses"); ++i)
        check_bitcoin_address(vector, "addresses." + std::to_string(i) + ".", purpose);
}

/// The keys of the descriptor are those of the words that other vectors have for its fingerprints.
void check_multisig(const Vector& vector, const std::map<std::string, keys::ExtendedPrivateKey>& masters)
{
    const auto descriptor = bitcoin::Descriptor::parse(vector.text("descriptor"));
    EXPECT_EQ(descriptor.threshold(), vector.number("threshold"));
    for (const auto& expression : descriptor.keys()) {
        const auto& [fingerprint, path] = *expression.origin;
        if (descriptor.type() == bitcoin::DescriptorType::wsh_multi)
            EXPECT_EQ(account_kind(account_chain_named("bitcoin"), 48).path(account_chain_named("bitcoin"), 0), path);
        EXPECT_EQ(std::get<keys::ExtendedPublicKey>(expression.key), masters.at(encode_hex(fingerprint.bytes())).derive(path).extended_public_key());
    }
    for (std::size_t i = 0; i < vector.count("addresses"); ++i) {
        const auto at = "addresses." + std::to_string(i) + ".";
        const auto scripts = descriptor.derive(vector.number(at + "change"), static_cast<std::uint32_t>(vector.number(at + "index")));
        check_scripts(vector, at, scripts);
        EXPECT_EQ(bitcoin::format_address(scripts.script_pubkey, *bitcoin::find_network("mainnet")), vector.text(at + "address"));
    }
}

// The other chains.

/// The public key at the path of a vector, from its account and in public from there on; and the account's first address.
crypto::Secp256k1PublicKey public_key_of(const Vector& vector, const AccountChain& chain)
{
    const auto path = DerivationPath::parse(vector.text("path"));
    const auto& kind = account_kind(chain, 44);
    const auto account = account_at(vector, chain, kind, path);
    check_key(vector, "", master_of(vector).derive(path).key());
    if (path.steps()[4] == 0)
        EXPECT_EQ(kind.first_address(chain, account).text, vector.text("address"));
    return std::get<keys::ExtendedPublicKey>(account.key).derive(path.steps()[3]).derive(path.steps()[4]).key();
}

void check_solana(const Vector& vector)
{
    const auto path = DerivationPath::parse(vector.text("path"));
    const auto key = keys::Slip10Key::derive(seed_of(vector), path);
    EXPECT_EQ(encode_hex(key.private_key()), vector.text("private_key"));
    EXPECT_EQ(solana::format_address(solana::address_of(key.key().public_key())), vector.text("address"));
    const auto& chain = account_chain_named("solana");
    const auto& kind = account_kind(chain, 44);
    if (path.steps().size() == 4) { // wallets differ: the others have the account at three steps
        EXPECT_EQ(kind.path(chain, path.steps()[2] & ~keys::hardened), path);
        EXPECT_EQ(kind.first_address(chain, {{master_of(vector).fingerprint(), path}, key.key().public_key()}).text, vector.text("address"));
    }
}

void check(const Vector& vector, const std::map<std::string, keys::ExtendedPrivateKey>& masters)
{
    const auto kind = vector.kind();
    if (kind == "multisig")
        check_multisig(vector, masters);
    else if (kind == "ethereum")
        EXPECT_EQ(evm::format_address(evm::address_of(public_key_of(vector, account_chain_named("evm")))), vector.text("address"));
    else if (kind == "tron")
        EXPECT_EQ(tron::format_address(tron::address_of(public_key_of(vector, account_chain_named("tron")))), vector.text("address"));
    else if (kind == "solana")
        check_solana(vector);
    else
        check_bitcoin(vector);
}

TEST(HdAccounts, AreThoseOfOtherWallets)
{
    const auto vectors = test::load_vectors("hd_accounts.json");
    EXPECT_EQ(vectors.size(), 77U);
    std::map<std::string, keys::ExtendedPrivateKey> masters;
    for (const auto& vector : vectors)
        if (vector.has("master_fingerprint"))
            masters.emplace(vector.text("master_fingerprint"), master_of(vector));
    for (const auto& vector : vectors) {
        SCOPED_TRACE(vector.name());
        check(vector, masters);
    }
}

} // namespace
} // namespace coffer::chains
