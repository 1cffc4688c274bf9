#include "cli/chains/evm/facts.h"

#include "tests/support/vectors.h"
#include "tests/unit/cli/chains/evm/fixture.h"

namespace coffer::cli {
namespace {

using test::ether;
using test::FakeNode;
using test::gwei;
using test::order_of;
using test::pay;

const charter::Charter charter = test::test_charter();

EvmFacts ask(const std::vector<std::string>& urls, const chains::TransferOrder& order)
{
    std::vector<HttpEndpoint> endpoints;
    for (const auto& url : urls)
        endpoints.push_back({url, {}, {}});
    HttpLimits limits;
    limits.total_timeout = std::chrono::seconds{2};
    RpcNodes nodes{"ethereum", endpoints, limits};
    return ask_for_facts(nodes, charter.chains.front(), order);
}

EvmFacts ask(const FakeNode& node, const chains::TransferOrder& order)
{
    return ask(std::vector{node.url()}, order);
}

TEST(EvmFacts, AsksANode)
{
    const FakeNode node;
    const auto facts = ask(node, order_of(charter, {pay(1, "ETH", 1), pay(2, "USDC", 2)}));
    EXPECT_EQ(facts.block, 1000u);
    EXPECT_EQ(facts.nonce, 5u);
    EXPECT_EQ(facts.base_fee, Uint256{10 * gwei});
    EXPECT_EQ(facts.priority_fee, Uint256{gwei});
    EXPECT_EQ(facts.balance, Uint256{10 * ether});
    EXPECT_EQ(facts.token_balances, (std::map<std::string, Uint256>{{"USDC", Uint256{100'000'000}}}));
    EXPECT_EQ(facts.gas_limits, (std::vector<std::uint64_t>{21'000, 60'000})); // 50000 and a fifth
}

TEST(EvmFacts, EstimatesGasForARecipientWithCode)
{
    FakeNode node;
    node.set("eth_getCode", [](const Json& params) {
        return *params.list()->front().text() == "0x" + std::string(39, '0') + "2" ? R"("0x")" : R"("0x60")";
    });
    node.set("eth_estimateGas", R"("0x7531")"); // 30001
    const auto facts = ask(node, order_of(charter, {pay(1, "ETH", 1)}));
    EXPECT_EQ(facts.gas_limits, (std::vector<std::uint64_t>{36'001}));
}

TEST(EvmFacts, RefusesAnotherChain)
{
    FakeNode node;
    node.set("eth_chainId", R"("0x1")");
    const auto order = order_of(charter, {pay(1, "ETH", 1)});
    EXPECT_ERROR(ask(node, order), ErrorCode::chain);
    try {
        ask(node, order);
    } catch (const Error& error) {
        EXPECT_NE(error.message().find("chain id 1,"), std::string::npos) << error.message();
        EXPECT_NE(error.message().find("31337"), std::string::npos) << error.message();
    }
    EXPECT_EQ(node.count("eth_getBalance"), 0u);
    const FakeNode good;
    EXPECT_ERROR(ask({good.url(), node.url()}, order), ErrorCode::chain);
}

// J03
TEST(EvmFacts, RefusesFeesThatAreNoNumber)
{
    const auto order = order_of(charter, {pay(1, "ETH", 1)});
    for (const std::string fee : {R"("0x-1")", R"("NaN")", "-1", "null", R"("0x")", "1e99", R"("")"}) {
        SCOPED_TRACE(fee);
        FakeNode node;
        node.set("eth_maxPriorityFeePerGas", fee);
        EXPECT_ERROR(ask(node, order), ErrorCode::fee_cap);
        FakeNode other;
        other.set("eth_getBlockByNumber", R"({"number":"0x3e8","hash":")" + FakeNode::hash_of("0x3e8") +
                                              R"(","baseFeePerGas":)" + fee + "}");
        EXPECT_ERROR(ask(other, order), ErrorCode::fee_cap);
    }
}

TEST(EvmFacts, RefusesAFeeOfZero)
{
    FakeNode free;
    free.set("eth_getBlockByNumber", FakeNode::block("0x3e8", 0));
    EXPECT_ERROR(ask(free, order_of(charter, {pay(1, "ETH", 1)})), ErrorCode::fee_cap);
}

TEST(EvmFacts, RefusesBlocksThatAreNone)
{
    const auto order = order_of(charter, {pay(1, "ETH", 1)});
    FakeNode old;
    old.set("eth_getBlockByNumber", R"({"number":"0x3e8","hash":")" + FakeNode::hash_of("0x3e8") + "\"}");
    EXPECT_ERROR(ask(old, order), ErrorCode::rpc);
    FakeNode none;
    none.set("eth_getBlockByNumber", "null");
    EXPECT_ERROR(ask(none, order), ErrorCode::rpc);
    FakeNode another;
    another.set("eth_getBlockByNumber", FakeNode::block("0x3e7", gwei));
    EXPECT_ERROR(ask(another, order), ErrorCode::rpc);
}

TEST(EvmFacts, AgreesOnlyWhenTwoNodesDo)
{
    const auto order = order_of(charter, {pay(1, "USDC", 1)});
    const FakeNode first;
    FakeNode second;
    const std::vector urls{first.url(), second.url()};
    EXPECT_NO_THROW(ask(urls, order));
    EXPECT_EQ(second.count("eth_getBalance"), 1u);

    const auto disagrees = [&](const std::string& method, const std::string& lie) {
        SCOPED_TRACE(method);
        FakeNode liar;
        liar.set(method, lie);
        EXPECT_ERROR(ask({first.url(), liar.url()}, order), ErrorCode::rpc_disagree);
        EXPECT_ERROR(ask({liar.url(), first.url()}, order), ErrorCode::rpc_disagree);
        // The third is never asked, and one that does not answer is no vote.
        EXPECT_NO_THROW(ask({first.url(), second.url(), liar.url()}, order));
        EXPECT_ERROR(ask({first.url(), coffer::test::url_without_server(), liar.url()}, order), ErrorCode::rpc_disagree);
    };
    disagrees("eth_getTransactionCount", R"("0x6")");
    disagrees("eth_getBalance", R"("0x8ac7230489e80001")");
    disagrees("eth_call", "\"0x" + std::string(64, '1') + "\"");
    disagrees("eth_getBlockByNumber", FakeNode::block("0x3e8", 11 * gwei));
    disagrees("eth_getBlockByNumber", R"({"number":"0x3e8","hash":"0x)" + std::string(64, 'e') +
                                          R"(","baseFeePerGas":"0x2540be400"})");
    disagrees("eth_blockNumber", R"("0x44d")"); // 101 ahead

    FakeNode ahead; // by a block that the first has not seen yet
    ahead.set("eth_blockNumber", R"("0x3e9")");
    EXPECT_EQ(ask({ahead.url(), first.url()}, order).block, 1000u);
}

TEST(EvmFacts, SaysWhatIsMissingBeforeItEstimates)
{
    FakeNode node;
    EXPECT_ERROR(ask(node, order_of(charter, {pay(1, "USDC", 100'000'001)})), ErrorCode::insufficient_funds);
    EXPECT_ERROR(ask(node, order_of(charter, {pay(1, "ETH", Uint256{10 * ether} + Uint256{1})})),
                 ErrorCode::insufficient_funds);
    EXPECT_EQ(node.count("eth_estimateGas"), 0u);
    node.set("eth_estimateGas", R"(!{"code":3,"message":"execution reverted: \u001b[2J"})");
    try {
        ask(node, order_of(charter, {pay(1, "ETH", 1), pay(1, "USDC", 1)}));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::rpc);
        EXPECT_EQ(error.message().find("payment 2: "), 0u) << error.message();
        EXPECT_EQ(error.message().find('\x1b'), std::string::npos);
    }
    node.set("eth_call", R"("0x")");
    EXPECT_ERROR(ask(node, order_of(charter, {pay(1, "USDC", 1)})), ErrorCode::rpc);
}

TEST(EvmFacts, ReadsOfflineInputs)
{
    const auto facts = parse_offline_inputs(
        R"({"nonce":7,"gas_limit":"65000","base_fee":"20000000000","balance":"1000000000000000000000","block":9})", 2);
    EXPECT_EQ(facts.nonce, 7u);
    EXPECT_EQ(facts.block, 9u);
    EXPECT_EQ(facts.base_fee, Uint256{20 * gwei});
    EXPECT_EQ(facts.priority_fee, Uint256{gwei});
    EXPECT_EQ(facts.balance.decimal(), "1000000000000000000000");
    EXPECT_EQ(facts.gas_limits, (std::vector<std::uint64_t>{65'000, 65'000}));
    EXPECT_TRUE(facts.token_balances.empty());
}

TEST(EvmFacts, RefusesOfflineInputsThatAreNotExactlyThat)
{
    const std::string good = R"({"nonce":7,"gas_limit":21000,"base_fee":1,"balance":1,"block":9,"priority_fee":2})";
    EXPECT_EQ(parse_offline_inputs(good, 1).priority_fee, Uint256{2});
    for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
             {"\"nonce\":7,", ""},          {"\"block\"", "\"blocks\""}, {"7", "-7"},     {"7", "7.0"},
             {"7", "1e3"},                  {"7", "\"0x7\""},            {"7", "null"},   {"7", "[7]"},
             {"7", "18446744073709551616"}, {"\"block\"", "\"nonce\""},  {"21000", "{}"}, {"7", "\"\""},
             {"7,", "7,\"extra\":1,"},
             {"}", ""},                     {"}", "}}"}}) {
        SCOPED_TRACE(from + " to " + to);
        auto bad = good;
        bad.replace(bad.find(from), from.size(), to);
        EXPECT_THROW(parse_offline_inputs(bad, 1), Error);
        try {
            parse_offline_inputs(bad, 1);
        } catch (const Error& error) {
            EXPECT_EQ(error.exit_status(), ExitStatus::malformed) << error.message();
        }
    }
    EXPECT_ERROR(parse_offline_inputs("[]", 1), ErrorCode::malformed);
    EXPECT_ERROR(parse_offline_inputs(std::string(5000, ' '), 1), ErrorCode::limit);
}

} // namespace
} // namespace coffer::cli
