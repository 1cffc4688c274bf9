// What seldom happens to rules and windows: each of these is a way out of a condition that other tests do not take.

#include "core/charter/restrictions.h"
#include "core/policy/evaluator.h"
#include "core/policy/windows.h"
#include "tests/support/treasury.h"
#include "tests/support/vectors.h"

#include <gmock/gmock.h>

namespace coffer::policy {
namespace {

using charter::DestinationClass;
using charter::Limit;
using charter::LimitPer;

const AssetId eth{"ethereum", "ETH"};

Outflow of_ether(std::uint64_t count, std::string requester, bool counts = true)
{
    return {.wallet = "eth-cold",
            .requester = std::move(requester),
            .payments = {{test::address_named("exchange"), {eth, test::ether(count)}}},
            .fee = {eth, {}},
            .counts = counts};
}

charter::Charter with_limit(std::vector<LimitPer> per)
{
    auto charter = test::example_charter();
    charter.limits = {{"day", {}, {{"ETH"}}, {}, {}, std::move(per), days(1), test::ether(100), 10}};
    return charter;
}

TEST(PolicyEdges, ADestinationThatIsCoolingCountsForNoRule)
{
    auto charter = test::example_charter();
    auto& rule = charter.rules.front();
    const payments::Description description{
        .payer = {}, .payments = {{test::address_named("exchange"), {eth, test::ether(1)}}}, .change = {}, .fee = {{eth, 1000}, 10, 1}};
    Facts facts{.kind = charter::RequestKind::transfer,
                .wallet = &charter.wallet("eth-cold"),
                .description = &description,
                .created = test::founding_day,
                .expires = test::founding_day + hours(24),
                .known_for = {},
                .words = {[](ByteView) { return std::string{"an address"}; }, [](const Uint256& rate) { return rate.decimal(); },
                          [&](ByteView address) { return charter.find_wallet_at("ethereum", address); }}};
    charter.rules = {rule};
    for (const auto& destinations : {DestinationClass{DestinationClass::Kind::whitelist, {}},
                                     DestinationClass{DestinationClass::Kind::listed, {"exchange"}}}) {
        charter.rules[0].destinations = destinations;
        facts.cooling.clear();
        EXPECT_EQ(select_rules(charter, facts).rules().front(), &charter.rules[0]);
        facts.cooling = {"supplier"};
        EXPECT_NO_THROW(static_cast<void>(select_rules(charter, facts)));
        facts.cooling = {"exchange"};
        EXPECT_ERROR(static_cast<void>(select_rules(charter, facts)), ErrorCode::dest_unknown);
    }
    facts.cooling = {"supplier"};
    charter.rules[0].destinations = {DestinationClass::Kind::listed, {"supplier"}};
    EXPECT_ERROR(static_cast<void>(select_rules(charter, facts)), ErrorCode::policy_denied);
}

TEST(PolicyEdges, WhoIsSuspendedIsNoLongerWillingToApprove)
{
    auto charter = test::example_charter();
    const payments::Description description{
        .payer = {}, .payments = {{test::address_named("exchange"), {eth, test::ether(1)}}}, .change = {}, .fee = {{eth, 1000}, 10, 1}};
    const Facts facts{.kind = charter::RequestKind::transfer,
                      .wallet = &charter.wallet("eth-cold"),
                      .description = &description,
                      .created = test::founding_day,
                      .expires = test::founding_day + hours(24),
                      .known_for = {},
                      .words = {[](ByteView) { return std::string{"an address"}; }, [](const Uint256& rate) { return rate.decimal(); },
                                [&](ByteView address) { return charter.find_wallet_at("ethereum", address); }}};
    const auto decision = select_rules(charter, facts);
    // 2 of finance, not the requester: of alice, bob, carol and erin two are left when one of them rejects.
    EXPECT_FALSE(is_rejected(charter, decision, {"carol"}, "alice"));
    auto& bob = *std::ranges::find(charter.officers, "bob", &charter::Officer::id);
    bob.suspended = std::move(bob.keys);
    bob.keys.clear();
    EXPECT_TRUE(is_rejected(charter, decision, {"carol"}, "alice"));
}

TEST(PolicyEdges, AWindowOfNobodyInParticularSaysSo)
{
    const auto charter = with_limit({LimitPer::requester});
    const Windows windows{charter};
    const auto words = [&](const std::string& requester) {
        return left_in_words(charter, windows.uses(of_ether(5, requester), test::founding_day).front());
    };
    EXPECT_THAT(words("alice"), testing::HasSubstr("requester alice"));
    EXPECT_THAT(words(""), testing::HasSubstr("one requester"));
}

TEST(PolicyEdges, OfTwoOutflowsOfOneSecondTheOneThatIsMeantIsTakenOut)
{
    const auto charter = with_limit({});
    const std::vector<Outflow> all{of_ether(5, "alice", false), of_ether(5, "alice"), of_ether(7, "bob")};
    for (const auto& gone : all) {
        Windows windows{charter};
        Windows without{charter};
        for (const auto& outflow : all) {
            windows.add(test::founding_day, outflow);
            if (!(outflow == gone))
                without.add(test::founding_day, outflow);
        }
        windows.remove(test::founding_day, gone);
        const auto left = windows.uses(of_ether(1, "alice"), test::founding_day).front();
        const auto expected = without.uses(of_ether(1, "alice"), test::founding_day).front();
        EXPECT_EQ(left.amount_before, expected.amount_before);
        EXPECT_EQ(left.count_before, expected.count_before);
    }
}

} // namespace
} // namespace coffer::policy
