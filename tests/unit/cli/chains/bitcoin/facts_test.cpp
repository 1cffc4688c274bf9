#include "cli/chains/bitcoin/facts.h"

#include "tests/support/vectors.h"
#include "tests/unit/cli/chains/bitcoin/fixture.h"

namespace coffer::cli {
namespace {

using test::FakeCore;

const charter::Charter charter = coffer::test::bitcoin_charter({"wpkh(K0)"});
const bitcoin::DescriptorWallet wallet{charter, charter.wallets[0]};

BitcoinFacts ask(const std::vector<std::string>& urls)
{
    std::vector<HttpEndpoint> endpoints;
    for (const auto& url : urls)
        endpoints.push_back({url, {}, {}});
    RpcNodes nodes{"bitcoin", endpoints, core_limits(), core_rules()};
    return ask_for_bitcoin_facts(nodes, wallet, 0, {1, {}});
}

std::string message_of(const std::vector<std::string>& urls)
{
    try {
        ask(urls);
        return "";
    } catch (const Error& error) {
        return std::string{name_of(error.code())} + " " + error.message();
    }
}

TEST(BitcoinFacts, AsksANode)
{
    FakeCore node;
    const auto outpoint = node.pay(wallet, 5000);
    const auto facts = ask({node.url()});
    EXPECT_EQ(facts.height, 1000u);
    EXPECT_EQ(facts.feerate, 5000u);
    EXPECT_EQ(facts.least_feerate, 1000u);
    EXPECT_EQ(facts.increment, 1000u);
    ASSERT_EQ(facts.outputs.size(), 1u);
    EXPECT_EQ(facts.outputs[0].outpoint, outpoint);
    node.set("getmempoolinfo", R"({"mempoolminfee":0.00004000,"minrelaytxfee":0.00001000,"incrementalrelayfee":0.00002000})");
    EXPECT_EQ(ask({node.url()}).least_feerate, 4000u);
}

TEST(BitcoinFacts, TakesAFeerateThatIsOne)
{
    FakeCore node;
    node.set("estimatesmartfee", R"({"errors":["Insufficient data or no feerate found"],"blocks":6})");
    EXPECT_EQ(ask({node.url()}).feerate, std::nullopt);
    for (const auto* bad : {"-1", "0.000000001", "\"0.0001\"", "1e-5", "null"}) {
        node.set("estimatesmartfee", std::string{R"({"feerate":)"} + bad + "}");
        EXPECT_ERROR(ask({node.url()}), ErrorCode::rpc);
    }
}

TEST(BitcoinFacts, RefusesANodeThatIsStillLoading)
{
    auto mainnet = charter;
    mainnet.chains[0].network = "signet";
    FakeCore node;
    node.set("getblockhash", "\"" + std::string{bitcoin::find_network("signet")->genesis_hash} + "\"");
    RpcNode rpc{{node.url(), {}, {}}, core_limits(), core_rules()};
    EXPECT_ERROR(tip_of(rpc, *bitcoin::find_network("signet")), ErrorCode::rpc);
    node.set("getblockchaininfo", R"({"blocks":5,"bestblockhash":")" + FakeCore::hash_of(5) + R"(","initialblockdownload":false})");
    EXPECT_EQ(tip_of(rpc, *bitcoin::find_network("signet")).height, 5u);
    EXPECT_ERROR(tip_of(rpc, *bitcoin::find_network("regtest")), ErrorCode::chain);
}

// J01
TEST(BitcoinFacts, ComparesTwoNodesAtOneTip)
{
    FakeCore first;
    FakeCore second;
    first.pay(wallet, 5000);
    EXPECT_EQ(message_of({first.url(), second.url()}).find("rpc_disagree two nodes disagree on output "), 0u);
    EXPECT_EQ(message_of({second.url(), first.url()}).find("rpc_disagree two nodes disagree on output "), 0u);
    second.m_unspents = first.m_unspents;
    EXPECT_EQ(ask({first.url(), second.url()}).outputs.size(), 1u);
    const auto outpoint = ask({first.url()}).outputs[0].outpoint;
    const auto script = encoding::encode_hex(wallet.script_pubkey({}));
    second.m_unspents = {FakeCore::unspent(bitcoin::format_txid(outpoint.txid), 1, script, "0.00005001", "900")};
    EXPECT_ERROR(ask({first.url(), second.url()}), ErrorCode::rpc_disagree);
    second.m_unspents = {FakeCore::unspent(bitcoin::format_txid(outpoint.txid), 1, script, "0.00005000", "901")};
    EXPECT_ERROR(ask({first.url(), second.url()}), ErrorCode::rpc_disagree);
    // The third is never asked; one that does not answer makes room for it.
    EXPECT_ERROR(ask({first.url(), second.url(), first.url()}), ErrorCode::rpc_disagree);
    EXPECT_NO_THROW(ask({first.url(), coffer::test::url_without_server(), first.url()}));
}

TEST(BitcoinFacts, ComparesTwoNodesAtDifferentTips)
{
    FakeCore low{998};
    FakeCore high;
    const auto common = low.pay(wallet, 5000);
    high.m_unspents = low.m_unspents;
    low.pay(wallet, 6000);                // spent since, or a lie
    high.m_unspents.push_back(FakeCore::unspent(std::string(64, '1'), 0, encoding::encode_hex(wallet.script_pubkey({})), "0.1", "999"));
    for (const auto& urls : {std::vector{low.url(), high.url()}, std::vector{high.url(), low.url()}}) {
        const auto facts = ask(urls);
        EXPECT_EQ(facts.height, 998u);
        ASSERT_EQ(facts.outputs.size(), 1u);
        EXPECT_EQ(facts.outputs[0].outpoint, common);
    }
    // What is unspent now and old enough was unspent then.
    high.m_unspents.push_back(FakeCore::unspent(std::string(64, '2'), 0, encoding::encode_hex(wallet.script_pubkey({})), "0.1", "998"));
    EXPECT_ERROR(ask({low.url(), high.url()}), ErrorCode::rpc_disagree);
}

TEST(BitcoinFacts, RefusesTwoChainsAndFarTips)
{
    FakeCore first;
    FakeCore second{993};
    EXPECT_ERROR(ask({first.url(), second.url()}), ErrorCode::rpc_disagree);
    second.set_tip(994);
    EXPECT_NO_THROW(ask({first.url(), second.url()}));
    const auto regtest = FakeCore::hash_of(0);
    first.set("getblockhash", [&](const Json& params) {
        return "\"" + (*params.list()->front().number() == "0" ? regtest : std::string(64, 'c')) + "\"";
    });
    EXPECT_ERROR(ask({first.url(), second.url()}), ErrorCode::rpc_disagree);
    EXPECT_ERROR(ask({second.url(), first.url()}), ErrorCode::rpc_disagree);
}

} // namespace
} // namespace coffer::cli
