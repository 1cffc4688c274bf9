#include "cli/chains/bitcoin/ladder.h"

#include "core/requests/ladder.h"
#include "tests/support/vectors.h"
#include "tests/unit/cli/chains/bitcoin/purse.h"

#include <algorithm>

namespace coffer::cli {
namespace {

using chains::Branch;
using test::Purse;

class BitcoinLadder : public testing::Test {
protected:
    chains::TransferOrder order(std::uint64_t amount, std::vector<std::uint64_t> steps)
    {
        auto made = purse.order({test::pay_bitcoin(Uint256{amount}, test::elsewhere)});
        for (const auto step : steps)
            made.ladder.emplace_back(step);
        return made;
    }
    std::vector<TransferPlan> plan(const chains::TransferOrder& order) { return plan_ladder(order, purse.m_wallet, purse.m_facts); }

    static std::uint64_t paid_elsewhere(const TransferPlan& plan)
    {
        std::uint64_t paid = 0;
        for (const auto& output : plan.transaction.outputs)
            if (output.script_pubkey == test::elsewhere)
                paid += output.amount;
        return paid;
    }

    Purse purse{5};
};

TEST_F(BitcoinLadder, DiffersInFeeAndChangeOnly)
{
    purse.receive(60'000);
    purse.receive(70'000, {Branch::receive, 3});
    const auto steps = plan(order(90'000, {10'000, 40'000}));
    ASSERT_EQ(steps.size(), 3u);
    const std::vector<std::uint64_t> rates{5000, 10'000, 40'000};
    for (std::size_t i = 0; i < steps.size(); ++i) {
        EXPECT_EQ(steps[i].transaction.inputs, steps[0].transaction.inputs);
        EXPECT_EQ(paid_elsewhere(steps[i]), 90'000u);
        ASSERT_TRUE(steps[i].change);
        EXPECT_EQ(steps[i].change->place, steps[0].change->place);
        const auto encoded = encode_plan(steps[i], purse.m_wallet, purse.m_previous);
        const auto signed_one = coffer::test::sign_psbt(bitcoin::decode_psbt(encoded));
        const auto rate = steps[i].fee * 1000 / bitcoin::vsize_of(signed_one);
        EXPECT_GE(rate, rates[i]);
        EXPECT_LE(rate, rates[i] * 102 / 100);
    }
}

TEST_F(BitcoinLadder, IsOneInTheEyesOfTheVault)
{
    purse.receive(60'000);
    purse.receive(70'000, {Branch::receive, 3});
    requests::Payloads payloads;
    for (const auto& step : plan(order(90'000, {10'000, 40'000})))
        payloads.push_back(chains::format_of(test::shared_charter().chains[0])
                               .decode(encode_plan(step, purse.m_wallet, purse.m_previous), {test::shared_charter(), purse.m_charter_wallet}));
    EXPECT_TRUE(requests::require_ladder_or_apart(payloads));
}

TEST_F(BitcoinLadder, ChoosesCoinsForItsLastStep)
{
    purse.receive(100'000);
    purse.receive(40'000);
    EXPECT_EQ(plan(order(92'000, {}))[0].inputs.size(), 1u);
    const auto steps = plan(order(92'000, {60'000}));
    EXPECT_EQ(steps[0].inputs.size(), 2u);
    EXPECT_EQ(steps[1].inputs.size(), 2u);
    EXPECT_ERROR(plan(order(92'000, {400'000})), ErrorCode::insufficient_funds);
}

TEST_F(BitcoinLadder, GivesBackOnLowerStepsWhatTheLastOneNeedsWhole)
{
    purse.receive(100'000);
    auto sweep = order(1, {50'000});
    sweep.spend_all = true;
    const auto steps = plan(sweep);
    EXPECT_FALSE(steps[1].change);
    ASSERT_TRUE(steps[0].change);
    EXPECT_EQ(steps[0].change->place, (bitcoin::Place{Branch::change, 0}));
    EXPECT_EQ(paid_elsewhere(steps[0]), paid_elsewhere(steps[1]));
}

TEST_F(BitcoinLadder, RefusesStepsThatNoNodeTakesAfterEachOther)
{
    purse.receive(100'000);
    EXPECT_NO_THROW(plan(order(50'000, {10'000, 12'000})));
    EXPECT_ERROR(plan(order(50'000, {5000})), ErrorCode::usage);
    EXPECT_ERROR(plan(order(50'000, {20'000, 10'000})), ErrorCode::usage);
    EXPECT_ERROR(plan(order(50'000, {5900})), ErrorCode::usage); // a relay costs 1000 more
    EXPECT_ERROR(plan(order(50'000, {10'000, 20'000'000})), ErrorCode::fee_cap);
    auto capped = order(50'000, {10'000});
    capped.max_fee = Uint256{1500};
    EXPECT_ERROR(plan(capped), ErrorCode::fee_cap);
}

} // namespace
} // namespace coffer::cli
