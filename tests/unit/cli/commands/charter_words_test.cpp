// What an officer sees before signing a charter is all of it: a field that is not shown could be changed unseen.

#include "cli/sealed_charter.h"
#include "tests/support/cli_fixture.h"

#include <algorithm>
#include <gmock/gmock.h>

namespace coffer::cli {
namespace {

using charter::Charter;
using charter::DestinationClass;
using testing::HasSubstr;

const artefacts::ApprovalKey other_key{crypto::Ed25519PrivateKey{SecretBytes::copy_of(Bytes(32, 0x33))}.public_key()};

struct Edit {
    std::string name;
    std::function<void(Charter&)> make;
};

std::vector<Edit> edits()
{
    const auto rule = [](std::string name, std::function<void(charter::Rule&)> make) {
        return Edit{"rule " + name, [make = std::move(make)](Charter& charter) { make(charter.rules.front()); }};
    };
    const auto wallet = [](std::string name, std::function<void(charter::Wallet&)> make) {
        return Edit{"wallet " + name, [make = std::move(make)](Charter& charter) { make(charter.wallets.front()); }};
    };
    const auto appliance = [](std::string name, std::function<void(charter::Appliance&)> make) {
        return Edit{"appliance " + name, [make = std::move(make)](Charter& charter) { make(charter.appliances.front()); }};
    };
    const auto chain = [](std::string name, std::function<void(charter::Chain&)> make) {
        return Edit{"chain " + name, [make = std::move(make)](Charter& charter) { make(charter.chains.front()); }};
    };
    const auto limit = [](std::string name, std::function<void(charter::Limit&)> make) {
        return Edit{"limit " + name, [make = std::move(make)](Charter& charter) { make(charter.limits.front()); }};
    };
    return {
        {"name", [](Charter& c) { c.name = "Other"; }},
        {"treasury", [](Charter& c) { c.header.treasury = TreasuryId{ByteArray<32>{9}}; }},
        {"environment", [](Charter& c) { c.header.environment = artefacts::Environment::rehearsal; }},
        {"amendment", [](Charter& c) { c.amendment = charter::Quorum::parse("2 of admin"); }},
        {"audit key", [](Charter& c) { c.audit_key = other_key; }},
        {"veto", [](Charter& c) { c.roles.front().veto = false; }},
        {"role", [](Charter& c) { c.roles.push_back({"observer", false}); }},
        {"officer's roles", [](Charter& c) { c.officers.front().roles.push_back("compliance"); }},
        {"officer's key", [](Charter& c) { c.officers.front().keys.push_back(other_key); }},
        {"officer", [](Charter& c) { c.officers.pop_back(); }},
        {"token address", [](Charter& c) { c.tokens.front().address.back() ^= 1; }},
        {"token decimals", [](Charter& c) { c.tokens.front().decimals = 18; }},
        {"destination", [](Charter& c) { c.destinations.front().address.back() ^= 1; }},
        {"order of rules", [](Charter& c) {
             c.rules.push_back(c.rules.front());
             c.rules.back().id = "another";
             std::ranges::reverse(c.rules);
         }},
        appliance("identity", [](auto& a) { a.key = other_key; }),
        appliance("state", [](auto& a) { a.state = charter::Appliance::State::standby; }),
        appliance("swap", [](auto& a) { a.accepts_swap = true; }),
        appliance("key id", [](auto& a) { a.keys.front().id = "k9"; }),
        appliance("key origin", [](auto& a) { a.keys.front().origin = "[00000000/44h/60h/0h]"; }),
        appliance("key", [](auto& a) { a.keys.front().extended_public += "x"; }),
        chain("family", [](auto& c) { c.family = "other"; }),
        chain("number", [](auto& c) { c.chain_id = 1; }),
        chain("network", [](auto& c) { c.network = "mainnet"; }),
        chain("symbol", [](auto& c) { c.symbol = "WETH"; }),
        chain("decimals", [](auto& c) { c.decimals = 17; }),
        wallet("address", [](auto& w) { w.address.back() ^= 1; }),
        wallet("tier", [](auto& w) { w.tier = charter::Tier::hot; }),
        wallet("mode", [](auto& w) { w.mode = charter::Mode::personal; }),
        wallet("presence", [](auto& w) { w.presence = charter::Presence::none; }),
        wallet("confirmations", [](auto& w) { w.confirmations = 1; }),
        wallet("first nonce", [](auto& w) { w.first_nonce = 1; }),
        wallet("key path", [](auto& w) { w.keys.front().path = "0/1"; }),
        wallet("key", [](auto& w) { w.keys.front().key = "k2"; }),
        wallet("outside key", [](auto& w) { w.keys.push_back({"", "", "", "paper"}); }),
        wallet("descriptor", [](auto& w) { w.descriptor = "wpkh()"; }),
        rule("wallets", [](auto& r) { r.wallets.reset(); }),
        rule("kinds", [](auto& r) { r.kinds.push_back(charter::RequestKind::call); }),
        rule("chains", [](auto& r) { r.chains = {{"ethereum"}}; }),
        rule("assets", [](auto& r) { r.assets = {{"ETH", "USDC"}}; }),
        rule("amount", [](auto& r) { r.amount->most = r.amount->most + Uint256{1}; }),
        rule("no amount", [](auto& r) { r.amount.reset(); }),
        rule("destinations", [](auto& r) { r.destinations.kind = DestinationClass::Kind::any; }),
        rule("approvals", [](auto& r) { r.approvals = charter::Quorum::parse("1 of finance"); }),
        rule("requester", [](auto& r) { r.requester_may_approve = true; }),
        rule("fee", [](auto& r) { r.max_fee.reset(); }),
        rule("fee rate", [](auto& r) { r.max_feerate = Uint256{1'000'000'000}; }),
        rule("priority fee rate", [](auto& r) { r.max_priority_feerate = Uint256{1'000'000'000}; }),
        rule("fee share", [](auto& r) { r.max_fee_share = 500; }),
        rule("life", [](auto& r) { r.expires = hours(48); }),
        rule("delay", [](auto& r) { r.delay = hours(1); }),
        {"no limit", [](Charter& c) { c.limits.clear(); }},
        limit("wallets", [](auto& l) { l.wallets = {{"eth-cold"}}; }),
        limit("assets", [](auto& l) { l.assets = {{"ETH", "USDC"}}; }),
        limit("destinations", [](auto& l) { l.destinations = {{"exchange-eth"}}; }),
        limit("requesters", [](auto& l) { l.requesters = {{"alice"}}; }),
        limit("per", [](auto& l) { l.per = {charter::LimitPer::requester}; }),
        limit("span", [](auto& l) { l.span = days(8); }),
        limit("amount", [](auto& l) { l.amount = Uint256{1}; }),
        limit("no amount", [](auto& l) { l.amount.reset(); }),
        limit("count", [](auto& l) { l.count = 11; }),
    };
}

TEST(CharterInWords, ShowsEveryField)
{
    const test::CliTreasury treasury;
    auto charter = *treasury.charter;
    charter.limits = {{.id = "week",
                       .wallets = {},
                       .assets = {{"ETH"}},
                       .destinations = {},
                       .requesters = {},
                       .per = {},
                       .span = days(7),
                       .amount = Uint256{500},
                       .count = 10}};
    const auto words = charter_in_words(charter);
    for (const auto& edit : edits()) {
        auto changed = charter;
        edit.make(changed);
        EXPECT_NE(charter_in_words(changed), words) << edit.name;
        const auto changes = changes_in_words(charter, changed);
        EXPECT_TRUE(std::ranges::any_of(changes, [](const auto& line) { return line.starts_with("+ ") || line.starts_with("- "); }))
            << edit.name;
    }
    EXPECT_TRUE(changes_in_words(*treasury.charter, *treasury.charter).empty());
}

TEST(CharterInWords, TellsOwnWalletsFromEntriesOfTheSameName)
{
    const test::CliTreasury treasury;
    auto internal = *treasury.charter;
    internal.rules.front().destinations = {DestinationClass::Kind::internal, {"exchange-eth"}};
    auto listed = internal;
    listed.rules.front().destinations.kind = DestinationClass::Kind::listed;
    EXPECT_NE(charter_in_words(internal), charter_in_words(listed));
}

TEST(CharterSign, ShowsTheNewAddressOfADestination)
{
    test::CliTreasury treasury;
    const auto next = treasury.amended([](Charter& charter) {
        charter.destinations.front().address = Bytes(20, 0xbe);
    });
    treasury.write_charter("next", next, {});
    const auto run = treasury.run_as("alice", {"charter", "sign", "next"});
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_THAT(run.err, HasSubstr("- destination exchange-eth on ethereum: " + std::string{treasury.exchange}));
    EXPECT_THAT(run.err, HasSubstr("+ destination exchange-eth on ethereum: 0x"));
}

} // namespace
} // namespace coffer::cli
