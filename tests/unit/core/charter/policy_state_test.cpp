// What entries put in force, judged as links of a policy chain.

#include "core/charter/policy_chain.h"

#include "tests/support/treasury.h"
#include "tests/support/vectors.h"

#include <gtest/gtest.h>

namespace coffer::charter {
namespace {

using test::address_named;
using test::amended;
using test::append;
using test::approval_key_named;
using test::example_charter;
using test::founded;
using test::founding_day;
using test::key_named;
using test::signed_by;

using Names = std::vector<std::string>;
const Names admins{"alice", "bob", "dave"};

Freeze freeze_by(const std::string& officer, UtcTime time = founding_day, Duration span = hours(72), Names wallets = {"eth-cold"})
{
    return {.header = test::example_header,
            .wallets = std::move(wallets),
            .officer = officer,
            .appliance = {},
            .time = time,
            .until = time + span,
            .reason = "stolen laptop"};
}

EntryHash hash_of(const Entry& entry)
{
    return EntryHash{encode(entry).hash()};
}

Unfreeze unfreeze(const EntryHash& freeze)
{
    return {.header = test::example_header, .freeze = freeze, .time = founding_day, .reason = "found again"};
}

Suspension suspension_of(const PolicyChain& chain, const std::string& officer, std::optional<artefacts::ApprovalKey> key = {})
{
    return {.header = test::example_header, .officer = officer, .key = std::move(key), .charter = chain.charter_hash(), .time = founding_day, .reason = ""};
}

DestinationAdded addition(const PolicyChain& chain, const std::string& id, const std::string& on = "ethereum")
{
    return {.header = test::example_header,
            .destination = {id, on, address_named(id)},
            .charter = chain.charter_hash(),
            .time = founding_day,
            .reason = ""};
}

DestinationRemoved removal(const PolicyChain& chain, const std::string& id, const std::string& officer)
{
    return {.header = test::example_header, .destination = id, .officer = officer, .charter = chain.charter_hash(), .time = founding_day, .reason = ""};
}

ApplianceEnrolled enrolment(const PolicyChain& chain, const std::string& key, const std::string& appliance = "vault-a")
{
    return {.header = test::example_header,
            .appliance = appliance,
            .key = approval_key_named(key),
            .charter = chain.charter_hash(),
            .time = founding_day,
            .reason = ""};
}

ApplianceRetired retirement(const PolicyChain& chain, const std::string& appliance = "vault-a")
{
    return {.header = test::example_header,
            .appliance = appliance,
            .key = approval_key_named(appliance),
            .charter = chain.charter_hash(),
            .time = founding_day,
            .reason = ""};
}

/// The entry as a link, on a side whose clock says `now`.
void link(PolicyChain& chain, const Entry& entry, const Names& names, std::optional<UtcTime> now = founding_day)
{
    chain.apply(chain.next(signed_by(encode(entry), names).encode()), now);
}

void expect_refused(PolicyChain& chain, ErrorCode code, const Entry& entry, const Names& names, std::optional<UtcTime> now = founding_day)
{
    const auto position = chain.position();
    const auto charter = chain.charter();
    EXPECT_ERROR(link(chain, entry, names, now), code);
    EXPECT_EQ(chain.position(), position);
    EXPECT_EQ(chain.charter(), charter);
    EXPECT_FALSE(chain.has_entry(hash_of(entry)));
}

bool is_frozen(const PolicyChain& chain, UtcTime now, const std::string& wallet = "eth-cold")
{
    return chain.find_freeze(wallet, now) != nullptr;
}

void no_change(Charter& /*charter*/) {}

TEST(Freeze, HoldsItsWalletsUntilItsTime)
{
    auto chain = founded(example_charter());
    link(chain, freeze_by("carol", founding_day, hours(5), {"eth-cold", "eth-hot"}), {"carol"});
    for (const auto* wallet : {"eth-cold", "eth-hot"}) {
        EXPECT_TRUE(is_frozen(chain, founding_day, wallet));
        EXPECT_TRUE(is_frozen(chain, founding_day + hours(5) - Duration{1}, wallet));
        EXPECT_FALSE(is_frozen(chain, founding_day + hours(5), wallet));
    }
    EXPECT_FALSE(is_frozen(chain, founding_day, "eth-warm"));
    EXPECT_TRUE(chain.has_changed_since(0));
    EXPECT_FALSE(chain.has_changed_since(1));
}

TEST(Freeze, IsRefusedUnlessAnOfficerSignedIt)
{
    auto chain = founded(example_charter());
    expect_refused(chain, ErrorCode::appr_role, freeze_by("mallory"), {"mallory"});
    expect_refused(chain, ErrorCode::appr_role, freeze_by("carol"), {});
    expect_refused(chain, ErrorCode::appr_role, freeze_by("carol"), {"alice", "mallory"});
    auto foreign = freeze_by("carol");
    foreign.header.environment = artefacts::Environment::rehearsal;
    expect_refused(chain, ErrorCode::env, foreign, {"carol"});
    foreign = freeze_by("carol");
    foreign.header.treasury = TreasuryId{crypto::sha256(bytes_of("another treasury"))};
    expect_refused(chain, ErrorCode::env, foreign, {"carol"});
    expect_refused(chain, ErrorCode::wallet_unknown, freeze_by("carol", founding_day, hours(1), {"nowhere"}), {"carol"});
    link(chain, freeze_by("carol"), {"carol"});
}

TEST(Freeze, IsRefusedToWhomTheCharterDoesNotNameForIt)
{
    auto charter = example_charter();
    charter.freeze_role = "compliance";
    auto chain = founded(charter);
    expect_refused(chain, ErrorCode::appr_role, freeze_by("carol"), {"carol"});
    link(chain, freeze_by("dave"), {"dave"});
    EXPECT_TRUE(is_frozen(chain, founding_day));
}

TEST(Freeze, LastsSeventyTwoHoursAtMostAndIsNotOfTomorrow)
{
    auto chain = founded(example_charter());
    expect_refused(chain, ErrorCode::policy_invalid, freeze_by("carol", founding_day, hours(72) - Duration{-1}), {"carol"});
    expect_refused(chain, ErrorCode::policy_invalid, freeze_by("carol", founding_day, Duration{0}), {"carol"});
    expect_refused(chain, ErrorCode::appr_future, freeze_by("carol", founding_day + minutes(10) - Duration{-1}), {"carol"});
    link(chain, freeze_by("carol", founding_day + minutes(10), hours(72)), {"carol"});
}

TEST(Freeze, OfThePastIsLinkedAndHoldsNothing)
{
    auto chain = founded(example_charter());
    link(chain, freeze_by("carol", founding_day - days(10)), {"carol"});
    EXPECT_FALSE(is_frozen(chain, founding_day));
    link(chain, freeze_by("carol"), {"carol"});
    EXPECT_TRUE(is_frozen(chain, founding_day));
}

TEST(Freeze, IsRenewedOnceByWhomever)
{
    auto chain = founded(example_charter());
    link(chain, freeze_by("carol"), {"carol"});
    const auto later = founding_day + hours(71);
    expect_refused(chain, ErrorCode::state, freeze_by("alice", founding_day + hours(1), hours(71)), {"alice"}, later); // extends nothing
    link(chain, freeze_by("alice", later), {"alice"}, later);
    EXPECT_TRUE(is_frozen(chain, later + hours(71)));
    EXPECT_FALSE(is_frozen(chain, later + hours(72)));
    const auto last = later + hours(71);
    expect_refused(chain, ErrorCode::state, freeze_by("bob", last), {"bob"}, last);
    expect_refused(chain, ErrorCode::state, freeze_by("bob", last, hours(72), {"eth-cold", "eth-hot"}), {"bob"}, last);
    EXPECT_FALSE(is_frozen(chain, last, "eth-hot"));
    link(chain, freeze_by("bob", later + hours(72)), {"bob"}, later + hours(72)); // it has ended, so this is a new one
}

TEST(Freeze, ByAnApplianceOfTheCharter)
{
    auto chain = founded(example_charter());
    auto freeze = freeze_by("");
    freeze.appliance = "vault-a";
    expect_refused(chain, ErrorCode::appr_role, freeze, {"vault-b", "alice"});
    link(chain, freeze, {"vault-a"});
    EXPECT_EQ(chain.find_freeze("eth-cold", founding_day)->by, "vault-a");
}

TEST(Freeze, OutlivesAnAmendment)
{
    auto chain = founded(example_charter());
    link(chain, freeze_by("carol"), {"carol"});
    append(chain, seal(amended(chain, no_change)), admins);
    EXPECT_TRUE(is_frozen(chain, founding_day));
}

TEST(Unfreeze, LiftsTheFreezeThatItNamesByTheQuorum)
{
    auto chain = founded(example_charter());
    const auto freeze = freeze_by("carol");
    expect_refused(chain, ErrorCode::state, unfreeze(hash_of(freeze)), admins);
    link(chain, freeze, {"carol"});
    expect_refused(chain, ErrorCode::appr_missing, unfreeze(hash_of(freeze)), {"alice", "bob"});
    expect_refused(chain, ErrorCode::appr_missing, unfreeze(hash_of(freeze)), {"alice", "bob", "carol", "erin", "olga", "vault-a"});
    expect_refused(chain, ErrorCode::state, unfreeze(hash_of(freeze_by("bob"))), admins);
    EXPECT_TRUE(is_frozen(chain, founding_day));
    link(chain, unfreeze(hash_of(freeze)), admins);
    EXPECT_FALSE(is_frozen(chain, founding_day));
    EXPECT_TRUE(chain.is_lifted(hash_of(freeze)));
    expect_refused(chain, ErrorCode::state, Entry{Unfreeze{unfreeze(hash_of(freeze)).header, hash_of(freeze), founding_day, "again"}}, admins);
    EXPECT_ERROR(link(chain, freeze, {"carol"}), ErrorCode::policy_rollback); // a lifted one does not come back
}

TEST(Unfreeze, OfAFreezeThatWasRenewedLiftsNothing)
{
    auto chain = founded(example_charter());
    const auto freeze = freeze_by("carol");
    const auto renewal = freeze_by("alice", founding_day + hours(1));
    link(chain, freeze, {"carol"});
    link(chain, renewal, {"alice"}, founding_day + hours(1));
    expect_refused(chain, ErrorCode::state, unfreeze(hash_of(freeze)), admins);
    link(chain, unfreeze(hash_of(renewal)), admins);
    EXPECT_FALSE(is_frozen(chain, founding_day + hours(2)));
}

TEST(Suspension, TakesAllThatAnOfficerSigns)
{
    auto chain = founded(example_charter());
    const auto before = chain.charter_hash();
    link(chain, suspension_of(chain, "olga"), {"alice", "carol"});
    EXPECT_EQ(chain.charter_hash(), before);
    EXPECT_TRUE(chain.charter().find_officer("olga")->is_suspended());
    EXPECT_NE(chain.find_suspension("olga", approval_key_named("olga")), nullptr);
    EXPECT_EQ(chain.charter().find_officer_of(approval_key_named("olga").id()), nullptr);
    expect_refused(chain, ErrorCode::appr_role, freeze_by("olga"), {"olga"});
    expect_refused(chain, ErrorCode::appr_role, removal(chain, "exchange", "olga"), {"olga"});
    expect_refused(chain, ErrorCode::appr_missing, suspension_of(chain, "carol"), {"alice", "olga"});
    expect_refused(chain, ErrorCode::appr_missing, retirement(chain), {"alice", "olga"});
    expect_refused(chain, ErrorCode::appr_role,
                   Cancel{test::example_header, RequestDigest{crypto::sha256(bytes_of("request"))}, "olga", founding_day, ""}, {"olga"});
    expect_refused(chain, ErrorCode::state, Entry{[&] {
                       auto again = suspension_of(chain, "olga");
                       again.reason = "again";
                       return again;
                   }()},
                   {"alice", "carol"});
}

TEST(Suspension, NeedsTwoOtherOfficers)
{
    auto chain = founded(example_charter());
    const auto olga = suspension_of(chain, "olga");
    expect_refused(chain, ErrorCode::appr_missing, olga, {"alice"});
    expect_refused(chain, ErrorCode::appr_missing, olga, {"alice", "olga"});
    expect_refused(chain, ErrorCode::appr_missing, olga, {"alice", "mallory", "vault-a", "audit"});
    expect_refused(chain, ErrorCode::policy_invalid, suspension_of(chain, "mallory"), {"alice", "bob"});
    auto other = olga;
    other.charter = CharterHash{};
    expect_refused(chain, ErrorCode::policy_mismatch, other, {"alice", "carol"});
    other = olga;
    other.time = founding_day + hours(1);
    expect_refused(chain, ErrorCode::appr_future, other, {"alice", "carol"});
    link(chain, olga, {"alice", "carol"});
}

TEST(Suspension, NeverMakesAQuorumEasierOrOutOfReach)
{
    auto chain = founded(example_charter()); // 3 of admin, of whom there are three
    for (const auto& admin : admins)
        expect_refused(chain, ErrorCode::policy_invalid, suspension_of(chain, admin), {"carol", "erin"});
    auto charter = example_charter();
    charter.officers.push_back(test::officer("frank", {"admin"}));
    chain = founded(charter);
    link(chain, suspension_of(chain, "bob"), {"carol", "erin"});
    const auto renamed = amended(chain, [](Charter& next) { next.name = "Renamed"; });
    EXPECT_ERROR(append(chain, seal(renamed), {"alice", "bob", "dave"}), ErrorCode::appr_missing);
    expect_refused(chain, ErrorCode::policy_invalid, suspension_of(chain, "frank"), {"carol", "erin"});
    append(chain, seal(renamed), {"alice", "dave", "frank"});
    EXPECT_TRUE(chain.charter().find_officer("bob")->is_suspended()) << "an amendment that does not say so lifts nothing";
}

TEST(Suspension, OfOneKeyLeavesTheOthers)
{
    auto charter = example_charter();
    charter.officers[2].keys.push_back(approval_key_named("carol's second"));
    auto chain = PolicyChain::found(signed_by(seal(charter), test::officer_ids(charter)).encode());
    link(chain, suspension_of(chain, "carol", approval_key_named("carol")), {"alice", "bob"});
    expect_refused(chain, ErrorCode::appr_role, freeze_by("carol"), {"carol"});
    link(chain, freeze_by("carol"), {"carol's second"});
    expect_refused(chain, ErrorCode::state, suspension_of(chain, "carol", approval_key_named("alice")), {"alice", "bob"});
}

TEST(Suspension, EndsWithAnAmendmentThatNamesIt)
{
    auto chain = founded(example_charter());
    const auto olga = suspension_of(chain, "olga");
    const auto prepared = signed_by(seal(amended(chain, no_change)), admins).encode(); // before the suspension
    link(chain, olga, {"alice", "carol"});
    chain.apply(chain.next(prepared), founding_day);
    EXPECT_TRUE(chain.charter().find_officer("olga")->is_suspended());
    append(chain, seal(amended(chain, [&](Charter& next) { next.lifts = {hash_of(olga)}; })), admins);
    EXPECT_FALSE(chain.charter().find_officer("olga")->is_suspended());
    EXPECT_TRUE(chain.restrictions().suspended.empty());
    EXPECT_EQ(chain.charter(), chain.sealed_charter());
    EXPECT_ERROR(link(chain, olga, {"alice", "carol"}), ErrorCode::policy_rollback);
}

TEST(Suspension, RefusesAnAmendmentThatNobodyCouldAmend)
{
    auto charter = example_charter();
    charter.officers.push_back(test::officer("frank", {"admin"}));
    auto chain = founded(charter);
    const auto bob = suspension_of(chain, "bob");
    link(chain, bob, {"carol", "erin"});
    const auto without_frank = [](Charter& next) { next.officers.pop_back(); };
    EXPECT_ERROR(append(chain, seal(amended(chain, without_frank)), {"alice", "dave", "frank"}), ErrorCode::policy_invalid);
    append(chain, seal(amended(chain, [&](Charter& next) {
               without_frank(next);
               next.lifts = {hash_of(bob)};
           })),
           {"alice", "dave", "frank"});
}

TEST(AddressBook, TakesAnAdditionOfTheQuorumUntilTheNextAmendment)
{
    auto chain = founded(example_charter());
    expect_refused(chain, ErrorCode::appr_missing, addition(chain, "broker"), {"alice", "bob", "carol"});
    link(chain, addition(chain, "broker"), admins);
    ASSERT_NE(chain.charter().find_destination_at("ethereum", address_named("broker")), nullptr);
    EXPECT_EQ(chain.added().at("broker").time, founding_day);
    EXPECT_EQ(chain.sealed_charter(), example_charter());
    append(chain, seal(amended(chain, no_change)), admins);
    EXPECT_EQ(chain.charter().find_destination_at("ethereum", address_named("broker")), nullptr);
    EXPECT_TRUE(chain.added().empty());
}

TEST(AddressBook, RefusesAnAdditionThatDoesNotFit)
{
    auto chain = founded(example_charter());
    expect_refused(chain, ErrorCode::state, addition(chain, "exchange"), admins);
    auto same_address = addition(chain, "broker");
    same_address.destination.address = address_named("exchange");
    expect_refused(chain, ErrorCode::state, same_address, admins);
    expect_refused(chain, ErrorCode::chain, addition(chain, "broker", "nochain"), admins);
    expect_refused(chain, ErrorCode::policy_invalid, addition(chain, "Broker"), admins);
    auto empty = addition(chain, "broker");
    empty.destination.address.clear();
    expect_refused(chain, ErrorCode::policy_invalid, empty, admins);
    const auto prepared = addition(chain, "broker");
    append(chain, seal(amended(chain, no_change)), admins);
    expect_refused(chain, ErrorCode::policy_mismatch, prepared, admins); // signed under another charter
    link(chain, addition(chain, "broker"), admins);
}

TEST(AddressBook, LosesWhatOneOfficerRemoves)
{
    auto chain = founded(example_charter());
    expect_refused(chain, ErrorCode::appr_role, removal(chain, "exchange", "mallory"), {"mallory"});
    expect_refused(chain, ErrorCode::appr_role, removal(chain, "exchange", "olga"), {"alice"});
    expect_refused(chain, ErrorCode::state, removal(chain, "broker", "olga"), {"olga"});
    link(chain, removal(chain, "exchange", "olga"), {"olga"});
    EXPECT_EQ(chain.charter().find_destination_at("ethereum", address_named("exchange")), nullptr);
    EXPECT_EQ(chain.restrictions().removed.size(), 1U);
    const auto added = addition(chain, "broker");
    link(chain, added, admins);
    link(chain, removal(chain, "broker", "carol"), {"carol"});
    EXPECT_TRUE(chain.added().empty());
    EXPECT_ERROR(link(chain, added, admins), ErrorCode::policy_rollback); // a removed one does not come back
    append(chain, seal(amended(chain, no_change)), admins);
    EXPECT_EQ(chain.charter(), chain.sealed_charter());
}

TEST(Appliances, AreRetiredByTwoOfficers)
{
    auto chain = founded(example_charter());
    expect_refused(chain, ErrorCode::appr_missing, retirement(chain), {"alice"});
    auto other_key = retirement(chain);
    other_key.key = approval_key_named("vault-b");
    expect_refused(chain, ErrorCode::policy_invalid, other_key, {"alice", "olga"});
    expect_refused(chain, ErrorCode::policy_invalid, retirement(chain, "vault-z"), {"alice", "olga"});
    const auto retired = retirement(chain);
    link(chain, retired, {"alice", "olga"});
    EXPECT_EQ(chain.charter().find_appliance("vault-a")->state, Appliance::State::standby);
    EXPECT_NE(chain.find_retirement(approval_key_named("vault-a")), nullptr);
    append(chain, seal(amended(chain, no_change)), admins);
    EXPECT_EQ(chain.charter().find_appliance("vault-a")->state, Appliance::State::standby) << "an amendment that does not say so lifts nothing";
    append(chain, seal(amended(chain, [&](Charter& next) { next.lifts = {hash_of(retired)}; })), admins);
    EXPECT_EQ(chain.charter().find_appliance("vault-a")->state, Appliance::State::active);
}

Charter with_a_twin()
{
    auto charter = example_charter();
    charter.appliances[1].keys.push_back(charter.appliances[0].keys[0]); // vault-b holds what vault-a holds
    charter.appliances[1].keys[1].id = "k2";
    return charter;
}

TEST(Appliances, AStandbyWithTheSameKeysTakesThePlaceOfAnother)
{
    auto chain = founded(with_a_twin());
    expect_refused(chain, ErrorCode::appr_missing, enrolment(chain, "vault-b"), {"alice", "bob", "carol"});
    link(chain, enrolment(chain, "vault-b"), admins);
    ASSERT_EQ(chain.charter().appliances.size(), 1U);
    EXPECT_EQ(chain.charter().appliances[0].id, "vault-a");
    EXPECT_EQ(chain.charter().appliances[0].key, approval_key_named("vault-b"));
    EXPECT_NE(chain.find_retirement(approval_key_named("vault-a")), nullptr);
    append(chain, seal(amended(chain, no_change)), admins); // prepared before, it still names the old identity
    EXPECT_EQ(chain.charter().find_appliance("vault-a")->state, Appliance::State::standby);
}

TEST(Appliances, RefuseAnEnrolmentThatDoesNotFit)
{
    auto chain = founded(example_charter());
    expect_refused(chain, ErrorCode::state, enrolment(chain, "vault-a"), admins);
    expect_refused(chain, ErrorCode::policy_invalid, enrolment(chain, "vault-b"), admins); // it holds other keys
    expect_refused(chain, ErrorCode::policy_invalid, enrolment(chain, "vault-c", "vault-z"), admins);
    expect_refused(chain, ErrorCode::policy_dupkey, enrolment(chain, "alice"), admins);
    expect_refused(chain, ErrorCode::policy_dupkey, enrolment(chain, "audit"), admins);
    auto charter = with_a_twin();
    charter.appliances[1].state = Appliance::State::active;
    chain = founded(charter);
    expect_refused(chain, ErrorCode::policy_dupkey, enrolment(chain, "vault-b"), admins); // active as itself
}

TEST(Appliances, ARestoredHomeOrTheRetiredOneItselfIsEnrolled)
{
    auto chain = founded(example_charter());
    link(chain, retirement(chain), {"alice", "olga"});
    link(chain, enrolment(chain, "vault-a"), admins);
    EXPECT_EQ(chain.charter().find_appliance("vault-a")->state, Appliance::State::active);
    EXPECT_EQ(chain.find_retirement(approval_key_named("vault-a")), nullptr);
    link(chain, enrolment(chain, "restored"), admins);
    EXPECT_EQ(chain.charter().find_appliance("vault-a")->key, approval_key_named("restored"));
    EXPECT_NE(chain.find_retirement(approval_key_named("vault-a")), nullptr);
}

/// A vault that holds restrictions of a branch which the treasury then leaves.
struct LeftBranch {
    PolicyChain vault = founded(example_charter());
    PolicyChain online = vault;

    void leave(const std::function<void(PolicyChain&)>& more = {})
    {
        link(online, freeze_by("bob", founding_day, hours(1), {"eth-warm"}), {"bob"});
        append(online, seal(amended(online, [&](Charter& next) { next.continues = online.position(); })), admins);
        if (more)
            more(online);
        vault.follow(online.links(), founding_day);
        EXPECT_EQ(vault.position(), online.position());
    }
};

TEST(LeftBranch, KeepsWhatTookPowerAway)
{
    LeftBranch fork;
    const auto retired = retirement(fork.vault);
    link(fork.vault, freeze_by("carol"), {"carol"});
    link(fork.vault, suspension_of(fork.vault, "olga"), {"alice", "carol"});
    link(fork.vault, removal(fork.vault, "exchange", "erin"), {"erin"});
    link(fork.vault, retired, {"alice", "erin"});
    link(fork.vault, addition(fork.vault, "broker"), admins);
    fork.leave();
    EXPECT_TRUE(is_frozen(fork.vault, founding_day));
    EXPECT_TRUE(is_frozen(fork.vault, founding_day, "eth-warm"));
    EXPECT_TRUE(fork.vault.charter().find_officer("olga")->is_suspended());
    EXPECT_EQ(fork.vault.charter().find_destination_at("ethereum", address_named("exchange")), nullptr);
    EXPECT_EQ(fork.vault.charter().find_appliance("vault-a")->state, Appliance::State::standby);
    EXPECT_EQ(fork.vault.charter().find_destination_at("ethereum", address_named("broker")), nullptr) << "what gave power is left";

    append(fork.vault, seal(amended(fork.vault, [&](Charter& next) { next.lifts = {hash_of(retired)}; })), admins);
    EXPECT_EQ(fork.vault.charter().find_appliance("vault-a")->state, Appliance::State::active);
    EXPECT_TRUE(fork.vault.charter().find_officer("olga")->is_suspended());
    EXPECT_NE(fork.vault.charter().find_destination_at("ethereum", address_named("exchange")), nullptr) << "an amendment restates the book";
}

TEST(LeftBranch, DoesNotChangeWhichLinksAreValid)
{
    LeftBranch fork;
    const auto freeze = freeze_by("carol");
    link(fork.vault, freeze, {"carol"});
    link(fork.vault, freeze_by("bob", founding_day + hours(1)), {"bob"}, founding_day + hours(1));
    link(fork.vault, suspension_of(fork.vault, "olga"), {"alice", "carol"});
    // Whoever goes on with the other branch has never seen any of it.
    fork.leave([&](PolicyChain& online) {
        link(online, freeze_by("olga", founding_day, hours(2)), {"olga"});
        link(online, suspension_of(online, "olga"), {"bob", "carol"});
        link(online, freeze, {"carol"});
        link(online, unfreeze(hash_of(freeze)), admins);
    });
    EXPECT_FALSE(is_frozen(fork.online, founding_day + hours(3)));
    EXPECT_TRUE(is_frozen(fork.vault, founding_day + hours(3))) << "the renewal was part of the branch that was left, and stays";
}

TEST(LeftBranch, NeverKeepsSuspensionsThatLeaveNobodyToAmend)
{
    auto charter = example_charter();
    charter.officers.push_back(test::officer("frank", {"admin"}));
    LeftBranch fork{founded(charter), founded(charter)};
    link(fork.vault, suspension_of(fork.vault, "frank"), {"alice", "carol"});
    fork.leave([](PolicyChain& online) { link(online, suspension_of(online, "bob"), {"alice", "carol"}); });
    EXPECT_TRUE(fork.vault.charter().find_officer("bob")->is_suspended());
    EXPECT_FALSE(fork.vault.charter().find_officer("frank")->is_suspended());
}

TEST(Charter, WithNothingOfItKeepsItsSealedBytes)
{
    const auto plain = seal(example_charter());
    auto charter = example_charter();
    charter.freeze_role = "compliance";
    charter.cooldown = hours(48);
    EXPECT_EQ(open(seal(charter)), charter);
    EXPECT_NE(seal(charter).body(), plain.body());
    charter.freeze_role.clear();
    charter.cooldown.reset();
    EXPECT_EQ(seal(charter).body(), plain.body());
    charter.officers[0].suspended.push_back(approval_key_named("somebody"));
    EXPECT_EQ(seal(charter).body(), plain.body());
}

TEST(Charter, NamesWhoFreezesHowLongACooldownIsAndWhatItLifts)
{
    const auto code_of = [](const Charter& charter) {
        const auto problems = check(charter);
        return problems.empty() ? std::string{} : problems.front().place;
    };
    auto charter = example_charter();
    EXPECT_EQ(code_of(charter), "");
    charter.freeze_role = "nobody-has-it";
    EXPECT_EQ(code_of(charter), "freeze");
    charter = example_charter();
    charter.cooldown = days(30);
    EXPECT_EQ(code_of(charter), "");
    charter.cooldown = days(31);
    EXPECT_EQ(code_of(charter), "address_book");
    charter = example_charter();
    charter.lifts = {EntryHash{}};
    EXPECT_EQ(code_of(charter), "charter"); // version 1
    charter.version = 2;
    charter.previous = CharterHash{};
    charter.adopt_before = founding_day;
    EXPECT_EQ(code_of(charter), "");
    charter.lifts.push_back(EntryHash{});
    EXPECT_EQ(code_of(charter), "charter");
}

} // namespace
} // namespace coffer::charter
