// Freezes, suspensions, the address book and appliances, as officers work with them at home.

#include "core/charter/entry.h"
#include "tests/unit/cli/requests/fixture.h"

namespace coffer::cli {
namespace {

using coffer::test::CliRun;

class EntryCommands : public RequestCommands {
protected:
    static constexpr std::string_view stranger = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";

    /// The entry signed by all of these, through a file.
    CliRun adopt(std::vector<std::string> command, const std::vector<std::string>& signers)
    {
        command.insert(command.end(), {"--out", "entry", "--force"});
        EXPECT_EQ(run_as(signers.front(), command).status, 0);
        for (const auto& officer : signers)
            EXPECT_EQ(run_as(officer, {"entry", "sign", "entry"}).status, 0);
        return run({"--json", "entry", "adopt", "entry"});
    }
    CliRun freeze(std::vector<std::string> more = {})
    {
        std::vector<std::string> args{"--json", "freeze", "eth-cold"};
        args.insert(args.end(), more.begin(), more.end());
        return run_as("bob", args);
    }
    std::string status(const std::string& path) { return run_well({"--json", "charter", "status"}).field(path); }
    /// The numbers of those that a bundle without a request carries.
    std::vector<std::uint64_t> links_exported()
    {
        run_well({"export", "--links", "--out", "links", "--force"});
        std::vector<std::uint64_t> numbers;
        for (const auto& link : bundle::decode_bundle(artefacts::Artefact::decode(read("links"), artefacts::Kind::bundle)).links)
            numbers.push_back(link.number);
        return numbers;
    }
    /// A fourth administrator, so that one may be suspended.
    void amend_with_dave()
    {
        amend([](charter::Charter& next) {
            next.officers.push_back({"dave", {"finance", "admin"}, {artefacts::ApprovalKey{key("dave").public_key()}}});
        });
    }
    CliRun propose_to(std::string_view to)
    {
        auto proposed = run_as("alice", {"--json", "propose", "transfer", "--wallet", "eth-cold", "--to", std::string{to}, "--amount", "1",
                                         "--offline-inputs", "offline.json"});
        if (proposed.status == 0) {
            id = proposed.field("id");
            digest = proposed.field("request_digest");
        }
        return proposed;
    }
};

TEST_F(EntryCommands, AFreezeStopsProposalsVotesAndBundlesAndNoRejection)
{
    propose_and_approve();
    const auto approved = id;
    const auto approved_digest = digest;
    write("offline.json", R"({"nonce":8,"gas_limit":21000,"base_fee":20000000000,"balance":"5000000000000000000000","block":100})");
    ASSERT_EQ(propose().status, 0);
    const auto frozen = freeze({"--reason", "host may be open"});
    EXPECT_EQ(frozen.status, 0) << frozen.out << frozen.err;
    EXPECT_EQ(status("frozen.0.wallet"), "eth-cold");
    EXPECT_EQ(status("frozen.0.by"), "bob");

    EXPECT_EQ(vote("bob").error_code(), "frozen");
    EXPECT_EQ(run({"--json", "export", approved, "--out", "to-vault"}).error_code(), "frozen");
    EXPECT_EQ(run_well({"--json", "show", approved}).field("status"), "pending_signature");
    EXPECT_EQ(vote("carol", "reject").status, 0);
    EXPECT_EQ(propose().error_code(), "frozen");

    environment.clock.advance(hours(72));
    EXPECT_EQ(propose().status, 0);
    EXPECT_EQ(count_records("entry.linked"), 1U);
}

TEST_F(EntryCommands, AFreezeAgainDoesNothingAndIsRenewedOnce)
{
    const auto first = freeze();
    const auto again = freeze();
    EXPECT_EQ(again.status, 0);
    EXPECT_EQ(again.field("frozen.0.entry_hash"), first.field("entry_hash"));
    EXPECT_EQ(run_as("bob", {"--json", "freeze", "eth-cold", "--for", "73h"}).status, 2);
    EXPECT_EQ(run_as("bob", {"--json", "freeze", "nowhere"}).error_code(), "wallet_unknown");
    environment.clock.advance(hours(1));
    EXPECT_EQ(freeze({"--renew"}).status, 0);
    EXPECT_EQ(status("frozen.0.renewed"), "true");
    environment.clock.advance(hours(1));
    EXPECT_EQ(freeze({"--renew"}).error_code(), "state");
}

TEST_F(EntryCommands, AnUnfreezeCollectsItsQuorum)
{
    EXPECT_EQ(run_as("alice", {"--json", "unfreeze", "eth-cold"}).error_code(), "state");
    ASSERT_EQ(freeze().status, 0);
    const auto alone = run_as("alice", {"--json", "unfreeze", "eth-cold"});
    EXPECT_EQ(alone.error_code(), "appr_missing");
    EXPECT_EQ(adopt({"unfreeze", "eth-cold"}, {"alice", "bob"}).error_code(), "appr_missing");
    const auto lifted = adopt({"unfreeze", "eth-cold"}, {"alice", "bob", "carol"});
    EXPECT_EQ(lifted.status, 0) << lifted.out;
    EXPECT_EQ(run({"--json", "entry", "adopt", "entry"}).field("known"), "true");
    EXPECT_EQ(propose().status, 0);
}

TEST_F(EntryCommands, SignaturesGatherInSeveralFiles)
{
    ASSERT_EQ(freeze().status, 0);
    ASSERT_EQ(run_as("alice", {"unfreeze", "eth-cold", "--out", "a"}).status, 0);
    ASSERT_EQ(run_as("bob", {"entry", "sign", "a", "--out", "b"}).status, 0);
    ASSERT_EQ(run_as("carol", {"entry", "sign", "a", "--out", "c"}).status, 0);
    EXPECT_EQ(run({"--json", "entry", "adopt", "a", "b"}).error_code(), "appr_missing");
    EXPECT_EQ(run({"--json", "entry", "adopt", "b", "c"}).status, 0);
    const auto shown = run_well({"--json", "inspect", "b"});
    EXPECT_EQ(shown.field("entry"), "unfreeze");
}

TEST_F(EntryCommands, AKeyThatTrustsAnotherChainSignsNothing)
{
    write("bob.key", untrusting("bob"), storage::private_mode);
    ASSERT_EQ(freeze().status, 0); // it was told of no charter, and gives no power
    auto other = *charter;
    other.name = "Another history";
    auto artefact = charter::seal(other);
    for (const auto& officer : officers())
        artefact.sign(key(officer));
    write("other.coffer", artefact.encode());
    run_well({"officer", "trust", "other.coffer", "--hash", encoding::encode_hex(charter::hash_of(artefact).bytes()), "--key", "bob.key",
              "--passphrase-file", "bob.pass"});
    EXPECT_EQ(run_as("bob", {"--json", "unfreeze", "eth-cold", "--out", "entry"}).error_code(), "charter_untrusted");
    ASSERT_EQ(run_as("alice", {"unfreeze", "eth-cold", "--out", "entry"}).status, 0);
    EXPECT_EQ(run_as("bob", {"--json", "entry", "sign", "entry"}).error_code(), "charter_untrusted");
}

TEST_F(EntryCommands, AFreezeOfTheVaultIsImported)
{
    auto artefact = encode(charter::Entry{charter::Freeze{.header = charter->header,
                                                           .wallets = {"eth-cold"},
                                                           .officer = {},
                                                           .appliance = "vault-a",
                                                           .time = environment.clock.now(),
                                                           .until = environment.clock.now() + hours(72),
                                                           .reason = "seal broken"}});
    write("unsigned", artefact.encode());
    EXPECT_EQ(run({"--json", "import", "unsigned"}).error_code(), "appr_role");
    artefact.sign(identity());
    write("freeze", artefact.encode());
    EXPECT_EQ(run({"--json", "import", "freeze"}).status, 0);
    EXPECT_EQ(status("frozen.0.by"), "vault-a");
    EXPECT_EQ(propose().error_code(), "frozen");
}

TEST_F(EntryCommands, LinksAloneGoToTheVault)
{
    EXPECT_EQ(run({"--json", "export", "--out", "none"}).status, 2);
    ASSERT_EQ(freeze().status, 0);
    EXPECT_EQ(run({"--json", "export", "--links", "--out", "links"}).status, 0);
    const auto carried = bundle::decode_bundle(artefacts::Artefact::decode(read("links"), artefacts::Kind::bundle));
    EXPECT_TRUE(carried.requests.empty());
    EXPECT_EQ(carried.links.size(), 2U);
}

TEST_F(EntryCommands, LinksAloneTellAnApplianceThatItIsRetired)
{
    ASSERT_EQ(adopt({"appliance", "retire", "vault-a"}, {"alice", "carol"}).status, 0);
    EXPECT_EQ(links_exported(), (std::vector<std::uint64_t>{0, 1}));
}

TEST_F(EntryCommands, LinksAloneTellAnApplianceThatItIsOnStandbyNow)
{
    propose_and_approve();
    run_well({"export", id, "--out", "to-vault"});
    write_receipt("from-vault", sign_bundle("to-vault"));
    run_well({"import", "from-vault"});
    EXPECT_TRUE(links_exported().empty());
    amend([](charter::Charter& next) { next.appliances[0].state = charter::Appliance::State::standby; });
    EXPECT_EQ(links_exported(), std::vector<std::uint64_t>{1});
}

TEST_F(EntryCommands, ASuspendedOfficersVotesRequestsAndKeyCountNothing)
{
    amend_with_dave();
    ASSERT_EQ(propose({"--amount", "20"}).status, 0); // large-eth: 2 of finance and 1 of compliance; alice asks
    ASSERT_EQ(vote("bob").status, 0);
    ASSERT_EQ(vote("carol").status, 0);
    EXPECT_EQ(run_as("alice", {"--json", "officer", "suspend", "bob"}).error_code(), "appr_missing");
    const auto suspended = adopt({"officer", "suspend", "bob", "--reason", "laptop stolen"}, {"alice", "carol"});
    EXPECT_EQ(suspended.status, 0) << suspended.out;
    EXPECT_EQ(status("suspended.0.officer"), "bob");

    const auto shown = run_well({"--json", "show", id});
    EXPECT_EQ(shown.field("status"), "pending_review");
    EXPECT_EQ(shown.field("votes.0.counts"), "false");
    EXPECT_EQ(run_as("bob", {"--json", "freeze", "eth-cold"}).error_code(), "appr_role");
    EXPECT_EQ(vote("bob").error_code(), "appr_role");
    EXPECT_EQ(run_as("bob", {"--json", "cancel", id}).error_code(), "appr_role");
    EXPECT_EQ(run_as("alice", {"--json", "cancel", id}).status, 0);
}

TEST_F(EntryCommands, WhatASuspendedOfficerRequestedCanBeTakenBack)
{
    amend_with_dave();
    ASSERT_EQ(propose().status, 0); // by alice
    ASSERT_EQ(adopt({"officer", "suspend", "alice"}, {"bob", "carol"}).status, 0);
    EXPECT_EQ(vote("carol").error_code(), "appr_role");
    EXPECT_EQ(run({"--json", "export", id, "--out", "to-vault"}).error_code(), "appr_role");
    EXPECT_EQ(run_as("bob", {"--json", "cancel", id}).status, 0); // and its nonce is free
    EXPECT_EQ(status_of_request(), "cancelled");
}

TEST_F(EntryCommands, ASignedRequestOutlivesTheSuspensionOfAVoter)
{
    amend_with_dave();
    propose_and_approve();
    run_well({"export", id, "--out", "to-vault"});
    write_receipt("from-vault", sign_bundle("to-vault"));
    run_well({"import", "from-vault"});
    ASSERT_EQ(adopt({"officer", "suspend", "bob"}, {"alice", "carol"}).status, 0);
    EXPECT_EQ(status_of_request(), "pending_broadcast");
}

TEST_F(EntryCommands, ASuspensionThatLeavesTooFewIsRefused)
{
    EXPECT_EQ(adopt({"officer", "suspend", "bob"}, {"alice", "carol"}).error_code(), "policy_invalid");
    EXPECT_EQ(run_as("alice", {"--json", "officer", "suspend", "mallory"}).error_code(), "not_found");
}

TEST_F(EntryCommands, ANewDestinationCountsAfterItsCooldown)
{
    EXPECT_EQ(propose_to(stranger).error_code(), "dest_unknown");
    const std::vector<std::string> add{"destination", "add", "broker", "--chain", "ethereum", "--address", std::string{stranger}};
    EXPECT_EQ(adopt(add, {"alice", "bob"}).error_code(), "appr_missing");
    EXPECT_EQ(adopt(add, {"alice", "bob", "carol"}).status, 0);
    EXPECT_EQ(status("destinations_added.0.destination"), "broker");
    const auto early = propose_to("broker");
    EXPECT_EQ(early.error_code(), "dest_unknown");
    EXPECT_NE(early.out.find("24 hours"), std::string::npos) << early.out;
    environment.clock.advance(hours(24) - Duration{1});
    EXPECT_EQ(propose_to("broker").error_code(), "dest_unknown");
    environment.clock.advance(Duration{1});
    EXPECT_EQ(propose_to("broker").status, 0);
    EXPECT_EQ(vote("bob").status, 0);

    EXPECT_EQ(run_as("carol", {"--json", "destination", "remove", "broker"}).status, 0);
    EXPECT_EQ(run_as("carol", {"--json", "destination", "remove", "broker"}).field("known"), "true");
    EXPECT_EQ(run_as("carol", {"--json", "destination", "remove", "nowhere"}).error_code(), "state");
    EXPECT_EQ(vote("carol").error_code(), "dest_unknown");
    EXPECT_EQ(status_of_request(), "pending_review");
}

TEST_F(EntryCommands, ALookalikeDestinationIsWarnedOf)
{
    const auto add = [&](const std::string& address) {
        return run_as("alice", {"--json", "destination", "add", "broker", "--chain", "ethereum", "--address", address, "--out", "entry", "--force"});
    };
    EXPECT_EQ(add("0x7099" + std::string(31, '1') + "79c8").status, 3) << "one digit short";
    EXPECT_EQ(add("0x7099" + std::string(32, '1') + "79c8").field("resembles.0"), "exchange-eth"); // both ends
    EXPECT_EQ(add("0x71997970C51812dC3a010C7d01B50E0d17dC79c8").field("resembles.0"), "exchange-eth"); // one digit
    EXPECT_EQ(add(std::string{stranger}).field("resembles"), "(a list or object)");
    EXPECT_EQ(add(std::string{stranger}).out.find("exchange-eth"), std::string::npos);
}

TEST_F(EntryCommands, AnApplianceIsRetiredAndEnrolledAgain)
{
    EXPECT_EQ(run_as("alice", {"--json", "appliance", "retire", "vault-z"}).error_code(), "not_found");
    EXPECT_EQ(adopt({"appliance", "retire", "vault-a"}, {"alice", "carol"}).status, 0);
    EXPECT_EQ(status("appliances.0.state"), "retired");
    propose_and_approve();
    run_well({"export", id, "--out", "to-vault"});
    write_receipt("from-vault", sign_bundle("to-vault"));
    EXPECT_EQ(run({"--json", "import", "from-vault"}).error_code(), "appliance_inactive");

    const auto own = artefacts::ApprovalKey{identity().public_key()}.format();
    EXPECT_EQ(adopt({"appliance", "enrol", "vault-a", "--identity", own}, {"alice", "bob", "carol"}).status, 0);
    EXPECT_EQ(status("appliances.0.state"), "active");
    EXPECT_EQ(run({"--json", "import", "from-vault"}).status, 0);
    const auto other = artefacts::ApprovalKey{key("restored").public_key()}.format();
    EXPECT_EQ(adopt({"appliance", "enrol", "vault-a", "--identity", other}, {"alice", "bob", "carol"}).status, 0);
    EXPECT_EQ(status("retired.0.appliance"), "vault-a");
}

TEST_F(EntryCommands, ASuspensionAndARetirementStayUntilAnAmendmentNamesThem)
{
    amend_with_dave();
    const auto suspended = adopt({"officer", "suspend", "bob"}, {"alice", "carol"});
    EntryHash entry = EntryHash::from(encoding::decode_hex(suspended.field("entry_hash")));
    sealed = write_charter("next", amended([](charter::Charter&) {}), {"alice", "carol", "dave"});
    charter = amended([](charter::Charter&) {});
    run_well({"charter", "adopt", "next"});
    EXPECT_EQ(status("suspended.0.officer"), "bob");
    const auto lifting = amended([&](charter::Charter& next) { next.lifts = {entry}; });
    write_charter("lifting", lifting, {"alice", "bob", "carol"});
    EXPECT_EQ(run({"--json", "charter", "adopt", "lifting"}).error_code(), "appr_missing"); // bob counts nothing yet
    write_charter("lifting", lifting, {"alice", "carol", "dave"});
    run_well({"charter", "adopt", "lifting"});
    EXPECT_EQ(run_as("bob", {"--json", "freeze", "eth-cold"}).status, 0);
    EXPECT_NE(run_well({"charter", "diff", "next", "lifting"}).out.find("took away is given back"), std::string::npos);
}

} // namespace
} // namespace coffer::cli
