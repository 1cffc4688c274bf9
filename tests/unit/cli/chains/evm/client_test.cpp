#include "cli/chains/evm/client.h"

#include "cli/chains/clients.h"
#include "formats/evm/payload.h"
#include "tests/support/vectors.h"
#include "tests/unit/cli/chains/evm/fixture.h"

namespace coffer::cli {
namespace {

using chains::SendOutcome;
using chains::Sighting;
using test::ether;
using test::FakeNode;
using test::order_of;
using test::pay;

const charter::Charter charter = test::test_charter();
const std::string txid = "0x" + std::string(64, '7');
const payments::SignedTransaction transaction{Bytes{2, 0xc0}, txid};

EvmClient client_of(const std::vector<std::string>& urls)
{
    std::vector<HttpEndpoint> endpoints;
    for (const auto& url : urls)
        endpoints.push_back({url, {}, {}});
    HttpLimits limits;
    limits.total_timeout = std::chrono::milliseconds{500};
    return EvmClient{charter.chains.front(), endpoints, limits};
}

void knows_as_pending(FakeNode& node)
{
    node.set("eth_getTransactionByHash", R"({"hash":")" + txid + R"(","blockNumber":null})");
}

void knows_in_block(FakeNode& node, const std::string& number, const std::string& status)
{
    knows_as_pending(node);
    node.set("eth_getTransactionReceipt", R"({"transactionHash":")" + txid + R"(","blockNumber":")" + number +
                                              R"(","blockHash":")" + FakeNode::hash_of(number) + R"(","status":")" +
                                              status + "\"}");
}

const std::string already_known = R"(!{"code":-32000,"message":"already known"})";

TEST(EvmClient, BuildsAndReadsBalances)
{
    const FakeNode node;
    auto client = client_of({node.url()});
    EXPECT_EQ(client.build(order_of(charter, {pay(1, "ETH", 1)})).payloads.size(), 1u);
    EXPECT_EQ(client.height(), 1000u);
    const auto balances = client.balances(charter, charter.wallets.front());
    EXPECT_EQ(balances, (std::vector<Amount>{{{"ethereum", "ETH"}, Uint256{10 * ether}},
                                             {{"ethereum", "USDC"}, Uint256{100'000'000}}}));
}

TEST(EvmClient, ChecksTheChainInEveryConversation)
{
    FakeNode node;
    node.set("eth_chainId", R"("0x1")");
    node.set("eth_sendRawTransaction", "\"" + txid + "\"");
    auto client = client_of({node.url()});
    const payments::SpendSlot slot{evm::slot_owner(31337, Bytes(20, 0xaa)), 1};
    EXPECT_ERROR(client.build(order_of(charter, {pay(1, "ETH", 1)})), ErrorCode::chain);
    EXPECT_ERROR(client.balances(charter, charter.wallets.front()), ErrorCode::chain);
    EXPECT_ERROR(client.height(), ErrorCode::chain);
    EXPECT_ERROR(client.send(transaction), ErrorCode::chain);
    EXPECT_ERROR(client.look_up(transaction, 0), ErrorCode::chain);
    EXPECT_ERROR(client.is_spent(slot, 1), ErrorCode::chain);
    EXPECT_EQ(node.count("eth_sendRawTransaction"), 0u);
}

TEST(EvmClient, SendsTheExactBytes)
{
    FakeNode node;
    node.set("eth_sendRawTransaction", "\"" + txid + "\"");
    auto client = client_of({node.url()});
    EXPECT_EQ(client.send(transaction), SendOutcome::accepted);
    EXPECT_EQ(client.send(transaction), SendOutcome::accepted);
    EXPECT_EQ(node.params_of("eth_sendRawTransaction"), (std::vector<std::string>{"0x02c0", "0x02c0"}));
}

TEST(EvmClient, BelievesAlreadyKnownOnlyWhenTheTransactionIsFound)
{
    for (const std::string words : {"already known", "nonce too low", "replacement transaction underpriced"}) {
        SCOPED_TRACE(words);
        FakeNode node;
        node.set("eth_sendRawTransaction", R"(!{"code":-32000,"message":")" + words + "\"}");
        auto client = client_of({node.url()});
        EXPECT_ERROR(client.send(transaction), ErrorCode::rpc);
        // Somebody else's transaction under our hash is not ours either.
        node.set("eth_getTransactionByHash", R"({"hash":"0x)" + std::string(64, '8') + "\"}");
        EXPECT_ERROR(client.send(transaction), ErrorCode::rpc);
        knows_as_pending(node);
        EXPECT_EQ(client.send(transaction), SendOutcome::already_known);
        knows_in_block(node, "0x3e0", "0x1");
        EXPECT_EQ(client.send(transaction), SendOutcome::already_known);
    }
}

TEST(EvmClient, FindsItOnAnotherNodeThanTheOneThatRefuses)
{
    FakeNode refuses;
    refuses.set("eth_sendRawTransaction", already_known);
    FakeNode other;
    auto client = client_of({refuses.url(), other.url()});
    EXPECT_ERROR(client.send(transaction), ErrorCode::rpc);
    knows_as_pending(other);
    EXPECT_EQ(client.send(transaction), SendOutcome::already_known);
}

TEST(EvmClient, SaysUnknownWhenTheAnswerStaysOut)
{
    FakeNode node;
    node.set_silent("eth_sendRawTransaction");
    auto client = client_of({node.url()});
    EXPECT_EQ(client.send(transaction), SendOutcome::unknown);
    knows_as_pending(node);
    EXPECT_EQ(client.send(transaction), SendOutcome::accepted);
}

TEST(EvmClient, GivesTheSameBytesToTheNextNodeAfterATimeOut)
{
    FakeNode silent;
    silent.set_silent("eth_sendRawTransaction");
    FakeNode good;
    good.set("eth_sendRawTransaction", "\"" + txid + "\"");
    EXPECT_EQ(client_of({silent.url(), good.url()}).send(transaction), SendOutcome::accepted);
    EXPECT_EQ(good.params_of("eth_sendRawTransaction"), silent.params_of("eth_sendRawTransaction"));

    // The second node's refusal cannot tell what became of it at the first.
    good.set("eth_sendRawTransaction", R"(!{"code":-32000,"message":"nonce too low"})");
    EXPECT_EQ(client_of({silent.url(), good.url()}).send(transaction), SendOutcome::unknown);
    FakeNode elsewhere;
    elsewhere.set("eth_chainId", R"("0x1")");
    EXPECT_EQ(client_of({silent.url(), elsewhere.url()}).send(transaction), SendOutcome::unknown);
}

TEST(EvmClient, KnowsThatNothingWasSent)
{
    EXPECT_ERROR(client_of({coffer::test::url_without_server()}).send(transaction), ErrorCode::rpc);
    FakeNode mute;
    mute.set_silent("eth_chainId");
    EXPECT_ERROR(client_of({mute.url()}).send(transaction), ErrorCode::rpc);
    EXPECT_EQ(mute.count("eth_sendRawTransaction"), 0u);
}

TEST(EvmClient, DistrustsANodeThatNamesAnotherTransaction)
{
    FakeNode node;
    node.set("eth_sendRawTransaction", "\"0x" + std::string(64, '8') + "\"");
    EXPECT_EQ(client_of({node.url()}).send(transaction), SendOutcome::unknown);
    node.set("eth_sendRawTransaction", "null");
    EXPECT_EQ(client_of({node.url()}).send(transaction), SendOutcome::unknown);
}

TEST(EvmClient, FollowsATransactionIntoABlock)
{
    FakeNode node;
    auto client = client_of({node.url()});
    EXPECT_EQ(client.look_up(transaction, 0).place, Sighting::Place::nowhere);
    knows_as_pending(node);
    EXPECT_EQ(client.look_up(transaction, 0).place, Sighting::Place::mempool);

    knows_in_block(node, "0x3e5", "0x1");
    const auto found = client.look_up(transaction, 0);
    EXPECT_EQ(found.place, Sighting::Place::block);
    EXPECT_EQ(found.block_number, 997u);
    EXPECT_EQ(found.confirmations, 4u);
    EXPECT_EQ("0x" + encoding::encode_hex(found.block_hash), FakeNode::hash_of("0x3e5"));
    EXPECT_TRUE(found.succeeded);

    knows_in_block(node, "0x3e8", "0x0");
    EXPECT_EQ(client.look_up(transaction, 0).confirmations, 1u);
    EXPECT_FALSE(client.look_up(transaction, 0).succeeded);
    knows_in_block(node, "0x3e9", "0x1"); // mined between two answers
    EXPECT_EQ(client.look_up(transaction, 0).confirmations, 1u);
}

TEST(EvmClient, DistrustsAReceiptWhoseBlockIsGone)
{
    FakeNode node;
    auto client = client_of({node.url()});
    knows_in_block(node, "0x3e5", "0x1");
    node.set("eth_getBlockByNumber", R"({"number":"0x3e5","hash":"0x)" + std::string(64, 'e') + "\"}");
    EXPECT_EQ(client.look_up(transaction, 0).place, Sighting::Place::mempool);
    node.set("eth_getTransactionByHash", "null");
    EXPECT_EQ(client.look_up(transaction, 0).place, Sighting::Place::nowhere);
    node.set("eth_getBlockByNumber", "null");
    EXPECT_EQ(client.look_up(transaction, 0).place, Sighting::Place::nowhere);
}

TEST(EvmClient, RefusesReceiptsThatAreNone)
{
    FakeNode node;
    auto client = client_of({node.url()});
    for (const auto* status : {"0x2", "0x", "", "1"}) {
        knows_in_block(node, "0x3e5", status);
        EXPECT_ERROR(client.look_up(transaction, 0), ErrorCode::rpc);
    }
    knows_in_block(node, "0x3e5", "0x1");
    node.set("eth_getTransactionReceipt", R"({"transactionHash":")" + txid + R"(","blockNumber":"0x3e5"})");
    EXPECT_ERROR(client.look_up(transaction, 0), ErrorCode::rpc);
    node.set("eth_getTransactionReceipt", R"({"transactionHash":"0x12","blockNumber":"0x3e5"})");
    EXPECT_ERROR(client.look_up(transaction, 0), ErrorCode::rpc);
}

TEST(EvmClient, SeesASpentNonceOnlyAtItsDepth)
{
    FakeNode node;
    auto client = client_of({node.url()});
    // 6 transactions (nonces 0 to 5) by block 990, one more in block 991.
    node.set("eth_getTransactionCount", [](const Json& params) {
        return *(*params.list())[1].text() >= "0x3df" ? R"("0x7")" : R"("0x6")";
    });
    const auto is_spent = [&](std::uint64_t nonce, std::uint64_t depth) {
        return client.is_spent({evm::slot_owner(31337, Bytes(20, 0xaa)), nonce}, depth);
    };
    EXPECT_TRUE(is_spent(5, 12));
    EXPECT_TRUE(is_spent(6, 10)); // block 991 has 10 confirmations
    EXPECT_FALSE(is_spent(6, 11));
    EXPECT_FALSE(is_spent(7, 1));
    EXPECT_TRUE(is_spent(6, 0));
    EXPECT_FALSE(is_spent(5, 1002));
    EXPECT_ERROR(client.is_spent({evm::slot_owner(1, Bytes(20, 0xaa)), 1}, 1), ErrorCode::chain);
    EXPECT_ERROR(client.is_spent({evm::slot_owner(31337, Bytes(20, 0xaa)), std::nullopt}, 1), ErrorCode::chain);
    EXPECT_ERROR(client.is_spent({Bytes{1, 2, 3}, 1}, 1), ErrorCode::chain);
}

TEST(OfflineEvmClient, BuildsAndDoesNothingElse)
{
    const auto client = offline_client(charter.chains.front(),
                                       R"({"nonce":7,"gas_limit":21000,"base_fee":1000000000,"balance":"9000000000000000000","block":9})");
    EXPECT_EQ(client->build(order_of(charter, {pay(1, "ETH", 1)})).height, 9u);
    EXPECT_ERROR(client->height(), ErrorCode::rpc);
    EXPECT_ERROR(client->send(transaction), ErrorCode::rpc);
    EXPECT_ERROR(client->look_up(transaction, 0), ErrorCode::rpc);
    EXPECT_ERROR(client->is_spent({}, 1), ErrorCode::rpc);
    EXPECT_ERROR(client->balances(charter, charter.wallets.front()), ErrorCode::rpc);
}

TEST(Clients, KnowsTheFamiliesThatAreBuiltIn)
{
    EXPECT_NE(connect_client(charter.chains.front(), {{"http://127.0.0.1:8545", {}, {}}}), nullptr);
    EXPECT_ERROR(connect_client(charter.chains.front(), {}), ErrorCode::usage);
    EXPECT_ERROR(connect_client(charter.chains.front(), {{"http://192.0.2.1", {}, {}}}), ErrorCode::usage);
    auto chain = charter.chains.front();
    chain.family = "cobol";
    EXPECT_ERROR(connect_client(chain, {{"http://127.0.0.1:8545", {}, {}}}), ErrorCode::chain);
    EXPECT_ERROR(offline_client(chain, "{}"), ErrorCode::chain);
}

} // namespace
} // namespace coffer::cli
