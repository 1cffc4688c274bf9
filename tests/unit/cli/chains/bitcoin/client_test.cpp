#include "cli/chains/bitcoin/client.h"

#include "cli/chains/clients.h"
#include "formats/bitcoin/payload.h"
#include "tests/support/vectors.h"
#include "tests/unit/cli/chains/bitcoin/fixture.h"

namespace coffer::cli {
namespace {

using chains::SendOutcome;
using chains::Sighting;
using test::FakeCore;
using test::pay_bitcoin;

const charter::Charter charter = coffer::test::bitcoin_charter();
const charter::Wallet& wallet = charter.wallets[1];
const bitcoin::DescriptorWallet derived{charter, wallet};

/// Spends output 1 of a transaction to the wallet.
bitcoin::Transaction some_transaction()
{
    bitcoin::Transaction transaction;
    bitcoin::TxInput input;
    input.previous = {bitcoin::Txid{{9, 9, 9}}, 1};
    input.sequence = 0xfffffffd;
    transaction.inputs.push_back(input);
    transaction.outputs.push_back({1000, test::elsewhere});
    transaction.lock_time = 990;
    return transaction;
}

const payments::SignedTransaction signed_one{bitcoin::encode_transaction(some_transaction()),
                                             bitcoin::format_txid(bitcoin::txid_of(some_transaction()))};

BitcoinClient client_of(const std::vector<std::string>& urls)
{
    std::vector<HttpEndpoint> endpoints;
    for (const auto& url : urls)
        endpoints.push_back({url, {}, {}});
    auto limits = core_limits();
    limits.total_timeout = std::chrono::milliseconds{500};
    return BitcoinClient{charter.chains.front(), endpoints, limits, {2, std::chrono::milliseconds{1}}};
}

chains::TransferOrder order_of(std::vector<payments::Payment> payments)
{
    return {charter, wallet, std::move(payments), false, {}, {}};
}

payments::SpendSlot slot_of(const bitcoin::Outpoint& outpoint)
{
    return bitcoin::outpoint_slot(derived.network(), outpoint);
}

TEST(BitcoinClient, BuildsAndReadsBalances)
{
    FakeCore node;
    node.pay(derived, 100'000, {chains::Branch::receive, 7});
    node.pay(derived, 30'000, {chains::Branch::change, 2});
    auto client = client_of({node.url()});
    const auto built = client.build(order_of({pay_bitcoin(50'000)}));
    EXPECT_EQ(built.height, 1000u);
    ASSERT_EQ(built.payloads.size(), 1u);
    const auto signed_transaction = coffer::test::sign_psbt(bitcoin::decode_psbt(built.payloads[0]));
    EXPECT_EQ(signed_transaction.inputs.size(), 1u);
    EXPECT_EQ(signed_transaction.outputs[0].script_pubkey, derived.script_pubkey({chains::Branch::change, 3}));
    EXPECT_EQ(client.height(), 1000u);
    EXPECT_EQ(client.balances(charter, wallet), (std::vector<Amount>{{{"bitcoin", "BTC"}, Uint256{130'000}}}));
}

// J01: amounts and scripts are proved by the transactions themselves.
TEST(BitcoinClient, FindsOutANodeThatLiesAboutWhatItSpends)
{
    FakeCore node;
    const auto outpoint = node.pay(derived, 100'000);
    const auto txid = bitcoin::format_txid(outpoint.txid);
    auto client = client_of({node.url()});
    EXPECT_NO_THROW(client.build(order_of({pay_bitcoin(50'000)})));
    const auto good = node.m_transactions.at(txid);
    const auto other = test::funding_transaction(derived.script_pubkey({}), 200'000, 9);
    for (const auto& answer : {encoding::encode_hex(bitcoin::encode_transaction(other)), good + "00", good.substr(2), std::string{}, std::string{"zz"}}) {
        node.m_transactions[txid] = answer;
        EXPECT_ERROR(client.build(order_of({pay_bitcoin(50'000)})), ErrorCode::rpc);
    }
    node.m_transactions.clear();
    EXPECT_ERROR(client.build(order_of({pay_bitcoin(50'000)})), ErrorCode::rpc);
    node.m_transactions[txid] = good;
    const auto script = encoding::encode_hex(derived.script_pubkey({}));
    node.m_unspents = {FakeCore::unspent(txid, 1, script, "0.00100001", "900")};
    EXPECT_ERROR(client.build(order_of({pay_bitcoin(50'000)})), ErrorCode::rpc);
    node.m_unspents = {FakeCore::unspent(txid, 0, script, "0.00100000", "900")};
    EXPECT_ERROR(client.build(order_of({pay_bitcoin(50'000)})), ErrorCode::rpc);
    node.m_unspents = {FakeCore::unspent(txid, 1, script, "0.00100000", "900")};
    EXPECT_NO_THROW(client.build(order_of({pay_bitcoin(50'000)})));
}

TEST(BitcoinClient, ChecksTheChainInEveryConversation)
{
    FakeCore node;
    node.set("getblockhash", "\"" + std::string{bitcoin::find_network("testnet")->genesis_hash} + "\"");
    node.set("sendrawtransaction", "\"" + signed_one.txid + "\"");
    auto client = client_of({node.url()});
    EXPECT_ERROR(client.build(order_of({pay_bitcoin(1000)})), ErrorCode::chain);
    EXPECT_ERROR(client.balances(charter, wallet), ErrorCode::chain);
    EXPECT_ERROR(client.height(), ErrorCode::chain);
    EXPECT_ERROR(client.send(signed_one), ErrorCode::chain);
    EXPECT_ERROR(client.look_up(signed_one, 0), ErrorCode::chain);
    EXPECT_ERROR(client.is_spent(slot_of({}), 1), ErrorCode::chain);
    EXPECT_EQ(node.count("sendrawtransaction"), 0u);
    EXPECT_EQ(node.count("scantxoutset"), 0u);
}

TEST(BitcoinClient, SendsTheExactBytes)
{
    FakeCore node;
    node.set("sendrawtransaction", "\"" + signed_one.txid + "\"");
    EXPECT_EQ(client_of({node.url()}).send(signed_one), SendOutcome::accepted);
    EXPECT_EQ(node.params_of("sendrawtransaction"), (std::vector<std::string>{encoding::encode_hex(signed_one.bytes)}));
}

TEST(BitcoinClient, BelievesARefusalOnlyWhenTheTransactionIsFound)
{
    for (const std::string words : {"Transaction already in block chain", "txn-mempool-conflict", "bad-txns-inputs-missingorspent"}) {
        SCOPED_TRACE(words);
        FakeCore node;
        node.set("sendrawtransaction", R"(!{"code":-27,"message":")" + words + "\"}");
        auto client = client_of({node.url()});
        EXPECT_ERROR(client.send(signed_one), ErrorCode::rpc);
        node.set("getblock", [&](const Json& params) {
            const auto height = FakeCore::height_of(*params.list()->front().text());
            return node.block(height, {"\"" + std::string(64, 'c') + "\"", height == 995 ? "\"" + signed_one.txid + "\"" : "\"" + std::string(64, 'd') + "\""});
        });
        EXPECT_EQ(client.send(signed_one), SendOutcome::already_known);
        node.set("getmempoolentry", R"({"vsize":100})");
        EXPECT_EQ(client.send(signed_one), SendOutcome::already_known);
    }
}

TEST(BitcoinClient, SaysUnknownWhenTheAnswerStaysOut)
{
    FakeCore silent;
    silent.set_silent("sendrawtransaction");
    EXPECT_EQ(client_of({silent.url()}).send(signed_one), SendOutcome::unknown);
    FakeCore good;
    good.set("sendrawtransaction", "\"" + signed_one.txid + "\"");
    EXPECT_EQ(client_of({silent.url(), good.url()}).send(signed_one), SendOutcome::accepted);
    EXPECT_EQ(good.params_of("sendrawtransaction"), std::vector<std::string>{encoding::encode_hex(signed_one.bytes)});
    // The second node's refusal cannot tell what became of it at the first.
    good.set("sendrawtransaction", R"(!{"code":-26,"message":"txn-mempool-conflict"})");
    EXPECT_EQ(client_of({silent.url(), good.url()}).send(signed_one), SendOutcome::unknown);
    silent.set("getmempoolentry", R"({"vsize":100})");
    EXPECT_EQ(client_of({silent.url()}).send(signed_one), SendOutcome::accepted);
}

TEST(BitcoinClient, KnowsThatNothingWasSent)
{
    EXPECT_ERROR(client_of({coffer::test::url_without_server()}).send(signed_one), ErrorCode::rpc);
    FakeCore mute;
    mute.set_silent("getblockchaininfo");
    EXPECT_ERROR(client_of({mute.url()}).send(signed_one), ErrorCode::rpc);
    EXPECT_EQ(mute.count("sendrawtransaction"), 0u);
}

TEST(BitcoinClient, DistrustsANodeThatNamesAnotherTransaction)
{
    FakeCore node;
    for (const auto& answer : {"\"" + std::string(64, '8') + "\"", std::string{"null"}, std::string{"true"}}) {
        node.set("sendrawtransaction", answer);
        EXPECT_EQ(client_of({node.url()}).send(signed_one), SendOutcome::unknown);
    }
}

TEST(BitcoinClient, RefusesSlotsOfOtherChains)
{
    const FakeCore node;
    auto client = client_of({node.url()});
    auto slot = slot_of({bitcoin::Txid{{1}}, 3});
    EXPECT_TRUE(client.is_spent(slot, 1));
    auto other = slot;
    other.owner[10] ^= 1;
    EXPECT_ERROR(client.is_spent(other, 1), ErrorCode::chain);
    other = slot;
    other.sequence = 1;
    EXPECT_ERROR(client.is_spent(other, 1), ErrorCode::chain);
    EXPECT_ERROR(client.is_spent({{}, {}}, 1), ErrorCode::chain);
}

TEST(OfflineBitcoinClient, BuildsAndDoesNothingElse)
{
    const auto transaction = test::funding_transaction(derived.script_pubkey({}), 100'000, 1);
    const auto inputs = R"({"height":900,"feerate":"2.5","utxos":[{"txid":")" + bitcoin::format_txid(bitcoin::txid_of(transaction)) +
                        R"(","vout":1,"amount":100000,"path":"0/0","previous_transaction":")" +
                        encoding::encode_hex(bitcoin::encode_transaction(transaction)) + "\"}]}";
    const auto client = offline_client(charter.chains.front(), inputs);
    const auto built = client->build(order_of({pay_bitcoin(50'000)}));
    EXPECT_EQ(built.height, 900u);
    const auto psbt = bitcoin::decode_psbt(built.payloads.at(0));
    EXPECT_EQ(psbt.outputs[0].output.amount + psbt.outputs[1].output.amount, 100'000 - 353u); // 141 virtual bytes
    EXPECT_ERROR(client->height(), ErrorCode::rpc);
    EXPECT_ERROR(client->send(signed_one), ErrorCode::rpc);
    EXPECT_ERROR(client->look_up(signed_one, 0), ErrorCode::rpc);
    EXPECT_ERROR(client->is_spent({}, 1), ErrorCode::rpc);
    EXPECT_ERROR(client->balances(charter, wallet), ErrorCode::rpc);
}

TEST(Clients, KnowsBitcoin)
{
    EXPECT_NE(connect_client(charter.chains.front(), {{"http://127.0.0.1:8332", {}, {}}}), nullptr);
    EXPECT_ERROR(connect_client(charter.chains.front(), {}), ErrorCode::usage);
}

} // namespace
} // namespace coffer::cli
