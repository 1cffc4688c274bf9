// What entries of the policy chain do to the appliance, and what a carrier can make of them.

#include "core/charter/entry.h"
#include "tests/support/vault/vault_fixture.h"

namespace coffer::test {
namespace {

using charter::Entry;

const std::vector<std::string> admins{"alice", "bob", "dave"};

EntryHash hash_of(const Entry& entry)
{
    return EntryHash{encode(entry).hash()};
}

struct VaultWithEntries : TestVault {
    using TestVault::TestVault;

    /// Dated now; the clock of the treasury is the vault's.
    void link(const Entry& entry, const std::vector<std::string>& names)
    {
        chain().apply(chain().next(signed_by(encode(entry), names).encode()), now());
    }
    charter::Freeze freeze(const std::string& wallet = "eth-cold", Duration span = hours(3)) const
    {
        return {.header = example_header,
                .wallets = {wallet},
                .officer = "carol",
                .appliance = {},
                .time = now(),
                .until = now() + span,
                .reason = "stolen"};
    }
    charter::Unfreeze unfreeze(const EntryHash& freeze) const { return {example_header, freeze, now(), "found"}; }
    charter::Suspension suspension(const std::string& officer)
    {
        return {example_header, officer, std::nullopt, chain().charter_hash(), now(), ""};
    }
    charter::DestinationAdded addition(const std::string& id)
    {
        return {example_header, {id, "ethereum", address_named(id)}, chain().charter_hash(), now(), ""};
    }
    charter::ApplianceRetired retirement()
    {
        return {example_header, "vault-a", charter().find_appliance("vault-a")->key, chain().charter_hash(), now(), ""};
    }

    bundle::CarriedRequest payment(const std::string& to = "exchange") const
    {
        return approved({.payloads = {transfer(to, ether(5))}});
    }
    Run show(const Bytes& carried)
    {
        write(file("shown"), carried);
        return run({"verify", file("shown").string(), "--json"});
    }
    void expect_signs(const bundle::CarriedRequest& request, const std::string& to = "exchange")
    {
        expect_agreement({{to, "5"}});
        const auto run = sign(bundle({request}), {"--json", "--force"});
        EXPECT_EQ(run.status, 0) << run.out << run.err << run.screen;
    }
};

TEST(FrozenVault, SignsNothingUntilTheFreezeEndsByItsOwnClock)
{
    VaultWithEntries vault;
    vault.link(vault.freeze(), {"carol"});
    const auto request = vault.payment();
    expect_error(vault.show(vault.bundle({request})), 4, "frozen");
    vault.set_now(vault.now() + hours(3) - Duration{1});
    vault.expect_agreement({});
    expect_error(vault.sign(vault.bundle({request})), 4, "frozen");
    EXPECT_EQ(count(vault.log_types(), "intended"), 0U);
    vault.set_now(vault.now() + Duration{1});
    vault.expect_signs(request);
}

TEST(FrozenVault, SignsForOtherWallets)
{
    VaultWithEntries vault;
    vault.link(vault.freeze("eth-warm"), {"carol"});
    vault.expect_signs(vault.payment());
}

TEST(FrozenVault, RemembersAFreezeThatALaterBundleLeavesOut)
{
    VaultWithEntries vault;
    const auto before = vault.bundle({vault.payment()});
    vault.link(vault.freeze(), {"carol"});
    EXPECT_EQ(vault.show(vault.bundle({})).status, 0);
    expect_error(vault.show(before), 4, "frozen");
}

TEST(FrozenVault, CountsNoVoteThatWasMadeAfterAFreezeWhichIsWithheld)
{
    VaultWithEntries vault;
    const auto founding = vault.chain().position();
    vault.link(vault.freeze("eth-warm"), {"carol"});
    const auto request = vault.approved({.payloads = {vault.transfer("exchange", ether(5))}, .position = founding});
    auto carried = vault.draft_bundle({request});
    carried.links.pop_back();
    expect_error(vault.show(encode(carried).encode()), 9, "policy_behind");
    vault.expect_signs(request);
}

TEST(FrozenVault, IsFreeAgainByAnUnfreezeOfTheQuorum)
{
    VaultWithEntries vault;
    const auto freeze = vault.freeze();
    vault.link(freeze, {"carol"});
    EXPECT_EQ(vault.show(vault.bundle({})).status, 0);
    auto carried = vault.draft_bundle({});
    carried.links.push_back(vault.chain().next(signed_by(encode(Entry{vault.unfreeze(hash_of(freeze))}), {"alice", "bob"}).encode()));
    expect_error(vault.show(encode(carried).encode()), 10, "appr_missing");
    carried.links.back() =
        vault.chain().next(signed_by(encode(Entry{vault.unfreeze(hash_of(vault.freeze("eth-warm")))}), admins).encode());
    expect_error(vault.show(encode(carried).encode()), 6, "state");
    EXPECT_EQ(count(vault.log_types(), "linked"), 1U);
    vault.link(vault.unfreeze(hash_of(freeze)), admins);
    vault.expect_signs(vault.payment());
}

TEST(FrozenVault, RefusesABundleWithAFreezeOfTomorrowOrOfAStranger)
{
    VaultWithEntries vault;
    auto late = vault.freeze();
    late.time = late.time + hours(1);
    auto carried = vault.draft_bundle({});
    carried.links.push_back(vault.chain().next(signed_by(encode(Entry{late}), {"carol"}).encode()));
    expect_error(vault.show(encode(carried).encode()), 5, "appr_future");
    carried.links.back() = vault.chain().next(signed_by(encode(Entry{vault.freeze()}), {"mallory"}).encode());
    expect_error(vault.show(encode(carried).encode()), 5, "appr_role");
    EXPECT_EQ(count(vault.log_types(), "linked"), 0U);
    carried.links.back() = vault.chain().next(signed_by(encode(Entry{vault.freeze()}), {"carol"}).encode());
    EXPECT_EQ(vault.show(encode(carried).encode()).status, 0);
}

TEST(FrozenVault, RefusesTheSameFreezeTwice)
{
    VaultWithEntries vault;
    vault.link(vault.freeze(), {"carol"});
    auto carried = vault.draft_bundle({});
    carried.links.push_back(vault.chain().next(carried.links.back().artefact));
    expect_error(vault.show(encode(carried).encode()), 9, "policy_rollback");
}

/// The person at the vault freezes eth-cold.
Run freeze_here(VaultWithEntries& vault, std::vector<std::string> options = {})
{
    vault.environment->terminal.expect("is that the date?", "y");
    vault.environment->terminal.expect("Freeze eth-cold until", "y");
    std::vector<std::string> args{"freeze", "eth-cold", "--out", vault.file("freeze").string(), "--force", "--json"};
    args.insert(args.end(), options.begin(), options.end());
    return vault.run(args);
}

TEST(FreezeHere, HoldsWithoutAnybodyElse)
{
    VaultWithEntries vault;
    const auto run = freeze_here(vault);
    EXPECT_EQ(run.status, 0) << run.out << run.err << run.screen;
    EXPECT_EQ(count(vault.log_types(), "frozen_here"), 1U);
    const auto request = vault.payment();
    expect_error(vault.show(vault.bundle({request})), 4, "frozen");
    EXPECT_NE(vault.run({"status", "--json"}).out.find("\"frozen\":[{\"wallet\":\"eth-cold\""), std::string::npos);
    EXPECT_NE(vault.run({"log", "show", "--json"}).out.find("frozen_here"), std::string::npos);
    vault.set_now(vault.now() + hours(72));
    vault.expect_signs(vault.approved({.payloads = {vault.transfer("exchange", ether(5))}}));
}

TEST(FreezeHere, EndsWithAnUnfreezeOnceItIsPartOfTheChain)
{
    VaultWithEntries vault;
    ASSERT_EQ(freeze_here(vault).status, 0);
    const auto entry = read(vault.file("freeze"));
    vault.chain().apply(vault.chain().next(entry), vault.now());
    expect_error(vault.show(vault.bundle({vault.payment()})), 4, "frozen");
    const EntryHash hash{artefacts::Artefact::decode(entry, artefacts::Kind::entry).hash()};
    vault.link(vault.unfreeze(hash), admins);
    vault.expect_signs(vault.payment());
}

TEST(FreezeHere, AgainGivesTheSameEntryAndIsRenewedOnce)
{
    VaultWithEntries vault;
    ASSERT_EQ(freeze_here(vault).status, 0);
    const auto entry = read(vault.file("freeze"));
    EXPECT_EQ(vault.run({"freeze", "eth-cold", "--out", vault.file("freeze").string(), "--json"}).status, 0);
    EXPECT_EQ(read(vault.file("freeze")), entry);
    EXPECT_EQ(count(vault.log_types(), "frozen_here"), 1U);
    vault.set_now(vault.now() + hours(1));
    EXPECT_EQ(freeze_here(vault, {"--renew"}).status, 0);
    EXPECT_NE(read(vault.file("freeze")), entry);
    vault.set_now(vault.now() + hours(1));
    expect_error(freeze_here(vault, {"--renew"}), 6, "state");
    vault.set_now(vault.now() + hours(70));
    expect_error(vault.show(vault.bundle({vault.payment()})), 4, "frozen");
}

TEST(FreezeHere, AsksAPersonAndTheRightDate)
{
    VaultWithEntries vault;
    vault.environment->terminal.detach();
    expect_error(vault.run({"freeze", "eth-cold", "--out", vault.file("freeze").string(), "--json"}), 10, "presence");
    VaultWithEntries other;
    other.environment->terminal.expect("is that the date?", "n");
    expect_error(other.run({"freeze", "eth-cold", "--out", other.file("freeze").string(), "--json"}), 9, "clock");
    VaultWithEntries undecided;
    undecided.environment->terminal.expect("is that the date?", "y");
    undecided.environment->terminal.expect("Freeze eth-cold until", "n");
    expect_error(undecided.run({"freeze", "eth-cold", "--out", undecided.file("freeze").string(), "--json"}), 10, "declined");
    EXPECT_EQ(count(undecided.log_types(), "frozen_here"), 0U);
    expect_error(undecided.run({"freeze", "nowhere", "--out", undecided.file("freeze").string(), "--json"}), 4, "wallet_unknown");
}

TEST(Suspended, VotesCountNothingWheneverMade)
{
    VaultWithEntries vault{[](charter::Charter& charter) { charter.officers.push_back(officer("frank", {"admin"})); }};
    const auto before = vault.payment();
    vault.link(vault.suspension("bob"), {"carol", "erin"});
    expect_error(vault.show(vault.bundle({before})), 5, "appr_role");
    expect_error(vault.show(vault.bundle({vault.payment()})), 5, "appr_role");
    const auto without = vault.approved({.payloads = {vault.transfer("exchange", ether(5))}}, {{.officer = "alice"}, {.officer = "erin"}});
    vault.expect_signs(without);
}

TEST(Suspended, RequestsCountNothing)
{
    VaultWithEntries vault;
    vault.link(vault.suspension("carol"), {"alice", "erin"});
    expect_error(vault.show(vault.bundle({vault.payment()})), 5, "appr_role");
    const auto of_another = vault.approved(
        {.payloads = {vault.transfer("exchange", ether(5))}, .requester = "erin", .signers = {"erin"}}, {{.officer = "alice"}, {.officer = "bob"}});
    vault.expect_signs(of_another);
}

TEST(Suspended, RejectionThatWasSeenBeforeStays)
{
    VaultWithEntries vault{[](charter::Charter& charter) { charter.officers.push_back(officer("frank", {"admin"})); }};
    const RequestDraft draft{.payloads = {vault.transfer("exchange", ether(5))}, .position = vault.chain().position()};
    const auto rejected = vault.approved(draft, {{.officer = "alice"}, {.officer = "bob"}, {.officer = "dave", .decision = requests::VoteDecision::reject}});
    expect_error(vault.show(vault.bundle({rejected})), 6, "appr_rejected");
    vault.link(vault.suspension("dave"), {"carol", "erin"});
    expect_error(vault.show(vault.bundle({vault.approved(draft)})), 6, "appr_rejected");
}

TEST(Suspended, AnOfficerFreezesNothing)
{
    VaultWithEntries vault;
    vault.link(vault.suspension("carol"), {"alice", "erin"});
    auto carried = vault.draft_bundle({});
    carried.links.push_back(vault.chain().next(signed_by(encode(Entry{vault.freeze()}), {"carol"}).encode()));
    expect_error(vault.show(encode(carried).encode()), 5, "appr_role");
}

TEST(NewDestination, CountsAfterACooldownFromADateThatAPersonConfirmed)
{
    VaultWithEntries vault;
    vault.link(vault.addition("broker"), admins);
    vault.environment->terminal.detach();
    EXPECT_EQ(vault.show(vault.bundle({})).status, 0);
    EXPECT_EQ(count(vault.log_types(), "entry_seen"), 0U); // nobody confirmed the date

    VaultWithEntries watched;
    watched.link(watched.addition("broker"), admins);
    watched.environment->terminal.expect("is that the date?", "y");
    EXPECT_EQ(watched.show(watched.bundle({})).status, 0);
    EXPECT_EQ(count(watched.log_types(), "entry_seen"), 1U);
    const auto first_seen = watched.now();
    const auto pay = [&] { return watched.payment("broker"); };
    expect_error(watched.show(watched.bundle({pay()})), 4, "dest_unknown");
    watched.set_now(first_seen + hours(24) - Duration{1});
    expect_error(watched.show(watched.bundle({pay()})), 4, "dest_unknown");
    watched.set_now(first_seen + hours(24));
    const auto later = watched.approved({.payloads = {watched.transfer("broker", ether(5))}});
    watched.expect_signs(later, "broker");
}

TEST(NewDestination, HasTheCooldownOfTheCharter)
{
    VaultWithEntries vault{[](charter::Charter& charter) { charter.cooldown = hours(1); }};
    vault.link(vault.addition("broker"), admins);
    vault.environment->terminal.expect("is that the date?", "y");
    EXPECT_EQ(vault.show(vault.bundle({})).status, 0);
    vault.set_now(vault.now() + hours(1) - Duration{1});
    expect_error(vault.show(vault.bundle({vault.payment("broker")})), 4, "dest_unknown");
    vault.set_now(vault.now() + Duration{1});
    vault.expect_signs(vault.payment("broker"), "broker");
}

TEST(NewDestination, IsGoneWhenOneOfficerRemovesIt)
{
    VaultWithEntries vault;
    vault.link(charter::DestinationRemoved{example_header, "exchange", "olga", vault.chain().charter_hash(), vault.now(), ""}, {"olga"});
    expect_error(vault.show(vault.bundle({vault.payment()})), 4, "dest_unknown");
    vault.expect_signs(vault.payment("supplier"), "supplier");
}

TEST(NewDestination, IsRefusedWithAnAddressThatItsChainDoesNotHave)
{
    VaultWithEntries vault;
    auto added = vault.addition("broker");
    added.destination.address.pop_back();
    auto carried = vault.draft_bundle({});
    carried.links.push_back(vault.chain().next(signed_by(encode(Entry{added}), admins).encode()));
    const auto run = vault.show(encode(carried).encode());
    EXPECT_EQ(run.status, 4) << run.out;
    EXPECT_EQ(count(vault.log_types(), "linked"), 0U);
}

TEST(RetiredVault, SignsNothingWhateverTheNextBundleLeavesOut)
{
    VaultWithEntries vault;
    const auto before = vault.bundle({vault.payment()});
    vault.link(vault.retirement(), {"alice", "olga"});
    expect_error(vault.show(vault.bundle({})), 4, "appliance_inactive");
    vault.environment->terminal.detach();
    expect_error(vault.sign(before), 4, "appliance_inactive");
    EXPECT_NE(vault.run({"status", "--json"}).out.find("\"state\":\"retired\""), std::string::npos);

    vault.link(charter::ApplianceEnrolled{example_header, "vault-a", vault.charter().find_appliance("vault-a")->key,
                                          vault.chain().charter_hash(), vault.now(), ""},
               admins);
    VaultWithEntries twin;
    twin.expect_signs(twin.payment());
}

/// This home is the standby `spare`; what wallets name is held by another one, with the same wallet keys.
void make_standby(charter::Charter& charter)
{
    auto other = charter.appliances[0];
    other.key = approval_key_named("another vault");
    charter.appliances[0].id = "spare";
    charter.appliances[0].state = charter::Appliance::State::standby;
    charter.appliances[1] = other;
}

TEST(StandbyVault, SignsNothingBeforeItIsEnrolled)
{
    VaultWithEntries vault{make_standby};
    vault.environment->terminal.detach();
    expect_error(vault.sign(vault.bundle({vault.payment()})), 4, "appliance_inactive");
}

TEST(StandbyVault, SignsOnceItIsEnrolledInThePlaceOfAnother)
{
    VaultWithEntries vault{make_standby};
    const auto spare = vault.charter().find_appliance("spare")->key;
    vault.link(charter::ApplianceEnrolled{example_header, "vault-a", spare, vault.chain().charter_hash(), vault.now(), ""}, admins);
    vault.expect_signs(vault.payment());
    EXPECT_EQ(vault.receipt().appliance, "vault-a");
}

TEST(LeftBranchOfAVault, KeepsTheFreezeThatTheOtherNeverHad)
{
    VaultWithEntries vault;
    const auto founding = vault.chain();
    vault.link(vault.freeze("eth-cold", hours(10)), {"carol"});
    EXPECT_EQ(vault.show(vault.bundle({})).status, 0);
    vault.chain() = founding;
    vault.link(vault.freeze("eth-warm"), {"carol"});
    expect_error(vault.show(vault.bundle({})), 9, "charter_fork");
    append(vault.chain(), seal(amended(vault.chain(), [&](charter::Charter& next) { next.continues = vault.chain().position(); })), admins);
    expect_error(vault.show(vault.bundle({vault.payment()})), 4, "frozen");
    EXPECT_EQ(count(vault.log_types(), "branch_taken"), 1U);
    expect_error(vault.show(vault.bundle({vault.payment()})), 4, "frozen"); // replayed from the log
    vault.set_now(vault.now() + hours(10));
    vault.expect_signs(vault.approved({.payloads = {vault.transfer("exchange", ether(5))}}));
}

} // namespace
} // namespace coffer::test
