#include "core/requests/judgement.h"

#include "core/encoding/hex.h"
#include "core/keys/seed_signer.h"
#include "tests/support/drafts.h"
#include "tests/support/vectors.h"

namespace coffer::requests {
namespace {

using charter::Charter;
using charter::PolicyChain;
using charter::encode_cancel;
using test::add_votes;
using test::amended;
using test::append;
using test::Ballot;
using test::circumstances;
using test::Draft;
using test::ether;
using test::submission;
using test::Transfer;
using test::voted;
using test::working_day;

const std::vector<std::string> admins{"alice", "bob", "dave"};
const std::vector<Ballot> bob_and_carol{{.officer = "bob"}, {.officer = "carol"}};

Ballot rejection(std::string officer, UtcTime time = working_day + minutes(9))
{
    return {.officer = std::move(officer), .decision = VoteDecision::reject, .time = time};
}

/// As the appliance does it.
void decide(const PolicyChain& chain, const Submission& submission, const Circumstances& with = circumstances())
{
    require_approved(examine(chain, submission, with));
}

class Judging : public testing::Test {
protected:
    PolicyChain chain = test::founded(test::example_charter());

    void amend(const std::function<void(Charter&)>& change) { append(chain, seal(amended(chain, change)), admins); }
};

void rename(Charter& charter)
{
    charter.name = "Renamed";
}

TEST_F(Judging, ApprovesWhatTheRuleAsksFor)
{
    const auto judgement = judge(chain, voted(chain, {}, bob_and_carol), circumstances());
    EXPECT_NO_THROW(require_approved(judgement));
    ASSERT_EQ(judgement.decision.rules().size(), 1U);
    EXPECT_EQ(judgement.decision.rules()[0]->id, "small");
    EXPECT_EQ(judgement.open.wallet->id, "eth-cold");
    EXPECT_EQ(judgement.open.request.requester, "alice");
    EXPECT_EQ(judgement.open.description.payments.size(), 1U);
    EXPECT_EQ(judgement.open.payloads.size(), 1U);
    ASSERT_EQ(judgement.votes.size(), 2U);
    EXPECT_EQ(judgement.votes[0].roles, (std::vector<std::string>{"finance", "admin"}));
    EXPECT_FALSE(judgement.refused || judgement.rejected || judgement.cancelled || judgement.expired || judgement.delayed ||
                 judgement.discounted);
}

TEST_F(Judging, ListsVotesByTheirTime)
{
    const auto judgement = judge(chain, voted(chain, {}, {{.officer = "carol", .time = working_day + minutes(2)}, {.officer = "bob", .time = working_day + minutes(1)}}),
                                 circumstances());
    EXPECT_EQ(judgement.votes[0].vote.officer, "bob");
    EXPECT_EQ(judgement.votes[1].vote.officer, "carol");
}

TEST_F(Judging, SaysWhatIsMissing)
{
    EXPECT_ERROR(decide(chain, voted(chain, {}, {})), ErrorCode::appr_missing);
    EXPECT_ERROR(decide(chain, voted(chain, {}, {{.officer = "bob"}})), ErrorCode::appr_missing);
    EXPECT_NO_THROW(decide(chain, voted(chain, {}, bob_and_carol)));
}

TEST_F(Judging, E01_AVoteOnAnotherRequestIsRefused)
{
    const auto other = submission(chain, {.transfers = {{.amount = ether(4)}}});
    auto hostile = submission(chain);
    add_votes(hostile, chain, {{.officer = "bob"}});
    hostile.votes.push_back(test::vote(chain, test::digest_of(other), {.officer = "carol"}).encode());
    EXPECT_ERROR(decide(chain, hostile), ErrorCode::appr_binding);
    EXPECT_NO_THROW(decide(chain, voted(chain, {}, bob_and_carol)));
}

TEST_F(Judging, E01_ASignatureMovedToAVoteOnThisRequestIsRefused)
{
    auto target = voted(chain, {}, {{.officer = "bob"}});
    const auto other = submission(chain, {.transfers = {{.amount = ether(4)}}});
    const auto signature = test::vote(chain, test::digest_of(other), {.officer = "carol"}).signatures().front();
    const auto benign = test::vote(chain, test::digest_of(target), {.officer = "carol"});
    artefacts::Artefact forged{artefacts::Kind::vote, benign.body()};
    forged.add_signature(signature);
    target.votes.push_back(forged.encode());
    EXPECT_ERROR(decide(chain, target), ErrorCode::appr_binding);
    target.votes.back() = benign.encode();
    EXPECT_NO_THROW(decide(chain, target));
}

TEST_F(Judging, E02_OneOfficerCountsOnceHoweverManyKeysAndCopies)
{
    auto charter = test::example_charter();
    charter.officers[1].keys.push_back(test::approval_key_named("bob's second"));
    auto names = test::officer_ids(charter);
    chain = PolicyChain::found(test::signed_by(seal(charter), names).encode());

    const Ballot by_second_key{.officer = "bob", .signer = "bob's second"};
    EXPECT_ERROR(decide(chain, voted(chain, {}, {{.officer = "bob"}, by_second_key})), ErrorCode::appr_missing);
    EXPECT_ERROR(decide(chain, voted(chain, {}, {{.officer = "bob"}, {.officer = "bob"}, {.officer = "bob"}})), ErrorCode::appr_missing);
    EXPECT_NO_THROW(decide(chain, voted(chain, {}, {by_second_key, {.officer = "carol"}})));
    EXPECT_NO_THROW(decide(chain, voted(chain, {}, {{.officer = "bob"}, {.officer = "bob"}, {.officer = "carol"}})));
}

TEST_F(Judging, E02_ADifferentSpellingOfTheNameIsNobody)
{
    for (const auto* name : {"Bob", "bob ", "b\xd0\xbe" "b", "BOB"}) { // the third with a Cyrillic o
        SCOPED_TRACE(name);
        EXPECT_ERROR(decide(chain, voted(chain, {}, {{.officer = "bob"}, {.officer = name, .signer = "bob"}})), ErrorCode::appr_role);
    }
    EXPECT_ERROR(decide(chain, voted(chain, {}, {{.officer = "bob"}, {.officer = "bo\xcc\x88" "b", .signer = "bob"}})), ErrorCode::canon);
}

TEST_F(Judging, E02_TheSameDecisionTwiceWithDifferentTimesIsRefused)
{
    const Ballot later{.officer = "bob", .time = working_day + minutes(6)};
    EXPECT_ERROR(decide(chain, voted(chain, {}, {{.officer = "bob"}, later, {.officer = "carol"}})), ErrorCode::appr_dup);
    EXPECT_ERROR(decide(chain, voted(chain, {}, {rejection("bob"), rejection("bob", working_day + minutes(10))})), ErrorCode::appr_dup);
    EXPECT_NO_THROW(decide(chain, voted(chain, {}, {{.officer = "bob"}, {.officer = "bob"}, {.officer = "carol"}})));
}

TEST_F(Judging, E02_OfAnApprovalAndARejectionTheRejectionCounts)
{
    const std::vector<Ballot> ballots{{.officer = "bob"}, {.officer = "carol"}, rejection("bob")};
    for (const auto& order : {std::vector<Ballot>{ballots[0], ballots[1], ballots[2]}, {ballots[2], ballots[0], ballots[1]}}) {
        const auto judgement = examine(chain, voted(chain, {}, order), circumstances());
        EXPECT_FALSE(judgement.rejected); // carol and erin could still approve
        EXPECT_ERROR(require_approved(judgement), ErrorCode::appr_missing);
        EXPECT_EQ(judgement.votes.size(), 2U);
    }
    EXPECT_NO_THROW(decide(chain, voted(chain, {}, {ballots[0], ballots[1]})));
    EXPECT_NO_THROW(decide(chain, voted(chain, {}, {ballots[0], ballots[1], ballots[2], {.officer = "erin"}})));
}

TEST_F(Judging, E04_TheRequesterDoesNotCount)
{
    const auto by_themselves = voted(chain, {}, {{.officer = "alice"}, {.officer = "bob"}});
    EXPECT_ERROR(decide(chain, by_themselves), ErrorCode::appr_self);
    EXPECT_EQ(examine(chain, by_themselves, circumstances()).votes.size(), 1U);
    EXPECT_NO_THROW(decide(chain, voted(chain, {.requester = "carol"}, {{.officer = "alice"}, {.officer = "bob"}})));
    // Where the rule says so, they do.
    EXPECT_NO_THROW(decide(chain, voted(chain, {.wallet = "eth-hot", .transfers = {{.amount = ether(1)}}}, {{.officer = "alice"}})));
}

TEST_F(Judging, E05_E34_VotesOfAnEarlierCharterCountNothing)
{
    auto carried = voted(chain, {}, bob_and_carol);
    EXPECT_NO_THROW(decide(chain, carried));
    amend(rename);
    EXPECT_ERROR(decide(chain, carried), ErrorCode::policy_mismatch);
    // The same request, voted on again; the old votes may travel along.
    add_votes(carried, chain, {{.officer = "bob", .time = working_day + minutes(20)}, {.officer = "carol", .time = working_day + minutes(20)}});
    EXPECT_NO_THROW(decide(chain, carried));
}

TEST_F(Judging, E05_TheNewestCharterDecidesOverTheRequest)
{
    const auto carried = submission(chain);
    amend([](Charter& charter) { charter.rules[0].approvals = charter::Quorum::parse("3 of finance"); });
    auto two = carried;
    add_votes(two, chain, bob_and_carol);
    EXPECT_ERROR(decide(chain, two), ErrorCode::appr_missing);
    add_votes(two, chain, {{.officer = "erin"}});
    EXPECT_NO_THROW(decide(chain, two));
}

TEST_F(Judging, E05_AVoteThatNamesTheCharterButAnUnknownOneIsAMismatch)
{
    const Ballot other{.officer = "carol", .edit = [](Vote& vote) { vote.charter = CharterHash{crypto::sha256(bytes_of("x"))}; }};
    EXPECT_ERROR(decide(chain, voted(chain, {}, {{.officer = "bob"}, other})), ErrorCode::policy_mismatch);
}

TEST_F(Judging, E07_ExpiryIsTheLatestOfClockAndLastSession)
{
    const auto carried = voted(chain, {}, bob_and_carol);
    const auto end = working_day + hours(24);
    EXPECT_NO_THROW(decide(chain, carried, circumstances(end - Duration{1})));
    EXPECT_ERROR(decide(chain, carried, circumstances(end)), ErrorCode::appr_expired);
    auto turned_back = circumstances(end - hours(20));
    turned_back.latest = end;
    EXPECT_ERROR(decide(chain, carried, turned_back), ErrorCode::appr_expired);
}

TEST_F(Judging, E07_ALongerLifeThanTheRuleAllowsIsRefused)
{
    EXPECT_NO_THROW(decide(chain, voted(chain, {.life = hours(24)}, bob_and_carol)));
    EXPECT_ERROR(decide(chain, voted(chain, {.life = Duration{24 * 3600 + 1}}, bob_and_carol)), ErrorCode::appr_expired);
    EXPECT_ERROR(decide(chain, voted(chain, {.life = days(36500)}, bob_and_carol)), ErrorCode::appr_expired);
}

TEST_F(Judging, E07_ARequestFromTheFutureIsRefused)
{
    const auto carried = voted(chain, {}, {});
    EXPECT_ERROR(decide(chain, carried, circumstances(working_day - minutes(10))), ErrorCode::appr_missing);
    EXPECT_ERROR(decide(chain, carried, circumstances(working_day - minutes(10) - Duration{1})), ErrorCode::appr_future);
}

TEST_F(Judging, E07_AVoteFromTheFutureIsRefused)
{
    const auto now = working_day + hours(1);
    const auto with_carol_at = [&](UtcTime time) { return voted(chain, {}, {{.officer = "bob"}, {.officer = "carol", .time = time}}); };
    EXPECT_NO_THROW(decide(chain, with_carol_at(now + minutes(10)), circumstances(now)));
    EXPECT_ERROR(decide(chain, with_carol_at(now + minutes(10) + Duration{1}), circumstances(now)), ErrorCode::appr_future);
    EXPECT_ERROR(decide(chain, with_carol_at(parse_time("9999-12-31T23:59:59Z")), circumstances(now)), ErrorCode::appr_future);
    // The later of clock and last session is no excuse: only the clock counts here.
    auto later = circumstances(now);
    later.latest = now + hours(2);
    EXPECT_ERROR(decide(chain, with_carol_at(now + hours(1)), later), ErrorCode::appr_future);
}

TEST_F(Judging, E07_AVoteFromBeforeTheRequestIsRefused)
{
    const auto with_carol_at = [&](UtcTime time) { return voted(chain, {}, {{.officer = "bob"}, {.officer = "carol", .time = time}}); };
    EXPECT_NO_THROW(decide(chain, with_carol_at(working_day - minutes(10))));
    EXPECT_ERROR(decide(chain, with_carol_at(working_day - minutes(10) - Duration{1})), ErrorCode::appr_binding);
}

TEST_F(Judging, E08_AnOfficerWhomTheCharterLacksCountsNothing)
{
    const auto carried = submission(chain);
    amend([](Charter& charter) { std::erase_if(charter.officers, [](const auto& officer) { return officer.id == "carol"; }); });
    auto hostile = carried;
    add_votes(hostile, chain, bob_and_carol);
    EXPECT_ERROR(decide(chain, hostile), ErrorCode::appr_role);
    auto benign = carried;
    add_votes(benign, chain, {{.officer = "bob"}, {.officer = "erin"}});
    EXPECT_NO_THROW(decide(chain, benign));
}

TEST_F(Judging, E08_ARemovedKeyCountsNothing)
{
    const auto carried = submission(chain);
    amend([](Charter& charter) { charter.officers[2].keys = {test::approval_key_named("carol's new")}; });
    auto hostile = carried;
    add_votes(hostile, chain, bob_and_carol);
    EXPECT_ERROR(decide(chain, hostile), ErrorCode::appr_role);
    auto benign = carried;
    add_votes(benign, chain, {{.officer = "bob"}, {.officer = "carol", .signer = "carol's new"}});
    EXPECT_NO_THROW(decide(chain, benign));
}

TEST_F(Judging, E08_ARemovedRoleCountsNothing)
{
    const auto carried = submission(chain);
    amend([](Charter& charter) { charter.officers[2].roles = {"operations"}; });
    auto hostile = carried;
    add_votes(hostile, chain, bob_and_carol);
    EXPECT_ERROR(decide(chain, hostile), ErrorCode::appr_role);
}

TEST_F(Judging, E09_ARoleThatTheRuleDoesNotNameCountsNothing)
{
    EXPECT_ERROR(decide(chain, voted(chain, {}, {{.officer = "bob"}, {.officer = "olga"}})), ErrorCode::appr_role);
    EXPECT_ERROR(decide(chain, voted(chain, {}, {{.officer = "bob"}, {.officer = "dave"}})), ErrorCode::appr_role);
    EXPECT_NO_THROW(decide(chain, voted(chain, {}, {{.officer = "bob"}, {.officer = "erin"}, {.officer = "olga"}})));
}

TEST_F(Judging, E09_OtherKeysOfTheTreasuryAreNoOfficers)
{
    for (const auto* signer : {"vault-a", "audit", "olga"}) {
        SCOPED_TRACE(signer);
        EXPECT_ERROR(decide(chain, voted(chain, {}, {{.officer = "bob"}, {.officer = "carol", .signer = signer}})), ErrorCode::appr_role);
    }
}

TEST_F(Judging, E21_AMalleatedSignatureIsRefused)
{
    auto carried = voted(chain, {}, {{.officer = "bob"}});
    const auto benign = test::vote(chain, test::digest_of(carried), {.officer = "carol"});
    auto signature = benign.signatures().front();
    const auto order = encoding::decode_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    unsigned carry = 0;
    for (std::size_t i = 0; i < 32; ++i) {
        const unsigned sum = signature.signature[32 + i] + order[i] + carry;
        signature.signature[32 + i] = static_cast<std::uint8_t>(sum);
        carry = sum >> 8;
    }
    artefacts::Artefact hostile{artefacts::Kind::vote, benign.body()};
    hostile.add_signature(signature);
    carried.votes.push_back(hostile.encode());
    EXPECT_ERROR(decide(chain, carried), ErrorCode::appr_binding);
    carried.votes.back() = benign.encode();
    EXPECT_NO_THROW(decide(chain, carried));
}

TEST_F(Judging, E21_MoreSignaturesUnderAVoteDoNotMakeAnother)
{
    auto carried = voted(chain, {}, {{.officer = "bob"}});
    auto again = artefacts::Artefact::decode(carried.votes[0], artefacts::Kind::vote);
    again.sign(test::key_named("mallory"));
    carried.votes.push_back(again.encode());
    EXPECT_ERROR(decide(chain, carried), ErrorCode::appr_missing);
}

TEST_F(Judging, E22_AnotherEncodingOfAVoteOrRequestIsRefused)
{
    const auto with_long_version = [](Bytes bytes) {
        // 01 01: key 1, version 1; now in the long form 01 18 01
        const auto place = std::ranges::search(bytes, ByteArray<2>{0x01, 0x01}).begin();
        bytes.insert(place + 1, 0x18);
        return bytes;
    };
    auto carried = voted(chain, {}, bob_and_carol);
    auto hostile = carried;
    hostile.votes[1] = with_long_version(carried.votes[1]);
    EXPECT_ERROR(decide(chain, hostile), ErrorCode::canon);
    hostile = carried;
    hostile.request = with_long_version(carried.request);
    EXPECT_ERROR(decide(chain, hostile), ErrorCode::canon);
    EXPECT_NO_THROW(decide(chain, carried));
}

TEST_F(Judging, E23_OtherEnvironmentsAndTreasuriesAreRefused)
{
    const artefacts::BodyHeader other_environment{artefacts::Environment::production, test::example_header.treasury};
    const artefacts::BodyHeader other_treasury{artefacts::Environment::test, TreasuryId{crypto::sha256(bytes_of("other"))}};
    for (const auto& header : {other_environment, other_treasury}) {
        EXPECT_ERROR(decide(chain, voted(chain, {.edit = [&](Request& request) { request.header = header; }}, bob_and_carol)), ErrorCode::env);
        const Ballot foreign{.officer = "carol", .edit = [&](Vote& vote) { vote.header = header; }};
        EXPECT_ERROR(decide(chain, voted(chain, {}, {{.officer = "bob"}, foreign})), ErrorCode::env);
        const Ballot with_head{.officer = "carol", .edit = [&](Vote& vote) {
                                   vote.heads = {test::signed_by(encode(Head{header, "vault-a", 3, {}, working_day}), {"vault-a"}).encode()};
                               }};
        EXPECT_ERROR(decide(chain, voted(chain, {}, {{.officer = "bob"}, with_head})), ErrorCode::env);
    }
    EXPECT_NO_THROW(decide(chain, voted(chain, {}, bob_and_carol)));
}

TEST_F(Judging, E28_ACancelledRequestIsRefusedForEver)
{
    const auto carried = voted(chain, {}, bob_and_carol);
    const auto cancel_by = [&](const std::string& officer) {
        return encode_cancel({.header = test::example_header, .request = test::digest_of(carried), .officer = officer, .time = working_day, .reason = ""});
    };
    for (const auto* officer : {"alice", "erin"}) { // who requested it, and whose vote would count
        auto cancelled = chain;
        append(cancelled, cancel_by(officer), {officer});
        EXPECT_ERROR(decide(cancelled, carried), ErrorCode::request_cancelled);
        EXPECT_TRUE(examine(cancelled, carried, circumstances()).cancelled);
    }
    auto unmoved = chain;
    append(unmoved, cancel_by("olga"), {"olga"}); // neither
    EXPECT_NO_THROW(decide(unmoved, carried));
    EXPECT_NO_THROW(decide(chain, carried));
    // Of another request.
    append(unmoved, encode_cancel({.header = test::example_header, .request = {}, .officer = "alice", .time = working_day, .reason = ""}), {"alice"});
    EXPECT_NO_THROW(decide(unmoved, carried));
}

TEST_F(Judging, E28_NoAmendmentRevivesACancelledRequest)
{
    auto carried = submission(chain);
    append(chain, encode_cancel({.header = test::example_header, .request = test::digest_of(carried), .officer = "erin", .time = working_day, .reason = ""}), {"erin"});
    amend([](Charter& charter) { std::erase_if(charter.officers, [](const auto& officer) { return officer.id == "erin"; }); });
    add_votes(carried, chain, bob_and_carol);
    EXPECT_ERROR(decide(chain, carried), ErrorCode::request_cancelled);
}

TEST_F(Judging, E30_ARejectionIsNoApprovalWhateverItIsCalled)
{
    auto carried = voted(chain, {}, {{.officer = "bob"}});
    const auto no = test::vote(chain, test::digest_of(carried), {.officer = "carol", .decision = VoteDecision::reject});
    auto yes = test::vote(chain, test::digest_of(carried), {.officer = "carol"});
    artefacts::Artefact forged{artefacts::Kind::vote, yes.body()};
    forged.add_signature(no.signatures().front());
    carried.votes.push_back(forged.encode());
    EXPECT_ERROR(decide(chain, carried), ErrorCode::appr_binding);
    carried.votes.back() = yes.encode();
    EXPECT_NO_THROW(decide(chain, carried));
}

TEST_F(Judging, E30_AnApprovalIsBoundToKindReplacementAndEveryOtherField)
{
    const auto benign = voted(chain, {}, bob_and_carol);
    const std::vector<std::function<void(Request&)>> edits{
        [](Request& request) { request.kind = charter::RequestKind::consolidate; },
        [](Request& request) { request.replaces = RequestDigest{crypto::sha256(bytes_of("r"))}; },
        [](Request& request) { request.height = 1; },
        [](Request& request) { request.expires = request.expires - Duration{1}; },
        [](Request& request) { request.id = make_request_id(working_day, {}); },
    };
    for (const auto& edit : edits) {
        auto hostile = submission(chain, {.edit = edit});
        hostile.votes = benign.votes;
        EXPECT_ERROR(decide(chain, hostile), ErrorCode::appr_binding);
    }
    EXPECT_NO_THROW(decide(chain, benign));
}

TEST_F(Judging, E41_AReplacementExcludesWhatItReplacesWithEveryPayload)
{
    const RequestDigest replaced{crypto::sha256(bytes_of("replaced"))};
    const auto replacing = [&](const std::vector<std::uint64_t>& nonces) {
        Draft draft{.transfers = {}, .edit = [&](Request& request) { request.replaces = replaced; }};
        for (const auto nonce : nonces)
            draft.transfers.push_back({.nonce = nonce});
        return voted(chain, draft, bob_and_carol);
    };
    auto books = circumstances();
    books.holder_of = [&](const payments::SpendSlot& slot) -> std::optional<RequestDigest> {
        if (slot.sequence == 0 || slot.sequence == 1)
            return replaced;
        return slot.sequence == 2 ? std::optional{RequestDigest{crypto::sha256(bytes_of("another"))}} : std::nullopt;
    };
    EXPECT_NO_THROW(decide(chain, replacing({0}), books));
    EXPECT_NO_THROW(decide(chain, replacing({0, 1}), books));
    for (const auto& nonces : std::vector<std::vector<std::uint64_t>>{{2}, {3}, {0, 3}, {2, 1}})
        EXPECT_ERROR(decide(chain, replacing(nonces), books), ErrorCode::replaces);
    // Whoever keeps no books cannot tell, and refuses.
    EXPECT_ERROR(decide(chain, replacing({0})), ErrorCode::replaces);
    EXPECT_ERROR(static_cast<void>(judge(chain, replacing({0}), circumstances())), ErrorCode::replaces);
}

TEST_F(Judging, E31_AVoteFromAPositionThatIsWithheldCountsNothing)
{
    auto officers_side = chain;
    append(officers_side, encode_cancel({.header = test::example_header, .request = {}, .officer = "olga", .time = working_day, .reason = ""}), {"olga"});
    auto carried = voted(chain, {}, {{.officer = "bob"}});
    add_votes(carried, officers_side, {{.officer = "carol"}});
    EXPECT_ERROR(decide(chain, carried), ErrorCode::policy_behind);
    EXPECT_NO_THROW(decide(officers_side, carried));
    // Without the vote the quorum is reached all the same: nothing to complain about.
    add_votes(carried, chain, {{.officer = "erin"}});
    EXPECT_NO_THROW(decide(chain, carried));
}

TEST_F(Judging, E31_ARequestFromAPositionThatIsWithheldIsRefused)
{
    auto online_side = chain;
    append(online_side, encode_cancel({.header = test::example_header, .request = {}, .officer = "olga", .time = working_day, .reason = ""}), {"olga"});
    const auto carried = voted(online_side, {}, bob_and_carol);
    EXPECT_ERROR(decide(chain, carried), ErrorCode::policy_behind);
    EXPECT_NO_THROW(decide(online_side, carried));
    // Not even when every officer voted at a position that is known.
    auto known_votes = submission(online_side);
    add_votes(known_votes, chain, bob_and_carol);
    EXPECT_ERROR(decide(chain, known_votes), ErrorCode::policy_behind);
}

TEST_F(Judging, E33_ARequestIsSignedByItsRequesterOrRefused)
{
    EXPECT_ERROR(decide(chain, voted(chain, {.signer = "carol"}, bob_and_carol)), ErrorCode::appr_requester);
    EXPECT_ERROR(decide(chain, voted(chain, {.signer = "audit"}, bob_and_carol)), ErrorCode::appr_requester);
    EXPECT_ERROR(decide(chain, voted(chain, {.requester = "mallory"}, bob_and_carol)), ErrorCode::appr_requester);
    auto unsigned_one = voted(chain, {}, bob_and_carol);
    const auto artefact = artefacts::Artefact::decode(unsigned_one.request, artefacts::Kind::request);
    unsigned_one.request = artefacts::Artefact{artefacts::Kind::request, artefact.body()}.encode();
    EXPECT_ERROR(decide(chain, unsigned_one), ErrorCode::appr_requester);
    unsigned_one.request = artefact.encode();
    EXPECT_NO_THROW(decide(chain, unsigned_one));
}

TEST_F(Judging, E33_ARequesterWhomTheCharterLacksIsRefused)
{
    auto carried = submission(chain, {.requester = "olga"});
    amend([](Charter& charter) { std::erase_if(charter.officers, [](const auto& officer) { return officer.id == "olga"; }); });
    add_votes(carried, chain, bob_and_carol);
    EXPECT_ERROR(decide(chain, carried), ErrorCode::appr_requester);
}

TEST_F(Judging, E35_OnePersonWithTwoRolesFillsOnePlace)
{
    const Draft twenty{.transfers = {{.amount = ether(20)}}}; // 2 of finance and 1 of compliance
    EXPECT_ERROR(decide(chain, voted(chain, twenty, {{.officer = "bob"}, {.officer = "erin"}})), ErrorCode::appr_missing);
    EXPECT_NO_THROW(decide(chain, voted(chain, twenty, {{.officer = "bob"}, {.officer = "erin"}, {.officer = "dave"}})));
    EXPECT_NO_THROW(decide(chain, voted(chain, twenty, {{.officer = "bob"}, {.officer = "erin"}, {.officer = "carol"}})));
}

TEST_F(Judging, E36_TheSelectedRuleDecidesAlthoughALaterOneWouldAllow)
{
    // `small` caps the fee at 0.01 ETH; `large` would not.
    const Draft dear{.transfers = {{.fee_per_gas = Uint256{100'000'000'000}, .gas = 100'001}}};
    const std::vector<Ballot> everybody{{.officer = "bob"}, {.officer = "carol"}, {.officer = "dave"}, {.officer = "erin"}};
    EXPECT_ERROR(decide(chain, voted(chain, dear, everybody)), ErrorCode::fee_cap);
    EXPECT_NO_THROW(decide(chain, voted(chain, {.transfers = {{.fee_per_gas = Uint256{100'000'000'000}, .gas = 100'000}}}, everybody)));
    EXPECT_NO_THROW(decide(chain, voted(chain, {.transfers = {{.amount = ether(20), .fee_per_gas = Uint256{100'000'000'000}, .gas = 100'001}}}, everybody)));
}

TEST_F(Judging, E37_OnePaymentOutsideTheClassRefusesTheWholeRequest)
{
    const Draft benign{.transfers = {{.to = "exchange", .amount = ether(1)}, {.to = "supplier", .amount = ether(1), .nonce = 1}}};
    EXPECT_NO_THROW(decide(chain, voted(chain, benign, bob_and_carol)));
    auto hostile = benign;
    hostile.transfers[1].to = "stranger";
    EXPECT_ERROR(decide(chain, voted(chain, hostile, bob_and_carol)), ErrorCode::policy_denied);
    std::swap(hostile.transfers[0].to, hostile.transfers[1].to);
    EXPECT_ERROR(decide(chain, voted(chain, hostile, bob_and_carol)), ErrorCode::policy_denied);
    EXPECT_ERROR(decide(chain, voted(chain, {.transfers = {{.to = "stranger"}}}, bob_and_carol)), ErrorCode::dest_unknown);
    EXPECT_ERROR(decide(chain, voted(chain, {.transfers = {{.to = "pol-exchange"}}}, bob_and_carol)), ErrorCode::dest_chain);
}

TEST_F(Judging, APayloadOtherThanTheOneNamedIsRefused) // E11
{
    const auto benign = voted(chain, {.transfers = {{.nonce = 0}, {.nonce = 1}}}, {{.officer = "bob"}, {.officer = "carol"}});
    EXPECT_NO_THROW(decide(chain, benign));
    auto hostile = benign;
    hostile.payloads[1] = test::payload_of({.amount = ether(6), .nonce = 1}, chain.charter());
    EXPECT_ERROR(decide(chain, hostile), ErrorCode::tx_changed);
    hostile = benign;
    std::swap(hostile.payloads[0], hostile.payloads[1]);
    EXPECT_ERROR(decide(chain, hostile), ErrorCode::tx_changed);
    hostile = benign;
    hostile.payloads.pop_back();
    EXPECT_ERROR(decide(chain, hostile), ErrorCode::tx_changed);
    hostile = benign;
    hostile.payloads.push_back(hostile.payloads[0]);
    EXPECT_ERROR(decide(chain, hostile), ErrorCode::tx_changed);
    try { // before it decodes any
        decide(chain, hostile);
    } catch (const Error& error) {
        EXPECT_EQ(error.message(), "request names 2 payloads, 3 came along");
    }
    hostile = benign;
    hostile.payloads[0].push_back(0);
    EXPECT_ERROR(decide(chain, hostile), ErrorCode::rlp);
}

TEST_F(Judging, APaymentDigestThatThePayloadsDoNotHaveIsRefused)
{
    EXPECT_ERROR(decide(chain, voted(chain, {.edit = [](Request& request) { request.payment = PaymentDigest{}; }}, bob_and_carol)), ErrorCode::tx_changed);
}

TEST_F(Judging, AWalletThatTheCharterLacksIsRefused)
{
    EXPECT_ERROR(decide(chain, voted(chain, {.edit = [](Request& request) { request.wallet = "other"; }}, bob_and_carol)), ErrorCode::wallet_unknown);
    // The payloads of one wallet under the name of another are other payloads.
    EXPECT_ERROR(decide(chain, voted(chain, {.edit = [](Request& request) { request.wallet = "eth-warm"; }}, bob_and_carol)), ErrorCode::tx_changed);
}

TEST_F(Judging, AHeadThatItsApplianceDidNotSignMakesAVoteInvalid)
{
    const auto carol_with = [&](std::string source, const std::string& signer) {
        return Ballot{.officer = "carol", .edit = [=](Vote& vote) {
                          vote.heads = {test::signed_by(encode(Head{test::example_header, source, 3, {}, working_day}), {signer}).encode()};
                      }};
    };
    const auto decide_with = [&](const Ballot& carol) { decide(chain, voted(chain, {}, {{.officer = "bob"}, carol})); };
    EXPECT_NO_THROW(decide_with(carol_with("vault-a", "vault-a")));
    EXPECT_NO_THROW(decide_with(carol_with("vault-b", "vault-b")));
    EXPECT_ERROR(decide_with(carol_with("vault-a", "vault-b")), ErrorCode::appr_binding);
    EXPECT_ERROR(decide_with(carol_with("vault-c", "vault-c")), ErrorCode::appr_binding);
    EXPECT_ERROR(decide_with(carol_with("online", "audit")), ErrorCode::appr_binding);
    EXPECT_ERROR(decide_with({.officer = "carol", .edit = [](Vote& vote) { vote.heads = {Bytes{1}}; }}), ErrorCode::malformed);
}

TEST_F(Judging, AnOldVoteWithTheHeadOfAnApplianceThatIsGoneStopsNothing)
{
    auto carried = submission(chain);
    const auto digest = test::digest_of(carried);
    const auto vote = [&](const Ballot& ballot) { carried.votes.push_back(test::vote(chain, digest, ballot).encode()); };
    vote({.officer = "erin", .edit = [](Vote& old) {
              old.heads = {test::signed_by(encode(Head{test::example_header, "vault-b", 3, {}, working_day}), {"vault-b"}).encode()};
          }});
    amend([](Charter& next) { next.appliances.pop_back(); });
    EXPECT_ERROR(decide(chain, carried), ErrorCode::policy_mismatch);
    for (const auto& ballot : bob_and_carol)
        vote(ballot);
    EXPECT_NO_THROW(decide(chain, carried));
}

TEST_F(Judging, WhatIsNoVoteOrNoRequestIsRefused) // F14
{
    auto carried = voted(chain, {}, bob_and_carol);
    auto hostile = carried;
    hostile.votes[0] = carried.request;
    EXPECT_ERROR(decide(chain, hostile), ErrorCode::type);
    hostile = carried;
    hostile.request = carried.votes[0];
    EXPECT_ERROR(decide(chain, hostile), ErrorCode::type);
}

TEST_F(Judging, LimitsVotesBeforeItVerifiesAny)
{
    auto carried = submission(chain);
    const auto one = test::vote(chain, test::digest_of(carried), {.officer = "bob"}).encode();
    carried.votes.assign(1000, one);
    EXPECT_ERROR(decide(chain, carried), ErrorCode::appr_missing);
    carried.votes.assign(1001, Bytes{});
    EXPECT_ERROR(decide(chain, carried), ErrorCode::limit);
}

TEST_F(Judging, VotesAreJudgedBeforeRules)
{
    const Draft denied{.transfers = {{.to = "stranger"}}};
    auto carried = voted(chain, denied, {{.officer = "bob"}});
    EXPECT_ERROR(judge(chain, carried, circumstances()), ErrorCode::dest_unknown);
    carried.votes.push_back(test::vote(chain, RequestDigest{}, {.officer = "carol"}).encode());
    EXPECT_ERROR(judge(chain, carried, circumstances()), ErrorCode::appr_binding);
}

TEST_F(Judging, ARejectionOfARequestThatNoRuleAllowsIsReported)
{
    const auto judgement = examine(chain, voted(chain, {.transfers = {{.to = "stranger"}}}, {{.officer = "bob"}, rejection("carol")}), circumstances());
    ASSERT_TRUE(judgement.refused);
    EXPECT_EQ(judgement.refused->code(), ErrorCode::dest_unknown);
    EXPECT_FALSE(judgement.approvals.reached);
    EXPECT_FALSE(judgement.rejected); // by no veto
    ASSERT_EQ(judgement.votes.size(), 1U);
    EXPECT_EQ(judgement.votes[0].vote.officer, "carol");
    EXPECT_ERROR(require_approved(judgement), ErrorCode::dest_unknown);
}

TEST_F(Judging, ARejectionThatMakesTheQuorumImpossibleEndsTheRequest)
{
    // Besides alice, who requested it, bob, carol and erin have finance: two rejections leave one.
    EXPECT_NO_THROW(decide(chain, voted(chain, {}, {{.officer = "bob"}, {.officer = "erin"}, rejection("carol")})));
    EXPECT_ERROR(decide(chain, voted(chain, {}, {{.officer = "bob"}, rejection("carol")})), ErrorCode::appr_missing);
    EXPECT_ERROR(decide(chain, voted(chain, {}, {{.officer = "bob"}, rejection("carol"), rejection("erin")})), ErrorCode::appr_rejected);
    EXPECT_NO_THROW(decide(chain, voted(chain, {}, {{.officer = "bob"}, {.officer = "carol"}, rejection("olga")})));
}

TEST_F(Judging, OneRejectionByARoleWithVetoEndsTheRequest)
{
    EXPECT_ERROR(decide(chain, voted(chain, {}, {{.officer = "bob"}, {.officer = "carol"}, rejection("dave")})), ErrorCode::appr_rejected);
    EXPECT_ERROR(decide(chain, voted(chain, {}, {{.officer = "bob"}, {.officer = "carol"}, rejection("erin")})), ErrorCode::appr_rejected);
    const auto denied = examine(chain, voted(chain, {.transfers = {{.to = "stranger"}}}, {rejection("dave")}), circumstances());
    EXPECT_TRUE(denied.rejected);
}

TEST_F(Judging, ARejectionSeenEarlierCountsForEver)
{
    const auto carried = voted(chain, {}, bob_and_carol); // the carrier left the rejection out
    auto with = circumstances();
    with.earlier_rejections = {"carol"};
    EXPECT_ERROR(decide(chain, carried, with), ErrorCode::appr_missing);
    with.earlier_rejections = {"dave"};
    EXPECT_ERROR(decide(chain, carried, with), ErrorCode::appr_rejected);
    with.earlier_rejections = {"olga"};
    EXPECT_NO_THROW(decide(chain, carried, with));
    with.earlier_rejections = {"someone who left"};
    EXPECT_NO_THROW(decide(chain, carried, with));
}

TEST_F(Judging, ADelayRunsFromWhenTheRequestWasFirstSeen)
{
    const Draft patient{.wallet = "eth-hot", .transfers = {{.to = "supplier", .amount = 5, .token = "USDT"}}};
    const auto carried = voted(chain, patient, {{.officer = "bob"}});
    auto with = circumstances();
    with.known_for = hours(6) - Duration{1};
    EXPECT_ERROR(decide(chain, carried, with), ErrorCode::delay);
    // Votes come first, and a rejection is not hidden by the delay.
    EXPECT_ERROR(decide(chain, voted(chain, patient, {}), with), ErrorCode::appr_missing);
    EXPECT_ERROR(decide(chain, voted(chain, patient, {rejection("dave")}), with), ErrorCode::appr_rejected);
    with.known_for = hours(6);
    EXPECT_NO_THROW(decide(chain, carried, with));
}

TEST_F(Judging, KindsThatNoPayloadIsOfAreDenied)
{
    using charter::RequestKind;
    amend([](Charter& charter) {
        for (auto& rule : charter.rules)
            rule.kinds = {RequestKind::transfer, RequestKind::consolidate, RequestKind::message, RequestKind::call,
                          RequestKind::approve_token, RequestKind::safe_admin, RequestKind::permission, RequestKind::stake,
                          RequestKind::bump, RequestKind::void_, RequestKind::key_ceremony};
        charter.rules[1].destinations.kind = charter::DestinationClass::Kind::any;
    });
    const auto of_kind = [&](RequestKind kind, std::string to) {
        return voted(chain, {.transfers = {{.to = std::move(to), .amount = ether(20)}}, .edit = [=](Request& request) { request.kind = kind; }},
                     {{.officer = "bob"}, {.officer = "carol"}, {.officer = "dave"}});
    };
    EXPECT_NO_THROW(decide(chain, of_kind(RequestKind::transfer, "exchange")));
    EXPECT_NO_THROW(decide(chain, of_kind(RequestKind::consolidate, "eth-cold")));
    EXPECT_ERROR(decide(chain, of_kind(RequestKind::consolidate, "eth-warm")), ErrorCode::policy_denied);
    EXPECT_ERROR(decide(chain, of_kind(RequestKind::consolidate, "exchange")), ErrorCode::policy_denied);
    for (const auto kind : {RequestKind::bump, RequestKind::void_}) // they name what they replace
        EXPECT_ERROR(decide(chain, of_kind(kind, "eth-cold")), ErrorCode::replaces);
    for (const auto kind : {RequestKind::message, RequestKind::call, RequestKind::approve_token, RequestKind::safe_admin,
                            RequestKind::permission, RequestKind::stake, RequestKind::key_ceremony})
        EXPECT_ERROR(decide(chain, of_kind(kind, "eth-cold")), ErrorCode::policy_denied);
}

/// A request that takes the place of a signed one, with what proves that.
class Replacements : public Judging {
protected:
    Replacements()
    {
        amend([](Charter& charter) {
            for (auto& rule : charter.rules)
                rule.kinds = {charter::RequestKind::transfer, charter::RequestKind::bump, charter::RequestKind::void_};
            charter.rules[1].destinations.kind = charter::DestinationClass::Kind::any;
        });
        replaced = voted(chain, {.transfers = {{.amount = ether(20)}}}, everybody);
    }

    requests::Submission replacement(charter::RequestKind kind, const test::Transfer& transfer)
    {
        const auto digest = test::digest_of(replaced);
        auto made = voted(chain,
                          {.transfers = {transfer},
                           .edit = [=](Request& request) {
                               request.kind = kind;
                               request.replaces = digest;
                               request.id = make_request_id(working_day, {9});
                           }},
                          everybody);
        made.predecessors = {{replaced.request, replaced.payloads, {signatures_of(replaced.payloads.front())}}};
        return made;
    }

    /// By the key of eth-cold, which lies in an appliance.
    std::vector<payments::TaskSignature> signatures_of(const Bytes& bytes) const
    {
        const auto& charter = chain.charter();
        const auto payload = chains::format_of(charter.chain("ethereum")).decode(bytes, {charter, charter.wallet("eth-cold")});
        std::vector<payments::TaskSignature> signatures;
        for (const auto& task : payload->signing_tasks()) {
            keys::SeedSigner signer{test::wallet_key_named(task.appliance)};
            for (auto& signature : signer.sign({&task, 1}))
                signatures.push_back(std::move(signature));
        }
        return signatures;
    }

    const std::vector<test::Ballot> everybody{{.officer = "bob"}, {.officer = "carol"}, {.officer = "dave"}};
    const Uint256 higher = test::Transfer{}.fee_per_gas + Uint256{1'000'000'000};
    requests::Submission replaced;
};

TEST_F(Replacements, A16_ABumpRaisesTheFeeAndNothingElse)
{
    using charter::RequestKind;
    EXPECT_NO_THROW(decide(chain, replacement(RequestKind::bump, {.amount = ether(20), .fee_per_gas = higher})));
    EXPECT_ERROR(decide(chain, replacement(RequestKind::bump, {.amount = ether(20)})), ErrorCode::rbf_output);
    EXPECT_ERROR(decide(chain, replacement(RequestKind::bump, {.amount = ether(21), .fee_per_gas = higher})), ErrorCode::rbf_output);
    EXPECT_ERROR(decide(chain, replacement(RequestKind::bump, {.to = "stranger", .amount = ether(20), .fee_per_gas = higher})), ErrorCode::rbf_output);
}

TEST_F(Replacements, ExcludeWhatTheyReplace)
{
    using charter::RequestKind;
    for (const auto kind : {RequestKind::bump, RequestKind::void_}) {
        const auto to = kind == RequestKind::void_ ? "eth-cold" : "exchange";
        EXPECT_NO_THROW(decide(chain, replacement(kind, {.to = to, .amount = ether(20), .fee_per_gas = higher})));
        EXPECT_ERROR(decide(chain, replacement(kind, {.to = to, .amount = ether(20), .nonce = 1, .fee_per_gas = higher})), ErrorCode::replaces);
    }
}

TEST_F(Replacements, AVoidPaysNobodyElse)
{
    EXPECT_NO_THROW(decide(chain, replacement(charter::RequestKind::void_, {.to = "eth-cold", .amount = 0, .fee_per_gas = higher})));
    EXPECT_ERROR(decide(chain, replacement(charter::RequestKind::void_, {.to = "exchange", .amount = 1, .fee_per_gas = higher})), ErrorCode::policy_denied);
}

TEST_F(Replacements, A16_ABumpIsNoWayRoundTheVotesThatATransferNeeds)
{
    const auto benign = replacement(charter::RequestKind::bump, {.amount = ether(20), .fee_per_gas = higher});
    EXPECT_NO_THROW(decide(chain, benign));
    auto hostile = benign;
    hostile.predecessors.front().signatures = {};
    EXPECT_ERROR(decide(chain, hostile), ErrorCode::replaces);
    hostile.predecessors.front().signatures = {{}};
    EXPECT_ERROR(decide(chain, hostile), ErrorCode::replaces);
    hostile.predecessors.front().signatures = {signatures_of(benign.payloads.front())};
    EXPECT_ERROR(decide(chain, hostile), ErrorCode::sig_verify);
}

TEST_F(Replacements, ReplaceEachPayloadOnceAndWhole)
{
    using charter::RequestKind;
    replaced = voted(chain, {.transfers = {{.amount = ether(10)}, {.amount = ether(10), .nonce = 1}}}, everybody);
    const auto twice = [&](std::uint64_t first, std::uint64_t second) {
        const auto digest = test::digest_of(replaced);
        auto made = voted(chain,
                          {.transfers = {{.amount = ether(10), .nonce = first, .fee_per_gas = higher},
                                         {.amount = ether(10), .nonce = second, .fee_per_gas = higher, .gas = 60'001}},
                           .edit = [=](Request& request) {
                               request.kind = RequestKind::bump;
                               request.replaces = digest;
                               request.id = make_request_id(working_day, {9});
                           }},
                          everybody);
        made.predecessors = {{replaced.request, replaced.payloads, {signatures_of(replaced.payloads[0]), signatures_of(replaced.payloads[1])}}};
        return made;
    };
    EXPECT_NO_THROW(decide(chain, twice(0, 1)));
    EXPECT_ERROR(decide(chain, twice(0, 0)), ErrorCode::replaces);
}

TEST_F(Replacements, ABumpOfALadderPaysMoreThanItsLastStep)
{
    const auto last = higher + Uint256{5'000'000'000};
    replaced = voted(chain, {.transfers = {{.amount = ether(20)}, {.amount = ether(20), .fee_per_gas = last}}}, everybody);
    const auto bump = [&](const Uint256& fee) {
        auto made = replacement(charter::RequestKind::bump, {.amount = ether(20), .fee_per_gas = fee});
        made.predecessors.front().signatures.push_back(signatures_of(replaced.payloads.back()));
        return made;
    };
    EXPECT_NO_THROW(decide(chain, bump(last + Uint256{1})));
    EXPECT_ERROR(decide(chain, bump(last)), ErrorCode::rbf_output);
    EXPECT_ERROR(decide(chain, bump(higher)), ErrorCode::rbf_output);
}

TEST_F(Replacements, ProveWhatTheyReplace)
{
    const test::Transfer transfer{.amount = ether(20), .fee_per_gas = higher};
    auto hostile = replacement(charter::RequestKind::bump, transfer);
    hostile.predecessors.clear();
    EXPECT_ERROR(decide(chain, hostile), ErrorCode::replaces);
    const auto other = submission(chain, {.transfers = {{.amount = ether(20)}}, .life = hours(23)});
    hostile.predecessors = {{other.request, other.payloads, {}}};
    EXPECT_ERROR(decide(chain, hostile), ErrorCode::replaces);
    hostile.predecessors = {{replaced.request, submission(chain, {.transfers = {{.amount = ether(19)}}}).payloads, {}}};
    EXPECT_ERROR(decide(chain, hostile), ErrorCode::tx_changed);
    hostile.predecessors = {{replaced.request, replaced.payloads, {}}, {other.request, other.payloads, {}}};
    EXPECT_ERROR(decide(chain, hostile), ErrorCode::replaces);
    hostile.predecessors.assign(requests::most_predecessors + 1, {replaced.request, replaced.payloads, {}});
    EXPECT_ERROR(decide(chain, hostile), ErrorCode::limit);
}

TEST_F(Judging, SeveralAssetsNeedTheApprovalsOfAllTheirRules)
{
    const Draft two{.transfers = {{.amount = ether(1)}, {.amount = 700, .token = "USDC", .nonce = 1}}};
    // ETH by `small`, USDC by `large`.
    EXPECT_ERROR(decide(chain, voted(chain, two, bob_and_carol)), ErrorCode::appr_missing);
    EXPECT_NO_THROW(decide(chain, voted(chain, two, {{.officer = "bob"}, {.officer = "carol"}, {.officer = "dave"}})));
    EXPECT_EQ(judge(chain, voted(chain, two, {}), circumstances()).decision.rules().size(), 2U);
}

TEST_F(Judging, TellsTheGravestReasonWhyVotesDidNotCount)
{
    auto officers_side = chain;
    append(officers_side, encode_cancel({.header = test::example_header, .request = {}, .officer = "olga", .time = working_day, .reason = ""}), {"olga"});
    auto carried = submission(chain);
    const auto code = [&] { return examine(chain, carried, circumstances()).discounted->code(); };
    add_votes(carried, chain, {{.officer = "olga"}});
    EXPECT_EQ(code(), ErrorCode::appr_role);
    add_votes(carried, chain, {{.officer = "alice"}});
    EXPECT_EQ(code(), ErrorCode::appr_self);
    add_votes(carried, chain, {{.officer = "carol", .edit = [](Vote& vote) { vote.charter = {}; }}});
    EXPECT_EQ(code(), ErrorCode::policy_mismatch);
    add_votes(carried, officers_side, {{.officer = "erin"}});
    EXPECT_EQ(code(), ErrorCode::policy_behind);
    // In whatever order they came.
    std::ranges::reverse(carried.votes);
    EXPECT_EQ(code(), ErrorCode::policy_behind);
}

TEST_F(Judging, APersonalWalletNeedsNoVote)
{
    EXPECT_NO_THROW(decide(chain, voted(chain, {.wallet = "purse", .transfers = {{.to = "anyone"}}}, {})));
}

TEST_F(Judging, AFaultOfAnyVoteRefusesTheRequestAlthoughOthersAreEnough)
{
    auto carried = voted(chain, {}, bob_and_carol);
    carried.votes.push_back(Bytes{0xa4});
    EXPECT_THROW(decide(chain, carried), Error);
}

TEST_F(Judging, ARequestMayHaveBeenProposedUnderAnEarlierCharter)
{
    auto carried = submission(chain);
    amend(rename);
    add_votes(carried, chain, bob_and_carol);
    EXPECT_NO_THROW(decide(chain, carried));
}

} // namespace
} // namespace coffer::requests
