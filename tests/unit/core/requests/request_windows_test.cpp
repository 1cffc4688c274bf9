// What limits count in a home: reserved with the last vote needed, in one transaction with it.

#include "core/requests/request_service.h"
#include "tests/support/scripted_books.h"
#include "tests/support/vectors.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace coffer::requests {
namespace {

using test::ether;
using test::Proposal;
using enum VoteDecision;

constexpr Duration span = hours(3);

charter::Charter limited(std::uint64_t most)
{
    auto charter = test::example_charter();
    charter.limits = {{.id = "three-hours",
                       .wallets = {},
                       .assets = {{"ETH"}},
                       .destinations = {},
                       .requesters = {},
                       .per = {},
                       .span = span,
                       .amount = ether(most),
                       .count = {}}};
    for (auto& rule : charter.rules)
        if (!rule.approvals.is_none())
            rule.kinds = {charter::RequestKind::transfer, charter::RequestKind::bump};
    return charter;
}

class Reservations : public testing::Test {
protected:
    struct Opened {
        RequestId id;
        RequestDigest digest;
    };

    Opened open(std::uint64_t amount)
    {
        const Proposal proposal{.nonce = m_number, .payments = {{"exchange", ether(amount)}}, .id_seed = std::to_string(m_number)};
        ++m_number;
        const auto opened = service.open(test::submission_of(proposal, books.chain(), books.now_is));
        return {opened.id(), opened.stored.row.digest};
    }
    void vote(const Opened& request, const std::string& officer, VoteDecision decision = approve)
    {
        service.record(test::vote_of(officer, request.digest, decision, books.chain(), books.now_is), "");
    }
    Opened open_approved(std::uint64_t amount)
    {
        const auto request = open(amount);
        vote(request, "bob");
        vote(request, "carol");
        return request;
    }
    /// The code with which the last vote on a payment is refused, or internal.
    ErrorCode refusal_of(std::uint64_t amount)
    {
        try {
            open_approved(amount);
            return ErrorCode::internal;
        } catch (const Error& error) {
            return error.code();
        }
    }
    void cancel(const Opened& request) { service.cancel(test::cancel_of("alice", request.digest, books.chain(), books.now_is)); }
    void sign(const Opened& request) { EXPECT_FALSE(service.import_signatures(request.id, test::vault_signatures(service.find(request.id))).error); }
    void mark_exported(const Opened& request)
    {
        const std::array ids{request.id};
        service.record_export(BundleDigest{crypto::sha256(bytes_of("bundle"))}, ids, {});
    }
    std::int64_t charges() { return books.count("SELECT count(*) FROM charges"); }

    test::ScratchDirectory scratch;
    test::ScriptedBooks books{scratch.path(), limited(10)};
    RequestService service{books};

private:
    std::uint64_t m_number = 0;
};

TEST_F(Reservations, BeginWithTheLastVoteNeeded)
{
    const auto request = open(5);
    EXPECT_EQ(charges(), 0);
    vote(request, "bob");
    EXPECT_EQ(charges(), 0);
    books.now_is = books.now_is + hours(1);
    vote(request, "carol");
    EXPECT_EQ(charges(), 1);
    EXPECT_EQ(books.count("SELECT at FROM charges"), books.now_is.seconds);
    vote(request, "erin");
    EXPECT_EQ(charges(), 1);
}

TEST_F(Reservations, RefuseTheVoteThatWouldExceedAndStoreNothing) // E17
{
    open_approved(5);
    const auto second = open(5); // 10 ETH and two fees
    vote(second, "bob");
    EXPECT_ERROR(vote(second, "carol"), ErrorCode::limit_velocity);
    EXPECT_EQ(service.find(second.id).status, Status::pending_review);
    EXPECT_EQ(service.find(second.id).stored.votes.size(), 1U);
    EXPECT_EQ(charges(), 1);
    EXPECT_EQ(books.count("SELECT count(*) FROM audit WHERE instr(event, 'vote.recorded') > 0"), 3);

    // The same vote when the window has moved on.
    books.now_is = books.now_is + span;
    EXPECT_ERROR(vote(second, "carol"), ErrorCode::limit_velocity);
    books.now_is = books.now_is + Duration{1};
    vote(second, "carol");
    EXPECT_EQ(service.find(second.id).status, Status::pending_signature);
    EXPECT_EQ(charges(), 2);
}

TEST_F(Reservations, LetARejectionThrough)
{
    open_approved(9);
    const auto second = open(5);
    vote(second, "bob");
    EXPECT_NO_THROW(vote(second, "dave", reject));
    EXPECT_EQ(service.find(second.id).status, Status::rejected);
}

TEST_F(Reservations, AreFreeWhenTheRequestEndsUnsigned)
{
    const auto cancelled = open_approved(9);
    cancel(cancelled);
    EXPECT_EQ(charges(), 0);
    const auto rejected = open_approved(9);
    vote(rejected, "dave", reject);
    EXPECT_EQ(charges(), 0);
    EXPECT_EQ(refusal_of(9), ErrorCode::internal);
}

TEST_F(Reservations, OfWhatExpiredAreFreeUnlessItLeftForTheVault)
{
    books.amend([](charter::Charter& next) { next.limits.front().span = days(7); }, {"alice", "bob", "dave"});
    open_approved(9);
    books.now_is = books.now_is + hours(25);
    const auto second = open_approved(9);
    EXPECT_EQ(service.expire_overdue().size(), 1U);
    EXPECT_EQ(charges(), 1);
    mark_exported(second);
    books.now_is = books.now_is + hours(25);
    EXPECT_TRUE(service.expire_overdue().empty());
    EXPECT_EQ(refusal_of(9), ErrorCode::limit_velocity);
}

TEST_F(Reservations, OfWhatIsSignedStay)
{
    const auto request = open_approved(9);
    sign(request);
    EXPECT_ERROR(cancel(request), ErrorCode::state);
    EXPECT_EQ(charges(), 1);
    EXPECT_EQ(refusal_of(5), ErrorCode::limit_velocity);
}

TEST_F(Reservations, RefuseAProposalOnlyWhenItAloneIsTooMuch)
{
    open_approved(9);
    EXPECT_ERROR(open(10), ErrorCode::limit_velocity); // with its fee
    EXPECT_EQ(books.count("SELECT count(*) FROM requests"), 1);
    const auto second = open(9);
    const auto found = service.find(second.id);
    ASSERT_EQ(found.windows.size(), 1U);
    EXPECT_EQ(policy::left_in_words(books.chain().charter(), found.windows.front()), "no room for this now in 10 ETH in 3 hours (three-hours)");
    EXPECT_EQ(policy::left_in_words(books.chain().charter(), service.find(open(1).id).windows.front()), "no room for this now in 10 ETH in 3 hours (three-hours)");
}

TEST_F(Reservations, ShowWhatIsLeftWithoutCountingARequestTwice)
{
    const auto request = open_approved(5);
    const auto left = [&] { return policy::left_in_words(books.chain().charter(), service.find(request.id).windows.front()); };
    EXPECT_EQ(left(), "after this 4.99958 of 10 ETH in 3 hours (three-hours)");
    open_approved(4);
    EXPECT_EQ(left(), "after this 0.99916 of 10 ETH in 3 hours (three-hours)");
    sign(request);
    EXPECT_TRUE(service.find(request.id).windows.empty());
}

TEST_F(Reservations, OfAnAmendedLimitCountThePast)
{
    books.amend([](charter::Charter& next) { next.limits.clear(); }, {"alice", "bob", "dave"});
    sign(open_approved(9));
    sign(open_approved(9));
    EXPECT_EQ(charges(), 2);
    books.amend([](charter::Charter& next) { next.limits = limited(20).limits; }, {"alice", "bob", "dave"});
    EXPECT_EQ(refusal_of(2), ErrorCode::limit_velocity);
    EXPECT_EQ(refusal_of(1), ErrorCode::internal);
}

TEST_F(Reservations, EndWhenAnAmendmentVoidsTheVotesUnlessItLeftForTheVault)
{
    const auto first = open_approved(4);
    const auto second = open_approved(4);
    mark_exported(second);
    books.amend([](charter::Charter& next) { next.name = "Renamed"; }, {"alice", "bob", "dave"});
    service.refresh(first.id);
    service.refresh(second.id);
    EXPECT_EQ(service.find(second.id).status, Status::pending_review);
    EXPECT_EQ(charges(), 1);
    EXPECT_EQ(refusal_of(6), ErrorCode::limit_velocity);
    vote(second, "bob");
    vote(second, "carol");
    EXPECT_EQ(charges(), 1);
    EXPECT_EQ(refusal_of(5), ErrorCode::internal);
}

TEST_F(Reservations, OfABumpAddTheIncreaseOfItsFee)
{
    const auto request = open_approved(9);
    sign(request);
    const auto signatures = test::vault_signatures(service.find(request.id));
    const auto stored = service.find(request.id).stored;
    const Proposal proposal{.payments = {{"exchange", ether(9)}}, .id_seed = "bump", .replaces = request.digest};
    const std::vector<Bytes> payloads{evm::encode_unsigned(evm::build_transfer({.chain_id = 1,
                                                                          .nonce = 0,
                                                                          .gas_limit = 21'000,
                                                                          .max_fee_per_gas = Uint256{40'000'000'000},
                                                                          .max_priority_fee_per_gas = Uint256{1'000'000'000},
                                                                          .recipient = evm::Address::from(test::address_named("exchange")),
                                                                          .amount = ether(9),
                                                                          .token = std::nullopt}))};
    auto draft = test::request_for(proposal, books.chain(), payloads, books.now_is);
    draft.kind = charter::RequestKind::bump;
    auto artefact = encode(draft);
    artefact.sign(test::key_named("alice"));
    const auto opened = service.open({.request = artefact.encode(),
                                      .payloads = payloads,
                                      .votes = {},
                                      .predecessors = {{stored.artefact, {stored.payloads[0].bytes}, {{signatures[0].signature}}}}});
    const Opened bump{opened.id(), opened.stored.row.digest};
    vote(bump, "bob");
    vote(bump, "carol");
    EXPECT_EQ(policy::left_in_words(books.chain().charter(), service.find(bump.id).windows.front()),
              "after this 0.99916 of 10 ETH in 3 hours (three-hours)");
}

TEST_F(Reservations, HoldWhenManyGiveTheLastVoteAtOnce) // E17: parallel requests
{
    std::vector<Opened> waiting;
    for (int i = 0; i < 8; ++i) {
        waiting.push_back(open(3));
        vote(waiting.back(), "bob");
    }
    std::vector<pid_t> children;
    for (std::size_t i = 0; i < 16; ++i) {
        const auto child = ::fork();
        if (child == 0) {
            int status = 2;
            try {
                test::ScriptedBooks own{scratch.path(), limited(10)};
                RequestService mine{own};
                mine.record(test::vote_of("carol", waiting[i % 8].digest, approve, own.chain(), own.now_is), "");
                status = 0;
            } catch (const Error& error) {
                status = error.code() == ErrorCode::limit_velocity ? 1 : 2;
            }
            ::_exit(status);
        }
        children.push_back(child);
    }
    for (const auto child : children) {
        int status = 0;
        ::waitpid(child, &status, 0);
        EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) < 2);
    }
    EXPECT_EQ(charges(), 3);
    EXPECT_EQ(books.count("SELECT count(*) FROM requests WHERE status = 'pending_signature'"), 3);
}

TEST_F(Reservations, AreHeldAgainstTheSignedBytes)
{
    const auto request = open(5);
    books.now_is = books.now_is + minutes(1);
    vote(request, "bob");
    vote(request, "carol");
    const auto other = open(4);
    const auto expect_tamper = [&](const std::string& edit, const std::string& repair, const RequestId& id) {
        SCOPED_TRACE(edit);
        books.edit("CREATE TABLE kept AS SELECT * FROM charges");
        books.edit(edit);
        EXPECT_ERROR(service.find(id), ErrorCode::db_tamper);
        books.edit(repair + "DELETE FROM charges; INSERT INTO charges SELECT * FROM kept; DROP TABLE kept");
        EXPECT_NO_THROW(service.find(id));
    };
    expect_tamper("DELETE FROM charges", "", request.id);
    expect_tamper("UPDATE charges SET at = at - 601", "", request.id);
    expect_tamper("UPDATE charges SET outflow = CAST(substr(outflow, 1, length(outflow) - 1) || x'f4' AS BLOB)", "", request.id);
    expect_tamper("UPDATE charges SET outflow = x''", "", request.id);
    expect_tamper("INSERT INTO charges SELECT id, created_at, x'' FROM requests WHERE status = 'pending_review'", "", other.id);
}

TEST_F(Reservations, OfBeforeThereWereChargesAreComputed)
{
    const auto request = open_approved(9);
    sign(request);
    books.edit("UPDATE charges SET at = (SELECT created_at FROM requests WHERE id = request_id), outflow = x''");
    EXPECT_NO_THROW(service.find(request.id));
    EXPECT_EQ(refusal_of(1), ErrorCode::limit_velocity);
}

} // namespace
} // namespace coffer::requests
