// Standing orders as links of a policy chain: what can be told of them without the rules.

#include "core/charter/standing_order_check.h"
#include "tests/support/standing_orders.h"
#include "tests/support/vectors.h"

#include <gtest/gtest.h>

namespace coffer::charter {
namespace {

using test::ether;
using test::founding_day;
using test::link_entry;
using Change = std::function<void(StandingOrder&)>;

class StandingOrders : public testing::Test {
protected:
    EntryHash link(const Change& change = {}, const std::vector<std::string>& names = test::order_signers(), UtcTime now = founding_day)
    {
        return link_entry(chain, test::order_of(chain, founding_day, change), names, now);
    }
    void expect_refused(ErrorCode code, const Change& change, const std::vector<std::string>& names = test::order_signers())
    {
        const auto position = chain.position();
        EXPECT_ERROR(link(change, names), code);
        EXPECT_EQ(chain.position(), position);
        EXPECT_TRUE(chain.orders().empty());
    }
    void amend(const std::function<void(Charter&)>& change = [](Charter& /*charter*/) {})
    {
        test::append(chain, seal(test::amended(chain, change)), {"alice", "bob", "dave"});
    }

    PolicyChain chain = test::founded(test::charter_with_hot_payments());
};

TEST_F(StandingOrders, AreInForceOnceTheyAreLinked)
{
    const auto entry = link();
    ASSERT_NE(chain.find_order(entry), nullptr);
    EXPECT_EQ(chain.find_order(entry)->order.id, "payroll");
    EXPECT_EQ(chain.orders().size(), 1U);
    EXPECT_TRUE(chain.has_changed_since(0));
    EXPECT_EQ(chain.find_order(EntryHash{}), nullptr);
}

/// Else whoever carries the link could take signatures off it, and each side would have another order at one position.
TEST_F(StandingOrders, AreSignedByAllWhomTheyName)
{
    expect_refused(ErrorCode::appr_missing, {}, {});
    expect_refused(ErrorCode::appr_missing, {}, {"bob", "carol"});
    expect_refused(ErrorCode::appr_missing, {}, {"bob", "carol", "alice", "erin"});
    expect_refused(ErrorCode::appr_missing, [](auto& order) { order.officers = {"mallory"}; }, {"mallory"});
    link({}, {"bob", "carol", "dave", "olga"});
}

TEST_F(StandingOrders, NeverLeaveAColdOrPersonalWallet)
{
    expect_refused(ErrorCode::policy_invalid, [](auto& order) { order.wallet = "eth-cold"; });
    expect_refused(ErrorCode::policy_invalid, [](auto& order) { order.wallet = "purse"; });
    expect_refused(ErrorCode::wallet_unknown, [](auto& order) { order.wallet = "nowhere"; });
    link([](auto& order) { order.wallet = "eth-warm"; });
}

TEST_F(StandingOrders, NameOneActiveApplianceByItsIdentity)
{
    expect_refused(ErrorCode::policy_invalid, [](auto& order) { order.appliance = "vault-z"; });
    expect_refused(ErrorCode::policy_invalid, [](auto& order) { order.identity = test::approval_key_named("another"); });
    expect_refused(ErrorCode::appliance_inactive, [](auto& order) {
        order.appliance = "vault-b";
        order.identity = test::approval_key_named("vault-b");
    });
    auto charter = test::charter_with_hot_payments();
    charter.appliances[1].state = Appliance::State::active;
    chain = test::founded(charter);
    expect_refused(ErrorCode::policy_invalid, [](auto& order) { // it holds no key of the wallet
        order.appliance = "vault-b";
        order.identity = test::approval_key_named("vault-b");
    });
    link();
}

TEST_F(StandingOrders, NameAnAssetOfTheWalletsChain)
{
    expect_refused(ErrorCode::token_unknown, [](auto& order) { order.asset = "POL"; });
    expect_refused(ErrorCode::policy_invalid, [](auto& order) { order.destinations = {Bytes{}}; });
    link([](auto& order) { order.asset = "USDC"; });
}

TEST_F(StandingOrders, BoundEachSumByTheNextLarger)
{
    expect_refused(ErrorCode::policy_invalid, [](auto& order) { order.per_payment = Uint256{}; });
    expect_refused(ErrorCode::policy_invalid, [](auto& order) { order.per_payment = order.per_span + Uint256{1}; });
    expect_refused(ErrorCode::policy_invalid, [](auto& order) { order.per_span = order.total + Uint256{1}; });
    expect_refused(ErrorCode::policy_invalid, [](auto& order) { order.total = greatest_limit_amount() + Uint256{1}; });
    expect_refused(ErrorCode::policy_invalid, [](auto& order) { order.total_fee = greatest_limit_amount() + Uint256{1}; });
    expect_refused(ErrorCode::policy_invalid, [](auto& order) { order.fee = order.total_fee + Uint256{1}; });
    link([](auto& order) {
        order.per_payment = order.per_span = order.total = greatest_limit_amount();
        order.fee = order.total_fee = greatest_limit_amount();
    });
}

TEST_F(StandingOrders, LastUpTo366DaysAndEndLater)
{
    expect_refused(ErrorCode::policy_invalid, [](auto& order) { order.span = Duration{59}; });
    expect_refused(ErrorCode::policy_invalid, [](auto& order) { order.span = Duration{days(366).seconds + 1}; });
    expect_refused(ErrorCode::policy_invalid, [](auto& order) { order.last = order.first; });
    expect_refused(ErrorCode::policy_invalid, [](auto& order) { order.last = order.first + days(366) + Duration{1}; });
    expect_refused(ErrorCode::policy_invalid, [](auto& order) {
        order.first = founding_day - days(2);
        order.last = founding_day;
    });
    link([](auto& order) {
        order.span = days(366);
        order.last = order.first + days(366);
    });
}

TEST_F(StandingOrders, HaveANameOfTheirOwn)
{
    expect_refused(ErrorCode::policy_invalid, [](auto& order) { order.id = "Pay roll"; });
    const auto entry = link();
    EXPECT_ERROR(link([](auto& order) { order.total = ether(50); }), ErrorCode::state);
    link([](auto& order) { order.id = "rent"; });
    EXPECT_EQ(chain.orders().size(), 2U);
    link_entry(chain, test::end_of(chain, entry, "olga"), {"olga"});
    link([](auto& order) { order.total = ether(50); });
}

TEST_F(StandingOrders, GiveUpTheirNamesWhenTheirDateIsOver)
{
    const auto first = link();
    const auto day = founding_day + days(30);
    EXPECT_ERROR(link_entry(chain, test::order_of(chain, day + Duration{-1}), test::order_signers(), day), ErrorCode::state);
    link_entry(chain, test::order_of(chain, day), test::order_signers(), day);
    EXPECT_EQ(chain.find_order(first), nullptr);
    EXPECT_EQ(chain.orders().size(), 1U);
}

TEST_F(StandingOrders, MayBeEndedBeforeTheyAreLinked)
{
    const auto order = test::order_of(chain);
    const auto entry = test::entry_hash_of(order);
    link_entry(chain, test::end_of(chain, entry, "olga"), {"olga"});
    EXPECT_ERROR(link_entry(chain, order, test::order_signers()), ErrorCode::state);
    link([](auto& other) { other.reason = "another"; });
}

TEST_F(StandingOrders, AreAThousandAtMost)
{
    for (std::size_t i = 0; i < most_orders; ++i)
        link([&](auto& order) { order.id = "order-" + std::to_string(i); order.officers = {"olga"}; }, {"olga"});
    EXPECT_ERROR(link(), ErrorCode::limit);
    EXPECT_EQ(chain.orders().size(), most_orders);
}

TEST_F(StandingOrders, HoldUnderTheCharterThatTheyNameUntilTheNext)
{
    expect_refused(ErrorCode::policy_mismatch, [](auto& order) { order.charter = CharterHash{}; });
    const auto order = test::order_of(chain);
    const auto entry = link();
    amend();
    EXPECT_EQ(chain.find_order(entry), nullptr);
    EXPECT_TRUE(chain.orders().empty());
    EXPECT_ERROR(link_entry(chain, order, test::order_signers()), ErrorCode::policy_rollback); // it was a link already
    auto again = order;
    again.reason = "again";
    EXPECT_ERROR(link_entry(chain, again, test::order_signers()), ErrorCode::policy_mismatch);
    link();
}

TEST_F(StandingOrders, AreNotOfTheFuture)
{
    const auto order = test::order_of(chain, founding_day + minutes(11));
    EXPECT_ERROR(link_entry(chain, order, test::order_signers()), ErrorCode::appr_future);
    link_entry(chain, order, test::order_signers(), founding_day + minutes(1));
}

TEST_F(StandingOrders, AreEndedByAnyOneOfficer)
{
    const auto entry = link();
    EXPECT_ERROR(link_entry(chain, test::end_of(chain, entry, "olga"), {"mallory"}), ErrorCode::appr_role);
    EXPECT_ERROR(link_entry(chain, test::end_of(chain, entry, "mallory"), {"mallory"}), ErrorCode::appr_role);
    auto stale = test::end_of(chain, entry, "olga");
    stale.charter = CharterHash{};
    EXPECT_ERROR(link_entry(chain, stale, {"olga"}), ErrorCode::policy_mismatch);
    EXPECT_NE(chain.find_order(entry), nullptr);
    link_entry(chain, test::end_of(chain, entry, "olga"), {"olga"});
    EXPECT_EQ(chain.find_order(entry), nullptr);
    EXPECT_ERROR(link_entry(chain, test::end_of(chain, entry, "bob"), {"bob"}), ErrorCode::state);
}

} // namespace
} // namespace coffer::charter
