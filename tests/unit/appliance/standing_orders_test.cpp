// Standing orders in the appliance: sums by its own ledger, dates and delays by its own clock.

#include "tests/support/standing_orders.h"
#include "tests/support/vault/faulty_signer.h"
#include "tests/support/vault/vault_fixture.h"

namespace coffer::test {
namespace {

/// No key of it asks for a person.
void hot_only(charter::Charter& charter)
{
    allow_hot_payments(charter);
    for (auto& wallet : charter.wallets) {
        wallet.tier = charter::Tier::hot;
        wallet.presence = charter::Presence::none;
    }
}

class OrderedVault {
public:
    explicit OrderedVault(const std::function<void(charter::Charter&)>& change = hot_only) : vault{change} {}

    void link(const charter::Entry& linked, const std::vector<std::string>& names = order_signers())
    {
        entry = link_entry(vault.chain(), linked, names, vault.now());
    }
    void link_order(const std::function<void(charter::StandingOrder&)>& change = {}) { link(order_of(vault.chain(), vault.now(), change)); }

    /// Of its own nonce, one a call; by olga, an hour old at most.
    bundle::CarriedRequest payment(std::uint64_t amount, const std::function<void(RequestDraft&)>& change = {})
    {
        ++m_number;
        RequestDraft draft{.id = id_number(m_number),
                           .wallet = "eth-hot",
                           .payloads = {vault.transfer("exchange", ether(amount), m_number - 1U)},
                           .requester = "olga",
                           .signers = {"olga"},
                           .age = Duration{},
                           .order = entry};
        if (change)
            change(draft);
        return vault.approved(draft, {});
    }
    /// The code of the first request that was not signed; empty when all were.
    std::string sign(const std::vector<bundle::CarriedRequest>& requests)
    {
        std::filesystem::remove(vault.receipt_file());
        vault.environment->terminal.detach();
        std::vector<std::string> options{"--json"};
        for (const auto& request : requests)
            options.insert(options.end(), {"--confirm", encoding::encode_hex(digest_of(request).bytes())});
        last = vault.sign(vault.bundle(requests), options);
        return code_of(last);
    }
    std::string pay(std::uint64_t amount) { return sign({payment(amount)}); }
    static RequestDigest digest_of(const bundle::CarriedRequest& request)
    {
        return requests::digest_of(artefacts::Artefact::decode(request.submission.request, artefacts::Kind::request));
    }
    /// Of the appliance; the machine's stays.
    void set_clock_back(Duration by)
    {
        vault.environment->terminal.expect("Set it to", "y");
        ASSERT_EQ(vault.run({"clock", "set", format_time(vault.now() - by), "--json"}).status, 0);
    }
    void wait(Duration span) { vault.set_now(vault.now() + span); }

    TestVault vault;
    EntryHash entry;
    Run last;

private:
    std::uint8_t m_number = 0;
};

TEST(OrderedVault, SignsWithoutVotesUpToItsSums)
{
    OrderedVault one;
    one.link_order([](auto& order) { order.total = ether(14); });
    EXPECT_EQ(one.pay(4), "") << one.last.out << one.last.err;
    EXPECT_EQ(one.pay(4), "");
    EXPECT_EQ(one.pay(3), "limit_velocity");
    EXPECT_EQ(one.last.status, 4);
    EXPECT_EQ(one.pay(2), "");
    one.wait(hours(24));
    EXPECT_EQ(one.pay(1), "limit_velocity"); // up to exactly one span
    one.wait(Duration{1});
    EXPECT_EQ(one.pay(4), "");
    one.wait(hours(25));
    EXPECT_EQ(one.pay(1), "limit_velocity"); // 14 in all
    EXPECT_EQ(count(one.vault.log_types(), "signed"), 4U);
}

TEST(OrderedVault, NeedsVotesWithoutTheOrder)
{
    OrderedVault one;
    one.link_order();
    EXPECT_EQ(one.sign({one.payment(4, [](RequestDraft& draft) { draft.order.reset(); })}), "appr_missing");
    EXPECT_EQ(one.pay(4), "");
}

TEST(OrderedVault, CountsTheRequestsOfOneBundleOneAfterTheOther)
{
    OrderedVault one;
    one.link_order();
    EXPECT_EQ(one.sign({one.payment(4), one.payment(4), one.payment(4), one.payment(2)}), "limit_velocity");
    const auto results = one.vault.receipt().results;
    EXPECT_EQ(results[1].outcome, bundle::Outcome::signed_);
    EXPECT_EQ(results[2].code, "limit_velocity");
    EXPECT_EQ(results[3].outcome, bundle::Outcome::signed_);
}

TEST(OrderedVault, CountsWhatItDidNotSignInTheEndAndARerunOnce)
{
    OrderedVault one;
    one.link_order();
    const auto interrupted = one.payment(4);
    one.vault.parts.make_signer = [](const appliance::Session& session, const charter::ApplianceKey& key) {
        return std::make_unique<FaultySigner>(appliance::real_parts().make_signer(session, key));
    };
    EXPECT_EQ(one.sign({interrupted}), "sig_verify");
    one.vault.parts = appliance::real_parts();
    EXPECT_EQ(one.sign({one.payment(4), one.payment(3)}), "limit_velocity");
    EXPECT_EQ(one.sign({interrupted}), "");
    EXPECT_EQ(one.pay(2), "");
    EXPECT_EQ(one.pay(1), "limit_velocity");
}

TEST(OrderedVault, KeepsItsSumsWhenTheClockIsSetBack)
{
    OrderedVault one;
    one.link_order([](auto& order) {
        order.total = ether(10);
        order.first = order.first - hours(2);
    });
    EXPECT_EQ(one.pay(4), "");
    const auto by_that_clock = [](RequestDraft& draft) { draft.age = minutes(30); };
    one.set_clock_back(minutes(30));
    EXPECT_EQ(one.sign({one.payment(4, by_that_clock), one.payment(3, by_that_clock)}), "limit_velocity") << one.last.out;
    EXPECT_EQ(one.vault.receipt().results[0].outcome, bundle::Outcome::signed_);
    one.wait(hours(30));
    EXPECT_EQ(one.sign({one.payment(3, by_that_clock)}), "limit_velocity");
    EXPECT_EQ(one.sign({one.payment(2, by_that_clock)}), "");
}

TEST(OrderedVault, CountsASpanFromTheStepBackOn)
{
    OrderedVault one;
    one.link_order([](auto& order) { order.first = order.first - hours(2); });
    EXPECT_EQ(one.pay(4), "");
    one.set_clock_back(minutes(30));
    const auto by_that_clock = [](RequestDraft& draft) { draft.age = minutes(30); };
    one.wait(hours(24)); // the first still counts, so that only one of these fits
    EXPECT_EQ(one.sign({one.payment(4, by_that_clock), one.payment(4, by_that_clock)}), "limit_velocity");
    one.wait(Duration{1});
    EXPECT_EQ(one.sign({one.payment(4, by_that_clock)}), "");
}

TEST(OrderedVault, SignsOfALinkThatItLacksNothing)
{
    OrderedVault one;
    const auto before = one.vault.chain();
    one.link_order();
    const auto request = one.payment(4);
    auto withheld = one.vault.draft_bundle({request});
    withheld.links = before.links();
    EXPECT_EQ(code_of(one.vault.sign(encode(withheld).encode())), "policy_behind");
    EXPECT_EQ(one.sign({request}), "");
}

TEST(OrderedVault, SignsNothingOfAnOrderForAnotherAppliance)
{
    OrderedVault one{[](charter::Charter& charter) {
        hot_only(charter);
        charter.appliances[1].state = charter::Appliance::State::active;
        charter.wallets[2].keys = {{"vault-b", "k1", "0/2", {}}};
        charter.wallets[2].address = address_of(charter.appliances[1].keys[0].extended_public, "0/2");
    }};
    one.link_order([&](auto& order) {
        order.appliance = "vault-b";
        order.identity = one.vault.charter().find_appliance("vault-b")->key;
    });
    EXPECT_EQ(one.pay(4), "policy_denied");
}

TEST(OrderedVault, SignsNothingMoreOnceTheOrderEnded)
{
    OrderedVault one;
    one.link_order();
    EXPECT_EQ(one.pay(1), "");
    const auto order = one.entry;
    one.link(end_of(one.vault.chain(), order, "olga", one.vault.now()), {"olga"});
    one.entry = order;
    EXPECT_EQ(one.pay(1), "policy_denied");
}

TEST(OrderedVault, SignsNothingOfAnOrderThatLacksVotes)
{
    OrderedVault one;
    one.link(order_of(one.vault.chain(), one.vault.now(), [](auto& order) { order.officers = {"bob", "carol"}; }), {"bob", "carol"});
    EXPECT_EQ(one.pay(1), "appr_missing");
}

TEST(OrderedVault, SignsNothingWhileTheWalletIsFrozen)
{
    OrderedVault one;
    one.link_order();
    const auto order = one.entry;
    const charter::Freeze freeze{example_header, {"eth-hot"}, "carol", {}, one.vault.now(), one.vault.now() + hours(3), ""};
    one.link(freeze, {"carol"});
    one.entry = order;
    EXPECT_EQ(one.pay(1), "frozen");
    one.wait(hours(3));
    EXPECT_EQ(one.pay(1), "");
}

TEST(OrderedVault, LetsLimitsOfTheCharterBindToo)
{
    OrderedVault one{[](charter::Charter& charter) {
        hot_only(charter);
        charter.limits = {{.id = "day",
                           .wallets = {{"eth-hot"}},
                           .assets = {{"ETH"}},
                           .destinations = {},
                           .requesters = {},
                           .per = {},
                           .span = hours(24),
                           .amount = ether(5),
                           .count = {}}};
    }};
    one.link_order();
    EXPECT_EQ(one.pay(4), "");
    EXPECT_EQ(one.pay(2), "limit_velocity");
}

TEST(OrderedVault, WaitsForTheDelayFromTheFirstSightOfTheOrder)
{
    OrderedVault one{[](charter::Charter& charter) {
        hot_only(charter);
        charter.rules[1].delay = hours(6);
    }};
    one.link_order();
    EXPECT_EQ(one.pay(4), "delay");
    EXPECT_EQ(count(one.vault.log_types(), "entry_seen"), 1U);
    EXPECT_EQ(count(one.vault.log_types(), "first_seen"), 0U);
    one.wait(Duration{hours(6).seconds - 1});
    EXPECT_EQ(one.pay(4), "delay");
    one.wait(Duration{1});
    EXPECT_EQ(one.pay(4), ""); // a request that it never saw before
    EXPECT_EQ(count(one.vault.log_types(), "entry_seen"), 1U);
}

TEST(OrderedVault, AsksThePersonWhereTheWalletDoes)
{
    OrderedVault one{[](charter::Charter& charter) {
        allow_hot_payments(charter);
        charter.wallets[2].presence = charter::Presence::person;
    }};
    one.link_order();
    const auto request = one.payment(4);
    EXPECT_NE(one.sign({request}), "");
    one.vault.expect_agreement({{"exchange", "4"}});
    const auto run = one.vault.sign(one.vault.bundle({request}), {"--json", "--force"});
    EXPECT_EQ(run.status, 0) << run.out << run.err;
    EXPECT_NE(run.screen.find("payroll, signed by bob, carol, dave, until"), std::string::npos) << run.screen;
    EXPECT_NE(run.screen.find("after this 6 of 10 ETH in 24 hours and 96 of 100 ETH in all"), std::string::npos) << run.screen;
}

} // namespace
} // namespace coffer::test
