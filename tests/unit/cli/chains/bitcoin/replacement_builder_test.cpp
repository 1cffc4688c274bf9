#include "cli/chains/bitcoin/replacement_builder.h"

#include "tests/support/vectors.h"
#include "tests/unit/cli/chains/bitcoin/purse.h"

#include <algorithm>

namespace coffer::cli {
namespace {

using bitcoin::Place;
using chains::Branch;
using chains::ReplacementOrder;
using test::elsewhere;
using test::pay_bitcoin;
using test::Purse;

/// A purse, a transfer out of it, and what takes its place.
class BitcoinReplacement : public testing::Test {
protected:
    void transfer(const chains::TransferOrder& order)
    {
        m_payload = bitcoin::BitcoinPayload::decode(encode_plan(m_purse->plan(order), m_purse->m_wallet, m_purse->m_previous),
                                                    {test::shared_charter(), m_purse->m_charter_wallet}, m_wallets);
    }
    void transfer(std::uint64_t amount) { transfer(m_purse->order({pay_bitcoin(amount)})); }
    ReplacementOrder order(ReplacementOrder::Purpose purpose = ReplacementOrder::Purpose::bump)
    {
        return {test::shared_charter(), m_purse->m_charter_wallet, {m_payload.get()}, purpose};
    }
    TransferPlan replace(const ReplacementOrder& order)
    {
        const auto plans = plan_replacements(order, m_purse->m_wallet, m_purse->m_facts);
        EXPECT_EQ(plans.size(), 1u);
        return plans.at(0);
    }
    TransferPlan bump() { return replace(order()); }
    bitcoin::Transaction sign(const TransferPlan& plan)
    {
        return coffer::test::sign_psbt(bitcoin::decode_psbt(encode_plan(plan, m_purse->m_wallet, m_purse->m_previous)));
    }
    std::uint64_t fee() { return *m_payload->description().fee.maximum.base_units().to_u64(); }

    std::optional<Purse> m_purse{std::in_place};
    bitcoin::WalletCache m_wallets;
    std::unique_ptr<const bitcoin::BitcoinPayload> m_payload;
};

std::uint64_t paid_to(const bitcoin::Transaction& transaction, const Bytes& script)
{
    const auto output = std::ranges::find(transaction.outputs, script, &bitcoin::TxOutput::script_pubkey);
    return output != transaction.outputs.end() ? output->amount : 0;
}

TEST_F(BitcoinReplacement, TakesTheFeeFromTheChange)
{
    m_purse->receive(100'000);
    m_purse->receive(90'000);
    transfer(50'000);
    const auto plan = bump();
    EXPECT_EQ(plan.inputs.size(), 1u);
    EXPECT_EQ(paid_to(plan.transaction, elsewhere), 50'000u);
    ASSERT_TRUE(plan.change);
    EXPECT_EQ(plan.change->place, (Place{Branch::change, 0}));
    EXPECT_EQ(plan.fee, fee() + 141); // 1 sat a virtual byte: enough here for the higher rate, too
    EXPECT_EQ(plan.transaction.lock_time, 1000u);
    EXPECT_EQ(plan.transaction.inputs[0].sequence, 0xfffffffdu);
    // The original's change is used again, whatever was named since.
    auto later = order();
    later.next_change = 7;
    EXPECT_EQ(replace(later).change->place.index, 0u);
}

// BIP-125, rules 3 and 4, with signatures as they come.
TEST_F(BitcoinReplacement, IsWorthMoreOfEveryWallet)
{
    for (std::size_t i = 0; i < coffer::test::wallet_forms.size(); ++i)
        for (const std::uint64_t feerate : {1000u, 5000u, 333'333u, 2'000'000u})
            for (const auto purpose : {ReplacementOrder::Purpose::bump, ReplacementOrder::Purpose::make_void}) {
                SCOPED_TRACE(coffer::test::wallet_forms[i] + " at " + std::to_string(feerate));
                m_purse.emplace(i);
                for (std::uint32_t n = 0; n < 3; ++n)
                    m_purse->receive(20'000'000, {Branch::receive, n});
                m_purse->m_facts.feerate = feerate;
                transfer(30'000'000);
                const auto before = coffer::test::sign_psbt(m_payload->psbt());
                const auto plan = replace(order(purpose));
                const auto after = sign(plan);
                EXPECT_GE(plan.fee, fee() + bitcoin::vsize_of(after));
                EXPECT_GT(plan.fee * bitcoin::vsize_of(before), fee() * bitcoin::vsize_of(after));
                EXPECT_TRUE(std::ranges::any_of(after.inputs, [&](const auto& input) {
                    return input.previous == before.inputs[0].previous || input.previous == before.inputs[1].previous;
                }));
            }
}

TEST_F(BitcoinReplacement, FollowsTheFeerateThatIsWanted)
{
    m_purse->receive(1'000'000);
    transfer(50'000);
    m_purse->m_facts.feerate = 20'000;
    EXPECT_EQ(bump().fee, 141u * 20);
    auto wanted = order();
    wanted.feerate = Uint256{50'000};
    EXPECT_EQ(replace(wanted).fee, 141u * 50);
    wanted.feerate = Uint256{5000};
    EXPECT_ERROR(replace(wanted), ErrorCode::usage);
    wanted.feerate = Uint256{10'000'001};
    EXPECT_ERROR(replace(wanted), ErrorCode::fee_cap);
    m_purse->m_facts.feerate.reset(); // the node has no advice: what replaces is enough
    EXPECT_EQ(bump().fee, fee() + 141);
}

TEST_F(BitcoinReplacement, AddsCoinsWhereChangeDoesNotSuffice)
{
    m_purse->receive(51'000);
    m_purse->receive(30'000);
    m_purse->receive(40'000);
    transfer(50'000); // no change
    EXPECT_FALSE(m_payload->description().change.size());
    m_purse->m_facts.feerate = 10'000;
    auto wanted = order();
    wanted.next_change = 3;
    const auto plan = replace(wanted);
    ASSERT_EQ(plan.inputs.size(), 2u);
    EXPECT_EQ(plan.inputs[0].amount + plan.inputs[1].amount, 91'000u);
    EXPECT_EQ(paid_to(plan.transaction, elsewhere), 50'000u);
    ASSERT_TRUE(plan.change);
    EXPECT_EQ(plan.change->place.index, 3u);
    // What other requests hold stays theirs.
    wanted.reserved = {m_purse->slot(2)};
    EXPECT_EQ(paid_to(replace(wanted).transaction, elsewhere), 50'000u);
    EXPECT_EQ(replace(wanted).inputs[0].amount + replace(wanted).inputs[1].amount, 81'000u);
    wanted.reserved.push_back(m_purse->slot(1));
    EXPECT_ERROR(replace(wanted), ErrorCode::insufficient_funds);
}

TEST_F(BitcoinReplacement, DropsChangeThatIsNotWorthIt)
{
    m_purse->receive(52'500);
    transfer(50'000);
    EXPECT_EQ(m_payload->description().change.size(), 1u);
    m_purse->m_facts.feerate = 20'000;
    const auto plan = bump();
    EXPECT_EQ(plan.inputs.size(), 1u);
    EXPECT_FALSE(plan.change);
    EXPECT_EQ(plan.fee, 2500u);
}

TEST_F(BitcoinReplacement, PaysEverySumAgain)
{
    m_purse->receive(200'000);
    const auto other = bitcoin::p2tr_script({5});
    transfer(m_purse->order({pay_bitcoin(50'000), pay_bitcoin(40'000, other), pay_bitcoin(50'000)}));
    const auto transaction = bump().transaction;
    ASSERT_EQ(transaction.outputs.size(), 4u);
    EXPECT_EQ(paid_to(transaction, other), 40'000u);
    EXPECT_EQ(std::ranges::count(transaction.outputs, bitcoin::TxOutput{50'000, elsewhere}), 2);
}

TEST_F(BitcoinReplacement, KeepsEveryInput)
{
    for (std::uint32_t i = 0; i < 4; ++i)
        m_purse->receive(30'000, {Branch::receive, i});
    transfer(80'000);
    std::vector<bitcoin::Outpoint> before;
    for (const auto& input : m_payload->psbt().inputs)
        before.push_back(input.previous);
    const auto plan = bump();
    for (const auto& outpoint : before)
        EXPECT_TRUE(std::ranges::any_of(plan.inputs, [&](const auto& input) { return input.outpoint == outpoint; }));
}

// J03
TEST_F(BitcoinReplacement, DistrustsAnAbsurdIncrement)
{
    m_purse->receive(2'000'000'000);
    transfer(50'000);
    auto given = order();
    given.feerate = Uint256{10'000};
    m_purse->m_facts.increment = 2'000'000;
    EXPECT_NO_THROW(replace(given));
    for (const std::uint64_t increment : {std::uint64_t{2'000'001}, bitcoin::most_money}) {
        m_purse->m_facts.increment = increment;
        EXPECT_ERROR(replace(given), ErrorCode::fee_cap);
        EXPECT_ERROR(bump(), ErrorCode::fee_cap);
    }
}

TEST_F(BitcoinReplacement, HoldsTheFeeCeiling)
{
    m_purse->receive(100'000);
    transfer(50'000);
    auto capped = order();
    capped.max_fee = Uint256{fee() + 141};
    EXPECT_NO_THROW(replace(capped));
    capped.max_fee = Uint256{fee() + 140};
    EXPECT_ERROR(replace(capped), ErrorCode::fee_cap);
}

TEST_F(BitcoinReplacement, ComesTooLateForABlock)
{
    m_purse->receive(100'000);
    transfer(50'000);
    m_purse->m_facts.outputs.clear();
    m_purse->receive(100'000);
    m_purse->receive(100'000); // others than those that it spends
    m_purse->m_facts.outputs.erase(m_purse->m_facts.outputs.begin());
    EXPECT_ERROR(bump(), ErrorCode::state);
    EXPECT_ERROR(replace(order(ReplacementOrder::Purpose::make_void)), ErrorCode::state);
}

TEST_F(BitcoinReplacement, MakesVoidWithEveryCoin)
{
    m_purse->receive(60'000);
    m_purse->receive(70'000);
    transfer(100'000);
    auto wanted = order(ReplacementOrder::Purpose::make_void);
    wanted.next_change = 4;
    const auto plan = replace(wanted);
    // One would do against this one, but not against what this one may have replaced itself.
    ASSERT_EQ(plan.inputs.size(), 2u);
    ASSERT_EQ(plan.transaction.outputs.size(), 1u);
    EXPECT_EQ(plan.transaction.outputs[0].script_pubkey, m_purse->m_wallet.script_pubkey({Branch::change, 4}));
    EXPECT_EQ(plan.transaction.outputs[0].amount, 130'000u - plan.fee);
    EXPECT_GT(plan.fee, fee());
    ASSERT_TRUE(plan.change);
    EXPECT_EQ(plan.change->place.index, 4u);
    wanted.feerate = Uint256{1'000'000};
    EXPECT_ERROR(replace(wanted), ErrorCode::insufficient_funds);
}

TEST_F(BitcoinReplacement, ReplacesWhatPaysNobody)
{
    m_purse->receive(60'000);
    transfer(50'000);
    const auto made_void = replace(order(ReplacementOrder::Purpose::make_void));
    m_payload = bitcoin::BitcoinPayload::decode(encode_plan(made_void, m_purse->m_wallet, m_purse->m_previous),
                                                {test::shared_charter(), m_purse->m_charter_wallet}, m_wallets);
    const auto plan = bump();
    EXPECT_EQ(plan.transaction.outputs.size(), 1u);
    EXPECT_GT(plan.fee, made_void.fee);
}

TEST_F(BitcoinReplacement, LeavesTheCoinsOfTheOthersOfItsRequest)
{
    m_purse->receive(51'000);
    m_purse->receive(52'000);
    m_purse->receive(40'000);
    auto first = m_purse->order({pay_bitcoin(50'000)});
    first.inputs = {m_purse->name(0)};
    transfer(first);
    const auto one = std::move(m_payload);
    auto second = m_purse->order({pay_bitcoin(51'000)});
    second.inputs = {m_purse->name(1)};
    transfer(second);
    m_purse->m_facts.feerate = 10'000;
    auto both = order();
    both.replaced = {one.get(), m_payload.get()};
    EXPECT_ERROR(plan_replacements(both, m_purse->m_wallet, m_purse->m_facts), ErrorCode::insufficient_funds); // one coin for two
    m_purse->receive(39'000);
    const auto plans = plan_replacements(both, m_purse->m_wallet, m_purse->m_facts);
    ASSERT_EQ(plans.size(), 2u);
    ASSERT_TRUE(plans[0].change && plans[1].change);
    EXPECT_NE(plans[0].change->place, plans[1].change->place);
    for (const auto& input : plans[0].inputs)
        EXPECT_TRUE(std::ranges::none_of(plans[1].inputs, [&](const auto& other) { return other.outpoint == input.outpoint; }));
}

} // namespace
} // namespace coffer::cli
