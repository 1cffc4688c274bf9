#include "core/policy/evaluator.h"

#include "core/encoding/hex.h"
#include "tests/support/treasury.h"
#include "tests/support/vectors.h"

#include <gmock/gmock.h>
#include <map>
#include <set>

namespace coffer::policy {
namespace {

using charter::Charter;
using charter::DestinationClass;
using charter::RequestKind;
using charter::Rule;
using charter::Tier;
using payments::Description;
using test::address_named;
using test::ether;

const AssetId eth{"ethereum", "ETH"};
const AssetId usdc{"ethereum", "USDC"};
const AssetId pol{"polygon", "POL"};

const ChainWords plain_words{[](ByteView address) { return "<" + encoding::encode_hex(address) + ">"; },
           [](const Uint256& rate) { return rate.decimal() + " a gas"; }, {}};

/// With the owners of addresses as account chains find them.
ChainWords words_of(const Charter& charter, const charter::Wallet& wallet)
{
    auto words = plain_words;
    words.owner = [&charter, chain = wallet.chain](ByteView address) { return charter.find_wallet_at(chain, address); };
    return words;
}

/// A request that only exists as facts.
struct Scene {
    Charter charter = test::example_charter();
    std::string wallet = "eth-cold";
    RequestKind kind = RequestKind::transfer;
    Description description{.payer = {}, .payments = {{address_named("exchange"), {eth, ether(5)}}}, .change = {}, .fee = {{eth, 1000}, 10, 1}};
    Duration life = hours(24);
    std::optional<Duration> known_for{};

    Facts facts() const
    {
        return {.kind = kind,
                .wallet = &charter.wallet(wallet),
                .description = &description,
                .created = test::founding_day,
                .expires = test::founding_day + life,
                .known_for = known_for,
                .words = words_of(charter, charter.wallet(wallet))};
    }
    Decision select() const { return select_rules(charter, facts()); }
    void restrict() const { require_restrictions(charter, facts(), select()); }
    std::string rule() const { return select().rules().front()->id; }
    void pay(std::string_view to, AssetId asset, Uint256 amount) { description.payments.push_back({address_named(to), {std::move(asset), amount}}); }
    Rule& rule_named(std::string_view id) { return *std::ranges::find(charter.rules, id, &Rule::id); }
    void pays_only(Bytes to, AssetId asset, Uint256 amount) { description.payments = {{std::move(to), {std::move(asset), amount}}}; }
};

TEST(Selection, TheFirstRuleThatIsSelectedDecides)
{
    Scene scene;
    EXPECT_EQ(scene.rule(), "small");
    scene.pays_only(address_named("exchange"), eth, ether(10)); // inclusive
    EXPECT_EQ(scene.rule(), "small");
    scene.pays_only(address_named("exchange"), eth, ether(10) + Uint256{1});
    EXPECT_EQ(scene.rule(), "large");
    std::swap(scene.charter.rules[0], scene.charter.rules[1]);
    scene.pays_only(address_named("exchange"), eth, 1);
    EXPECT_EQ(scene.rule(), "large");
}

TEST(Selection, AnAmountHasALowerBoundToo)
{
    Scene scene;
    scene.rule_named("small").amount = charter::AmountRange{ether(2), ether(3)};
    for (const auto& [amount, rule] : std::vector<std::pair<Uint256, std::string>>{
             {ether(2) - Uint256{1}, "large"}, {ether(2), "small"}, {ether(3), "small"}, {ether(3) + Uint256{1}, "large"}}) {
        scene.pays_only(address_named("exchange"), eth, amount);
        EXPECT_EQ(scene.rule(), rule) << amount.decimal();
    }
}

TEST(Selection, WalletKindChainAndAssetSelect)
{
    Scene scene;
    scene.wallet = "eth-hot"; // no rule lets it pay the exchange five ETH
    EXPECT_ERROR(scene.select(), ErrorCode::policy_denied);
    scene = {};
    scene.kind = RequestKind::consolidate;
    EXPECT_ERROR(scene.select(), ErrorCode::policy_denied);
    scene = {};
    scene.rule_named("small").chains = {{"polygon"}};
    EXPECT_EQ(scene.rule(), "large");
    scene.rule_named("small").chains = {{"polygon", "ethereum"}};
    EXPECT_EQ(scene.rule(), "small");
    scene.rule_named("small").assets = {{"USDC"}};
    EXPECT_EQ(scene.rule(), "large");
}

TEST(Selection, SumsOverAllPaymentsOfAnAsset)
{
    Scene scene;
    scene.pays_only(address_named("exchange"), eth, ether(6));
    scene.pay("supplier", eth, ether(4));
    EXPECT_EQ(scene.rule(), "small");
    EXPECT_EQ(scene.select().assets[0].amount, ether(10));
    scene.pay("supplier", eth, 1);
    EXPECT_EQ(scene.rule(), "large");
}

TEST(Selection, ChangeDoesNotCount)
{
    Scene scene;
    scene.description.change.push_back({address_named("change"), {eth, ether(500)}, 3});
    EXPECT_EQ(scene.rule(), "small");
    EXPECT_EQ(scene.select().assets[0].amount, ether(5));
}

TEST(Selection, ASumThatDoesNotFitIsRefused)
{
    Scene scene;
    scene.pays_only(address_named("exchange"), eth, Uint256::from_big_endian(Bytes(32, 0xff)));
    scene.pay("exchange", eth, 1);
    EXPECT_ERROR(scene.select(), ErrorCode::amount_range);
}

TEST(Selection, EveryAssetHasItsOwnRule)
{
    Scene scene;
    scene.pay("supplier", usdc, 1'000'000);
    const auto decision = scene.select();
    ASSERT_EQ(decision.assets.size(), 2U);
    EXPECT_EQ(decision.assets[0].rule->id, "small");
    EXPECT_EQ(decision.assets[1].rule->id, "large");
    ASSERT_EQ(decision.rules().size(), 2U);
    EXPECT_EQ(decision.rules()[0]->id, "small");
    EXPECT_EQ(decision.rules()[1]->id, "large");
    scene.rule_named("large").assets = {{"ETH"}};
    EXPECT_ERROR(scene.select(), ErrorCode::policy_denied);
}

TEST(Selection, OneRuleForTwoAssetsIsNamedOnce)
{
    Scene scene;
    scene.pays_only(address_named("exchange"), usdc, 1);
    scene.pay("exchange", {"ethereum", "USDT"}, 1);
    EXPECT_EQ(scene.select().assets.size(), 2U);
    EXPECT_EQ(scene.select().rules().size(), 1U);
}

TEST(Selection, NoPaymentCountsAsOneOfZeroToTheWalletItself)
{
    Scene scene;
    scene.description.payments.clear();
    EXPECT_ERROR(scene.select(), ErrorCode::policy_denied); // the address book does not hold the wallet
    scene.wallet = "eth-warm";
    EXPECT_EQ(scene.rule(), "sweep"); // it is internal
    std::ranges::find(scene.charter.wallets, "eth-warm", &charter::Wallet::id)->address.clear();
    EXPECT_EQ(scene.rule(), "sweep"); // also where a descriptor has many addresses
    const auto decision = scene.select();
    EXPECT_EQ(decision.assets[0].asset, eth);
    EXPECT_TRUE(decision.assets[0].amount.is_zero());
    scene.wallet = "pol-cold";
    scene.rule_named("large").destinations.kind = DestinationClass::Kind::any;
    EXPECT_EQ(scene.select().assets[0].asset, pol);
}

TEST(Selection, ADestinationClassHoldsOnlyIfEveryPaymentIsInIt) // E37
{
    Scene scene;
    scene.pay("supplier", eth, 1);
    EXPECT_EQ(scene.rule(), "small");
    scene.pay("stranger", eth, 1);
    EXPECT_ERROR(scene.select(), ErrorCode::policy_denied);
    std::ranges::reverse(scene.description.payments);
    EXPECT_ERROR(scene.select(), ErrorCode::policy_denied);
}

TEST(Selection, TellsUnknownDestinationsFromThoseOfAnotherChain)
{
    Scene scene;
    scene.pays_only(address_named("stranger"), eth, 1);
    EXPECT_ERROR(scene.select(), ErrorCode::dest_unknown);
    scene.pays_only(address_named("pol-exchange"), eth, 1);
    EXPECT_ERROR(scene.select(), ErrorCode::dest_chain);
    // Known, but no rule lists it.
    scene.wallet = "eth-hot";
    scene.pays_only(address_named("exchange"), {"ethereum", "USDT"}, 1);
    EXPECT_ERROR(scene.select(), ErrorCode::policy_denied);
    // An address that two chains know is known here.
    scene = {};
    scene.charter.destinations.push_back({"also", "polygon", address_named("exchange")});
    EXPECT_EQ(scene.rule(), "small");
}

TEST(Selection, AListedDestinationIsOneOfTheNamed)
{
    Scene scene;
    scene.wallet = "eth-hot";
    scene.pays_only(address_named("supplier"), {"ethereum", "USDT"}, 1);
    EXPECT_EQ(scene.rule(), "patient");
    scene.rule_named("patient").destinations.names = {"exchange"};
    EXPECT_ERROR(scene.select(), ErrorCode::policy_denied);
    scene.rule_named("patient").destinations.names = {"exchange", "supplier"};
    EXPECT_EQ(scene.rule(), "patient");
}

TEST(Selection, InternalWithoutNamesIsTheSameOrAColderTier)
{
    const std::map<std::string, std::map<std::string, bool>> expected{
        {"eth-cold", {{"eth-cold", true}, {"eth-warm", false}, {"eth-hot", false}}},
        {"eth-warm", {{"eth-cold", true}, {"eth-warm", true}, {"eth-hot", false}}},
        {"eth-hot", {{"eth-cold", true}, {"eth-warm", true}, {"eth-hot", true}}}};
    for (const auto& [payer, receivers] : expected)
        for (const auto& [receiver, is_internal] : receivers) {
            SCOPED_TRACE(payer + " to " + receiver);
            Scene scene;
            scene.charter.rules = {scene.rule_named("sweep")};
            scene.charter.rules[0].wallets.reset();
            scene.wallet = payer;
            scene.pays_only(scene.charter.wallet(receiver).address, eth, 1);
            if (is_internal)
                EXPECT_EQ(scene.rule(), "sweep");
            else
                EXPECT_ERROR(scene.select(), ErrorCode::dest_unknown);
        }
}

TEST(Selection, InternalMayNameWalletsAndTiers)
{
    Scene scene;
    scene.charter.rules = {scene.rule_named("sweep")};
    auto& rule = scene.charter.rules[0];
    rule.wallets.reset();
    scene.pays_only(scene.charter.wallet("eth-hot").address, eth, 1);
    EXPECT_ERROR(scene.select(), ErrorCode::dest_unknown);
    rule.destinations.names = {"hot"};
    EXPECT_EQ(scene.rule(), "sweep");
    rule.destinations.names = {"eth-hot"};
    EXPECT_EQ(scene.rule(), "sweep");
    rule.destinations.names = {"eth-warm", "warm", "cold"};
    EXPECT_ERROR(scene.select(), ErrorCode::dest_unknown);
}

TEST(Selection, InternalDoesNotCoverAPersonalWalletThatItDoesNotName)
{
    Scene scene;
    scene.charter.rules = {scene.rule_named("sweep")};
    auto& rule = scene.charter.rules[0];
    scene.wallet = "eth-hot";
    scene.pays_only(scene.charter.wallet("purse").address, eth, 1);
    EXPECT_ERROR(scene.select(), ErrorCode::dest_unknown);
    rule.destinations.names = {"hot"};
    EXPECT_ERROR(scene.select(), ErrorCode::dest_unknown);
    rule.destinations.names = {"purse"};
    EXPECT_EQ(scene.rule(), "sweep");
}

TEST(Selection, InternalMeansTheReceivingWalletOnTheSameChain)
{
    Scene scene;
    scene.charter.rules = {scene.rule_named("sweep")};
    scene.charter.rules[0].wallets.reset();
    std::erase_if(scene.charter.wallets, [](const auto& wallet) { return wallet.id == "eth-cold"; });
    scene.wallet = "eth-hot";
    // pol-cold has the address that eth-cold had.
    scene.pays_only(scene.charter.wallet("pol-cold").address, eth, 1);
    EXPECT_ERROR(scene.select(), ErrorCode::dest_unknown);
}

TEST(Selection, SaysWhyEachRuleWasPassedOver)
{
    Scene scene;
    scene.wallet = "eth-hot";
    scene.pays_only(address_named("supplier"), {"ethereum", "USDT"}, 1);
    const auto decision = scene.select();
    std::vector<std::string> skipped;
    for (const auto& rule : decision.skipped)
        skipped.push_back(rule.rule + ": " + rule.reason);
    EXPECT_EQ(skipped, (std::vector<std::string>{"small: it is not for wallet eth-hot", "large: it is not for wallet eth-hot",
                                                 "sweep: a destination is not of its class", "pocket: it is not for asset USDT"}));
}

TEST(SelectionDeathTest, FactsWithoutAWalletAreABrokenInvariant)
{
    Scene scene;
    auto facts = scene.facts();
    facts.wallet = nullptr;
    EXPECT_DEATH(static_cast<void>(select_rules(scene.charter, facts)), "facts without");
    facts = scene.facts();
    facts.description = nullptr;
    EXPECT_DEATH(static_cast<void>(select_rules(scene.charter, facts)), "facts without");
    facts = scene.facts();
    facts.words = {};
    EXPECT_DEATH(static_cast<void>(select_rules(scene.charter, facts)), "facts without");
}

template <typename Work>
std::string refusal_of(Work work)
{
    try {
        work();
    } catch (const Error& error) {
        return error.message();
    }
    return "no refusal";
}

TEST(Refusals, NameAddressesAndRatesAsTheChainWritesThem)
{
    Scene scene;
    const auto select = [&] { static_cast<void>(scene.select()); };
    const auto written = [](std::string_view name) { return "destination <" + encoding::encode_hex(address_named(name)) + "> is "; };
    using testing::StartsWith;
    scene.pay("stranger", eth, 1);
    EXPECT_THAT(refusal_of(select), StartsWith(written("stranger") + "outside the class"));
    scene.pays_only(address_named("stranger"), eth, 1);
    EXPECT_THAT(refusal_of(select), StartsWith(written("stranger") + "not in the address book"));
    scene.pays_only(address_named("pol-exchange"), eth, 1);
    EXPECT_THAT(refusal_of(select), StartsWith(written("pol-exchange") + "\"pol-exchange\" on chain polygon"));
    scene.pays_only(address_named("exchange"), eth, 1);
    scene.rule_named("small").max_feerate = 9;
    EXPECT_EQ(refusal_of([&] { scene.restrict(); }), "rule \"small\": fee rate 10 a gas is over the ceiling of 9 a gas");
    scene.rule_named("small").max_feerate.reset();
    scene.rule_named("small").max_priority_feerate = 0;
    EXPECT_EQ(refusal_of([&] { scene.restrict(); }), "rule \"small\": priority fee rate 1 a gas is over the ceiling of 0 a gas");
}

TEST(Restrictions, FeesHaveCeilingsOfTheirOwn)
{
    Scene scene;
    auto& rule = scene.rule_named("small");
    rule.max_fee = 1000;
    rule.max_feerate = 10;
    rule.max_priority_feerate = 1;
    EXPECT_NO_THROW(scene.restrict());
    rule.max_fee = 999;
    EXPECT_ERROR(scene.restrict(), ErrorCode::fee_cap);
    rule.max_fee = 1000;
    rule.max_feerate = 9;
    EXPECT_ERROR(scene.restrict(), ErrorCode::fee_cap);
    rule.max_feerate = 10;
    rule.max_priority_feerate = 0;
    EXPECT_ERROR(scene.restrict(), ErrorCode::fee_cap);
    rule.max_fee.reset();
    rule.max_feerate.reset();
    rule.max_priority_feerate.reset();
    EXPECT_NO_THROW(scene.restrict());
}

TEST(Restrictions, TheFeeShareIsOfThePaymentsInTheSameAsset)
{
    Scene scene;
    auto& rule = scene.rule_named("small");
    rule.max_fee_share = 10'000; // 10 %
    scene.pays_only(address_named("exchange"), eth, 10'000);
    EXPECT_NO_THROW(scene.restrict()); // a fee of 1000
    scene.pays_only(address_named("exchange"), eth, 9'999);
    EXPECT_ERROR(scene.restrict(), ErrorCode::fee_cap);
    // Change is no payment (A25).
    scene.description.change.push_back({address_named("change"), {eth, ether(1)}, 0});
    EXPECT_ERROR(scene.restrict(), ErrorCode::fee_cap);
    // Nor is what comes back to the paying wallet by one of its own addresses.
    const auto& own = scene.charter.wallet("eth-cold").address;
    scene.rule_named("small").destinations.kind = charter::DestinationClass::Kind::any;
    scene.description.payments.push_back({own, {eth, ether(1)}});
    EXPECT_ERROR(scene.restrict(), ErrorCode::fee_cap);
    scene.pay("supplier", eth, 1);
    EXPECT_NO_THROW(scene.restrict());
    // Where nothing leaves, it is the share of what moves.
    scene.pays_only(own, eth, 10'000);
    EXPECT_NO_THROW(scene.restrict());
}

TEST(Restrictions, ATokenHasNoFeeShareAndNothingHasAnyShare)
{
    Scene scene;
    scene.charter.rules[0].max_fee_share = scene.charter.rules[1].max_fee_share = 1;
    scene.pays_only(address_named("exchange"), usdc, 1);
    EXPECT_NO_THROW(scene.restrict());
    scene.pays_only(address_named("exchange"), eth, 0);
    EXPECT_ERROR(scene.restrict(), ErrorCode::fee_cap);
    scene.description.fee.maximum = {eth, 0};
    EXPECT_NO_THROW(scene.restrict());
    // No payment is one of 0.
    scene.rule_named("sweep").max_fee_share = 1;
    scene.wallet = "eth-warm";
    scene.description.payments.clear();
    EXPECT_NO_THROW(scene.restrict());
    scene.description.fee.maximum = {eth, 1};
    EXPECT_ERROR(scene.restrict(), ErrorCode::fee_cap);
}

TEST(Restrictions, AFailedOneIsNotFollowedByALaterRule) // E36
{
    Scene scene;
    scene.rule_named("small").max_fee = 1;
    EXPECT_EQ(scene.rule(), "small");
    EXPECT_ERROR(scene.restrict(), ErrorCode::fee_cap);
    std::erase_if(scene.charter.rules, [](const Rule& rule) { return rule.id == "small"; });
    EXPECT_EQ(scene.rule(), "large"); // it would have allowed it
    EXPECT_NO_THROW(scene.restrict());
}

TEST(Restrictions, EveryDecidingRuleRestricts)
{
    Scene scene;
    scene.pay("supplier", usdc, 1);
    EXPECT_NO_THROW(scene.restrict());
    scene.rule_named("large").max_fee = 999;
    EXPECT_ERROR(scene.restrict(), ErrorCode::fee_cap);
}

TEST(Restrictions, ARequestLivesNoLongerThanTheRuleAllows)
{
    Scene scene;
    EXPECT_NO_THROW(scene.restrict());
    scene.life = Duration{86'401};
    EXPECT_ERROR(scene.restrict(), ErrorCode::appr_expired);
    scene.rule_named("small").expires = hours(48);
    EXPECT_NO_THROW(scene.restrict());
}

TEST(Restrictions, NoApprovalsAreForPersonalWalletsOnly)
{
    Scene scene;
    scene.wallet = "purse";
    EXPECT_NO_THROW(scene.restrict());
    // A charter that nobody checked.
    scene.rule_named("purse").wallets = {{"purse", "eth-cold"}};
    std::swap(scene.charter.rules.front(), scene.charter.rules.back());
    scene.wallet = "eth-cold";
    EXPECT_ERROR(scene.restrict(), ErrorCode::policy_denied);
}

TEST(Delay, IsOverWhenTheApplianceHasKnownTheRequestLongEnough)
{
    Scene scene;
    scene.rule_named("small").delay = hours(6);
    scene.known_for = Duration{6 * 3600 - 1};
    ASSERT_TRUE(find_delay(scene.facts(), scene.select()));
    EXPECT_EQ(find_delay(scene.facts(), scene.select())->code(), ErrorCode::delay);
    scene.known_for = hours(6);
    EXPECT_FALSE(find_delay(scene.facts(), scene.select()));
    Scene online;
    online.rule_named("small").delay = hours(6);
    EXPECT_FALSE(find_delay(online.facts(), online.select()));
    scene.known_for = Duration{0};
    scene.rule_named("small").delay = {};
    EXPECT_FALSE(find_delay(scene.facts(), scene.select()));
}

charter::Quorum::Voter voter(const Charter& charter, const std::string& id)
{
    return {id, charter.find_officer(id)->roles};
}

std::vector<charter::Quorum::Voter> voters(const Charter& charter, const std::vector<std::string>& ids)
{
    std::vector<charter::Quorum::Voter> list;
    for (const auto& id : ids)
        list.push_back(voter(charter, id));
    return list;
}

TEST(Tally, CountsForEveryRuleAndLeavesTheRequesterOut) // E04
{
    Scene scene;
    const auto reached = [&](const std::vector<std::string>& ids, const std::string& requester) {
        return tally(scene.select(), voters(scene.charter, ids), requester).reached;
    };
    EXPECT_TRUE(reached({"alice", "bob"}, "carol"));
    EXPECT_FALSE(reached({"alice", "bob"}, "alice"));
    scene.rule_named("small").requester_may_approve = true;
    EXPECT_TRUE(reached({"alice", "bob"}, "alice"));
    // USDC by `large` as well: all rules together, and there the requester does not count.
    scene.pay("supplier", usdc, 1);
    EXPECT_FALSE(reached({"alice", "bob"}, "carol"));
    EXPECT_TRUE(reached({"alice", "bob", "dave"}, "carol"));
    EXPECT_FALSE(reached({"alice", "bob", "dave"}, "alice"));
    EXPECT_TRUE(reached({"alice", "bob", "dave", "erin"}, "alice"));
}

TEST(Tally, SaysWhatIsNeededAndOfWhichRule)
{
    Scene scene;
    auto approvals = tally(scene.select(), voters(scene.charter, {"bob"}), "alice");
    EXPECT_EQ(approvals.have, 1U);
    EXPECT_EQ(approvals.need, (std::vector<std::string>{"1 of finance"}));
    scene.pay("supplier", usdc, 1);
    approvals = tally(scene.select(), voters(scene.charter, {"bob", "carol"}), "alice");
    EXPECT_EQ(approvals.have, 2U);
    EXPECT_EQ(approvals.need, (std::vector<std::string>{"large: 1 of compliance"}));
}

TEST(Tally, IsNeverReachedWithoutARule)
{
    Scene scene;
    EXPECT_FALSE(tally({}, voters(scene.charter, {"alice", "bob", "carol", "dave"}), "olga").reached);
}

TEST(Rejection, EndsARequestWhenNoQuorumIsLeft)
{
    Scene scene;
    const auto rejected = [&](const std::vector<std::string>& by, const std::string& requester) {
        return is_rejected(scene.charter, scene.select(), by, requester);
    };
    EXPECT_FALSE(rejected({}, "alice"));
    EXPECT_FALSE(rejected({"carol"}, "alice"));
    EXPECT_TRUE(rejected({"carol", "bob"}, "alice")); // only erin is left
    EXPECT_FALSE(rejected({"carol", "bob"}, "olga")); // alice may vote
    EXPECT_TRUE(rejected({"dave"}, "alice"));         // a veto
    EXPECT_TRUE(rejected({"erin"}, "alice"));
    EXPECT_FALSE(rejected({"olga"}, "alice"));
    EXPECT_FALSE(rejected({"nobody"}, "alice"));
    scene.charter.roles[0].veto = false;
    EXPECT_FALSE(rejected({"dave"}, "alice"));
    scene.charter.roles.clear();
    EXPECT_FALSE(rejected({"dave"}, "alice"));
}

TEST(Rejection, WithoutARuleOnlyAVetoCounts)
{
    const auto charter = test::example_charter();
    EXPECT_FALSE(is_rejected(charter, {}, {"carol", "bob", "alice"}, "olga"));
    EXPECT_TRUE(is_rejected(charter, {}, {"dave"}, "olga"));
}

TEST(VoteCounts, ForARoleOfOneOfTheDecidingRules)
{
    Scene scene;
    const auto counts = [&](const std::string& id) { return vote_counts(scene.select(), *scene.charter.find_officer(id)); };
    EXPECT_TRUE(counts("carol"));
    EXPECT_FALSE(counts("dave"));
    EXPECT_FALSE(counts("olga"));
    scene.pay("supplier", usdc, 1);
    EXPECT_TRUE(counts("dave"));
    EXPECT_FALSE(vote_counts({}, *scene.charter.find_officer("carol")));
}

// The reference: PROTOCOL 4 sentence by sentence, over small numbers, without a thought for speed.
namespace reference {

struct Pay {
    std::string asset; ///< on the wallet's chain
    std::uint64_t amount;
    Bytes to;
};

bool in_class(const Charter& charter, const charter::Wallet& payer, const DestinationClass& wanted, const Bytes& to)
{
    if (wanted.kind == DestinationClass::Kind::any)
        return true;
    if (wanted.kind == DestinationClass::Kind::internal) {
        for (const auto& wallet : charter.wallets) {
            if (wallet.chain != payer.chain || wallet.address != to)
                continue;
            const std::string tier = wallet.tier == Tier::cold ? "cold" : wallet.tier == Tier::warm ? "warm" : "hot";
            for (const auto& name : wanted.names)
                if (name == wallet.id || (name == tier && wallet.mode == payer.mode))
                    return true;
            return wanted.names.empty() && wallet.mode == payer.mode &&
                   (wallet.tier == payer.tier || wallet.tier == Tier::cold || payer.tier == Tier::hot);
        }
        return false;
    }
    for (const auto& entry : charter.destinations)
        if (entry.chain == payer.chain && entry.address == to) {
            if (wanted.kind == DestinationClass::Kind::whitelist)
                return true;
            for (const auto& name : wanted.names)
                if (name == entry.id)
                    return true;
        }
    return false;
}

template <typename Item>
bool listed(const std::optional<std::vector<Item>>& list, const Item& item)
{
    if (!list)
        return true;
    for (const auto& one : *list)
        if (one == item)
            return true;
    return false;
}

/// The index of the deciding rule of each asset, or none when one asset has none.
std::optional<std::map<std::string, std::size_t>> decide(const Charter& charter, const charter::Wallet& wallet, RequestKind kind,
                                                         std::vector<Pay> pays)
{
    if (pays.empty())
        pays.push_back({charter.chain(wallet.chain).symbol, 0, wallet.address});
    std::map<std::string, std::size_t> decision;
    for (const auto& first : pays) {
        std::uint64_t sum = 0;
        for (const auto& pay : pays)
            if (pay.asset == first.asset)
                sum += pay.amount;
        bool found = false;
        for (std::size_t i = 0; i < charter.rules.size() && !found; ++i) {
            const auto& rule = charter.rules[i];
            bool fits = listed(rule.wallets, wallet.id) && listed(std::optional{rule.kinds}, kind) &&
                        listed(rule.chains, wallet.chain) && listed(rule.assets, first.asset);
            if (rule.amount)
                fits = fits && rule.amount->least <= Uint256{sum} && Uint256{sum} <= rule.amount->most;
            for (const auto& pay : pays)
                if (pay.asset == first.asset)
                    fits = fits && in_class(charter, wallet, rule.destinations, pay.to);
            if (fits) {
                decision[first.asset] = i;
                found = true;
            }
        }
        if (!found)
            return std::nullopt;
    }
    return decision;
}

/// The code of the first restriction that fails, over the deciding rules in the charter's order.
std::optional<ErrorCode> restrict(const Charter& charter, const charter::Wallet& wallet, const std::map<std::string, std::size_t>& decision,
                                  const std::vector<Pay>& pays, std::uint64_t fee, std::uint64_t rate, std::uint64_t priority, std::int64_t life)
{
    std::set<std::size_t> rules;
    for (const auto& [asset, rule] : decision)
        rules.insert(rule);
    const auto native = charter.chain(wallet.chain).symbol;
    std::uint64_t paid = 0;
    const auto comes_back = [&](const Pay& pay) { return pay.to == wallet.address; };
    const bool moves_inside = std::ranges::all_of(pays, comes_back);
    bool comparable = pays.empty();
    for (const auto& pay : pays)
        if (pay.asset == native && (moves_inside || !comes_back(pay))) {
            paid += pay.amount;
            comparable = true;
        }
    for (const auto i : rules) {
        const auto& rule = charter.rules[i];
        if (rule.approvals.is_none() && wallet.mode == charter::Mode::governed)
            return ErrorCode::policy_denied;
        if ((rule.max_fee && Uint256{fee} > *rule.max_fee) || (rule.max_feerate && Uint256{rate} > *rule.max_feerate) ||
            (rule.max_priority_feerate && Uint256{priority} > *rule.max_priority_feerate))
            return ErrorCode::fee_cap;
        // fee / paid <= share / 100000, without a division
        if (rule.max_fee_share && comparable && fee * 100'000 > *rule.max_fee_share * paid)
            return ErrorCode::fee_cap;
        if (life > rule.expires.seconds)
            return ErrorCode::appr_expired;
    }
    return std::nullopt;
}

bool fill(const charter::Quorum::Alternative& places, std::size_t place, std::size_t seat, const std::vector<charter::Quorum::Voter>& voters,
          std::set<std::string> used)
{
    if (place == places.size())
        return true;
    if (seat == places[place].count)
        return fill(places, place + 1, 0, voters, used);
    for (const auto& voter : voters) {
        bool has_role = false;
        for (const auto& role : voter.roles)
            has_role = has_role || role == places[place].role;
        if (!has_role || used.contains(voter.officer))
            continue;
        auto more = used;
        more.insert(voter.officer);
        if (fill(places, place, seat + 1, voters, more))
            return true;
    }
    return false;
}

bool approved(const Charter& charter, const std::map<std::string, std::size_t>& decision, const std::vector<charter::Quorum::Voter>& voters,
              const std::string& requester)
{
    for (const auto& [asset, i] : decision) {
        const auto& rule = charter.rules[i];
        std::vector<charter::Quorum::Voter> counted;
        for (const auto& voter : voters)
            if (voter.officer != requester || rule.requester_may_approve)
                counted.push_back(voter);
        bool one = false;
        for (const auto& alternative : rule.approvals.alternatives())
            one = one || fill(alternative, 0, 0, counted, {});
        if (!one)
            return false;
    }
    return true;
}

} // namespace reference

/// A random charter over the example's people, chains and wallets, and a random request.
class Lottery {
public:
    explicit Lottery(std::uint64_t seed) : m_dice{seed}, m_charter{test::example_charter()} { deal(); }

    const Charter& charter() const { return m_charter; }
    const charter::Wallet& wallet() const { return m_charter.wallet(m_wallet); }
    RequestKind kind() const { return m_kind; }
    std::vector<reference::Pay>& pays() { return m_pays; }
    test::Dice& dice() { return m_dice; }
    std::uint64_t fee = 0;
    std::uint64_t rate = 0;
    std::uint64_t priority = 0;
    std::int64_t life = 0;

    Description description() const
    {
        const auto& chain = wallet().chain;
        Description description{.payer = m_wallet, .payments = {}, .change = {}, .fee = {{m_charter.chain(chain).native(), fee}, rate, priority}};
        for (const auto& pay : m_pays)
            description.payments.push_back({pay.to, {{chain, pay.asset}, pay.amount}});
        return description;
    }

    void deal()
    {
        m_charter.rules.clear();
        for (auto& wallet : m_charter.wallets)
            wallet.mode = m_dice.one_in(4) ? charter::Mode::personal : charter::Mode::governed;
        const auto count = 1 + m_dice.roll(5);
        for (std::size_t i = 0; i < count; ++i)
            m_charter.rules.push_back(rule(i));
        m_wallet = m_dice.pick(m_charter.wallets).id;
        m_kind = m_dice.one_in(6) ? RequestKind::consolidate : RequestKind::transfer;
        fee = m_dice.roll(20);
        rate = m_dice.roll(10);
        priority = m_dice.roll(10);
        life = 3600 * static_cast<std::int64_t>(1 + m_dice.roll(48));
        m_pays.clear();
        for (auto left = m_dice.roll(4); left > 0; --left)
            m_pays.push_back({m_dice.pick(assets()), m_dice.roll(60), m_dice.pick(places())});
    }

private:
    std::vector<std::string> assets() const
    {
        return wallet().chain == "ethereum" ? std::vector<std::string>{"ETH", "ETH", "USDC", "USDT"} : std::vector<std::string>{"POL"};
    }

    std::vector<Bytes> places() const
    {
        std::vector<Bytes> places{address_named("exchange"), address_named("supplier"), address_named("pol-exchange"), address_named("stranger")};
        for (const auto& wallet : m_charter.wallets)
            places.push_back(wallet.address);
        return places;
    }

    template <typename Item>
    charter::Selector<Item> some_of(const std::vector<Item>& items)
    {
        if (m_dice.one_in(2))
            return std::nullopt;
        std::vector<Item> chosen;
        for (const auto& item : items)
            if (m_dice.one_in(2))
                chosen.push_back(item);
        return chosen;
    }

    Rule rule(std::size_t number)
    {
        Rule rule;
        rule.id = "rule-" + std::to_string(number);
        rule.wallets = some_of<std::string>({"eth-cold", "eth-warm", "eth-hot", "pol-cold", "purse"});
        rule.kinds = m_dice.one_in(4) ? std::vector{RequestKind::consolidate} : std::vector{RequestKind::transfer, RequestKind::consolidate};
        rule.chains = some_of<std::string>({"ethereum", "polygon"});
        rule.assets = some_of<std::string>({"ETH", "USDC", "USDT", "POL"});
        if (m_dice.one_in(2)) {
            const auto least = m_dice.roll(50);
            rule.amount = charter::AmountRange{least, least + m_dice.roll(100)};
        }
        switch (m_dice.roll(5)) {
        case 0: rule.destinations = {DestinationClass::Kind::whitelist, {}}; break;
        case 1: rule.destinations = {DestinationClass::Kind::listed, *some_listed()}; break;
        case 2: rule.destinations = {DestinationClass::Kind::internal, {}}; break;
        case 3: rule.destinations = {DestinationClass::Kind::internal, some_internal()}; break;
        default: break;
        }
        rule.approvals = charter::Quorum::parse(m_dice.pick(std::vector<std::string>{
            "1 of finance", "2 of finance", "2 of finance and 1 of compliance", "1 of finance or 1 of compliance",
            "(1 of admin or 2 of compliance) and 1 of finance", "3 of finance and 1 of admin", "none"}));
        rule.requester_may_approve = m_dice.one_in(3);
        if (m_dice.one_in(3))
            rule.max_fee = m_dice.roll(20);
        if (m_dice.one_in(3))
            rule.max_feerate = m_dice.roll(10);
        if (m_dice.one_in(3))
            rule.max_priority_feerate = m_dice.roll(10);
        if (m_dice.one_in(3))
            rule.max_fee_share = m_dice.roll(100'000);
        rule.expires = hours(static_cast<std::int64_t>(1 + m_dice.roll(48)));
        return rule;
    }

    charter::Selector<std::string> some_listed() { return m_dice.one_in(2) ? std::vector<std::string>{"exchange"} : std::vector<std::string>{"supplier", "exchange"}; }
    std::vector<std::string> some_internal()
    {
        return m_dice.pick(std::vector<std::vector<std::string>>{{"cold"}, {"hot", "warm"}, {"purse"}, {"eth-hot", "cold"}});
    }

    test::Dice m_dice;
    Charter m_charter;
    std::string m_wallet;
    RequestKind m_kind = RequestKind::transfer;
    std::vector<reference::Pay> m_pays;
};

/// Asset to rule; none when denied, whatever the code.
std::optional<std::map<std::string, std::size_t>> decide(const Charter& charter, const Facts& facts, Decision* decision = nullptr)
{
    try {
        const auto found = select_rules(charter, facts);
        std::map<std::string, std::size_t> rules;
        for (const auto& asset : found.assets)
            rules[asset.asset.symbol] = static_cast<std::size_t>(asset.rule - charter.rules.data());
        if (decision != nullptr)
            *decision = found;
        return rules;
    } catch (const Error& error) {
        EXPECT_TRUE(error.code() == ErrorCode::policy_denied || error.code() == ErrorCode::dest_unknown || error.code() == ErrorCode::dest_chain)
            << error.message();
        return std::nullopt;
    }
}

TEST(Evaluator, AgreesWithTheReferenceOnRandomCharters)
{
    Lottery lottery{4};
    std::map<std::string, int> outcomes;
    for (int round = 0; round < 20'000; ++round) {
        lottery.deal();
        const auto description = lottery.description();
        const Facts facts{.kind = lottery.kind(), .wallet = &lottery.wallet(), .description = &description, .created = test::founding_day,
                          .expires = test::founding_day + Duration{lottery.life}, .known_for = {}, .words = words_of(lottery.charter(), lottery.wallet())};
        const auto expected = reference::decide(lottery.charter(), lottery.wallet(), lottery.kind(), lottery.pays());
        Decision decision;
        ASSERT_EQ(decide(lottery.charter(), facts, &decision), expected) << "round " << round;
        if (!expected) {
            ++outcomes["denied"];
            continue;
        }
        const auto expected_code = reference::restrict(lottery.charter(), lottery.wallet(), *expected, lottery.pays(), lottery.fee, lottery.rate,
                                                       lottery.priority, lottery.life);
        std::optional<ErrorCode> code;
        try {
            require_restrictions(lottery.charter(), facts, decision);
        } catch (const Error& error) {
            code = error.code();
        }
        ASSERT_EQ(code, expected_code) << "round " << round;
        ++outcomes[code ? std::string{name_of(*code)} : "allowed"];

        std::vector<charter::Quorum::Voter> approvers;
        for (const auto& officer : lottery.charter().officers)
            if (lottery.dice().one_in(2))
                approvers.push_back({officer.id, officer.roles});
        const auto requester = lottery.dice().pick(lottery.charter().officers).id;
        const bool reached = reference::approved(lottery.charter(), *expected, approvers, requester);
        ASSERT_EQ(tally(decision, approvers, requester).reached, reached) << "round " << round;
        ++outcomes[reached ? "approved" : "not approved"];
    }
    for (const auto* outcome : {"denied", "allowed", "fee_cap", "appr_expired", "policy_denied", "approved", "not approved"})
        EXPECT_GT(outcomes[outcome], 300) << outcome;
}

TEST(Evaluator, SplittingMergingAndReorderingPaymentsChangeNothing)
{
    Lottery lottery{5};
    int compared = 0;
    for (int round = 0; round < 10'000; ++round) {
        lottery.deal();
        auto& pays = lottery.pays();
        if (pays.empty())
            continue;
        const auto before_description = lottery.description();
        Facts facts{.kind = lottery.kind(), .wallet = &lottery.wallet(), .description = &before_description, .created = {}, .expires = {}, .known_for = {}, .words = words_of(lottery.charter(), lottery.wallet())};
        const auto before = decide(lottery.charter(), facts);
        for (int step = 0; step < 3; ++step) {
            auto& dice = lottery.dice();
            const auto i = dice.roll(pays.size());
            switch (dice.roll(3)) {
            case 0: { // split
                const auto part = dice.roll(pays[i].amount + 1);
                auto other = pays[i];
                other.amount = part;
                pays[i].amount -= part;
                pays.insert(pays.begin() + static_cast<std::ptrdiff_t>(dice.roll(pays.size() + 1)), other);
                break;
            }
            case 1: // merge with the next one to the same place
                for (std::size_t k = i + 1; k < pays.size(); ++k)
                    if (pays[k].asset == pays[i].asset && pays[k].to == pays[i].to) {
                        pays[i].amount += pays[k].amount;
                        pays.erase(pays.begin() + static_cast<std::ptrdiff_t>(k));
                        break;
                    }
                break;
            default: dice.shuffle(pays);
            }
        }
        const auto after_description = lottery.description();
        facts.description = &after_description;
        ASSERT_EQ(decide(lottery.charter(), facts), before) << "round " << round;
        compared += before ? 1 : 0;
    }
    EXPECT_GT(compared, 1000);
}

TEST(Evaluator, AddingAPaymentElsewhereNeverWidensADestinationClass)
{
    Lottery lottery{6};
    for (int round = 0; round < 5'000; ++round) {
        lottery.deal();
        auto& pays = lottery.pays();
        if (pays.empty())
            continue;
        // A payment of 0 to a stranger, in the same asset: the sum stays, the class cannot get wider.
        const auto fewer = lottery.description();
        Facts facts{.kind = lottery.kind(), .wallet = &lottery.wallet(), .description = &fewer, .created = {}, .expires = {}, .known_for = {}, .words = words_of(lottery.charter(), lottery.wallet())};
        const auto before = decide(lottery.charter(), facts);
        pays.push_back({pays[0].asset, 0, address_named("another stranger")});
        const auto more = lottery.description();
        facts.description = &more;
        const auto after = decide(lottery.charter(), facts);
        if (!after)
            continue;
        ASSERT_TRUE(before) << "round " << round;
        for (const auto& [asset, rule] : *after)
            ASSERT_GE(rule, before->at(asset)) << "round " << round;
    }
}

} // namespace
} // namespace coffer::policy
