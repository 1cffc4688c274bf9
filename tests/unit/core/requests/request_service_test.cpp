#include "core/requests/request_service.h"

#include "core/requests/head.h"
#include "tests/support/scripted_books.h"
#include "tests/support/vectors.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace coffer::requests {
namespace {

using test::Proposal;
using enum VoteDecision;
using enum Status;

class Service : public testing::Test {
protected:
    Bytes vote(const std::string& officer, VoteDecision decision = approve)
    {
        return test::vote_of(officer, digest, decision, books.chain(), books.now_is);
    }

    RequestId open(const Proposal& proposal = {})
    {
        const auto opened = service.open(test::submission_of(proposal, books.chain(), books.now_is));
        digest = opened.stored.row.digest;
        return opened.id();
    }

    RequestId open_approved(const Proposal& proposal = {})
    {
        const auto id = open(proposal);
        service.record(vote("bob"), "");
        service.record(vote("carol"), "");
        return id;
    }

    ReceiptFacts receipt_for(const RequestId& id, std::string outcome = "signed", std::string code = "")
    {
        const auto checked = service.find(id);
        ReceiptFacts receipt{.artefact = {artefacts::Kind::receipt, to_bytes(format_uuid(id) + outcome)},
                             .header = books.chain().charter().header,
                             .bundle = bundle,
                             .appliance = "vault-a",
                             .time = books.now_is,
                             .results = {},
                             .position = books.chain().position(),
                             .log = {7, Hash256{}},
                             .continues = std::nullopt,
                             .proof = {},
                             .head = {}};
        receipt.results.push_back({checked.stored.row.digest, outcome, code, {}});
        if (outcome == "signed")
            receipt.results.back().signatures = test::vault_signatures(checked);
        receipt.artefact.sign(test::key_named("vault-a"));
        return receipt;
    }

    static Bytes to_bytes(const std::string& text) { return coffer::to_bytes(bytes_of(text)); }

    RequestId open_signed(const Proposal& proposal = {})
    {
        const auto id = open_approved(proposal);
        const auto imported = service.import(receipt_for(id));
        EXPECT_FALSE(imported.results.at(0).error) << imported.results.at(0).error->message();
        return id;
    }

    test::ScratchDirectory scratch;
    test::ScriptedBooks books{scratch.path()};
    RequestService service{books};
    RequestDigest digest;
    BundleDigest bundle;
};

TEST_F(Service, OpensARequestAndReservesItsSlots)
{
    const auto id = open({.payments = {{"exchange", test::ether(2)}, {"supplier", test::ether(3)}}});
    const auto found = service.find(id);
    EXPECT_EQ(found.status, pending_review);
    EXPECT_EQ(found.stored.row.summary, "5 ETH in 2 payments");
    ASSERT_EQ(found.judgement.decision.rules().size(), 1U);
    EXPECT_EQ(found.judgement.decision.rules()[0]->id, "small");
    const auto held = service.held_slots();
    ASSERT_EQ(held.size(), 2U);
    EXPECT_EQ(held[0].sequence, 0U);
    EXPECT_EQ(held[1].sequence, 1U);
    EXPECT_EQ(books.count("SELECT count(*) FROM audit"), 1);
}

TEST_F(Service, OpensTheSameRequestOnce)
{
    const auto id = open();
    EXPECT_EQ(open(), id);
    EXPECT_EQ(books.count("SELECT count(*) FROM requests"), 1);
    EXPECT_EQ(books.count("SELECT count(*) FROM audit"), 1);
}

TEST_F(Service, RefusesAnotherRequestUnderTheSameId)
{
    open();
    EXPECT_ERROR(open({.payments = {{"exchange", test::ether(6)}}}), ErrorCode::exists);
}

TEST_F(Service, E41_RefusesAReplacementThatDoesNotExcludeWhatItReplaces)
{
    open();
    const auto replaced = digest;
    EXPECT_ERROR(open({.nonce = 1, .id_seed = "another", .replaces = replaced}), ErrorCode::replaces);
    const RequestDigest unknown{crypto::sha256(bytes_of("unknown"))};
    EXPECT_ERROR(open({.id_seed = "another", .replaces = unknown}), ErrorCode::replaces);
    // One that does is a bump, which nothing makes yet: the slot is taken.
    EXPECT_ERROR(open({.id_seed = "another", .replaces = replaced}), ErrorCode::nonce_used);
    EXPECT_NO_THROW(open({.nonce = 1, .id_seed = "another"}));
}

TEST_F(Service, RefusesASlotThatAnotherRequestHolds)
{
    open();
    EXPECT_ERROR(open({.id_seed = "another"}), ErrorCode::nonce_used);
    EXPECT_NO_THROW(open({.nonce = 1, .id_seed = "another"}));
    EXPECT_EQ(books.count("SELECT count(*) FROM requests"), 2);
}

TEST_F(Service, RefusesWhatNoRuleAllows)
{
    EXPECT_ERROR(open({.payments = {{"stranger", test::ether(1)}}}), ErrorCode::dest_unknown);
    EXPECT_ERROR(open({.life = hours(25)}), ErrorCode::appr_expired);
    EXPECT_ERROR(open({.wallet = "eth-hot"}), ErrorCode::policy_denied);
    EXPECT_EQ(books.count("SELECT count(*) FROM slots"), 0);
    EXPECT_NO_THROW(open({.life = hours(24)}));
}

TEST_F(Service, RefusesARequestThatItsRequesterDidNotSign)
{
    auto submission = test::submission_of({}, books.chain(), books.now_is);
    auto artefact = artefacts::Artefact::decode(submission.request, artefacts::Kind::request);
    artefacts::Artefact forged{artefacts::Kind::request, artefact.body()};
    forged.sign(test::key_named("olga"));
    submission.request = forged.encode();
    EXPECT_ERROR(service.open(submission), ErrorCode::appr_requester);
}

TEST_F(Service, RecordsVotesUntilTheQuorumIsReached)
{
    const auto id = open();
    const auto first = service.record(vote("bob"), "");
    EXPECT_EQ(first.status, pending_review);
    EXPECT_EQ(first.judgement.approvals.have, 1U);
    EXPECT_THAT(first.judgement.approvals.need, testing::ElementsAre("1 of finance"));
    EXPECT_EQ(service.record(vote("carol"), "").status, pending_signature);
    EXPECT_EQ(service.find(id).status, pending_signature);
}

TEST_F(Service, RecordsTheSameVoteOnce)
{
    open();
    service.record(vote("bob"), "");
    const auto records = books.count("SELECT count(*) FROM audit");
    EXPECT_EQ(service.record(vote("bob"), "").judgement.approvals.have, 1U);
    books.now_is = books.now_is + minutes(5); // the same decision again, signed later
    EXPECT_EQ(service.record(vote("bob"), "").judgement.approvals.have, 1U);
    EXPECT_EQ(books.count("SELECT count(*) FROM votes"), 1);
    EXPECT_EQ(books.count("SELECT count(*) FROM audit"), records);
}

TEST_F(Service, AcceptsTheSameVoteAlsoAfterTheSignature)
{
    open_signed();
    EXPECT_EQ(service.record(vote("bob"), "").status, pending_broadcast);
    EXPECT_ERROR(service.record(vote("erin"), ""), ErrorCode::state);
}

TEST_F(Service, RefusesVotesThatCountNothing)
{
    open();
    EXPECT_ERROR(service.record(vote("alice"), ""), ErrorCode::appr_self); // she requested it
    EXPECT_ERROR(service.record(vote("dave"), ""), ErrorCode::appr_role);  // compliance is not asked
    EXPECT_ERROR(service.record(vote("olga"), ""), ErrorCode::appr_role);
    digest = RequestDigest{};
    EXPECT_ERROR(service.record(vote("bob"), ""), ErrorCode::not_found);
    EXPECT_EQ(books.count("SELECT count(*) FROM votes"), 0);
}

TEST_F(Service, RefusesAVoteUnderSomebodyElsesName)
{
    open();
    auto artefact = artefacts::Artefact::decode(vote("bob"), artefacts::Kind::vote);
    artefacts::Artefact forged{artefacts::Kind::vote, artefact.body()};
    forged.sign(test::key_named("carol"));
    EXPECT_ERROR(service.record(forged.encode(), ""), ErrorCode::appr_role);
    auto signature = artefact.signatures().front();
    signature.signature.back() ^= 1;
    artefact.add_signature(signature);
    EXPECT_ERROR(service.record(artefact.encode(), ""), ErrorCode::appr_binding);
    EXPECT_NO_THROW(service.record(vote("bob"), ""));
}

// E21: S and S + L are the same equation; a lax verifier takes both.
TEST_F(Service, RefusesAMalleatedSignature)
{
    open();
    auto artefact = artefacts::Artefact::decode(vote("bob"), artefacts::Kind::vote);
    auto signature = artefact.signatures().front();
    const ByteArray<32> order{0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                              0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
    unsigned carry = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        carry += signature.signature[32 + i] + unsigned{order[i]};
        signature.signature[32 + i] = static_cast<std::uint8_t>(carry);
        carry >>= 8;
    }
    artefact.add_signature(signature);
    EXPECT_ERROR(service.record(artefact.encode(), ""), ErrorCode::appr_binding);
    EXPECT_NO_THROW(service.record(vote("bob"), ""));
}

TEST_F(Service, LetsARejectionOutrankAnApproval)
{
    const auto id = open_approved();
    const auto rejected_by_one = service.record(vote("bob", reject), "");
    EXPECT_EQ(rejected_by_one.status, pending_review); // erin and dave's roles can still reach two of finance
    EXPECT_ERROR(service.record(vote("bob"), ""), ErrorCode::state);
    EXPECT_EQ(service.record(vote("erin"), "").status, pending_signature);
    EXPECT_EQ(service.find(id).status, pending_signature);
}

TEST_F(Service, EndsByTheRejectionOfAVetoRole)
{
    const auto id = open_approved();
    EXPECT_EQ(service.record(vote("dave", reject), "").status, Status::rejected);
    EXPECT_EQ(service.find(id).status, Status::rejected);
    EXPECT_EQ(service.held_slots().size(), 0U);
    EXPECT_ERROR(service.record(vote("erin"), ""), ErrorCode::appr_rejected);
    EXPECT_NO_THROW(service.record(vote("dave", reject), "")); // again
    EXPECT_NO_THROW(open({.id_seed = "anew"}));
}

TEST_F(Service, RefusesARejectionAfterTheSignature)
{
    open_signed();
    EXPECT_ERROR(service.record(vote("dave", reject), ""), ErrorCode::state);
}

TEST_F(Service, CancelsByAnEntryOfThePolicyChain)
{
    const auto id = open_approved();
    EXPECT_EQ(service.cancel(test::cancel_of("alice", digest, books.chain(), books.now_is)).status, cancelled);
    EXPECT_EQ(books.chain().position().number, 1U);
    EXPECT_EQ(service.find(id).status, cancelled);
    EXPECT_EQ(service.held_slots().size(), 0U);
    EXPECT_ERROR(service.record(vote("erin"), ""), ErrorCode::request_cancelled);
    EXPECT_EQ(service.cancel(test::cancel_of("alice", digest, books.chain(), books.now_is)).status, cancelled);
    EXPECT_EQ(books.chain().position().number, 1U);
}

TEST_F(Service, SaysWhatItKnewAlready)
{
    open();
    EXPECT_FALSE(service.record(vote("bob"), "").was_known);
    EXPECT_TRUE(service.record(vote("bob"), "").was_known);
    EXPECT_FALSE(service.record(vote("bob", reject), "").was_known);
    EXPECT_FALSE(service.cancel(test::cancel_of("alice", digest, books.chain(), books.now_is)).was_known);
    EXPECT_TRUE(service.cancel(test::cancel_of("alice", digest, books.chain(), books.now_is)).was_known);
}

/// What never left is over by itself; what left may still be signed until the vault knows of the cancel.
TEST_F(Service, CancelsWhatIsOverOnlyWhenItLeftForTheVault)
{
    const auto id = open_approved();
    const auto entry = test::cancel_of("alice", digest, books.chain(), books.now_is);
    books.now_is = books.now_is + hours(25);
    EXPECT_ERROR(service.cancel(entry), ErrorCode::appr_expired);
    EXPECT_EQ(books.chain().position().number, 0U);
    EXPECT_EQ(service.find(id).status, expired);

    books.now_is = books.now_is - hours(25);
    service.record_export(bundle, std::vector{id}, {});
    books.now_is = books.now_is + hours(25);
    EXPECT_EQ(service.held_slots().size(), 1U);
    EXPECT_EQ(service.cancel(entry).status, cancelled);
    EXPECT_EQ(books.chain().position().number, 1U);
    EXPECT_EQ(service.held_slots().size(), 0U);
}

TEST_F(Service, LetsOnlyThoseCancelWhoRequestedOrWhoseVoteCounts)
{
    open();
    EXPECT_ERROR(service.cancel(test::cancel_of("dave", digest, books.chain(), books.now_is)), ErrorCode::appr_role);
    EXPECT_ERROR(service.cancel(test::cancel_of("olga", digest, books.chain(), books.now_is)), ErrorCode::appr_role);
    EXPECT_EQ(books.chain().position().number, 0U);
    EXPECT_EQ(service.cancel(test::cancel_of("carol", digest, books.chain(), books.now_is)).status, cancelled);
}

// E40
TEST_F(Service, CancelsNothingThatIsSigned)
{
    const auto id = open_signed();
    EXPECT_ERROR(service.cancel(test::cancel_of("alice", digest, books.chain(), books.now_is)), ErrorCode::state);
    books.now_is = books.now_is + days(3);
    EXPECT_EQ(service.find(id).status, pending_broadcast); // and no time ends it
    EXPECT_THAT(service.expire_overdue(), testing::IsEmpty());
}

TEST_F(Service, ExpiresWhatNeverLeftForTheVault)
{
    const auto id = open_approved();
    books.now_is = books.now_is + (hours(24) - Duration{1});
    EXPECT_EQ(service.find(id).status, pending_signature);
    books.now_is = books.now_is + Duration{1}; // the second that it names
    EXPECT_EQ(service.find(id).status, expired);
    EXPECT_ERROR(service.record(vote("erin"), ""), ErrorCode::appr_expired);
    EXPECT_EQ(books.count("SELECT count(*) FROM requests WHERE status = 'expired'"), 0);
    EXPECT_THAT(service.expire_overdue(), testing::ElementsAre(id));
    EXPECT_THAT(service.expire_overdue(), testing::IsEmpty());
    EXPECT_EQ(service.held_slots().size(), 0U);
    EXPECT_EQ(service.find(id).status, expired);
}

TEST_F(Service, KeepsTheSlotsOfWhatMayHaveBeenSigned)
{
    const auto id = open_approved();
    service.record_export(bundle, std::vector{id}, {});
    const auto receipt = receipt_for(id);
    books.now_is = books.now_is + hours(25);
    EXPECT_EQ(service.find(id).status, expired);
    EXPECT_THAT(service.expire_overdue(), testing::IsEmpty());
    EXPECT_EQ(service.refresh(id).status, expired);
    EXPECT_EQ(service.held_slots().size(), 1U);
    const auto imported = service.import(receipt); // it was signed in time, and came back late
    EXPECT_FALSE(imported.results[0].error);
    EXPECT_EQ(service.find(id).status, pending_broadcast);
}

TEST_F(Service, FreesTheSlotsWhenTheVaultRefusedWhatExpired)
{
    const auto id = open_approved();
    service.record_export(bundle, std::vector{id}, {});
    books.now_is = books.now_is + hours(25);
    service.import(receipt_for(id, "refused", "appr_expired"));
    EXPECT_EQ(books.count("SELECT count(*) FROM requests WHERE status = 'expired'"), 1);
    EXPECT_EQ(service.held_slots().size(), 0U);
}

TEST_F(Service, CountsNoVoteOfAnOldCharter)
{
    const auto id = open_approved();
    books.amend([](charter::Charter& next) { next.name = "Renamed"; }, {"alice", "bob", "dave"});
    EXPECT_EQ(service.find(id).status, pending_review);
    EXPECT_EQ(service.refresh(id).status, pending_review);
    EXPECT_ERROR(require_approved(service.find(id)), ErrorCode::policy_mismatch);
    EXPECT_EQ(service.record(vote("bob"), "").status, pending_review); // officers vote again
    EXPECT_EQ(service.record(vote("carol"), "").status, pending_signature);
    EXPECT_EQ(books.count("SELECT count(*) FROM votes"), 2);
}

TEST_F(Service, ShowsWhatAnAmendmentForbids)
{
    const auto id = open_approved();
    books.amend([](charter::Charter& next) { next.rules.erase(next.rules.begin(), next.rules.begin() + 2); }, {"alice", "bob", "dave"});
    const auto checked = service.find(id);
    ASSERT_TRUE(checked.judgement.refused);
    EXPECT_EQ(checked.judgement.refused->code(), ErrorCode::policy_denied);
    EXPECT_ERROR(require_approved(checked), ErrorCode::policy_denied);
    EXPECT_ERROR(service.record(vote("bob"), ""), ErrorCode::policy_denied);
}

TEST_F(Service, KeepsARejectionOverAnAmendment)
{
    const auto id = open();
    service.record(vote("dave", reject), "");
    books.amend([](charter::Charter& next) { next.name = "Renamed"; }, {"alice", "bob", "dave"});
    EXPECT_EQ(service.find(id).status, Status::rejected);
    EXPECT_ERROR(require_approved(service.find(id)), ErrorCode::appr_rejected);
    EXPECT_ERROR(service.record(vote("bob"), ""), ErrorCode::appr_rejected);
}

TEST_F(Service, TakesOverSignatures)
{
    const auto id = open_approved({.payments = {{"exchange", test::ether(2)}, {"supplier", test::ether(3)}}});
    const auto imported = service.import(receipt_for(id));
    ASSERT_EQ(imported.results.size(), 1U);
    EXPECT_EQ(imported.results[0].status, pending_broadcast);
    EXPECT_EQ(imported.results[0].signatures.have, 2U);
    EXPECT_EQ(imported.results[0].signatures.need, 2U);
    const auto again = service.import(receipt_for(id));
    EXPECT_TRUE(again.is_known);
    EXPECT_EQ(again.results[0].status, pending_broadcast);
    EXPECT_EQ(books.count("SELECT count(*) FROM signatures"), 2);
    EXPECT_EQ(books.count("SELECT count(*) FROM receipts"), 1);
}

TEST_F(Service, RefusesReceiptsOfOthers)
{
    const auto id = open_approved();
    auto forged = receipt_for(id);
    forged.artefact = {artefacts::Kind::receipt, forged.artefact.body()};
    EXPECT_ERROR(service.import(forged), ErrorCode::sig_verify);
    forged.artefact.sign(test::key_named("vault-b"));
    EXPECT_ERROR(service.import(forged), ErrorCode::sig_verify);
    auto standby = receipt_for(id);
    standby.appliance = "vault-b";
    standby.artefact.sign(test::key_named("vault-b"));
    EXPECT_ERROR(service.import(standby), ErrorCode::appliance_inactive);
    auto other = receipt_for(id);
    other.header.environment = artefacts::Environment::production;
    EXPECT_ERROR(service.import(other), ErrorCode::env);
    EXPECT_EQ(books.count("SELECT count(*) FROM signatures"), 0);
    EXPECT_NO_THROW(service.import(receipt_for(id)));
}

TEST_F(Service, RefusesAHeadThatIsNotTheReceipts)
{
    const auto id = open_approved();
    auto receipt = receipt_for(id);
    Head good{.header = receipt.header, .source = "vault-a", .size = 7, .root = {}, .time = books.now_is};
    const auto import_with = [&](const Head& head, const std::string& signer) {
        auto artefact = encode(head);
        artefact.sign(test::key_named(signer));
        receipt.head = artefact.encode();
        service.import(receipt);
    };
    EXPECT_ERROR(import_with(good, "vault-b"), ErrorCode::sig_verify);
    auto bad = good;
    bad.source = "vault-b";
    EXPECT_ERROR(import_with(bad, "vault-a"), ErrorCode::sig_verify);
    bad = good;
    bad.size = 8;
    EXPECT_ERROR(import_with(bad, "vault-a"), ErrorCode::sig_verify);
    bad = good;
    bad.root = Hash256{ByteArray<32>{1}};
    EXPECT_ERROR(import_with(bad, "vault-a"), ErrorCode::sig_verify);
    bad = good;
    bad.header.environment = artefacts::Environment::production;
    EXPECT_ERROR(import_with(bad, "vault-a"), ErrorCode::env);
    EXPECT_TRUE(service.known_heads().empty());
    EXPECT_NO_THROW(import_with(good, "vault-a"));
    EXPECT_EQ(service.known_heads().size(), 1U);
}

TEST_F(Service, RefusesAnotherSignatureOfTheSameKey)
{
    const auto id = open_signed();
    auto receipt = receipt_for(id);
    receipt.artefact = {artefacts::Kind::receipt, Bytes{9}};
    receipt.artefact.sign(test::key_named("vault-a"));
    EXPECT_FALSE(service.import(receipt).results[0].error); // the very same one
    const auto checked = service.find(id);
    const auto task = checked.judgement.open.payloads[0]->signing_tasks()[0];
    const auto key = test::wallet_key_named(task.appliance).derive(keys::DerivationPath::parse(task.path)).key();
    auto digest_of_other = task.digest;
    digest_of_other[0] ^= 1;
    receipt.results[0].signatures[0].signature.signature = coffer::to_bytes(key.sign(digest_of_other).compact);
    receipt.artefact = {artefacts::Kind::receipt, Bytes{10}};
    receipt.artefact.sign(test::key_named("vault-a"));
    ASSERT_TRUE(service.import(receipt).results[0].error);
    EXPECT_EQ(service.import(receipt).results[0].error->code(), ErrorCode::sig_verify);
    EXPECT_EQ(books.count("SELECT count(*) FROM signatures"), 1);
}

TEST_F(Service, RefusesCommentsThatAreNotTheVotes)
{
    open();
    EXPECT_ERROR(service.record(vote("bob"), "I agree"), ErrorCode::appr_binding);
    EXPECT_ERROR(service.record(vote("bob"), std::string(1001, 'x')), ErrorCode::limit);
    EXPECT_NO_THROW(service.record(vote("bob"), ""));
}

TEST_F(Service, RefusesARequestThatIsOver)
{
    const auto submission = test::submission_of({}, books.chain(), books.now_is);
    books.now_is = books.now_is + hours(24);
    EXPECT_ERROR(service.open(submission), ErrorCode::appr_expired);
    books.now_is = books.now_is - Duration{1};
    EXPECT_NO_THROW(service.open(submission));
}

TEST_F(Service, RefusesSignaturesThatDoNotVerify)
{
    const auto id = open_approved({.payments = {{"exchange", test::ether(2)}, {"supplier", test::ether(3)}}});
    const auto good = receipt_for(id);
    auto flipped = good;
    flipped.results[0].signatures[1].signature.signature[5] ^= 1;
    auto swapped = good;
    std::swap(swapped.results[0].signatures[0].payload, swapped.results[0].signatures[1].payload);
    auto partial = good;
    partial.results[0].signatures.pop_back();
    auto beyond = good;
    beyond.results[0].signatures[1].payload = 2;
    std::uint8_t number = 0;
    for (auto* receipt : {&flipped, &swapped, &partial, &beyond}) {
        receipt->artefact = {artefacts::Kind::receipt, Bytes{++number}};
        receipt->artefact.sign(test::key_named("vault-a"));
        const auto imported = service.import(*receipt);
        ASSERT_TRUE(imported.results[0].error);
        EXPECT_EQ(imported.results[0].error->code(), ErrorCode::sig_verify);
        EXPECT_EQ(books.count("SELECT count(*) FROM signatures"), 0);
    }
    EXPECT_EQ(service.find(id).status, pending_signature);
    EXPECT_FALSE(service.import(good).results[0].error);
}

TEST_F(Service, TakesOverSignaturesOfOpenRequestsOnly)
{
    const auto id = open_approved();
    const auto receipt = receipt_for(id);
    service.cancel(test::cancel_of("alice", digest, books.chain(), books.now_is));
    const auto imported = service.import(receipt);
    ASSERT_TRUE(imported.results[0].error);
    EXPECT_EQ(imported.results[0].error->code(), ErrorCode::state);
    EXPECT_EQ(service.find(id).status, cancelled);
}

TEST_F(Service, SendsTheSameBytesHoweverOften)
{
    const auto id = open_signed();
    EXPECT_THAT(service.to_broadcast(), testing::ElementsAre(id));
    const auto first = service.begin_broadcast(id);
    ASSERT_EQ(first.size(), 1U);
    EXPECT_FALSE(first[0].was_sent_before);
    EXPECT_EQ(service.find(id).status, Status::broadcast);
    EXPECT_FALSE(service.find(id).stored.payloads[0].seen);
    const auto second = service.begin_broadcast(id); // the answer was lost
    ASSERT_EQ(second.size(), 1U);
    EXPECT_TRUE(second[0].was_sent_before);
    EXPECT_EQ(second[0].transaction.bytes, first[0].transaction.bytes);
    service.mark_seen(id, second[0]);
    EXPECT_THAT(service.begin_broadcast(id), testing::IsEmpty());
    EXPECT_THAT(service.to_broadcast(), testing::IsEmpty());
}

TEST_F(Service, SendsNothingThatIsNotSigned)
{
    const auto id = open();
    EXPECT_ERROR(service.begin_broadcast(id), ErrorCode::appr_missing);
    service.record(vote("bob"), "");
    service.record(vote("carol"), "");
    EXPECT_ERROR(service.begin_broadcast(id), ErrorCode::appr_missing); // approved, but not signed
    service.import(receipt_for(id));
    EXPECT_EQ(service.begin_broadcast(id).size(), 1U);
}

TEST_F(Service, SendsAlsoAfterAnAmendment)
{
    const auto id = open_signed();
    books.amend([](charter::Charter& next) { next.rules.erase(next.rules.begin()); }, {"alice", "bob", "dave"});
    EXPECT_EQ(service.begin_broadcast(id).size(), 1U);
}

chains::Sighting in_block(std::uint64_t confirmations, bool succeeded = true)
{
    return {chains::Sighting::Place::block, 100, Bytes(32, 7), confirmations, succeeded};
}

class Tracking : public Service {
protected:
    Tracking() : id{open_signed()} { service.mark_seen(id, service.begin_broadcast(id).at(0)); }
    Status see(const chains::Sighting& sighting, bool is_slot_used = false)
    {
        const Observation observation{0, sighting, is_slot_used};
        return service.record_sightings(id, {&observation, 1}, 3).status;
    }
    RequestId id;
};

TEST_F(Tracking, FollowsToTheDepthThatTheWalletAsksFor)
{
    EXPECT_EQ(see(in_block(1)), Status::broadcast);
    EXPECT_EQ(see(in_block(2)), Status::broadcast);
    EXPECT_EQ(see(in_block(3)), success);
    const auto records = books.count("SELECT count(*) FROM audit");
    EXPECT_EQ(see(in_block(3)), success);
    EXPECT_EQ(books.count("SELECT count(*) FROM audit"), records);
    EXPECT_EQ(service.find(id).stored.payloads[0].confirmations, 3U);
}

// J07
TEST_F(Tracking, ReturnsFromABlockThatLeftTheChain)
{
    EXPECT_EQ(see(in_block(3)), success);
    EXPECT_EQ(see(in_block(1)), Status::broadcast);
    EXPECT_EQ(see(in_block(3)), success);
    EXPECT_EQ(see({}), Status::broadcast);
    EXPECT_FALSE(service.find(id).stored.payloads[0].block_number);
    EXPECT_THAT(service.to_broadcast(), testing::ElementsAre(id)); // nobody has it any more: the same bytes again
}

// J14
TEST_F(Tracking, RecordsARevertedTransactionAsFailed)
{
    EXPECT_EQ(see(in_block(2, false)), Status::broadcast);
    EXPECT_EQ(see(in_block(3, false)), failed);
    EXPECT_EQ(see(in_block(3, true)), success); // after a re-org it may come out otherwise
}

TEST_F(Tracking, RecordsAUsedSlotAsReplaced)
{
    EXPECT_EQ(see({}, true), replaced);
    EXPECT_EQ(see(in_block(1)), Status::broadcast); // a re-org brought it back
    EXPECT_EQ(see({chains::Sighting::Place::mempool, 0, {}, 0, false}, true), Status::broadcast);
}

TEST_F(Service, FindsIdsByTheirBeginning)
{
    const auto id = open();
    const auto text = format_uuid(id);
    EXPECT_EQ(service.find_id(text), id);
    EXPECT_EQ(service.find_id(text.substr(0, 4)), id);
    EXPECT_EQ(service.find_id(text.substr(0, 11)), id);
    EXPECT_ERROR(service.find_id(text.substr(0, 3)), ErrorCode::usage);
    EXPECT_ERROR(service.find_id("zzzz"), ErrorCode::usage);
    EXPECT_ERROR(service.find_id(text.substr(0, 4) == "ffff" ? "eeee" : "ffff"), ErrorCode::not_found);
    EXPECT_ERROR(service.find_id(text + "00"), ErrorCode::usage);
}

// E10: every column, edited by somebody who can write to the file.
TEST_F(Service, NoticesEveryEditedColumn)
{
    const auto id = open_signed();
    service.mark_seen(id, service.begin_broadcast(id).at(0));
    ASSERT_NO_THROW(service.find(id));
    const std::vector<std::string_view> edits = {
        "UPDATE requests SET digest = zeroblob(32)",
        "UPDATE requests SET artefact = zeroblob(50)",
        "UPDATE requests SET status = 'success'",
        "UPDATE requests SET status = 'pending_signature'",
        "UPDATE requests SET wallet = 'eth-warm'",
        "UPDATE requests SET kind = 'consolidate'",
        "UPDATE requests SET created_at = created_at + 1",
        "UPDATE requests SET expires_at = expires_at + 1",
        "UPDATE requests SET replaces = zeroblob(32)",
        "UPDATE requests SET summary = '1 ETH to exchange'",
        "UPDATE payloads SET digest = zeroblob(32)",
        "UPDATE payloads SET payload = zeroblob(9)",
        "UPDATE payloads SET status = 'success'",
        "UPDATE payloads SET status = 'pending_broadcast'",
        "UPDATE payloads SET signed = NULL",
        "UPDATE payloads SET txid = '0x00'",
        "UPDATE payloads SET txid = NULL",
        "UPDATE payloads SET block_number = 5",
        "UPDATE payloads SET block_hash = zeroblob(32)",
        "UPDATE payloads SET confirmations = 99",
        "UPDATE votes SET officer = 'dave' WHERE officer = 'bob'",
        "UPDATE votes SET decision = 'reject' WHERE officer = 'bob'",
        "UPDATE votes SET at = at + 1",
        "UPDATE votes SET comment = 'I agree'",
        "UPDATE votes SET artefact = zeroblob(9)",
        "DELETE FROM votes WHERE officer = 'bob'",
        "UPDATE signatures SET signature = zeroblob(64)",
        "UPDATE signatures SET public_key = zeroblob(33)",
        "UPDATE signatures SET input = 1",
        "DELETE FROM signatures",
        "UPDATE slots SET released = 1",
        "UPDATE slots SET account = zeroblob(3)",
        "UPDATE slots SET slot = x'0000000000000009'",
        "DELETE FROM slots",
        "UPDATE charges SET at = at - 601",
        "UPDATE charges SET outflow = x'80'",
        "DELETE FROM charges",
    };
    for (const auto sql : edits) {
        SCOPED_TRACE(sql);
        books.edit("CREATE TEMP TABLE a AS SELECT * FROM requests; CREATE TEMP TABLE b AS SELECT * FROM payloads;"
                   "CREATE TEMP TABLE c AS SELECT * FROM votes; CREATE TEMP TABLE d AS SELECT * FROM signatures;"
                   "CREATE TEMP TABLE e AS SELECT * FROM slots; CREATE TEMP TABLE f AS SELECT * FROM charges;");
        books.edit(sql);
        try {
            const auto checked = service.find(id);
            require_approved(checked);
            ADD_FAILURE() << "not noticed";
        } catch (const Error& error) {
            EXPECT_EQ(error.exit_status(), ExitStatus::integrity) << error.message();
        }
        books.edit("DELETE FROM charges; DELETE FROM slots; DELETE FROM signatures; DELETE FROM votes; DELETE FROM payloads; DELETE FROM requests;"
                   "INSERT INTO requests SELECT * FROM a; INSERT INTO payloads SELECT * FROM b; INSERT INTO votes SELECT * FROM c;"
                   "INSERT INTO signatures SELECT * FROM d; INSERT INTO slots SELECT * FROM e; INSERT INTO charges SELECT * FROM f;"
                   "DROP TABLE a; DROP TABLE b; DROP TABLE c; DROP TABLE d; DROP TABLE e; DROP TABLE f;");
        ASSERT_NO_THROW(require_approved(service.find(id)));
    }
}

/// The clock ran ahead for a while: what ended then has ended, and what was proposed then is no forgery.
TEST_F(Service, OutlivesAClockThatRanAhead)
{
    const auto before = books.now_is;
    const auto id = open();
    books.now_is = before + days(400);
    EXPECT_THAT(service.expire_overdue(), testing::ElementsAre(id));
    const auto ahead = open({.id_seed = "ahead"});
    books.now_is = before + hours(1);
    EXPECT_EQ(service.find(id).status, Status::expired);
    EXPECT_EQ(service.refresh(id).status, Status::expired);
    EXPECT_EQ(service.find(ahead).status, Status::pending_review);
    EXPECT_ERROR(service.record(vote("bob"), ""), ErrorCode::appr_future);
    EXPECT_THAT(service.expire_overdue(), testing::IsEmpty());
}

TEST_F(Service, NoticesAnExpiryThatNobodyRecorded)
{
    const auto id = open();
    for (const auto* set : {"expired_at = 1", "expired_at = expires_at", "expired_at = expires_at - 1, status = 'expired'", "status = 'expired'"}) {
        SCOPED_TRACE(set);
        books.edit("UPDATE requests SET " + std::string{set});
        EXPECT_ERROR(service.find(id), ErrorCode::db_tamper);
        books.edit("UPDATE requests SET expired_at = NULL, status = 'pending_review'");
        EXPECT_NO_THROW(service.find(id));
    }
}

TEST_F(Service, NoticesAStatusWithoutVotesOrSignatures)
{
    const auto id = open();
    for (const auto* status : {"pending_signature", "rejected", "expired", "cancelled", "pending_broadcast", "broadcast", "success"}) {
        SCOPED_TRACE(status);
        const std::string set = "SET status = '" + std::string{status} + "'";
        books.edit("UPDATE requests " + set + "; UPDATE payloads " + set);
        EXPECT_ERROR(service.find(id), ErrorCode::db_tamper);
        EXPECT_ERROR(service.begin_broadcast(id), ErrorCode::db_tamper);
        EXPECT_ERROR(service.record(vote("bob"), ""), ErrorCode::db_tamper);
    }
    books.edit("UPDATE requests SET status = 'pending_review'; UPDATE payloads SET status = 'pending_review'");
    EXPECT_NO_THROW(service.record(vote("bob"), ""));
}

TEST_F(Service, NoticesStatesThatContradictTheSignatures)
{
    const auto id = open_signed();
    for (const auto* status : {"pending_review", "pending_signature", "rejected", "cancelled", "expired"}) {
        SCOPED_TRACE(status);
        const std::string set = "SET status = '" + std::string{status} + "'";
        books.edit("UPDATE requests " + set + "; UPDATE payloads " + set);
        EXPECT_ERROR(service.find(id), ErrorCode::db_tamper);
    }
    books.edit("UPDATE requests SET status = 'pending_broadcast'; UPDATE payloads SET status = 'pending_broadcast', seen = 1");
    EXPECT_ERROR(service.find(id), ErrorCode::db_tamper); // nothing was sent that a node could have seen
    books.edit("UPDATE payloads SET seen = 0");
    service.begin_broadcast(id);
    books.edit("UPDATE requests SET status = 'success'; UPDATE payloads SET status = 'success'");
    EXPECT_ERROR(service.find(id), ErrorCode::db_tamper); // it is in no block
    books.edit("UPDATE requests SET status = 'broadcast'; UPDATE payloads SET status = 'broadcast'");
    EXPECT_NO_THROW(service.find(id));
}

TEST_F(Service, NoticesAPayloadInAnotherStateThanItsRequest)
{
    const auto id = open();
    books.edit("UPDATE payloads SET status = 'pending_signature'");
    EXPECT_ERROR(service.find(id), ErrorCode::db_tamper);
    books.edit("UPDATE payloads SET status = 'pending_review'");
    EXPECT_NO_THROW(service.find(id));
}

// E11: another transaction in the place of the one to send, and its own id beside it.
TEST_F(Service, SendsOnlyWhatWasApproved)
{
    const auto other = open_signed({.nonce = 7, .payments = {{"supplier", test::ether(1)}}, .id_seed = "other"});
    service.begin_broadcast(other);
    const auto id = open_signed();
    service.begin_broadcast(id);
    books.edit("CREATE TEMP TABLE p AS SELECT * FROM payloads; "
               "UPDATE payloads SET signed = (SELECT signed FROM p WHERE p.digest <> payloads.digest), "
               "txid = (SELECT txid FROM p WHERE p.digest <> payloads.digest)");
    EXPECT_ERROR(service.begin_broadcast(id), ErrorCode::tx_changed);
    EXPECT_ERROR(service.begin_broadcast(other), ErrorCode::tx_changed);
}

TEST_F(Service, NoticesAnotherId)
{
    open();
    books.edit("PRAGMA defer_foreign_keys = ON; UPDATE requests SET id = x'000102030405060708090a0b0c0d0e0f'; "
               "UPDATE payloads SET request_id = x'000102030405060708090a0b0c0d0e0f'; "
               "UPDATE slots SET request_id = x'000102030405060708090a0b0c0d0e0f'");
    EXPECT_ERROR(service.find(RequestId{ByteArray<16>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}}), ErrorCode::db_tamper);
    EXPECT_ERROR(service.record(vote("bob"), ""), ErrorCode::db_tamper);
}

TEST_F(Service, NoticesAMissingOrAdditionalPayload)
{
    const auto id = open({.payments = {{"exchange", test::ether(2)}, {"supplier", test::ether(3)}}});
    books.edit("CREATE TEMP TABLE kept AS SELECT * FROM payloads; DELETE FROM slots WHERE position = 1; DELETE FROM payloads WHERE position = 1");
    EXPECT_ERROR(service.find(id), ErrorCode::db_tamper);
    books.edit("INSERT INTO payloads SELECT * FROM kept WHERE position = 1; UPDATE kept SET position = 2; "
               "INSERT INTO payloads SELECT * FROM kept WHERE position = 2 LIMIT 1");
    EXPECT_ERROR(service.find(id), ErrorCode::db_tamper);
}

TEST_F(Service, NoticesASwappedPayload)
{
    const auto id = open_approved();
    auto transaction = books.database().begin_immediate();
    books.database().run("UPDATE payloads SET payload = $1", test::payloads_of({.payments = {{"supplier", test::ether(5)}}})[0]);
    transaction.commit();
    EXPECT_ERROR(service.find(id), ErrorCode::tx_changed);
}

/// Runs `work` in that many processes at once; the sum of their exit statuses.
template <typename Work>
int in_processes(int count, Work work)
{
    std::vector<pid_t> children;
    for (int i = 0; i < count; ++i) {
        const auto child = ::fork();
        if (child == 0) {
            int status = 99;
            try {
                status = work(i);
            } catch (const std::exception& error) {
                std::fprintf(stderr, "%s\n", error.what());
            }
            ::_exit(status);
        }
        children.push_back(child);
    }
    int sum = 0;
    for (const auto child : children) {
        int status = 0;
        ::waitpid(child, &status, 0);
        sum += WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
    }
    return sum;
}

// E15
TEST_F(Service, DecidesOnceWhenManyVoteAndCancelAtOnce)
{
    const auto id = open();
    const std::vector<std::string> voters{"bob", "carol", "erin"};
    const auto failures = in_processes(32, [&](int i) {
        const auto folder = scratch.path();
        test::ScriptedBooks own{folder};
        RequestService mine{own};
        const bool is_cancel = i % 8 == 7;
        try {
            if (is_cancel)
                mine.cancel(test::cancel_of("alice", digest, own.chain(), own.now_is));
            else
                mine.record(test::vote_of(voters[static_cast<std::size_t>(i) % 3], digest, approve, own.chain(), own.now_is), "");
            return 0;
        } catch (const Error& error) {
            return !is_cancel && error.code() == ErrorCode::request_cancelled ? 0 : 1;
        }
    });
    EXPECT_EQ(failures, 0);
    EXPECT_EQ(service.find(id).status, cancelled);
    EXPECT_EQ(books.count("SELECT count(*) FROM links"), 1);
    EXPECT_LE(books.count("SELECT count(*) FROM votes"), 3);
    EXPECT_EQ(books.count("SELECT count(*) FROM audit"), 3 + books.count("SELECT count(*) FROM votes") +
                                                             (books.count("SELECT count(*) FROM votes") >= 2 ? 1 : 0));
    EXPECT_NO_THROW(audit::AuditLog{books.database()}.verify());
}

TEST_F(Service, CountsEveryVoteOfManyProcesses)
{
    const auto id = open();
    const std::vector<std::string> voters{"bob", "carol", "erin"};
    EXPECT_EQ(in_processes(32, [&](int i) {
                  test::ScriptedBooks own{scratch.path()};
                  RequestService{own}.record(
                      test::vote_of(voters[static_cast<std::size_t>(i) % 3], digest, approve, own.chain(), own.now_is), "");
                  return 0;
              }),
              0);
    EXPECT_EQ(service.find(id).status, pending_signature);
    EXPECT_EQ(books.count("SELECT count(*) FROM votes"), 3);
}

TEST_F(Service, GivesASlotToOneOfManyProcesses)
{
    EXPECT_EQ(in_processes(16, [&](int i) {
                  test::ScriptedBooks own{scratch.path()};
                  try {
                      RequestService{own}.open(test::submission_of({.id_seed = std::to_string(i)}, own.chain(), own.now_is));
                      return 1;
                  } catch (const Error& error) {
                      return error.code() == ErrorCode::nonce_used ? 0 : 50;
                  }
              }),
              1);
    EXPECT_EQ(books.count("SELECT count(*) FROM requests"), 1);
}

} // namespace
} // namespace coffer::requests
