#include "cli/chains/bitcoin/offline_inputs.h"

#include "tests/support/vectors.h"
#include "tests/unit/cli/chains/bitcoin/fixture.h"

namespace coffer::cli {
namespace {

const charter::Charter charter = coffer::test::bitcoin_charter({"wpkh(K0)"});
const bitcoin::DescriptorWallet wallet{charter, charter.wallets[0]};
const auto transaction = test::funding_transaction(wallet.script_pubkey({chains::Branch::change, 5}), 70'000, 1);
const auto txid = bitcoin::txid_of(transaction);
const std::string utxo = R"({"txid":")" + bitcoin::format_txid(txid) + R"(","vout":1,"amount":"70000","path":"1/5","previous_transaction":")" +
                         encoding::encode_hex(bitcoin::encode_transaction(transaction)) + "\"}";
const std::string sample = R"({"height":900,"feerate":12.345,"utxos":[)" + utxo + "]}";

OfflineBitcoinInputs parse(const std::string& json)
{
    return parse_offline_inputs(json, wallet);
}

TEST(OfflineBitcoinInputs, ReadsFacts)
{
    const auto inputs = parse(sample);
    EXPECT_EQ(inputs.facts.height, 900u);
    EXPECT_EQ(inputs.facts.feerate, 12'345u);
    EXPECT_EQ(inputs.facts.outputs, (std::vector<WalletOutput>{{{txid, 1}, 70'000, {chains::Branch::change, 5}, 0, false}}));
    EXPECT_EQ(inputs.previous, (PreviousTransactions{{txid, transaction}}));
    EXPECT_TRUE(parse(R"({"height":0,"feerate":"1","utxos":[]})").facts.outputs.empty());
}

TEST(OfflineBitcoinInputs, RefusesAnythingElse)
{
    const auto refused = [](const std::string& from, const std::string& to) {
        SCOPED_TRACE(to);
        auto text = sample;
        ASSERT_NE(text.find(from), std::string::npos);
        text.replace(text.find(from), from.size(), to);
        EXPECT_ERROR(parse(text), ErrorCode::malformed);
    };
    refused("\"height\"", "\"hight\"");
    refused("\"height\":900,", "");
    refused("900", "-1");
    refused("900", "500000000");
    refused("900", "null");
    refused("12.345", "12.3456");
    refused("12.345", "1e3");
    refused("12.345", "-1");
    refused("[" + utxo + "]", "{}");
    refused(utxo, "1");
    refused(utxo, utxo + "," + utxo);
    refused("\"vout\":1", "\"vout\":0");
    refused("\"vout\":1", "\"vout\":2");
    refused("\"vout\":1", "\"vout\":4294967296");
    refused("70000", "70001");
    refused("70000", "-70000");
    refused("1/5", "1/6");
    refused("1/5", "0/5");
    refused("1/5", "2/5");
    refused("1/5", "5");
    refused("1/5", "1/5h");
    refused("1/5", "x");
    refused(bitcoin::format_txid(txid).substr(0, 2), "zz");
    refused(bitcoin::format_txid(txid), std::string(64, 'a'));
    refused("\"previous_transaction\":\"", "\"previous_transaction\":\"00");
    refused("\"path\"", "\"height\":1,\"path\"");
    EXPECT_ERROR(parse("[]"), ErrorCode::malformed);
    EXPECT_ERROR(parse("{"), ErrorCode::malformed);
}

} // namespace
} // namespace coffer::cli
