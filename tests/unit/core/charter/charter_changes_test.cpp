#include "tests/support/treasury.h"

#include <gtest/gtest.h>

#include <functional>

namespace coffer::charter {
namespace {

using Lines = std::vector<std::string>;

Lines changes(const std::function<void(Charter&)>& change)
{
    auto after = test::example_charter();
    change(after);
    return describe_changes(test::example_charter(), after);
}

TEST(CharterChanges, NoneAreNoLines)
{
    EXPECT_EQ(changes([](auto&) {}), Lines{});
}

TEST(CharterChanges, OfNameAmendmentAndAuditKey)
{
    EXPECT_EQ(changes([](auto& c) { c.name = "New"; }), Lines{"the name is `New`, before: `Example Treasury`"});
    EXPECT_EQ(changes([](auto& c) { c.amendment = Quorum::parse("2 of admin"); }), Lines{"an amendment needs 2 of admin, before: 3 of admin"});
    EXPECT_EQ(changes([](auto& c) { c.audit_key = test::approval_key_named("x"); }), Lines{"the audit key is replaced"});
}

TEST(CharterChanges, OfOfficers)
{
    EXPECT_EQ(changes([](auto& c) { c.officers.push_back(test::officer("zoe", {"finance", "admin"})); }),
              Lines{"officer \"zoe\" is added with finance, admin"});
    EXPECT_EQ(changes([](auto& c) { c.officers.erase(c.officers.begin()); }), Lines{"officer \"alice\" is removed"});
    EXPECT_EQ(changes([](auto& c) { c.officers[5].roles = {"admin"}; }), Lines{"officer \"olga\" has the roles admin, before: operations"});
    EXPECT_EQ(changes([](auto& c) { c.officers[5].keys = {test::approval_key_named("x")}; }), Lines{"officer \"olga\" has other keys"});
}

TEST(CharterChanges, OfEveryList)
{
    EXPECT_EQ(changes([](auto& c) { c.roles[0].veto = false; }), Lines{"role \"compliance\" is changed"});
    EXPECT_EQ(changes([](auto& c) { c.appliances[1].state = Appliance::State::active; }), Lines{"appliance \"vault-b\" is changed"});
    EXPECT_EQ(changes([](auto& c) { c.chains.pop_back(); }), Lines{"chain \"polygon\" is removed"});
    EXPECT_EQ(changes([](auto& c) { c.tokens[0].decimals = 18; }), Lines{"token \"USDC\" is changed"});
    EXPECT_EQ(changes([](auto& c) { c.wallets[0].presence = Presence::none; }), Lines{"wallet \"eth-cold\" is changed"});
    EXPECT_EQ(changes([](auto& c) { c.destinations.push_back({"new", "ethereum", Bytes(20)}); }), Lines{"destination \"new\" is added"});
    EXPECT_EQ(changes([](auto& c) { c.rules[0].requester_may_approve = true; }), Lines{"rule \"small\" is changed"});
}

TEST(CharterChanges, OfLimitsSayWhatTheyAllowAndAllowed)
{
    const auto limit = [](std::uint64_t most) {
        return Limit{.id = "week",
                     .wallets = {{"eth-cold"}},
                     .assets = {{"ETH"}},
                     .destinations = {},
                     .requesters = {{"alice", "bob"}},
                     .per = {LimitPer::wallet, LimitPer::destination},
                     .span = days(7),
                     .amount = test::ether(most),
                     .count = 1};
    };
    const std::string rest = " ETH and 1 request in 7 days for each wallet and destination, ETH from eth-cold to any destination, requested by alice, bob";
    EXPECT_EQ(changes([&](auto& c) { c.limits = {limit(500)}; }),
              (Lines{"limit \"week\" is added", "limit \"week\": at most 500" + rest}));
    auto before = test::example_charter();
    before.limits = {limit(500)};
    auto after = before;
    after.limits = {limit(400)};
    EXPECT_EQ(describe_changes(before, after), (Lines{"limit \"week\" is changed", "limit \"week\": at most 400" + rest +
                                                                                       ", before: limit \"week\": at most 500" + rest}));
    EXPECT_EQ(describe_changes(after, test::example_charter()), Lines{"limit \"week\" is removed"});
}

TEST(CharterChanges, OfRulesSayWhatIsNeededAndTheirOrder)
{
    EXPECT_EQ(changes([](auto& c) { c.rules[0].approvals = Quorum::parse("1 of finance"); }),
              (Lines{"rule \"small\" is changed", "rule \"small\" needs 1 of finance, before: 2 of finance"}));
    EXPECT_EQ(changes([](auto& c) { std::swap(c.rules[0], c.rules[1]); }),
              Lines{"the rules stand in another order: large, small, sweep, pocket, patient, purse"});
    EXPECT_EQ(changes([](auto& c) { c.rules.pop_back(); }), Lines{"rule \"purse\" is removed"});
}

} // namespace
} // namespace coffer::charter
