// The windows of the appliance: by its own ledger and its own clock.

#include "tests/support/vault/faulty_signer.h"
#include "tests/support/vault/vault_fixture.h"

namespace coffer::test {
namespace {

charter::Limit week_of(std::uint64_t most, Duration span = days(7))
{
    return {.id = "week",
            .wallets = {{"eth-cold"}},
            .assets = {{"ETH"}},
            .destinations = {},
            .requesters = {},
            .per = {},
            .span = span,
            .amount = ether(most),
            .count = {}};
}

std::function<void(charter::Charter&)> with(const charter::Limit& limit)
{
    return [limit](charter::Charter& charter) {
        charter.limits = {limit};
        for (auto& rule : charter.rules)
            if (!rule.approvals.is_none())
                rule.kinds = {charter::RequestKind::transfer, charter::RequestKind::bump, charter::RequestKind::void_};
    };
}

class Limits {
public:
    explicit Limits(const charter::Limit& limit) : vault{with(limit)} {}

    /// A transfer of its own nonce, one a call.
    bundle::CarriedRequest transfer(std::uint64_t amount)
    {
        ++m_number;
        return vault.approved({.id = id_number(m_number),
                               .payloads = {vault.transfer("exchange", ether(amount), m_number - 1U)}});
    }

    /// The error code of the first request that was not signed; empty when all were.
    std::string sign(const std::vector<bundle::CarriedRequest>& requests, const std::vector<std::string>& asked)
    {
        std::vector<std::pair<std::string, std::string>> payments;
        for (const auto& amount : asked)
            payments.emplace_back("exchange", amount);
        std::filesystem::remove(vault.receipt_file());
        if (asked.empty())
            vault.environment->terminal.detach();
        else
            vault.expect_agreement(payments);
        last = vault.sign(vault.bundle(requests));
        return code_of(last);
    }
    std::string sign(std::uint64_t amount) { return sign({transfer(amount)}, {std::to_string(amount)}); }
    std::string refuse(std::uint64_t amount) { return sign({transfer(amount)}, {}); }

    /// Of the appliance; the machine's stays.
    void set_clock(UtcTime wanted)
    {
        vault.environment->terminal.expect("Set it to", "y");
        ASSERT_EQ(vault.run({"clock", "set", format_time(wanted), "--json"}).status, 0);
    }

    void wait(Duration span) { vault.set_now(vault.now() + span); }

    TestVault vault;
    Run last;

private:
    std::uint8_t m_number = 0;
};

TEST(ApplianceLimits, AddUpOverSessionsWithFees) // E17: splitting
{
    Limits week{week_of(10)};
    EXPECT_EQ(week.sign(5), "");
    EXPECT_NE(week.last.screen.find("after this 4.99895 of 10 ETH in 7 days (week)"), std::string::npos) << week.last.screen;
    EXPECT_EQ(week.refuse(5), "limit_velocity"); // 10 ETH and two fees
    EXPECT_EQ(week.last.status, 4);
    EXPECT_EQ(week.vault.receipt().results[0].outcome, bundle::Outcome::refused);
    week.wait(hours(1));
    EXPECT_EQ(week.sign(4), "");
    EXPECT_EQ(week.refuse(1), "limit_velocity");
}

TEST(ApplianceLimits, SlideByTheClockOfTheAppliance) // E18
{
    Limits week{week_of(6)};
    const auto start = week.vault.now();
    EXPECT_EQ(week.sign(5), "");
    week.vault.set_now(start + days(7));
    EXPECT_EQ(week.refuse(5), "limit_velocity");
    week.vault.set_now(start + days(7) + Duration{1});
    EXPECT_EQ(week.sign(5), "");
}

TEST(ApplianceLimits, CountRequestsOfOneBundleOneAfterTheOther) // E17: parallel requests
{
    Limits week{week_of(10)};
    EXPECT_EQ(week.sign({week.transfer(5), week.transfer(6), week.transfer(4)}, {"5", "4"}), "limit_velocity");
    const auto results = week.vault.receipt().results;
    EXPECT_EQ(results[0].outcome, bundle::Outcome::signed_);
    EXPECT_EQ(results[1].code, "limit_velocity");
    EXPECT_EQ(results[2].outcome, bundle::Outcome::signed_);
}

TEST(ApplianceLimits, CountWhatIsSignedOnlyOnceHoweverOftenItIsAskedFor)
{
    Limits week{week_of(10)};
    const auto first = week.transfer(5);
    EXPECT_EQ(week.sign({first}, {"5"}), "");
    EXPECT_EQ(week.sign({first, week.transfer(4)}, {"4"}), "");
}

TEST(ApplianceLimits, WhatIsDeclinedIsNotCharged)
{
    Limits week{week_of(10)};
    const auto first = week.transfer(9);
    week.vault.environment->terminal.expect("is that the date?", "y").expect("to sign; n declines", "n");
    EXPECT_EQ(week.vault.sign(week.vault.bundle({first})).status, 10);
    EXPECT_EQ(week.sign({first}, {"9"}), "");
}

TEST(ApplianceLimits, AnIntentKeepsItsChargeAndARerunIsChargedAnewNotTwice)
{
    Limits four_hours{week_of(10, hours(4))};
    const auto start = four_hours.vault.now();
    const auto first = four_hours.transfer(6);
    const auto sound = four_hours.vault.parts.make_signer;
    four_hours.vault.parts.make_signer = [sound](const auto& session, const auto& key) {
        return std::make_unique<FaultySigner>(sound(session, key));
    };
    EXPECT_EQ(four_hours.sign({first}, {"6"}), "sig_verify");
    four_hours.vault.parts.make_signer = sound;
    EXPECT_EQ(four_hours.refuse(5), "limit_velocity");

    // Signed three hours later, it counts from then on.
    four_hours.vault.set_now(start + hours(3));
    EXPECT_EQ(four_hours.sign({first, four_hours.transfer(3)}, {"6", "3"}), "");
    four_hours.vault.set_now(start + hours(7));
    EXPECT_EQ(four_hours.refuse(2), "limit_velocity");
    four_hours.vault.set_now(start + hours(7) + Duration{1});
    EXPECT_EQ(four_hours.sign(9), "");
}

TEST(ApplianceLimits, AnIntentComesOnceInABundle)
{
    Limits week{week_of(10)};
    const auto first = week.transfer(6);
    const auto sound = week.vault.parts.make_signer;
    week.vault.parts.make_signer = [sound](const auto& session, const auto& key) {
        return std::make_unique<FaultySigner>(sound(session, key));
    };
    EXPECT_EQ(week.sign({first}, {"6"}), "sig_verify");
    week.vault.parts.make_signer = sound;
    week.wait(hours(1));
    EXPECT_EQ(week.sign({first, first}, {}), "malformed");
    EXPECT_EQ(week.sign({first}, {"6"}), "");
}

TEST(ApplianceLimits, AreFullForOneSpanAfterAStepBack) // E17: time
{
    Limits limits{week_of(10, days(2))};
    const auto start = limits.vault.now();
    EXPECT_EQ(limits.sign(1), "");
    limits.set_clock(start - minutes(5));
    EXPECT_EQ(limits.refuse(1), "limit_velocity");
    EXPECT_NE(limits.last.out.find("the clock was set back"), std::string::npos) << limits.last.out;
    limits.vault.set_now(start + days(2));
    EXPECT_EQ(limits.refuse(1), "limit_velocity");
    limits.vault.set_now(start + days(2) + Duration{1});
    EXPECT_EQ(limits.sign(9), "");
    EXPECT_EQ(limits.refuse(1), "limit_velocity");
}

TEST(ApplianceLimits, CreditAStepForwardWithAMonthAtMost) // E17: time
{
    Limits limits{week_of(10, days(40))};
    const auto start = limits.vault.now();
    EXPECT_EQ(limits.sign(9), "");
    limits.vault.set_now(start + days(60));
    limits.set_clock(start + days(60));
    EXPECT_EQ(limits.refuse(1), "limit_velocity");
    limits.vault.set_now(start + days(69));
    EXPECT_EQ(limits.refuse(1), "limit_velocity");
    limits.vault.set_now(start + days(69) + Duration{1});
    EXPECT_EQ(limits.sign(9), "");
}

TEST(ApplianceLimits, ABumpOfWhatWasSignedHereAddsTheIncreaseOfItsFee)
{
    auto tight = week_of(9);
    tight.amount = ether(9) + Uint256{1'500'000'000'000'000}; // a fee at 50 gwei is 1,050,000 gwei
    tight.count = 1;
    Limits limits{tight};
    limits.vault.keep_image("before");
    const auto first = limits.transfer(9);
    EXPECT_EQ(limits.sign({first}, {"9"}), "");
    const auto receipt = limits.vault.receipt();
    const auto bump = [&](std::uint64_t gwei, std::uint8_t number) {
        const auto replaced = requests::digest_of(artefacts::Artefact::decode(first.submission.request, artefacts::Kind::request));
        auto carried = limits.vault.approved({.id = id_number(number),
                                              .kind = charter::RequestKind::bump,
                                              .payloads = {limits.vault.transfer("exchange", ether(9), 0,
                                                                                 [&](auto& plan) { plan.max_fee_per_gas = Uint256{gwei * 1'000'000'000}; })},
                                              .replaces = replaced});
        carried.submission.predecessors = {{first.submission.request, first.submission.payloads, {{receipt.results[0].signatures[0].signature}}}};
        return carried;
    };
    EXPECT_EQ(limits.sign({bump(80, 100)}, {}), "limit_velocity");
    EXPECT_EQ(limits.sign({bump(70, 101)}, {"9"}), "");

    // An appliance that has not signed what it replaces counts all of it.
    limits.vault.put_back_image("before");
    EXPECT_EQ(limits.sign({bump(70, 102)}, {"9"}), "");
    EXPECT_EQ(limits.sign({limits.vault.approved({.id = id_number(103), .payloads = {limits.vault.transfer("exchange", 1, 1)}})}, {}),
              "limit_velocity");
}

TEST(ApplianceLimits, AmendedLimitsCountThePast)
{
    TestVault vault;
    vault.expect_agreement({{"exchange", "5"}});
    ASSERT_EQ(vault.sign(vault.bundle({vault.approved({.id = id_number(1), .payloads = {vault.transfer("exchange", ether(5), 0)}})})).status, 0);
    append(vault.chain(), seal(amended(vault.chain(), with(week_of(7)))), {"alice", "bob", "dave"});
    std::filesystem::remove(vault.receipt_file());
    vault.environment->terminal.detach();
    expect_error(vault.sign(vault.bundle({vault.approved({.id = id_number(2), .payloads = {vault.transfer("exchange", ether(3), 1)}})})), 4,
                 "limit_velocity");
}

} // namespace
} // namespace coffer::test
