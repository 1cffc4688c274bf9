// What the appliance keeps of a bundle that it refuses, and what changes between review and signature.

#include "formats/evm/address.h"
#include "tests/support/vault/vault_fixture.h"

namespace coffer::test {
namespace {

bundle::CarriedRequest approved_payment(const TestVault& vault)
{
    return vault.approved({.payloads = {vault.transfer("exchange", ether(5))}});
}

TEST(Latching, KeepsTheAmendmentThatRetiresTheAppliance)
{
    for (const bool is_verified_only : {true, false}) {
        TestVault vault;
        const auto before = vault.bundle({approved_payment(vault)});
        append(vault.chain(), seal(amended(vault.chain(), [](charter::Charter& next) {
                   next.appliances.front().state = charter::Appliance::State::standby;
               })),
               {"alice", "bob", "dave"});
        write(vault.file("amendment"), vault.bundle({}));
        const auto seen = is_verified_only ? vault.run({"verify", vault.file("amendment").string(), "--json"})
                                           : vault.sign(vault.bundle({}));
        EXPECT_EQ(seen.status, 4);
        EXPECT_EQ(json_text(seen.out, "code"), "appliance_inactive");

        // A carrier who leaves the amendment out of the next bundle finds it known.
        vault.environment->terminal.detach();
        const auto run = vault.sign(before);
        EXPECT_EQ(run.status, 4) << run.out;
        EXPECT_EQ(json_text(run.out, "code"), "appliance_inactive");
        EXPECT_FALSE(std::filesystem::exists(vault.receipt_file()));
    }
}

TEST(Latching, KeepsWhatABundleOfTooManyRequestsShows)
{
    TestVault vault;
    std::vector<bundle::CarriedRequest> requests;
    for (std::uint8_t i = 0; i < 11; ++i)
        requests.push_back(vault.approved({.id = make_request_id(founding_day, {0, 0, 0, 0, 0, 0, 0, 0, 1, i}),
                                           .payloads = {vault.transfer("exchange", ether(1), i)}}));
    requests.push_back(vault.approved({.id = make_request_id(founding_day, {2}), .payloads = {vault.transfer("exchange", ether(1), 11)}},
                                      {{.officer = "alice"}, {.officer = "bob", .decision = requests::VoteDecision::reject}}));
    const auto run = vault.sign(vault.bundle(requests));
    EXPECT_EQ(run.status, 4);
    EXPECT_EQ(json_text(run.out, "code"), "too_many_requests");
    EXPECT_EQ(std::ranges::count(vault.log_types(), "rejection_seen"), 1);
}

TEST(Latching, LimitsTheDelaysThatOneBundleBegins)
{
    TestVault vault{[](charter::Charter& charter) { charter.rules.front().delay = hours(6); }};
    std::vector<bundle::CarriedRequest> requests;
    for (std::size_t i = 0; i <= appliance::most_first_sights; ++i)
        requests.push_back(vault.approved({.id = make_request_id(founding_day, {0, 0, 0, 0, 0, 0, 0, 0, 1, static_cast<std::uint8_t>(i)}),
                                           .payloads = {vault.transfer("exchange", ether(1), i % 64)}},
                                          {}));
    write(vault.file("many"), vault.bundle(requests));
    vault.environment->terminal.expect("is that the date?", "y");
    const auto run = vault.run({"verify", vault.file("many").string(), "--json"});
    EXPECT_EQ(std::ranges::count(vault.log_types(), "first_seen"), static_cast<std::ptrdiff_t>(appliance::most_first_sights));
    EXPECT_NE(run.out.find("\"code\":\"limit\""), std::string::npos);
}

TEST(Latching, LimitsTheLinksThatOneBundleAdds)
{
    const auto with_cancels = [](TestVault& vault, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            append(vault.chain(),
                   charter::encode_cancel({.header = example_header,
                                  .request = RequestDigest{crypto::sha256(bytes_of(std::to_string(i)))},
                                  .officer = "olga",
                                  .time = founding_day,
                                  .reason = ""}),
                   {"olga"});
        vault.environment->terminal.detach();
        write(vault.file("links"), vault.bundle({}));
        return vault.run({"verify", vault.file("links").string(), "--json"});
    };
    TestVault vault;
    const auto refused = with_cancels(vault, appliance::most_new_links + 1);
    EXPECT_EQ(json_text(refused.out, "code"), "limit");
    EXPECT_EQ(std::ranges::count(vault.log_types(), "linked"), 0);
    TestVault twin;
    EXPECT_EQ(with_cancels(twin, appliance::most_new_links).status, 0);
}

TEST(Sign, RefusesWhatExpiredWhileItWasReviewed)
{
    TestVault vault;
    auto* clock = &vault.environment->clock;
    const auto answer = challenge_answer(evm::format_address(evm::Address::from(address_named("exchange"))), "5");
    vault.expect_agreement({});
    vault.environment->terminal.expect("to sign; n declines", [=](const std::string& transcript) {
        clock->advance(hours(11));
        return answer(transcript);
    });
    const auto run = vault.sign(vault.bundle({approved_payment(vault)}));
    EXPECT_EQ(run.status, 5) << run.out << run.screen;
    EXPECT_EQ(json_text(run.out, "code"), "appr_expired");
    EXPECT_EQ(vault.receipt().results.at(0).outcome, bundle::Outcome::refused);
    EXPECT_EQ(std::ranges::count(vault.log_types(), "intended"), 0);
}

TEST(Sign, ShowsTheHeadThatTheNextSessionAsksForWhenItHandsOutAReceiptAgain)
{
    TestVault vault;
    const auto bundle = vault.bundle({approved_payment(vault)});
    vault.expect_agreement({{"exchange", "5"}});
    const auto first = vault.sign(bundle);
    ASSERT_EQ(first.status, 0) << first.out << first.screen;
    write(vault.file("next"), vault.bundle({vault.approved({.id = make_request_id(founding_day, {1}),
                                                            .payloads = {vault.transfer("exchange", ether(6), 1)}})}));
    ASSERT_EQ(vault.run({"verify", vault.file("next").string()}).status, 0);
    const auto again = vault.sign(bundle);
    EXPECT_EQ(json_text(again.out, "head"), json_text(first.out, "head"));
}

} // namespace
} // namespace coffer::test
