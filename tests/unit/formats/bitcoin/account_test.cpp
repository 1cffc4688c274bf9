#include "formats/bitcoin/account.h"

#include "formats/bitcoin/descriptor.h"
#include "formats/bitcoin/wallet.h"
#include "tests/support/vectors.h"

namespace coffer::bitcoin {
namespace {

using chains::AccountUse;

constexpr chains::AccountChain main_chain{"bitcoin", family_name, 0, keys::KeyNetwork::main};
constexpr chains::AccountChain regtest{"regtest", family_name, 1, keys::KeyNetwork::test};
constexpr std::string_view fingerprint = "73c5da0a"; // "abandon … about"

/// Its xpub is the account's; only the purpose matters.
constexpr std::string_view xpub_84 =
    "xpub6CatWdiZiodmUeTDp8LT5or8nmbKNcuyvz7WyksVFkKB4RHwCD3XyuvPEbvqAQY3rAPshWcMLoP2fMFMKHPJ4ZeZXYVUhLv1VMrjPC7PW6V";
const auto xpub = keys::ExtendedPublicKey::parse(xpub_84);

chains::AccountKey key_at(const std::string& path)
{
    return {keys::KeyOrigin::parse("[" + std::string{fingerprint} + path + "]"), xpub};
}

chains::AccountKind kind_of(std::uint32_t purpose, AccountUse use = AccountUse::alone)
{
    return {family_name, purpose, "", use, chains::KeyTree::secp256k1, "p2wpkh", first_address, account_text};
}

test::Vector json_text(std::string_view format, const chains::AccountChain& chain, std::uint32_t purpose, const std::string& path,
                       AccountUse use = AccountUse::alone)
{
    return {std::string{format}, account_text(format, chain, kind_of(purpose, use), key_at(path))};
}

TEST(BitcoinAccount, HasTheScriptOfItsPurpose)
{
    const auto descriptor = [](const std::string& path) { return account_text("descriptor", main_chain, kind_of(84), key_at(path)); };
    const auto begins = [&](const std::string& path, const std::string& function) {
        return descriptor(path).starts_with(function + "([73c5da0a" + path + "]" + std::string{xpub_84} + "/<0;1>/*)");
    };
    EXPECT_TRUE(begins("/44h/0h/0h", "pkh"));
    EXPECT_TRUE(begins("/49h/0h/0h", "sh(wpkh"));
    EXPECT_TRUE(begins("/84h/0h/0h", "wpkh"));
    EXPECT_TRUE(begins("/86h/0h/0h", "tr"));
    const auto parsed = Descriptor::parse(descriptor("/84h/0h/0h"), DescriptorChecksum::required);
    EXPECT_EQ(parsed.branches(), 2U);
    EXPECT_TRUE(parsed.is_ranged());
}

TEST(BitcoinAccount, ReceivesAtItsFirstAddress)
{
    const auto address = first_address(main_chain, key_at("/84h/0h/0h"));
    EXPECT_EQ(address.path, "0/0");
    EXPECT_EQ(address.text, "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu"); // BIP-84
    EXPECT_EQ(address.public_key, to_bytes(xpub.derive(0).derive(0).key().compressed()));
}

TEST(BitcoinAccount, GivesCoreOneDescriptorForEachBranch)
{
    const auto json = json_text("core", main_chain, 84, "/84h/0h/0h");
    const auto whole = Descriptor::parse(account_text("descriptor", main_chain, kind_of(84), key_at("/84h/0h/0h")));
    for (std::size_t branch = 0; branch < 2; ++branch) {
        const auto at = std::to_string(branch) + ".";
        const auto one = Descriptor::parse(json.text(at + "desc"), DescriptorChecksum::required);
        EXPECT_EQ(one.branches(), 1U); // before version 28 Core knows no multipath
        EXPECT_TRUE(one.keys().front().origin.has_value());
        EXPECT_EQ(one.derive(0, 5).script_pubkey, whole.derive(branch, 5).script_pubkey);
        EXPECT_EQ(json.text(at + "internal"), branch == 1 ? "true" : "false");
        EXPECT_EQ(json.text(at + "active"), "true");
        EXPECT_EQ(json.text(at + "range.0"), "0");
        EXPECT_EQ(json.text(at + "range.1"), "999");
        EXPECT_EQ(json.text(at + "timestamp"), "0");
    }
    EXPECT_FALSE(json.has("2"));
}

TEST(BitcoinAccount, GivesSparrowItsKeyAndWhereItLies)
{
    const auto json = json_text("sparrow", main_chain, 84, "/84h/0h/0h");
    EXPECT_EQ(json.text("xfp"), "73C5DA0A");
    EXPECT_EQ(json.text("bip84.name"), "p2wpkh");
    EXPECT_EQ(json.text("bip84.deriv"), "m/84'/0'/0'");
    EXPECT_EQ(json.text("bip84.xpub"), xpub_84);
    EXPECT_EQ(json.text("bip84.first"), "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu");
    const auto cosigner = json_text("sparrow", main_chain, 48, "/48h/0h/0h/2h", AccountUse::cosigner);
    EXPECT_EQ(cosigner.text("xfp"), "73C5DA0A");
    EXPECT_EQ(cosigner.text("p2wsh_deriv"), "m/48'/0'/0'/2'");
    EXPECT_EQ(cosigner.text("p2wsh"), xpub_84);
}

TEST(BitcoinAccount, OfACosignerIsAKeyOfADescriptorAndNoWallet)
{
    const auto cosigner = kind_of(48, AccountUse::cosigner);
    const auto key = key_at("/48h/0h/0h/2h");
    const auto expression = account_text("descriptor", main_chain, cosigner, key);
    EXPECT_EQ(expression, "[73c5da0a/48h/0h/0h/2h]" + std::string{xpub_84} + "/<0;1>/*");
    EXPECT_NO_THROW(Descriptor::parse("wsh(sortedmulti(1," + expression + "))"));
    EXPECT_ERROR(account_text("core", main_chain, cosigner, key), ErrorCode::usage);
}

TEST(BitcoinAccount, IsOfOneNetwork)
{
    EXPECT_ERROR(account_text("descriptor", regtest, kind_of(84), key_at("/84h/1h/0h")), ErrorCode::network);
    EXPECT_ERROR(account_text("electrum", main_chain, kind_of(84), key_at("/84h/0h/0h")), ErrorCode::usage);
    const chains::AccountKey key{keys::KeyOrigin::parse("[73c5da0a/84h/1h/0h]"), xpub.on(keys::KeyNetwork::test)};
    EXPECT_TRUE(first_address(regtest, key).text.starts_with("bcrt1q"));
}

} // namespace
} // namespace coffer::bitcoin
