// What seldom happens to a charter and its chain: each of these is a way out of a condition that other tests do not take.

#include "core/charter/policy_chain.h"
#include "core/charter/wallet_keys.h"
#include "tests/support/treasury.h"
#include "tests/support/vectors.h"

#include <gtest/gtest.h>

#include <functional>

namespace coffer::charter {
namespace {

using test::append;
using test::approval_key_named;
using test::example_charter;
using test::example_header;
using test::founded;
using test::founding_day;
using test::signed_by;

using Lines = std::vector<std::string>;
using Names = std::vector<std::string>;
const Names admins{"alice", "bob", "dave"};

Lines problems_of(const std::function<void(Charter&)>& change)
{
    auto charter = example_charter();
    change(charter);
    Lines lines;
    for (const auto& problem : check(charter))
        lines.push_back(problem.place + ": " + problem.message);
    return lines;
}

bool is_among(const Lines& lines, const std::string& words)
{
    return std::ranges::any_of(lines, [&](const auto& line) { return line.find(words) != std::string::npos; });
}

Rule& rule_named(Charter& charter, std::string_view id)
{
    return *std::ranges::find(charter.rules, id, &Rule::id);
}

Freeze freeze_by(const std::string& officer, Duration span)
{
    return {example_header, {"eth-cold"}, officer, {}, founding_day, founding_day + span, "stolen"};
}

void link(PolicyChain& chain, const Entry& entry, const Names& names)
{
    append(chain, encode(entry), names);
}

TEST(CharterEdges, ChangesOfWhatEntriesMayDo)
{
    const auto before = example_charter();
    auto after = before;
    after.freeze_role = "compliance";
    after.cooldown = hours(48);
    const EntryHash lifted{crypto::sha256(bytes_of("entry"))};
    after.lifts = {lifted};
    const auto lines = describe_changes(before, after);
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[0], "wallets are frozen by compliance, before: any officer");
    EXPECT_EQ(lines[1], "a destination that an entry adds counts after 2 days, before: 24 hours");
    EXPECT_EQ(lines[2].rfind("what entry ", 0), 0U);
    EXPECT_EQ(describe_changes(after, before)[0], "wallets are frozen by any officer, before: compliance");
}

TEST(CharterEdges, ChangesNameANewRuleOnceAndNoLimitThatStays)
{
    auto before = example_charter();
    Limit limit{"most", {}, {}, {}, {}, {}, days(1), {}, 3};
    before.limits = {limit};
    auto after = before;
    after.rules.push_back(test::rule("new", {"eth-hot"}, "1 of finance"));
    EXPECT_EQ(describe_changes(before, after), Lines{"rule \"new\" is added"});
    after = before;
    after.limits.push_back(limit);
    after.limits.back().id = "more";
    EXPECT_EQ(describe_changes(before, after),
              (Lines{"limit \"more\" is added", "limit \"more\": at most 3 requests in 24 hours, any asset from any wallet to any destination, "
                                                "requested by anybody"}));
}

TEST(CharterEdges, AChainThatIsMissingIsReportedWhereverItIsNamed)
{
    const auto week = [](Charter& c) { c.limits = {{"week", {}, {{"ETH"}}, {}, {}, {}, days(7), test::ether(1), {}}}; };
    const auto lines = problems_of([&](auto& c) { week(c), c.chains.erase(c.chains.begin()); });
    for (const auto* place : {"token \"USDC\": chain", "wallet \"eth-cold\": chain", "destination \"exchange\": chain", "limit \"week\": asset"})
        EXPECT_TRUE(is_among(lines, place)) << place;
    EXPECT_TRUE(is_among(problems_of([&](auto& c) { week(c), c.chains.clear(); }), "limit \"week\": asset"));
    EXPECT_TRUE(is_among(problems_of([](auto& c) {
                             c.chains.erase(c.chains.begin());
                             rule_named(c, "small").amount = AmountRange{1, 2};
                             rule_named(c, "small").assets = {{"ETH"}};
                         }),
                         "rule \"small\": a rule with an amount names exactly one asset on one chain"));
}

TEST(CharterEdges, OneAccountOnTwoChainsIsSharedOnlyBetweenLikes)
{
    const std::string shared = "one of its keys is also in wallet";
    EXPECT_FALSE(is_among(problems_of([](auto&) {}), shared));
    EXPECT_TRUE(is_among(problems_of([](auto& c) { c.chains.pop_back(); }), shared));
    EXPECT_TRUE(is_among(problems_of([](auto& c) { c.chains.erase(c.chains.begin()); }), shared));
    EXPECT_TRUE(is_among(problems_of([](auto& c) { c.chains[1].family = "bitcoin"; }), shared));
    const auto of_pol_cold = [](const std::function<void(Wallet&)>& change) {
        return [change](Charter& c) { change(*std::ranges::find(c.wallets, "pol-cold", &Wallet::id)); };
    };
    const auto of_eth_cold = [](const std::function<void(Wallet&)>& change) { return [change](Charter& c) { change(c.wallets[0]); }; };
    EXPECT_TRUE(is_among(problems_of(of_pol_cold([](auto& wallet) { wallet.mode = Mode::personal; })), shared));
    EXPECT_TRUE(is_among(problems_of(of_pol_cold([](auto& wallet) { wallet.descriptor = "wpkh(…)"; })), shared));
    EXPECT_TRUE(is_among(problems_of(of_eth_cold([](auto& wallet) { wallet.descriptor = "wpkh(…)"; })), shared));
}

TEST(CharterEdges, EveryCeilingOfAFeeMeansOneAmount)
{
    const std::string different = "its fee ceilings would mean different amounts";
    const auto over_both = [](const std::function<void(Rule&)>& change) {
        return [change](Charter& c) {
            c.chains[1].decimals = 8;
            auto& rule = rule_named(c, "small");
            rule.wallets.reset();
            rule.chains.reset();
            rule.max_fee.reset();
            rule.max_feerate.reset();
            rule.max_priority_feerate.reset();
            change(rule);
        };
    };
    const std::string rule = "rule \"small\": " + different;
    EXPECT_FALSE(is_among(problems_of(over_both([](auto&) {})), rule));
    EXPECT_TRUE(is_among(problems_of(over_both([](auto& one) { one.max_fee = 1; })), rule));
    EXPECT_TRUE(is_among(problems_of(over_both([](auto& one) { one.max_feerate = 1; })), rule));
    EXPECT_TRUE(is_among(problems_of(over_both([](auto& one) { one.max_priority_feerate = 1; })), rule));
}

TEST(CharterEdges, SymbolsAreLettersDigitsDotsAndDashes)
{
    const std::string refused = "the id of a token is 1 to 16 letters and digits";
    for (const std::string symbol : {"USDC.e", "A-Z", "az09", "Z", "0"})
        EXPECT_FALSE(is_among(problems_of([&](auto& c) { c.tokens[0].id = symbol; }), refused)) << symbol;
    for (const std::string symbol : {"A{", "A:", "A/", "A@", "A[", "A`", "A,", "", "ABCDEFGHIJKLMNOPQ"})
        EXPECT_TRUE(is_among(problems_of([&](auto& c) { c.tokens[0].id = symbol; }), refused)) << symbol;
}

TEST(CharterEdges, ComesBackWithoutACeilingForFees)
{
    auto charter = example_charter();
    charter.rules[0].max_fee.reset();
    EXPECT_EQ(open(seal(charter)), charter);
}

TEST(CharterEdges, FindsKeysByNameAndNoWalletWithoutAnAddress)
{
    auto charter = example_charter();
    EXPECT_EQ(charter.appliances[0].find_key("k1"), &charter.appliances[0].keys[0]);
    EXPECT_EQ(charter.appliances[0].find_key("k2"), nullptr);
    charter.wallets[0].address.clear();
    EXPECT_EQ(charter.find_wallet_at("ethereum", {}), nullptr);
}

TEST(CharterEdges, ARuleCoversWhatItsDestinationsCover)
{
    using Kind = DestinationClass::Kind;
    const auto never_decides = [](const DestinationClass& wide, const DestinationClass& narrow) {
        auto charter = example_charter();
        auto first = rule_named(charter, "small");
        first.destinations = wide;
        auto second = first;
        second.id = "second";
        second.destinations = narrow;
        charter.rules = {first, second};
        return std::ranges::any_of(find_weaknesses(charter), [](const Problem& problem) { return problem.message.rfind("it never decides", 0) == 0; });
    };
    EXPECT_TRUE(never_decides({Kind::whitelist, {}}, {Kind::whitelist, {}}));
    EXPECT_FALSE(never_decides({Kind::whitelist, {}}, {Kind::internal, {}}));
    EXPECT_FALSE(never_decides({Kind::listed, {"exchange"}}, {Kind::whitelist, {}}));
    EXPECT_TRUE(never_decides({Kind::internal, {"hot", "warm"}}, {Kind::internal, {"hot"}}));
    EXPECT_FALSE(never_decides({Kind::internal, {"hot"}}, {Kind::internal, {"warm"}}));
    EXPECT_FALSE(never_decides({Kind::internal, {}}, {Kind::listed, {"exchange"}}));
}

TEST(CharterEdges, ModesAreKeptBesideKeysThatAreOutside)
{
    auto earlier = example_charter();
    earlier.wallets[0].keys.push_back({"", "", "", "tpub-of-a-stranger"});
    auto later = earlier;
    later.wallets.back().keys.push_back({"", "", "", "tpub-of-a-stranger"});
    EXPECT_NO_THROW(require_keeps_modes(earlier, later));
    later.wallets.back().keys = earlier.wallets[0].keys;
    EXPECT_ERROR(require_keeps_modes(earlier, later), ErrorCode::policy_sharedkey);
    EXPECT_EQ(identity_of(earlier, {"vault-a", "k9", "", ""}), std::nullopt);
}

TEST(EntryEdges, OnlyACancelIsDecodedAsOne)
{
    EXPECT_ERROR(decode_cancel(encode(Entry{freeze_by("alice", hours(1))})), ErrorCode::type);
}

TEST(EntryEdges, AFreezeNamesAThousandWalletsAtMost)
{
    auto freeze = freeze_by("alice", hours(1));
    freeze.wallets.clear();
    for (int i = 1000; i < 2000; ++i)
        freeze.wallets.push_back("wallet-" + std::to_string(i));
    EXPECT_NO_THROW(static_cast<void>(decode_entry(encode(Entry{freeze}))));
    freeze.wallets.emplace_back("wallet-last");
    EXPECT_ERROR(static_cast<void>(decode_entry(encode(Entry{freeze}))), ErrorCode::limit);
}

TEST(EntryEdges, APositionHasAColon)
{
    EXPECT_ERROR(Position::parse("7"), ErrorCode::malformed);
}

TEST(EntryEdges, TheLongestOfSeveralFreezesHolds)
{
    Restrictions restrictions;
    for (const auto span : {hours(2), hours(5), hours(3)})
        restrictions.frozen.emplace("eth-cold", Frozen{EntryHash{}, "alice", founding_day, founding_day + span, false});
    const auto* found = restrictions.find_freeze("eth-cold", founding_day);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->until, founding_day + hours(5));
    EXPECT_EQ(restrictions.find_freeze("eth-cold", founding_day + hours(5)), nullptr);
}

TEST(EntryEdges, AFreezeByAnApplianceThatIsUnknownIsRefused)
{
    auto chain = founded(example_charter());
    auto freeze = freeze_by("", hours(1));
    freeze.appliance = "vault-z";
    EXPECT_ERROR(link(chain, freeze, {"vault-a"}), ErrorCode::appr_role);
}

TEST(EntryEdges, AStandbyBecomesActiveAsItself)
{
    auto chain = founded(example_charter());
    link(chain, ApplianceEnrolled{example_header, "vault-b", approval_key_named("vault-b"), chain.charter_hash(), founding_day, ""}, admins);
    EXPECT_EQ(chain.charter().find_appliance("vault-b")->state, Appliance::State::active);
    EXPECT_EQ(chain.find_retirement(approval_key_named("vault-b")), nullptr);
}

TEST(EntryEdges, AStandbyWhoseKeysAWalletNamesTakesNobodysPlace)
{
    auto charter = example_charter();
    charter.appliances[1].keys.push_back(charter.appliances[0].keys[0]);
    charter.appliances[1].keys[1].id = "k2";
    charter.wallets[1].keys.push_back({"vault-b", "k1", "0/0", ""});
    auto chain = founded(charter);
    const ApplianceEnrolled enrolled{example_header, "vault-a", approval_key_named("vault-b"), chain.charter_hash(), founding_day, ""};
    EXPECT_ERROR(link(chain, enrolled, admins), ErrorCode::policy_invalid);
}

TEST(EntryEdges, ARetirementIsOnce)
{
    auto chain = founded(example_charter());
    ApplianceRetired retired{example_header, "vault-a", approval_key_named("vault-a"), chain.charter_hash(), founding_day, ""};
    EXPECT_ERROR(link(chain, retired, {}), ErrorCode::appr_missing);
    link(chain, retired, {"alice", "olga"});
    retired.reason = "again";
    EXPECT_ERROR(link(chain, retired, {"alice", "olga"}), ErrorCode::state);
    EXPECT_EQ(chain.find_retirement(approval_key_named("vault-b")), nullptr);
}

TEST(EntryEdges, ASuspensionIsFoundForItsOfficerOnly)
{
    auto chain = founded(example_charter());
    link(chain, Suspension{example_header, "olga", std::nullopt, chain.charter_hash(), founding_day, ""}, {"alice", "bob"});
    EXPECT_NE(chain.find_suspension("olga", approval_key_named("olga")), nullptr);
    EXPECT_EQ(chain.find_suspension("carol", approval_key_named("carol")), nullptr);
}

/// A vault and an online side that have four links in common, and then another entry each.
struct LateFork {
    PolicyChain vault = founded(example_charter());
    PolicyChain online = vault;

    LateFork(const Entry& of_vault, const Entry& of_online)
    {
        for (const auto* reason : {"one", "two", "three"})
            link(vault, Cancel{example_header, RequestDigest{crypto::sha256(bytes_of(reason))}, "alice", founding_day, reason}, {"alice"});
        online = vault;
        link(vault, of_vault, {"carol"});
        link(online, of_online, {"bob"});
        append(online, seal(test::amended(online, [&](Charter& next) { next.continues = online.position(); })), admins);
        vault.follow(online.links(), founding_day);
    }
};

TEST(EntryEdges, OfAFreezeOnEitherSideOfAForkTheLongerHolds)
{
    for (const auto& [of_vault, of_online] : {std::pair{hours(5), hours(1)}, std::pair{hours(1), hours(5)}}) {
        const LateFork fork{freeze_by("carol", of_vault), freeze_by("bob", of_online)};
        EXPECT_EQ(fork.vault.position(), fork.online.position());
        EXPECT_EQ(fork.vault.cancels_of(RequestDigest{crypto::sha256(bytes_of("three"))}).size(), 1U);
        const auto* freeze = fork.vault.find_freeze("eth-cold", founding_day);
        ASSERT_NE(freeze, nullptr);
        EXPECT_EQ(freeze->until, founding_day + hours(5));
    }
}

} // namespace
} // namespace coffer::charter
