// Limits at the command line: what is left is shown, and the last vote is refused when there is no room.

#include "tests/unit/cli/requests/fixture.h"

namespace coffer::cli {
namespace {

using testing::HasSubstr;

class Limits : public RequestCommands {
protected:
    Limits()
    {
        amend([](charter::Charter& next) {
            next.limits = {{.id = "week",
                            .wallets = {{"eth-cold"}},
                            .assets = {{"ETH"}},
                            .destinations = {},
                            .requesters = {},
                            .per = {charter::LimitPer::destination, charter::LimitPer::requester},
                            .span = days(7),
                            .amount = Uint256::from_decimal("10000000000000000000"),
                            .count = 3}};
        });
    }
};

TEST_F(Limits, AreShownWithWhatIsLeftAfterTheRequest)
{
    ASSERT_EQ(propose().status, 0);
    const auto shown = run_well({"--json", "show", id});
    EXPECT_EQ(shown.field("limits.0.limit"), "week");
    EXPECT_EQ(shown.field("limits.0.span_seconds"), "604800");
    EXPECT_EQ(shown.field("limits.0.fits"), "true");
    EXPECT_EQ(shown.field("limits.0.wallet"), "null");
    EXPECT_EQ(shown.field("limits.0.requester"), "alice");
    EXPECT_EQ(shown.field("limits.0.destination"), exchange);
    EXPECT_EQ(shown.field("limits.0.asset"), "ETH");
    EXPECT_EQ(shown.field("limits.0.decimals"), "18");
    EXPECT_EQ(shown.field("limits.0.amount"), "10000000000000000000");
    EXPECT_EQ(shown.field("limits.0.amount_used"), "0");
    const auto fee = Uint256::from_decimal(shown.field("payment.fee"));
    EXPECT_EQ(shown.field("limits.0.amount_left"), (Uint256::from_decimal("8500000000000000000") - fee).decimal());
    EXPECT_EQ(shown.field("limits.0.count"), "3");
    EXPECT_EQ(shown.field("limits.0.count_used"), "0");
    EXPECT_EQ(shown.field("limits.0.count_left"), "2");
    EXPECT_THAT(run_well({"show", id}).out, HasSubstr("2 of 3 requests in 7 days (week, destination exchange-eth and requester alice)"));
}

TEST_F(Limits, RefuseTheLastVoteNeededAndKeepTheRequestOpen)
{
    ASSERT_EQ(propose({"--amount", "6"}).status, 0);
    ASSERT_EQ(vote("bob").status, 0);
    ASSERT_EQ(vote("carol").status, 0);
    const auto second = propose({"--amount", "5"});
    ASSERT_EQ(second.status, 0) << second.out;
    EXPECT_EQ(second.field("limits.0.fits"), "false");
    EXPECT_EQ(second.field("limits.0.amount_left"), "0");
    ASSERT_EQ(vote("bob").status, 0);
    const auto refused = vote("carol");
    EXPECT_EQ(refused.status, 4);
    EXPECT_EQ(refused.error_code(), "limit_velocity");
    EXPECT_THAT(refused.out, HasSubstr("went out already, and this takes 5."));
    EXPECT_EQ(status_of_request(), "pending_review");
    EXPECT_EQ(count_records("vote.recorded"), 3U);
}

TEST_F(Limits, RefuseAProposalThatAloneIsTooMuch)
{
    const auto refused = propose({"--amount", "10"});
    EXPECT_EQ(refused.status, 4);
    EXPECT_EQ(refused.error_code(), "limit_velocity");
    EXPECT_THAT(refused.out, HasSubstr("more than the whole limit"));
    EXPECT_EQ(run_well({"--json", "list"}).json().find("requests")->list()->size(), 0U);
}

TEST_F(Limits, ArePartOfAnExplanation)
{
    propose_and_approve();
    const auto explain = [&](const std::string& amount, const std::string& requester) {
        return run_well({"--json", "policy", "explain", "--wallet", "eth-cold", "--to", "exchange-eth", "--amount", amount, "--requester", requester});
    };
    EXPECT_EQ(explain("1", "alice").field("limits.0.count_used"), "1");
    EXPECT_EQ(explain("9", "alice").field("limits.0.fits"), "false");
    EXPECT_EQ(explain("9", "bob").field("limits.0.fits"), "true");
    const auto much = explain("10.1", "bob");
    EXPECT_EQ(much.field("decision"), "denied");
    EXPECT_EQ(much.field("reason.code"), "limit_velocity");
    EXPECT_EQ(run_well({"--json", "policy", "explain", id}).field("limits.0.count_used"), "0");
    EXPECT_THAT(run_well({"policy", "explain", id}).out, HasSubstr("limit: after this"));
}

TEST_F(Limits, CanBeExpectedInATableOfDecisions)
{
    write("table.toml", std::string_view{"[[case]]\nwallet = \"eth-cold\"\nto = \"exchange-eth\"\namount = \"10.1\"\nexpect = \"limit_velocity\"\n"
                                         "[[case]]\nwallet = \"eth-cold\"\nto = \"exchange-eth\"\namount = \"10\"\nexpect = \"small-eth\"\n"});
    EXPECT_EQ(run({"policy", "test", "table.toml"}).status, 0) << run({"policy", "test", "table.toml"}).out;
}

TEST_F(Limits, StandInTheCharterThatIsShown)
{
    const auto shown = run_well({"--json", "charter", "show"});
    EXPECT_EQ(shown.field("limits.0.id"), "week");
    EXPECT_EQ(shown.field("limits.0.ceiling"), "10 ETH and 3 requests in 7 days");
    EXPECT_EQ(shown.field("limits.0.per.1"), "requester");
}

} // namespace
} // namespace coffer::cli
