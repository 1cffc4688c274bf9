#include "tests/unit/cli/requests/fixture.h"

namespace coffer::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class Voting : public RequestCommands {
protected:
    Voting() { propose(); }

    test::CliRun at_terminal(const std::string& officer, const std::string& verb = "approve")
    {
        std::vector<std::string> args{verb, id, "--officer", officer, "--key", officer + ".key"};
        if (verb == "reject")
            args.insert(args.end(), {"--reason", "no"});
        return run(args);
    }
    test::ScriptedTerminal& terminal() { return environment.terminal; }
    void attach() { environment.terminal = test::ScriptedTerminal{}; }
    std::size_t votes() { return run_well({"--json", "show", id}).json().find("votes")->list()->size(); }
    std::string records() { return std::to_string(run_well({"--json", "audit", "log"}).out.size()); }

    test::CliRun approve_review(const std::string& file, const std::string& officer, const std::string& out,
                                std::vector<std::string> more = {})
    {
        // No home: an officer's own machine.
        environment.variables["COFFER_HOME"] = path("nowhere").string();
        std::vector<std::string> args{"--json", "approve", path(file).string(), "--out", out, "--confirm", digest};
        args.insert(args.end(), more.begin(), more.end());
        auto voted = run_as(officer, args);
        environment.variables["COFFER_HOME"] = path("home").string();
        return voted;
    }
};

TEST_F(Voting, ShowsTheReviewAndAsksTheChallenge)
{
    attach();
    terminal().expect("Passphrase", std::string{passphrase}).expect("Type characters", test::challenge_answer(std::string{exchange}, "1.5"));
    const auto voted = at_terminal("bob");
    EXPECT_EQ(voted.status, 0) << voted.err << terminal().transcript();
    EXPECT_TRUE(terminal().is_finished());
    EXPECT_THAT(terminal().transcript(), HasSubstr("1.5 ETH leaves eth-cold (cold) for exchange-eth"));
    EXPECT_THAT(terminal().transcript(), HasSubstr("0x7099 7970 C518 12dc 3A01 0C7d 01b5 0e0d 17dc 79C8"));
    EXPECT_THAT(terminal().transcript(), HasSubstr("in the address book since charter 1"));
    EXPECT_THAT(terminal().transcript(), HasSubstr(run_well({"--json", "show", id}).field("fingerprint")));
    EXPECT_THAT(voted.out, HasSubstr("Approved by bob. Still needed: 1 of compliance."));
    EXPECT_EQ(votes(), 1U);
}

TEST_F(Voting, TakesNoAnswerThatWasTypedAhead)
{
    attach();
    terminal().expect("Passphrase", std::string{passphrase});
    for (int i = 0; i < 3; ++i)
        terminal().expect("Type characters", "1.5");
    EXPECT_EQ(at_terminal("bob").status, 10); // three wrong answers
    EXPECT_EQ(votes(), 0U);
}

// K14
TEST_F(Voting, LeavesNothingBehindWhenTheTerminalCloses)
{
    const auto before = records();
    const auto key = read("bob.key");
    attach();
    terminal().expect("Passphrase", std::string{passphrase}).expect_and_close("Type characters");
    EXPECT_EQ(at_terminal("bob").status, 10);
    attach();
    terminal().expect_and_close("Passphrase");
    EXPECT_EQ(at_terminal("bob").status, 10);
    attach();
    terminal().expect("Passphrase", std::string{passphrase}).press(console::Key::quit).expect("Type characters", "n");
    EXPECT_EQ(at_terminal("bob").status, 10);
    EXPECT_EQ(votes(), 0U);
    EXPECT_EQ(records(), before);
    attach();
    terminal().expect("Passphrase", std::string{passphrase}).expect("Type characters", test::challenge_answer(std::string{exchange}, "1.5"));
    EXPECT_EQ(at_terminal("bob").status, 0);
}

TEST_F(Voting, AsksAPersonAlsoWithConfirm)
{
    attach();
    terminal().expect("Type characters", "n");
    EXPECT_EQ(vote("bob").status, 10);
    EXPECT_EQ(votes(), 0U);
}

TEST_F(Voting, NeedsTheDigestWithoutATerminal)
{
    const auto missing = run_as("bob", {"--json", "approve", id});
    EXPECT_EQ(missing.status, 10);
    EXPECT_EQ(missing.error_code(), "presence");
    EXPECT_THAT(missing.field("error.hint"), HasSubstr(digest));
    EXPECT_EQ(run_as("bob", {"--json", "approve", id, "--confirm", std::string(64, '0')}).error_code(), "appr_binding");
    EXPECT_EQ(run_as("bob", {"--json", "approve", id, "--confirm", digest.substr(0, 63)}).status, 5);
    EXPECT_EQ(votes(), 0U);
    EXPECT_EQ(vote("bob").status, 0);
}

TEST_F(Voting, DoesNothingTheSecondTime)
{
    EXPECT_EQ(vote("bob").status, 0);
    const auto before = records();
    environment.clock.advance(minutes(1));
    const auto again = vote("bob");
    EXPECT_EQ(again.status, 0);
    EXPECT_EQ(again.field("approvals.have"), "1");
    EXPECT_EQ(records(), before);
}

TEST_F(Voting, LetsARejectionStand)
{
    EXPECT_EQ(vote("bob").status, 0);
    EXPECT_EQ(vote("bob", "reject").status, 0);
    const auto changed = vote("bob");
    EXPECT_EQ(changed.status, 6);
    EXPECT_EQ(changed.error_code(), "state");
    EXPECT_EQ(vote("bob", "reject").status, 0);
    EXPECT_EQ(status_of_request(), "rejected"); // alice asked, and nobody else of finance is left
}

TEST_F(Voting, RecordsEachRefusalOnce)
{
    EXPECT_EQ(vote("alice").error_code(), "appr_self");
    EXPECT_EQ(count_records("refused"), 1U);
    EXPECT_EQ(run_as("bob", {"--json", "approve", id}).status, 10); // nothing was refused
    EXPECT_EQ(vote("bob").status, 0);
    EXPECT_EQ(vote("bob").status, 0);
    EXPECT_EQ(count_records("refused"), 1U);
    EXPECT_EQ(propose({"--amount", "1001"}).error_code(), "policy_denied");
    EXPECT_EQ(count_records("refused"), 2U);
}

TEST_F(Voting, EndsByAVeto)
{
    EXPECT_EQ(vote("carol", "reject").field("status"), "rejected");
    EXPECT_EQ(vote("bob").status, 6);
    EXPECT_EQ(vote("bob").error_code(), "appr_rejected");
    EXPECT_EQ(run_well({"--json", "show", id}).field("reason.code"), "appr_rejected");
}

TEST_F(Voting, RefusesTheRequester)
{
    const auto refused = vote("alice");
    EXPECT_EQ(refused.status, 5);
    EXPECT_EQ(refused.error_code(), "appr_self");
    EXPECT_EQ(votes(), 0U);
}

TEST_F(Voting, RefusesAKeyOfSomebodyElse)
{
    EXPECT_EQ(run({"--json", "approve", id, "--confirm", digest, "--officer", "carol", "--key", "bob.key", "--passphrase-file", "bob.pass"}).error_code(),
              "appr_role");
    EXPECT_EQ(votes(), 0U);
}

TEST_F(Voting, RefusesAChainThatTheOfficerNeverCompared)
{
    write("bob.key", untrusting("bob"), storage::private_mode);
    const auto refused = vote("bob");
    EXPECT_EQ(refused.status, 9);
    EXPECT_EQ(refused.error_code(), "charter_untrusted");
    EXPECT_EQ(votes(), 0U);
    trust("bob");
    EXPECT_EQ(vote("bob").status, 0);
}

TEST_F(Voting, ExpiresWithTheRequest)
{
    environment.clock.advance(hours(24));
    EXPECT_EQ(vote("bob").error_code(), "appr_expired");
    EXPECT_EQ(status_of_request(), "expired");
}

TEST_F(Voting, WorksOnAReviewFileWithoutAHome)
{
    EXPECT_EQ(vote("carol").status, 0);
    run_well({"export", id, "--format", "review", "--out", "review"});
    const auto voted = approve_review("review", "bob", "vote");
    ASSERT_EQ(voted.status, 0) << voted.out << voted.err;
    EXPECT_EQ(voted.field("id"), id);
    EXPECT_EQ(voted.field("request_digest"), digest);
    EXPECT_FALSE(std::filesystem::exists(path("nowhere")));
    const auto imported = run_well({"--json", "import", "vote"});
    EXPECT_EQ(imported.field("requests.0.status"), "pending_signature");
    EXPECT_EQ(imported.field("known"), "false");
    const auto repeated = run_well({"--json", "import", "vote"});
    EXPECT_EQ(repeated.field("requests.0.status"), "pending_signature");
    EXPECT_EQ(repeated.field("known"), "true");
    EXPECT_THAT(run_well({"import", "vote"}).out, HasSubstr("The vote of bob (approve) is known already."));
    EXPECT_EQ(votes(), 2U);
    const auto again = approve_review("review", "bob", "vote2");
    EXPECT_EQ(again.status, 0); // a second file, which does nothing at home
    EXPECT_EQ(run_well({"--json", "import", "vote2"}).field("requests.0.approvals.have"), "2");
    EXPECT_EQ(votes(), 2U);
}

TEST_F(Voting, ShowsTheSameReviewOnAReviewFile)
{
    run_well({"export", id, "--format", "review", "--out", "review"});
    attach();
    terminal().expect("Passphrase", std::string{passphrase}).expect("Type characters", test::challenge_answer(std::string{exchange}, "1.5"));
    environment.variables["COFFER_HOME"] = path("nowhere").string();
    const auto voted = run({"approve", path("review").string(), "--key", "bob.key", "--out", "vote"});
    EXPECT_EQ(voted.status, 0) << voted.err;
    EXPECT_THAT(terminal().transcript(), HasSubstr("1.5 ETH leaves eth-cold (cold) for exchange-eth"));
    EXPECT_TRUE(std::filesystem::exists(path("vote")));
    environment.variables["COFFER_HOME"] = path("home").string();
}

TEST_F(Voting, RefusesAReviewFileThatWasChanged)
{
    run_well({"export", id, "--format", "review", "--out", "review"});
    const auto good = bundle::decode_review(artefacts::Artefact::decode(read("review"), artefacts::Kind::review));
    const auto refused_with = [&](const bundle::Review& review) {
        write("bad", encode(review).encode());
        auto voted = approve_review("bad", "bob", "vote");
        EXPECT_NE(voted.status, 0);
        EXPECT_FALSE(std::filesystem::exists(path("vote")));
        return voted.error_code();
    };
    auto payload = good;
    payload.request.submission.payloads[0][12] ^= 1; // a fee field: still a transaction
    EXPECT_EQ(refused_with(payload), "tx_changed");
    auto request = good;
    request.request.submission.request.back() ^= 1; // the requester's signature
    EXPECT_EQ(refused_with(request), "appr_requester");
    auto chain = good;
    chain.links.clear();
    EXPECT_EQ(refused_with(chain), "policy_gap");
    auto header = good;
    header.header.environment = artefacts::Environment::production;
    EXPECT_EQ(refused_with(header), "env");
    EXPECT_EQ(approve_review("review", "bob", "vote").status, 0);
}

TEST_F(Voting, RefusesAReviewFileOfACharterThatWasLeftBehind)
{
    run_well({"export", id, "--format", "review", "--out", "old-review"});
    amend([](charter::Charter& next) { next.name = "Renamed"; });
    EXPECT_EQ(vote("bob").status, 0); // bob's key has seen the amendment now
    const auto stale = approve_review("old-review", "bob", "vote");
    EXPECT_EQ(stale.status, 9) << stale.out;
    run_well({"export", id, "--format", "review", "--out", "new-review"});
    EXPECT_EQ(approve_review("new-review", "bob", "vote").status, 0);
}

TEST_F(Voting, RefusesToWriteAVoteOverAFile)
{
    run_well({"export", id, "--format", "review", "--out", "review"});
    write("vote", "something else");
    EXPECT_EQ(approve_review("review", "bob", "vote").error_code(), "exists");
    EXPECT_EQ(approve_review("review", "bob", "vote", {"--force"}).status, 0);
    EXPECT_EQ(run_as("bob", {"--json", "approve", path("review").string(), "--confirm", digest}).status, 2); // no --out
}

TEST_F(Voting, RefusesForgedVotes)
{
    run_well({"export", id, "--format", "review", "--out", "review"});
    EXPECT_EQ(approve_review("review", "bob", "vote").status, 0);
    const auto good = artefacts::Artefact::decode(read("vote"), artefacts::Kind::vote);
    artefacts::Artefact by_carol{artefacts::Kind::vote, good.body()};
    by_carol.sign(key("carol"));
    write("forged", by_carol.encode());
    EXPECT_EQ(run({"--json", "import", "forged"}).error_code(), "appr_role");
    auto bytes = read("vote");
    bytes.back() ^= 1;
    write("forged", bytes);
    EXPECT_EQ(run({"--json", "import", "forged"}).error_code(), "appr_binding");
    EXPECT_EQ(votes(), 0U);
    EXPECT_EQ(run({"--json", "import", "vote"}).status, 0);
}

TEST_F(Voting, KeepsTheCommentThatTheVoteBinds)
{
    EXPECT_EQ(run_as("bob", {"approve", id, "--confirm", digest, "--comment", "invoice 17"}).status, 0);
    EXPECT_EQ(run_well({"--json", "show", id}).field("votes.0.comment"), "invoice 17");
    EXPECT_EQ(run_as("carol", {"approve", id, "--confirm", digest, "--comment", std::string(1001, 'x')}).status, 3);
}

TEST_F(Voting, FindsRequestsByTheBeginningOfTheirIds)
{
    EXPECT_EQ(run_as("bob", {"approve", id.substr(0, 8), "--confirm", digest}).status, 0);
    EXPECT_EQ(run_as("carol", {"--json", "approve", "ffffffff", "--confirm", digest}).status, 7);
    EXPECT_EQ(run_as("carol", {"--json", "approve", "fff", "--confirm", digest}).status, 2);
    EXPECT_EQ(run_as("carol", {"--json", "approve", "no-such-file.coffer", "--out", "v", "--confirm", digest}).status, 7);
}

} // namespace
} // namespace coffer::cli
