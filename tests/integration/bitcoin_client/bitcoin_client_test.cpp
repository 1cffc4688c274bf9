// The client beside a regtest node: scans, builds for every kind of wallet, sends, follows re-orgs.

#include "cli/chains/bitcoin/client.h"
#include "cli/chains/bitcoin/core_value.h"
#include "cli/chains/bitcoin/weight.h"
#include "core/base/text.h"
#include "core/encoding/hex.h"
#include "core/storage/file.h"
#include "formats/bitcoin/address.h"
#include "formats/bitcoin/payload.h"
#include "formats/bitcoin/script.h"
#include "tests/support/bitcoin_wallets.h"
#include "tests/support/vectors.h"

#include <algorithm>
#include <cstdlib>

namespace coffer::cli {
namespace {

using bitcoin::Place;
using chains::Branch;
using chains::SendOutcome;
using chains::Sighting;

/// With wallets of two forms for tests that need coins of their own.
std::vector<std::string> all_forms()
{
    auto forms = coffer::test::wallet_forms;
    forms.insert(forms.end(), {"wpkh(K1)", "wpkh(K2)", "wsh(sortedmulti(2,K0,K1))", "wsh(sortedmulti(2,K1,K2))", "wsh(sortedmulti(1,K2))"});
    return forms;
}

const charter::Charter charter = coffer::test::bitcoin_charter(all_forms());
const Bytes elsewhere = bitcoin::p2wsh_script({7});

Json node_file()
{
    const auto* path = std::getenv("COFFER_TEST_BITCOIN_NODE");
    require(path != nullptr, "COFFER_TEST_BITCOIN_NODE is not set");
    return Json::parse(text_of(storage::read_file(path, 65'536)));
}

class BitcoinClientOnRegtest : public testing::Test {
protected:
    HttpEndpoint endpoint() const { return {*m_file.find("url")->text(), {}, {}, {{}, *m_file.find("cookie_file")->text()}}; }

    RpcAnswer rpc(const std::string& method, Document params = Document::list()) { return m_node.call(method, std::move(params)); }
    void mine(int blocks = 1) { static_cast<void>(rpc("test_mine", Document::list().add(blocks)).result()); }
    /// Mined at once.
    void fund(const bitcoin::DescriptorWallet& wallet, const std::string& amount, const Place& place = {})
    {
        const auto answer = rpc("test_fund", Document::list().add(encoding::encode_hex(wallet.script_pubkey(place))).add(amount).add(true));
        static_cast<void>(answer.result());
    }
    void set_feerate(const std::string& btc_per_kvb)
    {
        const auto answer = rpc("test_setfeerate", Document::list().add(btc_per_kvb));
        static_cast<void>(answer.result());
    }

    chains::TransferOrder order(const charter::Wallet& wallet, const Uint256& amount, Bytes destination = elsewhere)
    {
        chains::TransferOrder order{charter, wallet, {{std::move(destination), Amount{{"bitcoin", "BTC"}, amount}}}, false, {}, {}};
        order.feerate = Uint256{4000};
        return order;
    }
    bitcoin::Transaction sign(const chains::BuiltTransfer& built) { return coffer::test::sign_psbt(bitcoin::decode_psbt(built.payloads.at(0))); }
    static payments::SignedTransaction encoded(const bitcoin::Transaction& transaction)
    {
        return {bitcoin::encode_transaction(transaction), bitcoin::format_txid(bitcoin::txid_of(transaction))};
    }
    const charter::Wallet& wallet_of(std::string_view form)
    {
        const auto forms = all_forms();
        return charter.wallets.at(static_cast<std::size_t>(std::ranges::find(forms, form) - forms.begin()));
    }

    Json m_file = node_file();
    RpcNode m_node{endpoint(), core_limits(), core_rules()};
    BitcoinClient m_client{charter.chains.front(), {endpoint()}, core_limits(), {3, std::chrono::milliseconds{10}}};
};

TEST_F(BitcoinClientOnRegtest, TakesEveryKindOfWalletFromScanToConfirmation)
{
    for (std::size_t i = 0; i < coffer::test::wallet_forms.size(); ++i) {
        SCOPED_TRACE(coffer::test::wallet_forms[i]);
        const auto& wallet = charter.wallets[i];
        const bitcoin::DescriptorWallet derived{charter, wallet};
        fund(derived, "0.004", {Branch::receive, 5});
        fund(derived, "0.003", {Branch::change, 2});
        EXPECT_EQ(m_client.balances(charter, wallet).at(0).base_units(), Uint256{700'000});

        const auto built = m_client.build(order(wallet, 600'000));
        EXPECT_EQ(built.height, m_client.height());
        const auto psbt = bitcoin::decode_psbt(built.payloads.at(0));
        const auto payload = bitcoin::BitcoinPayload::decode(built.payloads.at(0), {charter, wallet}, {});
        const auto description = payload->description();
        EXPECT_EQ(description.payments.size(), 1u);
        ASSERT_EQ(description.change.size(), 1u);
        EXPECT_EQ(description.change[0].index, 3u);

        const auto transaction = sign(built);
        EXPECT_EQ(transaction.inputs.size(), 2u);
        const auto sent = encoded(transaction);
        EXPECT_EQ(m_client.look_up(sent, built.height).place, Sighting::Place::nowhere);
        EXPECT_EQ(m_client.send(sent), SendOutcome::accepted);
        EXPECT_EQ(m_client.look_up(sent, built.height).place, Sighting::Place::mempool);
        const auto slot = payload->slots().at(0);
        EXPECT_FALSE(m_client.is_spent(slot, 1));
        mine(2);
        const auto found = m_client.look_up(sent, built.height);
        EXPECT_EQ(found.place, Sighting::Place::block);
        EXPECT_EQ(found.confirmations, 2u);
        EXPECT_EQ(found.block_number, built.height + 1);
        EXPECT_TRUE(m_client.is_spent(slot, 2));
        EXPECT_FALSE(m_client.is_spent(slot, 3));
        const auto fee = description.fee.maximum.base_units();
        EXPECT_EQ(m_client.balances(charter, wallet).at(0).base_units(), Uint256{100'000} - fee);
    }
}

TEST_F(BitcoinClientOnRegtest, SendsEverythingAtTheFeerateOfTheNode)
{
    const auto& wallet = wallet_of("wpkh(K1)");
    const bitcoin::DescriptorWallet derived{charter, wallet};
    for (std::uint32_t i = 0; i < 5; ++i)
        fund(derived, "0.001", {Branch::receive, i});
    auto everything = order(wallet, 0);
    everything.spend_all = true;
    everything.feerate.reset();
    EXPECT_ERROR(m_client.build(everything), ErrorCode::rpc); // the node has seen too little
    set_feerate("0.00012345");
    const auto transaction = sign(m_client.build(everything));
    ASSERT_EQ(transaction.outputs.size(), 1u);
    const auto fee = 500'000 - transaction.outputs[0].amount;
    EXPECT_GE(fee * 1000 / bitcoin::vsize_of(transaction), 12'345u);
    EXPECT_LE(fee * 1000 / bitcoin::vsize_of(transaction), 12'345u + 200);
    EXPECT_EQ(m_client.send(encoded(transaction)), SendOutcome::accepted);
    mine();
    EXPECT_TRUE(m_client.balances(charter, wallet).at(0).base_units().is_zero());
}

TEST_F(BitcoinClientOnRegtest, FollowsATransactionThroughAReorganisation)
{
    const auto& wallet = wallet_of("wsh(sortedmulti(2,K0,K1))");
    const bitcoin::DescriptorWallet derived{charter, wallet};
    fund(derived, "0.01");
    const auto built = m_client.build(order(wallet, 400'000));
    const auto sent = encoded(sign(built));
    EXPECT_EQ(m_client.send(sent), SendOutcome::accepted);
    mine(2);
    const auto before = m_client.look_up(sent, built.height);
    EXPECT_EQ(before.confirmations, 2u);
    EXPECT_EQ(m_client.send(sent), SendOutcome::already_known);
    // The same heights with other, empty blocks.
    static_cast<void>(rpc("test_reorg", Document::list().add(2).add(Document::list())).result());
    EXPECT_EQ(m_client.look_up(sent, built.height).place, Sighting::Place::mempool);
    static_cast<void>(rpc("test_drop", Document::list().add(sent.txid)).result());
    EXPECT_EQ(m_client.look_up(sent, built.height).place, Sighting::Place::nowhere);
    EXPECT_EQ(m_client.send(sent), SendOutcome::accepted);
    mine();
    const auto after = m_client.look_up(sent, built.height);
    EXPECT_EQ(after.place, Sighting::Place::block);
    EXPECT_EQ(after.confirmations, 1u);
    EXPECT_NE(after.block_hash, before.block_hash);
}

TEST_F(BitcoinClientOnRegtest, FindsATransactionWhoseOutputsAreSpent)
{
    const auto& wallet = wallet_of("wpkh(K2)");
    const auto& next = wallet_of("wsh(sortedmulti(1,K2))");
    const bitcoin::DescriptorWallet derived{charter, wallet};
    const bitcoin::DescriptorWallet receiver{charter, next};
    fund(derived, "0.002");
    auto everything = order(wallet, 0, receiver.script_pubkey({}));
    everything.spend_all = true;
    const auto first = m_client.build(everything);
    const auto sent = encoded(sign(first));
    EXPECT_EQ(m_client.send(sent), SendOutcome::accepted);
    mine();
    auto onward = order(next, 0);
    onward.spend_all = true;
    EXPECT_EQ(m_client.send(encoded(sign(m_client.build(onward)))), SendOutcome::accepted);
    EXPECT_EQ(m_client.look_up(sent, first.height).confirmations, 1u); // a mempool spend hides nothing
    mine(12);
    const auto found = m_client.look_up(sent, first.height);
    EXPECT_EQ(found.place, Sighting::Place::block);
    EXPECT_EQ(found.block_number, first.height + 1);
    EXPECT_EQ(found.confirmations, 13u);
}

TEST_F(BitcoinClientOnRegtest, KnowsWhenAnotherTransactionTookTheCoins)
{
    const auto& wallet = wallet_of("wsh(sortedmulti(2,K1,K2))");
    const bitcoin::DescriptorWallet derived{charter, wallet};
    fund(derived, "0.003");
    const auto lost = encoded(sign(m_client.build(order(wallet, 100'000))));
    const auto built = m_client.build(order(wallet, 120'000));
    EXPECT_EQ(m_client.send(encoded(sign(built))), SendOutcome::accepted);
    EXPECT_ERROR(m_client.send(lost), ErrorCode::rpc);
    mine();
    EXPECT_ERROR(m_client.send(lost), ErrorCode::rpc);
    EXPECT_EQ(m_client.look_up(lost, built.height).place, Sighting::Place::nowhere);
    const auto payload = bitcoin::BitcoinPayload::decode(built.payloads.at(0), {charter, wallet}, {});
    EXPECT_TRUE(m_client.is_spent(payload->slots().at(0), 1));
    auto held = order(wallet, 1000);
    const auto next = bitcoin::BitcoinPayload::decode(m_client.build(held).payloads.at(0), {charter, wallet}, {});
    held.reserved = next->slots();
    EXPECT_ERROR(m_client.build(held), ErrorCode::insufficient_funds);
}

TEST_F(BitcoinClientOnRegtest, ReplacesAndMakesVoidInTheMempool)
{
    for (const auto* form : {"wpkh(K0)", "sh(sortedmulti(2,K0,K1,K2))", "wsh(sortedmulti(2,K0,K1,K2))", "tr(K0)"}) {
        SCOPED_TRACE(form);
        const auto& wallet = wallet_of(form);
        const bitcoin::DescriptorWallet derived{charter, wallet};
        fund(derived, "0.006", {Branch::receive, 20});
        const auto built = m_client.build(order(wallet, 350'000));
        const auto first = encoded(sign(built));
        EXPECT_EQ(m_client.send(first), SendOutcome::accepted);
        const auto payload = bitcoin::BitcoinPayload::decode(built.payloads.at(0), {charter, wallet}, {});
        chains::ReplacementOrder replacement{charter, wallet, {payload.get()}};
        const auto bumped_built = m_client.replace(replacement);
        const auto bumped = encoded(sign(bumped_built));
        EXPECT_EQ(m_client.send(bumped), SendOutcome::accepted);
        EXPECT_EQ(m_client.look_up(first, built.height).place, Sighting::Place::nowhere);
        EXPECT_ERROR(m_client.send(first), ErrorCode::rpc);

        const auto bumped_payload = bitcoin::BitcoinPayload::decode(bumped_built.payloads.at(0), {charter, wallet}, {});
        EXPECT_EQ(bumped_payload->description().payments, payload->description().payments);
        replacement.replaced = {bumped_payload.get()};
        replacement.purpose = chains::ReplacementOrder::Purpose::make_void;
        replacement.next_change = bumped_payload->description().change.at(0).index + 1;
        const auto made_void = encoded(sign(m_client.replace(replacement)));
        EXPECT_EQ(m_client.send(made_void), SendOutcome::accepted);
        EXPECT_EQ(m_client.look_up(bumped, built.height).place, Sighting::Place::nowhere);
        mine();
        EXPECT_EQ(m_client.look_up(made_void, built.height).confirmations, 1u);
        EXPECT_TRUE(m_client.is_spent(payload->slots().at(0), 1));
        EXPECT_ERROR(m_client.replace(replacement), ErrorCode::state);
    }
}

TEST_F(BitcoinClientOnRegtest, AgreesWithItselfAsTwoNodes)
{
    const auto& wallet = charter.wallets[1];
    const bitcoin::DescriptorWallet derived{charter, wallet};
    fund(derived, "0.005", {Branch::receive, 9});
    BitcoinClient two{charter.chains.front(), {endpoint(), endpoint()}};
    EXPECT_EQ(two.build(order(wallet, 100'000)).payloads, m_client.build(order(wallet, 100'000)).payloads);
}

TEST_F(BitcoinClientOnRegtest, IsRefusedWithoutALogin)
{
    BitcoinClient stranger{charter.chains.front(), {{*m_file.find("url")->text(), {}, {}}}};
    EXPECT_ERROR(stranger.height(), ErrorCode::rpc);
    auto chain = charter.chains.front();
    chain.network = "testnet";
    BitcoinClient lost{chain, {endpoint()}};
    EXPECT_ERROR(lost.height(), ErrorCode::chain);
}

} // namespace
} // namespace coffer::cli
