#include "formats/bitcoin/inspect.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/encoding/hex.h"
#include "formats/bitcoin/slip132.h"
#include "formats/bitcoin/transaction.h"
#include "tests/support/vectors.h"
#include "tests/unit/formats/bitcoin/documents.h"

#include <map>

namespace coffer::bitcoin {
namespace {

using test::member;
using test::warns;

// BIP-32, test vector 1, the master key.
const std::string xprv = "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi";
const std::string xpub = "xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8";

std::optional<Document> inspect_text(std::string_view text, std::string_view kind = {})
{
    return inspect(bytes_of(text), text, kind);
}

TEST(BitcoinInspect, SaysWhatAnAddressOfEveryNetworkIs)
{
    for (const auto& vector : test::load_vectors("key_io.json")) {
        if (vector.kind() != "address")
            continue;
        SCOPED_TRACE(vector.name());
        const auto text = vector.text("string");
        const auto document = inspect_text(text);
        EXPECT_EQ(member(document, "kind"), "address");
        EXPECT_EQ(member(document, "chain"), "bitcoin");
        EXPECT_EQ(member(document, "script_pubkey"), vector.text("script_pubkey"));
        EXPECT_EQ(member(document, "normalized"), text);
        const auto chain = vector.text("chain");
        const auto network = chain == "main" ? "mainnet" : text.starts_with("bcrt") ? "regtest" : "testnet";
        EXPECT_EQ(member(document, "network"), network);
        EXPECT_EQ(document->find("networks") == nullptr, chain == "main" || text.starts_with("bcrt"));
        EXPECT_EQ(inspect_text(text + "\n", "address")->to_json(), document->to_json());
    }
}

TEST(BitcoinInspect, NamesTheTypeOfAnAddress)
{
    const std::map<std::string, std::string> types = {
        {"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "p2pkh"},
        {"3P14159f73E4gFr7JterCCQh9QjiTjiZrG", "p2sh"},
        {"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "p2wpkh"},
        {"bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3", "p2wsh"},
        {"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "p2tr"},
        {"bc1sw50qgdz25j", "witness_unknown"},
    };
    for (const auto& [text, type] : types)
        EXPECT_EQ(member(inspect_text(text), "type"), type);
    EXPECT_EQ(member(inspect_text("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4"), "normalized"), "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4");
    EXPECT_TRUE(warns(inspect_text("bc1sw50qgdz25j"), "anyone can spend"));
    EXPECT_EQ(test::items(inspect_text("tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx"), "networks"),
              (std::vector<std::string>{"testnet", "testnet4", "signet"}));
}

TEST(BitcoinInspect, RefusesWrongAddressesOnceTheyLookLikeOurs)
{
    EXPECT_ERROR(inspect_text("bc1qW508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"), ErrorCode::malformed); // both cases
    EXPECT_ERROR(inspect_text("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"), ErrorCode::addr_checksum);
    EXPECT_ERROR(inspect_text("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"), ErrorCode::addr_checksum);
    EXPECT_ERROR(inspect_text("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", "address"), ErrorCode::addr_checksum);
    EXPECT_EQ(inspect_text("0x9858EfFD232B4033E47d90003D41EC34EcaEda94", "address"), std::nullopt); // Ethereum
    EXPECT_EQ(inspect_text("TUEZSdKsoDHQMeZwihtdoBiN46zxhGWYdH"), std::nullopt);                   // TRON
    EXPECT_EQ(inspect_text("11111111111111111111111111111111"), std::nullopt);                     // Solana
}

TEST(BitcoinInspect, SaysWhatADescriptorGives)
{
    for (const auto& vector : test::load_vectors("hd_accounts.json")) {
        if (vector.kind() != "multisig")
            continue;
        SCOPED_TRACE(vector.name());
        const auto document = inspect_text(vector.text("descriptor"));
        EXPECT_EQ(member(document, "kind"), "descriptor");
        EXPECT_EQ(member(document, "network"), "mainnet");
        EXPECT_EQ(member(document, "is_range"), "yes");
        EXPECT_EQ(member(document, "branches"), "2");
        EXPECT_EQ(member(document, "threshold"), vector.text("threshold"));
        const auto canonical = member(document, "canonical");
        EXPECT_EQ(canonical, vector.text("descriptor").substr(0, canonical.find('#')) + "#" + member(document, "checksum"));
        EXPECT_EQ(document->find("addresses")->items().size(), 10U);
        for (std::size_t i = 0; i < vector.count("addresses"); ++i) {
            const auto place = "addresses." + std::to_string(i);
            const auto index = vector.number(place + ".index");
            const auto shown = 5 * vector.number(place + ".change") + index;
            if (index < 5)
                EXPECT_EQ(member(document, "addresses." + std::to_string(shown)), vector.text(place + ".address"));
        }
        EXPECT_TRUE(warns(document, "without its checksum"));
        EXPECT_EQ(inspect_text(canonical, "descriptor")->find("warnings")->items().size(), 0U);
    }
}

TEST(BitcoinInspect, NamesTheTypeOfADescriptor)
{
    const std::string key = "02f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9";
    const std::vector<std::string> types = {"pkh", "wpkh", "sh(wpkh)", "sh(multi)", "wsh(multi)", "wsh(sortedmulti)", "sh(wsh(sortedmulti))", "tr"};
    for (const auto& type : types) {
        const auto name = type.substr(0, type.find(')'));
        const auto rest = type.substr(name.size());
        const auto document = inspect_text(name + (name.ends_with("multi") ? "(1," : "(") + key + ")" + rest);
        EXPECT_EQ(member(document, "type"), type);
        EXPECT_EQ(member(document, "is_range"), "no");
        EXPECT_EQ(member(document, "network"), "null"); // a bare key is of no network
        EXPECT_EQ(document->find("addresses")->items().size(), 1U);
    }
    const auto raw = inspect_text("raw(deadbeef)#89f8spxm");
    EXPECT_EQ(member(raw, "type"), "raw");
    EXPECT_EQ(member(raw, "checksum"), "89f8spxm");
    EXPECT_EQ(member(raw, "script_pubkey"), "deadbeef");
    EXPECT_TRUE(raw->find("addresses")->items().empty());
    const auto addr = inspect_text("addr(tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx)");
    EXPECT_EQ(member(addr, "network"), "testnet");
    EXPECT_EQ(member(addr, "addresses.0"), "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx");
}

TEST(BitcoinInspect, RefusesWrongDescriptors)
{
    try {
        static_cast<void>(inspect_text("raw(deadbeef)#89f8spxq"));
        FAIL() << "inspected";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::malformed);
        EXPECT_EQ(error.offset(), 13U);
    }
    EXPECT_ERROR(inspect_text("combo(02f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9)"), ErrorCode::malformed);
    EXPECT_ERROR(inspect_text("hello", "descriptor"), ErrorCode::malformed);
    EXPECT_EQ(inspect_text("hello(world)"), std::nullopt);
}

TEST(BitcoinInspect, BoundsTheWorkOfADescriptor)
{
    std::string branches = "0";
    for (int i = 1; i < 100; ++i)
        branches += ";" + std::to_string(i);
    const auto document = inspect_text("pkh(" + xpub + "/<" + branches + ">/*)");
    EXPECT_EQ(member(document, "branches"), "100");
    EXPECT_EQ(document->find("addresses")->items().size(), 50U);
    EXPECT_TRUE(warns(document, "first 10 of 100 branches"));
}

std::string join_all(const std::optional<Document>& document)
{
    return join(document->to_text(), "\n") + document->to_json();
}

/// What SLIP-132 says of a prefix.
std::string script_of(const std::string& prefix)
{
    const std::map<char, std::string> scripts = {{'y', "p2sh-p2wpkh"}, {'u', "p2sh-p2wpkh"}, {'z', "p2wpkh"}, {'v', "p2wpkh"},
                                                 {'Y', "p2sh-p2wsh"},  {'U', "p2sh-p2wsh"},  {'Z', "p2wsh"},  {'V', "p2wsh"}};
    const auto found = scripts.find(prefix.front());
    return found == scripts.end() ? "null" : found->second;
}

void expect_same_key(const std::string& prv, const std::string& pub)
{
    const auto hidden = inspect_text(prv + "\n");
    const auto shown = inspect_text(pub);
    EXPECT_EQ(member(shown, "kind"), "extended_key");
    EXPECT_EQ(member(shown, "private"), "no");
    EXPECT_EQ(member(hidden, "private"), "yes");
    EXPECT_TRUE(warns(hidden, "lost"));
    for (const auto* field : {"network", "depth", "fingerprint", "child", "chain_code", "public_key", "own_fingerprint", "public", "script"})
        EXPECT_EQ(member(hidden, field), member(shown, field)) << field;
    EXPECT_EQ(member(hidden, "prefix"), prv.substr(0, 4));
    EXPECT_EQ(member(shown, "prefix"), pub.substr(0, 4));
    EXPECT_EQ(member(shown, "script"), script_of(pub));
    EXPECT_EQ(member(shown, "public"), read_slip132(pub).plain);
    EXPECT_EQ(join_all(hidden).find(prv.substr(20, 20)), std::string::npos);
    EXPECT_EQ(inspect_text(pub, "extended_key")->to_json(), shown->to_json());
}

TEST(BitcoinInspect, SaysWhatAnExtendedKeyIsAndNeverItsSecret)
{
    std::size_t count = 0;
    for (const auto& vector : test::load_vectors("slip132.json"))
        if (vector.kind() == "account") {
            SCOPED_TRACE(vector.name());
            expect_same_key(vector.text("prv"), vector.text("pub"));
            ++count;
        }
    for (const auto& vector : test::load_vectors("bip32.json")) {
        SCOPED_TRACE(vector.name());
        if (vector.is_invalid())
            EXPECT_THROW(static_cast<void>(inspect_text(vector.text("extended_key"), "extended_key")), Error);
        else
            expect_same_key(vector.text("xprv"), vector.text("xpub"));
        ++count;
    }
    EXPECT_GT(count, 20U);
}

TEST(BitcoinInspect, SaysEveryPrefixOfSlip132)
{
    for (const auto& vector : test::load_vectors("slip132.json")) {
        if (vector.kind() != "prefix")
            continue;
        SCOPED_TRACE(vector.name());
        const auto hidden = test::with_version(xprv, vector.bytes("prv_version"));
        const auto shown = test::with_version(xpub, vector.bytes("pub_version"));
        EXPECT_EQ(hidden.substr(0, 4), vector.text("prv_prefix"));
        expect_same_key(hidden, shown);
        auto wrong = hidden;
        wrong.back() = wrong.back() == '1' ? '2' : '1';
        EXPECT_ERROR(inspect_text(wrong), ErrorCode::addr_checksum);
    }
}

TEST(BitcoinInspect, NeverRepeatsAPrivateKey)
{
    const std::string wif = "L4rK1yDtCWekvXuE6oXD9jCYfFNV2cWRpVuPLBcCU2z8TrisoyY1";
    for (const auto& text : {"pkh(" + wif + ")", "wsh(multi(1," + wif + "))", "wpkh(" + xprv + "/0/*)", "tr([d34db33f/86h/0h/0h]" + xprv + ")"}) {
        try {
            static_cast<void>(inspect_text(text));
            FAIL() << "inspected";
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::secret_source);
            EXPECT_EQ((error.message() + error.hint()).find(text.substr(text.size() - 20, 10)), std::string::npos) << error.message();
        }
    }
    EXPECT_EQ(inspect_text(wif), std::nullopt);
    EXPECT_EQ(inspect_text(wif, "address"), std::nullopt);
}

TEST(BitcoinInspect, SaysWhatEveryPublishedTransactionIs)
{
    for (const auto& vector : test::load_vectors("psbt_flow.json")) {
        SCOPED_TRACE(vector.name());
        const auto document = inspect(vector.bytes("tx"), vector.text("tx"), {});
        EXPECT_EQ(member(document, "kind"), "bitcoin_transaction");
        EXPECT_EQ(member(document, "txid"), vector.text("txid"));
        EXPECT_EQ(member(document, "wtxid"), vector.text("wtxid"));
        EXPECT_EQ(member(document, "vsize"), vector.text("vsize"));
        EXPECT_EQ(member(document, "weight"), vector.text("weight"));
        EXPECT_EQ(warns(document, "BIP-125"), member(document, "replaceable") == "yes");
        for (std::size_t i = 0; i < vector.count("inputs"); ++i) {
            const auto place = "inputs." + std::to_string(i);
            EXPECT_EQ(member(document, place + ".txid"), vector.text(place + ".txid"));
            EXPECT_EQ(member(document, place + ".vout"), vector.text(place + ".vout"));
        }
        EXPECT_EQ(inspect(vector.bytes("tx"), {}, "bitcoin_transaction")->to_json(), document->to_json());
    }
}

TEST(BitcoinInspect, TakesATransactionOnlyWhole)
{
    const auto bytes = test::load_vectors("psbt_flow.json").front().bytes("tx");
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const auto cut = ByteView{bytes}.first(size);
        EXPECT_EQ(inspect(cut, {}, {}), std::nullopt);
        try {
            static_cast<void>(inspect(cut, {}, "bitcoin_transaction"));
            FAIL() << "inspected " << size << " bytes";
        } catch (const Error& error) {
            EXPECT_EQ(error.exit_status(), ExitStatus::malformed);
            EXPECT_TRUE(error.offset().has_value());
        }
    }
}

Document inspect_outputs(std::vector<TxOutput> outputs, std::uint32_t sequence = 0xffffffff, std::uint32_t lock_time = 0)
{
    const TxInput input{.previous = {}, .script_sig = {}, .sequence = sequence, .witness = {}};
    const Transaction transaction{.version = 2, .inputs = {input}, .outputs = std::move(outputs), .lock_time = lock_time};
    return *inspect(encode_transaction(transaction), {}, {});
}

TEST(BitcoinInspect, ShowsWhatOpReturnHolds)
{
    Bytes script{0x6a, 5, 'h', 'e', 'l', 'l', 'o'};
    auto document = inspect_outputs({{0, script}});
    EXPECT_EQ(member(document, "outputs.0.type"), "null_data");
    EXPECT_EQ(member(document, "outputs.0.address"), "null");
    EXPECT_EQ(member(document, "outputs.0.data"), "68656c6c6f");
    EXPECT_EQ(member(document, "outputs.0.text"), "hello");
    EXPECT_FALSE(warns(document, "lost"));
    script[2] = 0x1b;
    document = inspect_outputs({{1000, script}});
    EXPECT_EQ(member(document, "outputs.0.text"), "none");
    EXPECT_TRUE(warns(document, "1000 sat are lost"));
    EXPECT_EQ(member(inspect_outputs({{0, {0x6a}}}), "outputs.0.data"), "");
    EXPECT_EQ(member(inspect_outputs({{0, {0x6a, 9, 'h'}}}), "outputs.0.data"), "0968");
}

TEST(BitcoinInspect, WarnsOfDustByTheLimitsOfBitcoinCore)
{
    const std::map<std::string, std::uint64_t> limits = {{"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", 546},
                                                         {"3P14159f73E4gFr7JterCCQh9QjiTjiZrG", 540},
                                                         {"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", 294},
                                                         {"bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3", 330},
                                                         {"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", 330}};
    for (const auto& [address, limit] : limits) {
        const auto script = encoding::decode_hex(member(inspect_text(address), "script_pubkey"));
        EXPECT_TRUE(warns(inspect_outputs({{limit - 1, script}}), "dust"));
        EXPECT_FALSE(warns(inspect_outputs({{limit, script}}), "dust"));
    }
}

TEST(BitcoinInspect, SaysWhenATransactionIsLocked)
{
    const std::vector<TxOutput> outputs = {{10'000, Bytes(22, 0)}};
    EXPECT_FALSE(warns(inspect_outputs(outputs), "lock time"));
    EXPECT_TRUE(warns(inspect_outputs(outputs, 0xffffffff, 800'000), "no effect"));
    EXPECT_TRUE(warns(inspect_outputs(outputs, 0xfffffffe, 800'000), "up to height 800000"));
    EXPECT_TRUE(warns(inspect_outputs(outputs, 0xfffffffe, 1'700'000'000), "before 2023-11-14T22:13:20Z"));
    EXPECT_FALSE(warns(inspect_outputs(outputs, 0xfffffffe), "BIP-125"));
    EXPECT_TRUE(warns(inspect_outputs(outputs, 0xfffffffd), "BIP-125"));
    EXPECT_TRUE(warns(inspect_outputs(outputs, 144), "waits 144 blocks"));
    EXPECT_TRUE(warns(inspect_outputs(outputs, (1U << 22) | 2), "waits 1024 seconds"));
}

TEST(BitcoinInspect, LeavesOtherThingsAlone)
{
    EXPECT_EQ(inspect_text(""), std::nullopt);
    EXPECT_EQ(inspect_text("hello"), std::nullopt);
    EXPECT_EQ(inspect_text("psbt"), std::nullopt);
    EXPECT_EQ(inspect_text("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "bundle"), std::nullopt);
    for (const auto& vector : test::load_vectors("eth_tx_generated.json"))
        if (!vector.is_invalid())
            EXPECT_EQ(inspect(vector.bytes("signed"), vector.text("signed"), {}), std::nullopt);
}

} // namespace
} // namespace coffer::bitcoin
