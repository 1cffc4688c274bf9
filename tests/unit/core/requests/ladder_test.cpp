#include "core/requests/ladder.h"

#include "tests/support/drafts.h"
#include "tests/support/vectors.h"

namespace coffer::requests {
namespace {

using test::ether;
using test::Transfer;

constexpr std::uint64_t gwei = 1'000'000'000;

Transfer step(std::uint64_t fee)
{
    return {.amount = ether(8), .fee_per_gas = fee * gwei};
}

class Ladder : public testing::Test {
protected:
    OpenRequest opened(const std::vector<Transfer>& transfers)
    {
        return open_request(chain, test::submission(chain, {.transfers = transfers}), test::working_day);
    }

    charter::PolicyChain chain = test::founded(test::example_charter());
};

TEST_F(Ladder, PaysOnceAndCostsWhatItsLastStepCosts)
{
    const auto ladder = opened({step(20), step(40), step(90)});
    EXPECT_TRUE(ladder.is_ladder);
    ASSERT_EQ(ladder.description.payments.size(), 1U);
    EXPECT_EQ(ladder.description.payments[0].amount.base_units(), ether(8));
    EXPECT_EQ(ladder.description.fee.maximum.base_units(), Uint256{60'000 * 90} * Uint256{gwei});
    EXPECT_EQ(ladder.description.fee.rate, Uint256{90 * gwei});
    const auto slots = ladder.slots();
    ASSERT_EQ(slots.size(), 1U);
    EXPECT_EQ(slots[0].slot.sequence, 0U);
}

TEST_F(Ladder, APartIsPaidInAll)
{
    auto second = step(40);
    second.nonce = 1;
    const auto batch = opened({step(20), second});
    EXPECT_FALSE(batch.is_ladder);
    EXPECT_EQ(batch.description.payments.size(), 2U);
    EXPECT_EQ(batch.description.fee.maximum.base_units(), Uint256{60'000 * 60} * Uint256{gwei});
    EXPECT_EQ(batch.slots().size(), 2U);
}

TEST_F(Ladder, IsJudgedByWhatItPaysOnce)
{
    // Rule `small` ends at 10 ETH, and at 100 gwei.
    const std::vector<test::Ballot> two{{.officer = "bob"}, {.officer = "carol"}};
    const auto decide = [&](const std::vector<Transfer>& transfers) {
        require_approved(judge(chain, test::voted(chain, {.transfers = transfers}, two), test::circumstances()));
    };
    EXPECT_NO_THROW(decide({step(20), step(40)}));
    EXPECT_NO_THROW(decide({step(20), step(100)}));
    EXPECT_ERROR(decide({step(20), step(101)}), ErrorCode::fee_cap);
    auto second = step(40);
    second.nonce = 1;
    EXPECT_ERROR(decide({step(20), second}), ErrorCode::appr_missing); // 16 ETH are for the rule `large`
}

TEST_F(Ladder, DiffersInItsFeeOnly)
{
    EXPECT_NO_THROW(opened({step(20), step(21)}));
    auto as_dear = step(40);
    as_dear.gas = 30'000;
    EXPECT_ERROR(opened({step(20), as_dear}), ErrorCode::rbf_output);
    EXPECT_ERROR(opened({step(40), step(20)}), ErrorCode::rbf_output);
    EXPECT_ERROR(opened({step(20), step(60), step(40)}), ErrorCode::rbf_output);
    auto other = step(40);
    other.to = "supplier";
    EXPECT_ERROR(opened({step(20), other}), ErrorCode::rbf_output);
    other = step(40);
    other.amount = ether(9);
    EXPECT_ERROR(opened({step(20), other}), ErrorCode::rbf_output);
}

TEST_F(Ladder, E41_IsAllOfTheRequestOrNothingOfIt)
{
    auto beside = step(40);
    beside.nonce = 1;
    EXPECT_ERROR(opened({step(20), step(40), beside}), ErrorCode::replaces);
    EXPECT_ERROR(opened({step(20), beside, step(40)}), ErrorCode::replaces);
    EXPECT_NO_THROW(opened({step(20), beside}));
}

TEST_F(Ladder, HasTenStepsAtMost)
{
    std::vector<Transfer> steps;
    for (std::uint64_t i = 0; i < most_ladder_steps; ++i)
        steps.push_back(step(20 + i));
    EXPECT_NO_THROW(opened(steps));
    steps.push_back(step(90));
    EXPECT_ERROR(opened(steps), ErrorCode::limit);
}

} // namespace
} // namespace coffer::requests
