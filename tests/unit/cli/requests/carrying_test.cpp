#include "tests/unit/cli/requests/fixture.h"

#include "core/audit/merkle.h"

namespace coffer::cli {
namespace {

using testing::HasSubstr;

class Carrying : public RequestCommands {
protected:
    bundle::Bundle bundle_in(const std::string& file)
    {
        return bundle::decode_bundle(artefacts::Artefact::decode(read(file), artefacts::Kind::bundle));
    }
    std::string import_error(const std::string& file)
    {
        const auto refused = run({"--json", "import", file});
        EXPECT_NE(refused.status, 0) << refused.out;
        return refused.error_code();
    }
    /// A receipt whose log has these leaves, and which continues `from` of them.
    void set_log(bundle::Receipt& receipt, std::size_t size, std::size_t from, std::uint8_t history = 0)
    {
        std::vector<Hash256> leaves;
        for (std::size_t i = 0; i < size; ++i)
            leaves.push_back(audit::hash_leaf(Bytes{static_cast<std::uint8_t>(i), i >= 2 ? history : std::uint8_t{0}}));
        receipt.log_size = size;
        receipt.log_root = audit::merkle_root(leaves);
        receipt.consistency.reset();
        if (from > 0)
            receipt.consistency = bundle::Consistency{from, audit::consistency_proof(leaves, from)};
        auto head = encode(requests::Head{.header = receipt.header,
                                          .source = "vault-a",
                                          .size = receipt.log_size,
                                          .root = receipt.log_root,
                                          .time = receipt.time});
        head.sign(identity());
        receipt.head = head.encode();
    }
};

TEST_F(Carrying, ExportsOnlyWhatIsApproved)
{
    propose();
    vote("bob");
    const auto refused = run({"--json", "export", id, "--out", "to-vault"});
    EXPECT_EQ(refused.status, 10);
    EXPECT_EQ(refused.error_code(), "appr_missing");
    EXPECT_FALSE(std::filesystem::exists(path("to-vault")));
    vote("carol");
    EXPECT_EQ(run({"--json", "export", id, "--out", "to-vault"}).status, 0);
}

TEST_F(Carrying, RefusesAnExportAsAWhole)
{
    propose_and_approve();
    const auto good = id;
    propose();
    EXPECT_EQ(run({"--json", "export", good, id, "--out", "to-vault"}).error_code(), "appr_missing");
    EXPECT_FALSE(std::filesystem::exists(path("to-vault")));
    vote("bob");
    vote("carol");
    EXPECT_EQ(run({"--json", "export", good, id, good, "--out", "to-vault"}).status, 0);
    EXPECT_EQ(bundle_in("to-vault").requests.size(), 2U);
}

// E16
TEST_F(Carrying, ExportsEquivalentBundles)
{
    propose_and_approve();
    const auto first = run_well({"--json", "export", id, "--out", "one"});
    run_well({"export", id, "--out", "two"});
    const auto one = bundle_in("one");
    const auto two = bundle_in("two");
    EXPECT_EQ(one.requests[0].submission.request, two.requests[0].submission.request);
    EXPECT_EQ(one.requests[0].submission.payloads, two.requests[0].submission.payloads);
    EXPECT_EQ(one.requests[0].submission.votes, two.requests[0].submission.votes);
    // The same file again: nothing to do.
    EXPECT_EQ(run_well({"--json", "export", id, "--out", "one"}).field("bundle_digest"), first.field("bundle_digest"));
}

TEST_F(Carrying, NeverOverwritesAFileUnasked)
{
    propose_and_approve();
    write("to-vault", "something else");
    EXPECT_EQ(run({"--json", "export", id, "--out", "to-vault"}).error_code(), "exists");
    EXPECT_EQ(text_of(read("to-vault")), "something else");
    EXPECT_EQ(run({"--json", "export", id, "--out", "to-vault", "--force"}).status, 0);
}

TEST_F(Carrying, CarriesTheLinksThatTheVaultMayLack)
{
    propose_and_approve();
    run_well({"export", id, "--out", "first"});
    EXPECT_EQ(bundle_in("first").links.size(), 1U);
    write_receipt("receipt", sign_bundle("first"));
    run_well({"import", "receipt"});

    propose();
    run_as("alice", {"cancel", id}); // a link
    propose_and_approve();
    run_well({"export", id, "--out", "second"});
    ASSERT_EQ(bundle_in("second").links.size(), 1U);
    EXPECT_EQ(bundle_in("second").links[0].number, 1U);
    run_well({"export", id, "--all-links", "--out", "whole"});
    EXPECT_EQ(bundle_in("whole").links.size(), 2U);
}

TEST_F(Carrying, RefusesWhatTheVaultDidNotWrite)
{
    propose_and_approve();
    run_well({"export", id, "--out", "to-vault"});
    const auto receipt = sign_bundle("to-vault");
    auto artefact = encode(receipt);
    artefact.sign(key("bob"));
    write("forged", artefact.encode());
    EXPECT_EQ(import_error("forged"), "sig_verify");
    write_receipt("good", receipt);
    auto bytes = read("good");
    bytes.back() ^= 1;
    write("forged", bytes);
    EXPECT_EQ(import_error("forged"), "sig_verify");
    auto other = receipt;
    other.appliance = "vault-b";
    write_receipt("forged", other);
    EXPECT_EQ(import_error("forged"), "sig_verify");
    auto production = receipt;
    production.header.environment = artefacts::Environment::production;
    write_receipt("forged", production);
    EXPECT_EQ(import_error("forged"), "env");
    EXPECT_EQ(status_of_request(), "pending_signature");
    run_well({"import", "good"});
}

TEST_F(Carrying, VerifiesEverySignatureAgainstItsOwnPayload)
{
    propose_and_approve();
    run_well({"export", id, "--out", "to-vault"});
    const auto good = sign_bundle("to-vault");
    auto bad = good;
    bad.results[0].signatures[0].signature.signature[40] ^= 1;
    write_receipt("bad", bad);
    const auto refused = run({"--json", "import", "bad"});
    EXPECT_EQ(refused.status, 5);
    EXPECT_EQ(refused.field("requests.0.error.code"), "sig_verify");
    EXPECT_EQ(status_of_request(), "pending_signature");
    write_receipt("good", good);
    EXPECT_EQ(run_well({"--json", "import", "good"}).field("requests.0.status"), "pending_broadcast");
}

TEST_F(Carrying, TakesTheGoodItemsOfAReceipt)
{
    propose_and_approve();
    const auto first = id;
    propose_and_approve();
    run_well({"export", first, id, "--out", "to-vault"});
    auto receipt = sign_bundle("to-vault");
    receipt.results[0].signatures[0].signature.signature[40] ^= 1;
    receipt.results.push_back({.request = RequestDigest{ByteArray<32>{9}}, .outcome = bundle::Outcome::refused, .code = "policy_denied", .signatures = {}});
    write_receipt("receipt", receipt);
    const auto imported = run({"--json", "import", "receipt"});
    EXPECT_EQ(imported.status, 5); // of the first refused item
    EXPECT_EQ(imported.field("requests.0.status"), "pending_signature");
    EXPECT_EQ(imported.field("requests.1.status"), "pending_broadcast");
    EXPECT_EQ(imported.field("requests.2.error.code"), "not_found");
}

TEST_F(Carrying, SaysWhatTheVaultRefused)
{
    propose_and_approve();
    run_well({"export", id, "--out", "to-vault"});
    auto receipt = sign_bundle("to-vault");
    receipt.results[0] = {.request = receipt.results[0].request, .outcome = bundle::Outcome::refused, .code = "nonce_gap", .signatures = {}};
    write_receipt("receipt", receipt);
    const auto imported = run_well({"--json", "import", "receipt"});
    EXPECT_EQ(imported.field("requests.0.outcome"), "refused");
    EXPECT_EQ(imported.field("requests.0.code"), "nonce_gap");
    EXPECT_EQ(imported.field("requests.0.status"), "pending_signature"); // a refusal is never final
}

TEST_F(Carrying, WarnsOfABundleThatItDidNotExport)
{
    propose_and_approve();
    run_well({"export", id, "--out", "to-vault"});
    auto receipt = sign_bundle("to-vault");
    receipt.bundle = BundleDigest{ByteArray<32>{1}};
    write_receipt("receipt", receipt);
    expect_tampering(); // `audit verify` takes the home for one that was put back
    EXPECT_THAT(run_well({"import", "receipt"}).err, HasSubstr("did not export"));
}

class Rollback : public Carrying {
protected:
    /// The vault's log has 3 records, and this home knows it.
    Rollback()
    {
        propose_and_approve();
        run_well({"export", id, "--out", "first"});
        auto receipt = sign_bundle("first");
        set_log(receipt, 3, 0);
        write_receipt("receipt", receipt);
        run_well({"import", "receipt"});
        propose_and_approve();
        run_well({"export", id, "--out", "second"});
    }
};

TEST_F(Rollback, AcceptsALogThatGrew)
{
    EXPECT_EQ(bundle_in("second").heads.size(), 1U);
    auto receipt = sign_bundle("second");
    set_log(receipt, 5, 3);
    write_receipt("receipt", receipt);
    EXPECT_EQ(run_well({"--json", "import", "receipt"}).field("requests.0.status"), "pending_broadcast");
}

// K18
TEST_F(Rollback, RefusesALogThatForgot)
{
    auto receipt = sign_bundle("second");
    const auto refused = [&](std::size_t size, std::size_t from, std::uint8_t history) {
        set_log(receipt, size, from, history);
        write_receipt("receipt", receipt);
        const auto imported = run({"--json", "import", "receipt"});
        EXPECT_EQ(imported.status, 9) << imported.out;
        EXPECT_EQ(imported.error_code(), "ledger_rollback");
    };
    refused(5, 3, 1); // another history since record 2
    refused(5, 0, 0); // proves nothing
    refused(5, 2, 0); // continues something older than what its bundle showed
    refused(3, 0, 1); // another log of the same size
    refused(2, 0, 0); // shorter
    EXPECT_EQ(status_of_request(), "pending_signature");
    set_log(receipt, 5, 3, 0);
    write_receipt("receipt", receipt);
    EXPECT_EQ(run({"import", "receipt"}).status, 0);
}

TEST_F(Rollback, AcceptsReceiptsOfBundlesThatWereUnderWayTogether)
{
    const auto second = id;
    propose_and_approve();
    run_well({"export", id, "--out", "third"});
    auto receipt = sign_bundle("second");
    set_log(receipt, 5, 3);
    write_receipt("receipt2", receipt);
    receipt = sign_bundle("third"); // its bundle showed 3 records as well
    set_log(receipt, 7, 3);
    write_receipt("receipt3", receipt);
    run_well({"import", "receipt2"});
    const auto third = run_well({"--json", "import", "receipt3"});
    EXPECT_EQ(third.field("requests.0.status"), "pending_broadcast");
    EXPECT_THAT(third.err, HasSubstr("came first"));
    run_well({"audit", "verify"});
    propose_and_approve();
    run_well({"export", id, "--out", "fourth"});
    receipt = sign_bundle("fourth");
    set_log(receipt, 9, 7); // must continue what is proven: 5 records
    write_receipt("receipt4", receipt);
    EXPECT_EQ(import_error("receipt4"), "ledger_rollback");
    set_log(receipt, 9, 5);
    write_receipt("receipt4", receipt);
    run_well({"import", "receipt4"});
}

// After `restore` the appliance has another identity and a shorter log: it must not stop everybody for ever.
TEST_F(Rollback, BeginsANewLogWithTheIdentityThatAnAmendmentGives)
{
    const crypto::Ed25519PrivateKey restored{SecretBytes::copy_of(Bytes(32, 0x77))};
    EXPECT_EQ(vote("bob").status, 0); // whose key has seen the old log
    amend([&](charter::Charter& next) { next.appliances.front().key = artefacts::ApprovalKey{restored.public_key()}; });
    EXPECT_EQ(vote("bob").status, 0);
    EXPECT_EQ(vote("carol").status, 0);
    run_well({"export", id, "--out", "third"});
    EXPECT_TRUE(bundle_in("third").heads.empty());

    auto receipt = sign_bundle("third");
    set_log(receipt, 2, 0);
    artefacts::Artefact head{artefacts::Kind::head, artefacts::Artefact::decode(receipt.head, artefacts::Kind::head).body()};
    head.sign(restored);
    receipt.head = head.encode();
    auto artefact = encode(receipt);
    artefact.sign(restored);
    write("receipt", artefact.encode());
    EXPECT_EQ(run_well({"--json", "import", "receipt"}).field("requests.0.status"), "pending_broadcast");
    propose();
    EXPECT_EQ(vote("bob").status, 0);
}

TEST_F(Rollback, SendsTheHeadWithEveryVote)
{
    propose();
    EXPECT_EQ(vote("bob").status, 0);
    run_well({"export", id, "--format", "review", "--out", "review"});
    const auto review = bundle::decode_review(artefacts::Artefact::decode(read("review"), artefacts::Kind::review));
    EXPECT_EQ(review.heads.size(), 1U);
    const auto signed_vote =
        requests::decode_vote(artefacts::Artefact::decode(review.request.submission.votes.at(0), artefacts::Kind::vote));
    EXPECT_EQ(signed_vote.heads, review.heads);
}

TEST_F(Carrying, SaysWhereOtherFilesBelong)
{
    propose_and_approve();
    run_well({"export", id, "--out", "to-vault"});
    EXPECT_EQ(import_error("to-vault"), "type");
    EXPECT_EQ(import_error("charter.coffer"), "type");
    write("garbage", "garbage");
    EXPECT_EQ(run({"--json", "import", "garbage"}).status, 3);
    EXPECT_EQ(run({"--json", "import", "missing"}).status, 7);
}

TEST_F(Carrying, TakesACancelFromElsewhere)
{
    propose_and_approve();
    auto entry = charter::encode_cancel({.header = charter->header,
                                         .request = RequestDigest::from(encoding::decode_hex(digest)),
                                         .officer = "alice",
                                         .time = environment.clock.now(),
                                         .reason = "typo"});
    entry.sign(key("alice"));
    write("cancel", entry.encode());
    const auto taken = run_well({"--json", "import", "cancel"});
    EXPECT_EQ(taken.field("requests.0.status"), "cancelled");
    EXPECT_EQ(taken.field("known"), "false");
    const auto repeated = run_well({"--json", "import", "cancel"});
    EXPECT_EQ(repeated.field("requests.0.status"), "cancelled");
    EXPECT_EQ(repeated.field("known"), "true");
    EXPECT_THAT(run_well({"import", "cancel"}).out, HasSubstr("A cancel of this request is known already."));
    EXPECT_EQ(run({"--json", "export", id, "--out", "to-vault"}).error_code(), "request_cancelled");
}

} // namespace
} // namespace coffer::cli
