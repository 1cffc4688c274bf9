// Payments under a standing order: what covers them, who approves them, who stops them.

#include "core/requests/request_service.h"
#include "tests/support/drafts.h"
#include "tests/support/scripted_books.h"
#include "tests/support/standing_orders.h"
#include "tests/support/vectors.h"

#include <gtest/gtest.h>

namespace coffer::requests {
namespace {

using charter::PolicyChain;
using charter::StandingOrder;
using test::Ballot;
using test::Draft;
using test::ether;
using test::founding_day;
using test::Transfer;
using test::working_day;

class UnderOrder : public testing::Test {
protected:
    EntryHash link(const std::function<void(StandingOrder&)>& change = {}, const std::vector<std::string>& names = test::order_signers())
    {
        const auto named = [&](StandingOrder& order) {
            order.officers = names;
            if (change)
                change(order);
        };
        return test::link_entry(chain, test::order_of(chain, founding_day, named), names);
    }
    /// By olga, whose vote counts nowhere, of 4 ETH to the exchange.
    Draft draft(const EntryHash& order, Transfer transfer = {.amount = ether(4)}) const
    {
        return {.requester = "olga", .wallet = "eth-hot", .transfers = {std::move(transfer)}, .edit = [order](Request& request) { request.order = order; }};
    }
    void decide(const Draft& draft, const std::vector<Ballot>& ballots = {}, const Circumstances& with = test::circumstances())
    {
        require_approved(examine(chain, test::voted(chain, draft, ballots), with));
    }
    Draft with(const EntryHash& order, const std::function<void(Request&)>& change) const
    {
        auto changed = draft(order);
        changed.edit = [order, change](Request& request) {
            request.order = order;
            change(request);
        };
        return changed;
    }
    void suspend(const std::string& officer)
    {
        const charter::Suspension suspension{test::example_header, officer, std::nullopt, chain.charter_hash(), founding_day, ""};
        test::link_entry(chain, suspension, {"alice", "erin"});
    }

    PolicyChain chain = test::founded(test::charter_with_hot_payments());
};

TEST_F(UnderOrder, NoVoteIsNeeded)
{
    const auto entry = link();
    const auto judgement = judge(chain, test::submission(chain, draft(entry)), test::circumstances());
    EXPECT_NO_THROW(require_approved(judgement));
    ASSERT_TRUE(judgement.order);
    EXPECT_EQ(judgement.order->order->id, "payroll");
    EXPECT_EQ(judgement.order->approvers, (std::vector<std::string>{"bob", "carol", "dave"}));
    auto without = draft(entry);
    without.edit = [](Request&) {};
    EXPECT_ERROR(decide(without), ErrorCode::appr_missing);
}

TEST_F(UnderOrder, TheOrderNeedsTheVotesOfItsWholeSum)
{
    // 100 ETH are for hot-large: two of finance and one of compliance.
    EXPECT_ERROR(decide(draft(link({}, {"bob", "carol"}))), ErrorCode::appr_missing);
    EXPECT_ERROR(decide(draft(link([](auto& order) { order.id = "second"; }, {"bob", "dave"}))), ErrorCode::appr_missing);
    EXPECT_ERROR(decide(draft(link([](auto& order) { order.id = "third"; }, {"bob", "erin"}))), ErrorCode::appr_missing);
    EXPECT_NO_THROW(decide(draft(link([](auto& order) { order.id = "fourth"; }, {"bob", "carol", "dave"}))));
    // 10 ETH are for hot-small: one of finance.
    EXPECT_NO_THROW(decide(draft(link(
        [](auto& order) {
            order.id = "small";
            order.total = ether(10);
        },
        {"carol"}))));
    EXPECT_ERROR(decide(draft(link(
                     [](auto& order) {
                         order.id = "larger";
                         order.total = ether(10) + Uint256{1};
                     },
                     {"carol"}))),
                 ErrorCode::appr_missing);
}

TEST_F(UnderOrder, EachDestinationNeedsTheVotesOfTheWholeSum)
{
    auto charter = test::charter_with_hot_payments();
    charter.rules[1].destinations = {charter::DestinationClass::Kind::listed, {"exchange"}};
    chain = test::founded(charter);
    EXPECT_NO_THROW(decide(draft(link())));
    const auto both = link([](auto& order) {
        order.id = "both";
        order.destinations.push_back(test::address_named("supplier"));
    });
    EXPECT_ERROR(decide(draft(both)), ErrorCode::policy_denied); // no rule allows 100 ETH to the supplier
}

TEST_F(UnderOrder, WhoProposesDoesNotCountForTheOrder)
{
    const auto entry = link();
    for (const auto* requester : {"olga", "alice", "erin"}) {
        auto by = draft(entry);
        by.requester = requester;
        EXPECT_NO_THROW(decide(by)) << requester;
    }
    for (const auto* requester : {"bob", "carol", "dave"}) {
        SCOPED_TRACE(requester);
        auto by = draft(entry);
        by.requester = requester;
        EXPECT_ERROR(decide(by), ErrorCode::appr_missing);
    }
    auto charter = test::charter_with_hot_payments();
    charter.rules[1].requester_may_approve = true;
    chain = test::founded(charter);
    auto by = draft(link());
    by.requester = "bob";
    EXPECT_NO_THROW(decide(by));
}

/// The rule of the payment itself may be the stricter one.
TEST_F(UnderOrder, TheRuleOfThePaymentNeedsItsVotesToo)
{
    auto charter = test::charter_with_hot_payments();
    charter.rules[0].approvals = charter::Quorum::parse("3 of finance");
    charter.rules[0].delay = hours(6);
    chain = test::founded(charter);
    EXPECT_ERROR(decide(draft(link())), ErrorCode::appr_missing);
    const auto more = link([](auto& order) { order.id = "more"; }, {"alice", "bob", "carol", "dave"});
    auto here = test::circumstances();
    here.entry_known_for = [](const EntryHash& /*entry*/) { return hours(6); };
    EXPECT_NO_THROW(decide(draft(more), {}, here));
    here.entry_known_for = [](const EntryHash& /*entry*/) { return hours(5); };
    EXPECT_ERROR(decide(draft(more), {}, here), ErrorCode::delay);
}

TEST_F(UnderOrder, OnlyThoseWhomItNamesCountForIt)
{
    const auto entry = test::link_entry(chain, test::order_of(chain, founding_day, [](auto& order) { order.officers = {"bob", "carol"}; }),
                                        {"bob", "carol", "dave"});
    EXPECT_ERROR(decide(draft(entry)), ErrorCode::appr_missing);
}

TEST_F(UnderOrder, WhoIsSuspendedCountsNoMore)
{
    const auto entry = link();
    EXPECT_NO_THROW(decide(draft(entry)));
    suspend("carol");
    EXPECT_ERROR(decide(draft(entry)), ErrorCode::appr_missing);
}

TEST_F(UnderOrder, VotesDoNotTakeItsPlace)
{
    const std::vector<Ballot> all{{.officer = "bob"}, {.officer = "carol"}, {.officer = "dave"}};
    const auto lacking = link({}, {"bob"});
    EXPECT_ERROR(decide(draft(lacking), all), ErrorCode::appr_missing);
    const auto ended = link([](auto& order) { order.id = "ended"; });
    test::link_entry(chain, test::end_of(chain, ended, "olga"), {"olga"});
    EXPECT_ERROR(decide(draft(ended), all), ErrorCode::policy_denied);
}

TEST_F(UnderOrder, OnlyExactDestinationsSumsAndAssets)
{
    const auto entry = link();
    EXPECT_NO_THROW(decide(draft(entry, {.amount = ether(4)})));
    EXPECT_ERROR(decide(draft(entry, {.amount = ether(4) + Uint256{1}})), ErrorCode::policy_denied);
    EXPECT_ERROR(decide(draft(entry, {.to = "supplier", .amount = ether(4)})), ErrorCode::policy_denied);
    const auto to_supplier = link([](auto& order) {
        order.id = "supplies";
        order.destinations = {test::address_named("supplier")};
    });
    EXPECT_NO_THROW(decide(draft(to_supplier, {.to = "supplier", .amount = ether(4)})));
    EXPECT_ERROR(decide(draft(to_supplier, {.to = "supplier", .amount = 4, .token = "USDT"})), ErrorCode::policy_denied); // that rule patient allows
    auto several = draft(entry);
    several.transfers = {{.amount = ether(4)}, {.amount = ether(4), .nonce = 1}};
    EXPECT_NO_THROW(decide(several));
    several.transfers[1].to = "supplier";
    EXPECT_ERROR(decide(several), ErrorCode::policy_denied);
}

TEST_F(UnderOrder, FeesHaveTheCeilingOfTheOrderAndOfTheRule)
{
    const auto entry = link([](auto& order) { order.fee = Uint256{60'000} * Uint256{20'000'000'000}; });
    EXPECT_NO_THROW(decide(draft(entry)));
    EXPECT_ERROR(decide(draft(entry, {.amount = ether(4), .fee_per_gas = 20'000'000'001})), ErrorCode::fee_cap);
    auto charter = test::charter_with_hot_payments();
    charter.rules[0].max_fee = Uint256{1};
    chain = test::founded(charter);
    EXPECT_ERROR(decide(draft(link())), ErrorCode::fee_cap);
}

TEST_F(UnderOrder, TheAddressBookOfTodayDecides)
{
    const auto entry = link();
    const charter::DestinationRemoved removed{test::example_header, "exchange", "olga", chain.charter_hash(), founding_day, ""};
    test::link_entry(chain, removed, {"olga"});
    EXPECT_ERROR(decide(draft(entry)), ErrorCode::dest_unknown);
}

TEST_F(UnderOrder, OnlyTransfersOfItsWalletThatReplaceNothing)
{
    const auto entry = link();
    auto warm = draft(entry);
    warm.wallet = "eth-warm";
    EXPECT_ERROR(decide(warm), ErrorCode::policy_denied);
    auto replacing = test::circumstances();
    replacing.holder_of = [](const payments::SpendSlot& /*slot*/) { return std::optional{RequestDigest{}}; };
    EXPECT_ERROR(decide(with(entry, [](auto& request) { request.replaces = RequestDigest{}; }), {}, replacing), ErrorCode::policy_denied);
    EXPECT_ERROR(decide(with(entry, [](auto& request) { request.kind = charter::RequestKind::consolidate; })), ErrorCode::policy_denied);
}

TEST_F(UnderOrder, NothingButPaymentsWhateverElseARuleAllows)
{
    const auto entry = link();
    const auto open = open_request(chain, test::submission(chain, draft(entry)), working_day);
    EXPECT_NO_THROW(require_covered(chain, open.request, open.description, {}, {}));
    auto request = open.request;
    request.kind = charter::RequestKind::message;
    EXPECT_ERROR(require_covered(chain, request, open.description, {}, {}), ErrorCode::policy_denied);
    auto nothing = open.description;
    nothing.payments.clear();
    EXPECT_ERROR(require_covered(chain, open.request, nothing, {}, {}), ErrorCode::policy_denied);
}

TEST_F(UnderOrder, ARuleWithoutVotesApprovesNoOrder)
{
    const charter::OrderInForce in_force{test::order_of(chain), test::signed_by(encode(charter::Entry{test::order_of(chain)}), {"bob"})};
    auto charter = chain.charter();
    EXPECT_FALSE(judge_order(charter, in_force, {}, {}).approvals.reached);
    charter.rules[1].approvals = charter::Quorum::parse("none"); // no charter that was checked has it
    EXPECT_ERROR(judge_order(charter, in_force, {}, {}), ErrorCode::policy_denied);
}

TEST_F(UnderOrder, ItsDatesBoundTheRequests)
{
    const auto entry = link([](auto& order) {
        order.first = working_day;
        order.last = working_day + hours(12);
    });
    EXPECT_ERROR(decide(draft(entry)), ErrorCode::policy_denied); // it lives for 24 hours
    EXPECT_NO_THROW(decide(with(entry, [](auto& request) { request.expires = working_day + hours(12); })));
    EXPECT_ERROR(decide(with(entry, [](auto& request) {
                     request.created = working_day - Duration{1};
                     request.expires = working_day + hours(12);
                 })),
                 ErrorCode::policy_denied);
    EXPECT_ERROR(decide(with(entry, [](auto& request) { request.expires = working_day + hours(12) + Duration{1}; })), ErrorCode::policy_denied);
}

TEST_F(UnderOrder, OneApplianceSigns)
{
    const auto entry = link();
    auto here = test::circumstances();
    here.appliance = chain.charter().find_appliance("vault-a")->key;
    EXPECT_NO_THROW(decide(draft(entry), {}, here));
    here.appliance = test::approval_key_named("vault-b");
    EXPECT_ERROR(decide(draft(entry), {}, here), ErrorCode::policy_denied);
}

TEST_F(UnderOrder, AnotherApplianceInItsPlaceDoesNotKnowTheSums)
{
    const auto entry = link();
    const charter::ApplianceEnrolled enrolled{test::example_header, "vault-a", test::approval_key_named("new"), chain.charter_hash(), founding_day, ""};
    test::link_entry(chain, enrolled, {"alice", "bob", "dave"});
    EXPECT_ERROR(decide(draft(entry)), ErrorCode::policy_denied);
}

TEST_F(UnderOrder, OneOfThoseWhoVoteStopsIt)
{
    const auto entry = link();
    const auto rejected_by = [](const std::string& officer) { return Ballot{.officer = officer, .decision = VoteDecision::reject}; };
    for (const auto* officer : {"alice", "carol", "dave"}) { // of the rule, of the order, with a veto
        SCOPED_TRACE(officer);
        EXPECT_ERROR(decide(draft(entry), {rejected_by(officer)}), ErrorCode::appr_rejected);
    }
    auto by_alice = draft(entry);
    by_alice.requester = "alice";
    EXPECT_NO_THROW(decide(by_alice, {rejected_by("olga")}));
}

TEST_F(UnderOrder, TheDelayCountsFromTheOrder)
{
    auto charter = test::charter_with_hot_payments();
    charter.rules[1].delay = hours(6);
    chain = test::founded(charter);
    const auto entry = link();
    auto here = test::circumstances();
    here.known_for = Duration{}; // the request is new
    here.entry_known_for = [&](const EntryHash& asked) { return asked == entry ? Duration{hours(6).seconds - 1} : hours(100); };
    EXPECT_ERROR(decide(draft(entry), {}, here), ErrorCode::delay);
    here.entry_known_for = [&](const EntryHash& asked) { return asked == entry ? hours(6) : Duration{}; };
    EXPECT_NO_THROW(decide(draft(entry), {}, here));
    here.entry_known_for = {};
    EXPECT_ERROR(decide(draft(entry), {}, here), ErrorCode::delay);
    here.known_for.reset(); // online nothing is delayed
    EXPECT_NO_THROW(decide(draft(entry), {}, here));
}

/// A home whose service reserves what is paid under an order.
class OrderedHome : public testing::Test {
protected:
    OrderedHome() { entry = books.link(test::order_of(books.chain(), books.now_is), test::order_signers()); }

    CheckedRequest open(std::uint64_t amount)
    {
        const test::Proposal proposal{.requester = "olga",
                                      .wallet = "eth-hot",
                                      .nonce = m_number,
                                      .payments = {{"exchange", ether(amount)}},
                                      .id_seed = std::to_string(m_number),
                                      .order = entry};
        ++m_number;
        return service.open(test::submission_of(proposal, books.chain(), books.now_is));
    }

    test::ScratchDirectory scratch;
    test::ScriptedBooks books{scratch.path(), test::charter_with_hot_payments()};
    RequestService service{books};
    EntryHash entry;

private:
    std::uint64_t m_number = 0;
};

TEST_F(OrderedHome, ReservesFromTheProposalOn)
{
    const auto opened = open(4);
    EXPECT_EQ(opened.status, Status::pending_signature);
    ASSERT_TRUE(opened.order_use);
    EXPECT_EQ(opened.order_use->in_all, ether(4));
    open(4);
    EXPECT_ERROR(open(3), ErrorCode::limit_velocity);
    EXPECT_EQ(service.all_ids().size(), 2U);
    open(2);
    EXPECT_EQ(service.order_uses().at(entry).in_span, ether(10));
    books.now_is = books.now_is + hours(24) + Duration{1};
    EXPECT_NO_THROW(open(4));
}

TEST_F(OrderedHome, GivesBackWhatIsCancelled)
{
    const auto opened = open(4);
    const auto id = opened.id();
    const auto digest = opened.stored.row.digest;
    service.cancel(test::cancel_of("olga", digest, books.chain(), books.now_is));
    EXPECT_EQ(service.find(id).status, Status::cancelled);
    EXPECT_TRUE(service.order_uses().at(entry).in_all.is_zero());
}

TEST_F(OrderedHome, TakesNoVotesThatNobodyNeeds)
{
    const auto opened = open(4);
    const auto digest = opened.stored.row.digest;
    EXPECT_ERROR(service.record(test::vote_of("bob", digest, VoteDecision::approve, books.chain(), books.now_is), ""), ErrorCode::state);
    EXPECT_EQ(service.record(test::vote_of("bob", digest, VoteDecision::reject, books.chain(), books.now_is), "").status, Status::rejected);
}

TEST_F(OrderedHome, OpensNothingThatTheOrderDoesNotApproveForItsProposer)
{
    EXPECT_ERROR(service.open(test::submission_of({.requester = "bob", .wallet = "eth-hot", .payments = {{"exchange", ether(4)}}, .order = entry},
                                                  books.chain(), books.now_is)),
                 ErrorCode::appr_missing);
    EXPECT_TRUE(service.all_ids().empty());
    open(4);
}

TEST_F(OrderedHome, SendsWhatWasSignedBeforeASignerWasSuspended)
{
    const auto id = open(4).id();
    EXPECT_FALSE(service.import_signatures(id, test::vault_signatures(service.find(id))).error);
    const charter::Suspension suspension{test::example_header, "carol", std::nullopt, books.chain().charter_hash(), books.now_is, ""};
    books.link(suspension, {"alice", "erin"});
    EXPECT_EQ(service.begin_broadcast(id).size(), 1U);
    EXPECT_ERROR(open(1), ErrorCode::appr_missing);
}

TEST_F(OrderedHome, StopsWhatWaitsWhenTheOrderEnds)
{
    const auto id = open(4).id();
    books.link(test::end_of(books.chain(), entry, "olga", books.now_is), {"olga"});
    const auto checked = service.refresh(id);
    EXPECT_EQ(checked.status, Status::pending_review);
    ASSERT_TRUE(checked.judgement.refused);
    EXPECT_EQ(checked.judgement.refused->code(), ErrorCode::policy_denied);
    EXPECT_EQ(books.count("SELECT count(*) FROM charges"), 0);
    EXPECT_ERROR(open(1), ErrorCode::policy_denied);
}

TEST_F(OrderedHome, KeepsWhatTheVaultMayHaveSigned)
{
    const auto id = open(4).id();
    EXPECT_FALSE(service.import_signatures(id, test::vault_signatures(service.find(id))).error);
    EXPECT_EQ(service.find(id).status, Status::pending_broadcast);
    books.now_is = books.now_is + days(20);
    EXPECT_EQ(service.order_uses().at(entry).in_all, ether(4));
    EXPECT_TRUE(service.order_uses().at(entry).in_span.is_zero());
    books.link(test::end_of(books.chain(), entry, "olga", books.now_is), {"olga"});
    EXPECT_EQ(service.find(id).status, Status::pending_broadcast);
}

} // namespace
} // namespace coffer::requests
