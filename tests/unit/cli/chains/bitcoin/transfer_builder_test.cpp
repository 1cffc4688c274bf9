#include "cli/chains/bitcoin/transfer_builder.h"

#include "tests/support/vectors.h"
#include "tests/unit/cli/chains/bitcoin/purse.h"

#include <algorithm>

namespace coffer::cli {
namespace {

using bitcoin::Place;
using chains::Branch;
using test::Purse;

const charter::Charter& charter = test::shared_charter();
using test::elsewhere;

payments::Payment pay(const Uint256& amount, Bytes destination = elsewhere)
{
    return test::pay_bitcoin(amount, std::move(destination));
}

std::vector<std::uint64_t> amounts(const bitcoin::Transaction& transaction)
{
    std::vector<std::uint64_t> all;
    for (const auto& output : transaction.outputs)
        all.push_back(output.amount);
    return all;
}

TEST(BitcoinTransferBuilder, BuildsWhatEveryWalletSigns)
{
    for (std::size_t i = 0; i < charter.wallets.size(); ++i) {
        SCOPED_TRACE(coffer::test::wallet_forms[i]);
        Purse purse{i};
        purse.receive(60'000, {Branch::receive, 3});
        purse.receive(70'000, {Branch::change, 1});
        const auto psbt = purse.build(purse.order({pay(90'000), pay(1000)}));
        EXPECT_EQ(psbt.version, 0u);
        ASSERT_EQ(psbt.inputs.size(), 2u);
        for (const auto& input : psbt.inputs) {
            EXPECT_TRUE(input.non_witness_utxo);
            EXPECT_EQ(input.sequence, 0xfffffffdu);
        }
        const auto signed_one = coffer::test::sign_psbt(psbt);
        EXPECT_EQ(signed_one.lock_time, 1000u);
        ASSERT_EQ(signed_one.outputs.size(), 3u);
        EXPECT_EQ(signed_one.outputs[1].script_pubkey, purse.m_wallet.script_pubkey({Branch::change, 2}));
        const auto out = signed_one.outputs[0].amount + signed_one.outputs[1].amount + signed_one.outputs[2].amount;
        const auto rate_paid = (130'000 - out) * 1000 / bitcoin::vsize_of(signed_one);
        EXPECT_GE(rate_paid, 5000u);
        EXPECT_LE(rate_paid, 5050u); // signatures may come out a byte or two shorter
    }
}

TEST(BitcoinTransferBuilder, NamesWhereKeysOfChangeComeFrom)
{
    Purse purse{5};
    purse.receive(100'000);
    const auto psbt = purse.build(purse.order({pay(60'000)}));
    const auto& change = psbt.outputs[0];
    EXPECT_EQ(change.output.script_pubkey, purse.m_wallet.script_pubkey({Branch::change, 0}));
    EXPECT_EQ(change.derivations.size(), 3u);
    EXPECT_TRUE(change.witness_script);
    EXPECT_TRUE(psbt.outputs[1].derivations.empty());
}

TEST(BitcoinTransferBuilder, SortsByBip69)
{
    Purse purse;
    for (int i = 0; i < 8; ++i)
        purse.receive(10'000, {Branch::receive, static_cast<std::uint32_t>(i)});
    const auto plan = purse.plan(purse.order({pay(30'000), pay(9000, bitcoin::p2tr_script({2})), pay(9000, elsewhere), pay(20'500)}));
    EXPECT_TRUE(std::ranges::is_sorted(plan.transaction.inputs, {}, [](const auto& input) { return bitcoin::format_txid(input.previous.txid); }));
    EXPECT_TRUE(std::ranges::is_sorted(amounts(plan.transaction)));
    ASSERT_TRUE(plan.change);
    EXPECT_EQ(plan.change->position, 0u);
    EXPECT_EQ(plan.transaction.outputs[0].script_pubkey, purse.m_wallet.script_pubkey(plan.change->place));
    EXPECT_EQ(plan.transaction.outputs[1].script_pubkey, elsewhere); // 00 before 51
    for (std::size_t i = 0; i < plan.inputs.size(); ++i)
        EXPECT_EQ(plan.transaction.inputs[i].previous, plan.inputs[i].outpoint);
}

TEST(BitcoinTransferBuilder, GivesTheSameForTheSame)
{
    Purse purse;
    for (const std::uint64_t amount : {10'000u, 20'000u, 30'000u, 40'000u, 10'000u})
        purse.receive(amount);
    const auto order = purse.order({pay(50'000)});
    const auto first = encode_plan(purse.plan(order), purse.m_wallet, purse.m_previous);
    std::ranges::reverse(purse.m_facts.outputs);
    EXPECT_EQ(encode_plan(purse.plan(order), purse.m_wallet, purse.m_previous), first);
}

TEST(BitcoinTransferBuilder, TakesAChangeAddressThatNobodyHasUsed)
{
    Purse purse;
    purse.receive(100'000);
    auto order = purse.order({pay(50'000)});
    const auto change = [&] { return purse.plan(order).change->place; };
    EXPECT_EQ(change(), (Place{Branch::change, 0}));
    order.next_change = 4;
    EXPECT_EQ(change(), (Place{Branch::change, 4}));
    purse.receive(500, {Branch::change, 9});
    EXPECT_EQ(change(), (Place{Branch::change, 10}));
    purse.receive(500, {Branch::receive, 99});
    EXPECT_EQ(change(), (Place{Branch::change, 10}));
    order.next_change = 0x80000000;
    EXPECT_ERROR(change(), ErrorCode::state);
}

TEST(BitcoinTransferBuilder, LeavesWhatOpenRequestsHold)
{
    Purse purse;
    purse.receive(60'000);
    purse.receive(80'000);
    auto order = purse.order({pay(50'000)});
    EXPECT_EQ(purse.plan(order).inputs.front().amount, 60'000u);
    order.reserved = {purse.slot(0)};
    EXPECT_EQ(purse.plan(order).inputs.front().amount, 80'000u);
    order.reserved.push_back(purse.slot(1));
    EXPECT_ERROR(purse.plan(order), ErrorCode::insufficient_funds);
    // Slots of another chain, of another network and of an account say nothing about it.
    auto other = purse.slot(0);
    other.owner[8] ^= 1;
    auto numbered = purse.slot(0);
    numbered.sequence = 1;
    order.reserved = {other, numbered, {Bytes{1, 2, 3}, std::nullopt}};
    EXPECT_EQ(purse.plan(order).inputs.front().amount, 60'000u);
}

TEST(BitcoinTransferBuilder, LeavesNewlyMinedCoins)
{
    Purse purse;
    purse.receive(60'000, {}, true).height = 901;
    EXPECT_NO_THROW(purse.plan(purse.order({pay(50'000)}))); // block 1001 may hold it
    purse.m_facts.outputs.front().height = 902;
    EXPECT_ERROR(purse.plan(purse.order({pay(50'000)})), ErrorCode::insufficient_funds);
    auto named = purse.order({pay(50'000)});
    named.inputs = {purse.name(0)};
    EXPECT_ERROR(purse.plan(named), ErrorCode::state);
    // Whoever conceals it is found out by the transaction itself.
    purse.m_facts.outputs.front().is_coinbase = false;
    EXPECT_ERROR(purse.build(named), ErrorCode::rpc);
    purse.m_facts.outputs.front().height = 901;
    EXPECT_NO_THROW(purse.build(named));
}

TEST(BitcoinTransferBuilder, SpendsExactlyTheNamedCoins)
{
    Purse purse;
    for (const std::uint64_t amount : {60'000u, 500u, 400'000u})
        purse.receive(amount);
    auto order = purse.order({pay(50'000)});
    order.inputs = {purse.name(1), purse.name(2)};
    EXPECT_EQ(purse.plan(order).inputs.size(), 2u);
    const auto refused = [&](std::vector<std::string> inputs) {
        order.inputs = std::move(inputs);
        return [&] { return purse.plan(order); };
    };
    EXPECT_ERROR(refused({purse.name(1)})(), ErrorCode::insufficient_funds);
    EXPECT_ERROR(refused({purse.name(0), purse.name(0)})(), ErrorCode::usage);
    EXPECT_ERROR(refused({std::string(64, 'a') + ":0"})(), ErrorCode::not_found);
    for (const auto* text : {"", "x", "ab:0", ":0"})
        EXPECT_ERROR(refused({text})(), ErrorCode::usage);
    for (const auto* number : {"", "-1", "01", "1 ", "4294967296", "1x"})
        EXPECT_ERROR(refused({std::string(64, 'a') + ":" + number})(), ErrorCode::usage);
    order.reserved = {purse.slot(0)};
    EXPECT_ERROR(refused({purse.name(0)})(), ErrorCode::state);
}

TEST(BitcoinTransferBuilder, SendsEverything)
{
    Purse purse;
    for (const std::uint64_t amount : {60'000u, 100u, 400'000u})
        purse.receive(amount);
    auto order = purse.order({pay(0)});
    order.spend_all = true;
    const auto plan = purse.plan(order);
    ASSERT_EQ(plan.transaction.outputs.size(), 1u);
    EXPECT_EQ(plan.inputs.size(), 2u); // 100 sat would not pay for themselves
    EXPECT_EQ(plan.transaction.outputs[0].amount, 460'000 - plan.fee);
    EXPECT_FALSE(plan.change);
    order.inputs = {purse.name(0), purse.name(1)};
    EXPECT_EQ(amounts(purse.plan(order).transaction), (std::vector<std::uint64_t>{60'100 - purse.plan(order).fee}));
    order.payments.push_back(pay(0));
    EXPECT_ERROR(purse.plan(order), ErrorCode::usage);
    Purse empty;
    auto nothing = empty.order({pay(0)});
    nothing.spend_all = true;
    EXPECT_ERROR(empty.plan(nothing), ErrorCode::insufficient_funds);
}

TEST(BitcoinTransferBuilder, HoldsTheFeeCeiling)
{
    Purse purse;
    purse.receive(100'000);
    auto order = purse.order({pay(50'000)});
    order.max_fee = Uint256{141 * 5};
    EXPECT_NO_THROW(purse.plan(order));
    order.max_fee = Uint256{141 * 5 - 1};
    EXPECT_ERROR(purse.plan(order), ErrorCode::fee_cap);
}

// J03
TEST(BitcoinTransferBuilder, BoundsTheFeerate)
{
    Purse purse;
    purse.receive(2'000'000'000);
    auto order = purse.order({pay(50'000)});
    const auto fee_at = [&](std::optional<std::uint64_t> advised) {
        purse.m_facts.feerate = advised;
        return purse.plan(order).fee;
    };
    EXPECT_EQ(fee_at(5000), 705u);
    EXPECT_EQ(fee_at(10), 141u); // what nodes ask for at least
    EXPECT_EQ(fee_at(2'000'000), 282'000u);
    EXPECT_ERROR(fee_at(2'000'001), ErrorCode::fee_cap);
    EXPECT_ERROR(fee_at(~std::uint64_t{0}), ErrorCode::fee_cap);
    EXPECT_ERROR(fee_at({}), ErrorCode::rpc);
    for (const std::uint64_t least : {std::uint64_t{2'000'001}, bitcoin::most_money}) {
        purse.m_facts.least_feerate = least;
        EXPECT_ERROR(fee_at(5000), ErrorCode::fee_cap);
    }
    purse.m_facts.least_feerate = 1000;
    const auto fee_given = [&](const Uint256& feerate) {
        order.feerate = feerate;
        return purse.plan(order).fee;
    };
    EXPECT_EQ(fee_given(1000), 141u);
    EXPECT_EQ(fee_given(10'000'000), 1'410'000u);
    EXPECT_ERROR(fee_given(999), ErrorCode::usage);
    EXPECT_ERROR(fee_given(10'000'001), ErrorCode::fee_cap);
    EXPECT_ERROR(fee_given(Uint256::from_big_endian(Bytes(32, 0xff))), ErrorCode::fee_cap);
    purse.m_facts.least_feerate = 0;
    EXPECT_ERROR(fee_given(0), ErrorCode::usage);
}

TEST(BitcoinTransferBuilder, RefusesWhatCannotBePaid)
{
    Purse purse;
    purse.receive(100'000);
    const auto plan = [&](std::vector<payments::Payment> payments) { return purse.plan(purse.order(std::move(payments))); };
    EXPECT_ERROR(plan({}), ErrorCode::usage);
    EXPECT_ERROR(plan({pay(0)}), ErrorCode::usage);
    EXPECT_ERROR(plan({pay(293)}), ErrorCode::usage);
    EXPECT_NO_THROW(plan({pay(294)}));
    EXPECT_ERROR(plan({pay(bitcoin::most_money + 1)}), ErrorCode::amount_range);
    EXPECT_ERROR(plan({pay(bitcoin::most_money), pay(1000)}), ErrorCode::amount_range);
    EXPECT_ERROR(plan({pay(Uint256::from_big_endian(Bytes(32, 0xff)))}), ErrorCode::amount_range);
    EXPECT_ERROR(plan({{elsewhere, Amount{{"bitcoin", "USDT"}, 1000}}}), ErrorCode::token_unknown);
    EXPECT_ERROR(plan({{elsewhere, Amount{{"litecoin", "BTC"}, 1000}}}), ErrorCode::chain);
    EXPECT_ERROR(plan({pay(100'000)}), ErrorCode::insufficient_funds);
    try {
        plan({pay(100'000)});
    } catch (const Error& error) {
        EXPECT_NE(error.message().find("has 0.001 BTC to spend, the payments and the fee need 0.0010055 BTC"), std::string::npos) << error.message();
    }
}

// J01
TEST(BitcoinTransferBuilder, ChecksWhatItSpendsFrom)
{
    Purse purse;
    const auto outpoint = purse.receive(100'000).outpoint;
    const auto plan = purse.plan(purse.order({pay(50'000)}));
    const auto encode = [&](const TransferPlan& claimed, const PreviousTransactions& previous) {
        return encode_plan(claimed, purse.m_wallet, previous);
    };
    EXPECT_NO_THROW(encode(plan, purse.m_previous));
    EXPECT_ERROR(encode(plan, {}), ErrorCode::rpc);
    auto other = purse.m_previous;
    other[outpoint.txid].lock_time = 1;
    EXPECT_ERROR(encode(plan, other), ErrorCode::rpc);
    auto claimed = plan;
    claimed.inputs[0].amount += 1;
    EXPECT_ERROR(encode(claimed, purse.m_previous), ErrorCode::rpc);
    claimed = plan;
    claimed.inputs[0].place.index = 1;
    EXPECT_ERROR(encode(claimed, purse.m_previous), ErrorCode::rpc);
    claimed = plan;
    claimed.inputs[0].outpoint.index = 2;
    EXPECT_ERROR(encode(claimed, purse.m_previous), ErrorCode::rpc);
}

} // namespace
} // namespace coffer::cli
