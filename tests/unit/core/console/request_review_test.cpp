#include "core/console/request_review.h"

#include "core/base/text.h"
#include "tests/support/scripted_books.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coffer::console {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using test::Proposal;

constexpr UtcTime now = test::founding_day + days(30);

class RequestReview : public testing::Test {
protected:
    requests::Judgement judge(const Proposal& proposal, const std::vector<std::string>& approvers = {},
                              const std::vector<std::string>& rejecters = {})
    {
        auto submission = test::submission_of(proposal, chain, now);
        const auto digest = requests::digest_of(artefacts::Artefact::decode(submission.request, artefacts::Kind::request));
        for (const auto& officer : approvers)
            submission.votes.push_back(test::vote_of(officer, digest, requests::VoteDecision::approve, chain, now));
        for (const auto& officer : rejecters)
            submission.votes.push_back(test::vote_of(officer, digest, requests::VoteDecision::reject, chain, now));
        return requests::examine(chain, submission, {.clock = now, .latest = now, .known_for = {}, .earlier_rejections = {}});
    }

    Review review(const Proposal& proposal, RequestReviewFacts facts = {.now = now})
    {
        return describe_for_review(judge(proposal), chain.charter(), facts);
    }

    static std::vector<std::string> titles(const Review& review)
    {
        std::vector<std::string> all;
        for (const auto& warning : review.warnings)
            all.push_back(warning.title);
        return all;
    }

    static std::string text(const Review& review, TerminalSize size = {80, 400})
    {
        std::string all;
        for (const auto& page : render(review, size))
            for (const auto& line : page)
                all += line + "\n";
        return all;
    }

    void change(const std::function<void(charter::Charter&)>& edit)
    {
        auto charter = test::example_charter();
        edit(charter);
        chain = test::founded(charter);
    }

    charter::PolicyChain chain = test::founded(test::example_charter());
};

TEST_F(RequestReview, SaysWhatLeavesToWhomAndWhoApproved)
{
    const auto judged = judge({.nonce = 41}, {"bob", "carol"});
    const auto made = describe_for_review(judged, chain.charter(), {.now = now, .title = "Request 2 of 5"});
    EXPECT_THAT(titles(made), IsEmpty());
    EXPECT_EQ(made.title, "Request 2 of 5");
    EXPECT_EQ(made.fingerprint, requests::fingerprint(judged.open.digest));
    const auto shown = text(made);
    EXPECT_THAT(shown, HasSubstr("5 ETH leaves eth-cold (cold) for exchange\n"));
    const auto& chain_of = chain.charter().chain("ethereum");
    EXPECT_THAT(shown, HasSubstr(in_groups(chains::format_of(chain_of).format_address(test::address_named("exchange"), chain_of))));
    EXPECT_THAT(shown, HasSubstr("in the address book"));
    EXPECT_THAT(shown, HasSubstr("at most 0.00042 ETH (0.009 % of the payment)"));
    EXPECT_THAT(shown, HasSubstr("ethereum (chain 1), nonce 41"));
    EXPECT_THAT(shown, HasSubstr("requested by  alice"));
    EXPECT_THAT(shown, HasSubstr("approved by   bob (finance, admin), 18 December 2026 11:06 UTC"));
    EXPECT_THAT(shown, HasSubstr("approved by   carol (finance)"));
    EXPECT_THAT(shown, HasSubstr("small: needs 2 of finance"));
    EXPECT_THAT(shown, Not(HasSubstr("still needs")));
    EXPECT_THAT(shown, HasSubstr("(environment test)"));
}

TEST_F(RequestReview, FitsOnOnePageOfASmallTerminal)
{
    const auto made = describe_for_review(judge({}, {"bob", "carol"}), chain.charter(), {.now = now});
    EXPECT_EQ(render(made, {80, 24}).size(), 1U);
}

TEST_F(RequestReview, SaysWhatIsStillNeeded)
{
    EXPECT_THAT(text(review({})), HasSubstr("still needs   2 of finance"));
}

TEST_F(RequestReview, WarnsOfAnUnknownDestination)
{
    change([](charter::Charter& charter) { charter.rules[0].destinations.kind = charter::DestinationClass::Kind::any; });
    const auto made = review({.payments = {{"stranger", test::ether(1)}}});
    EXPECT_THAT(titles(made), ElementsAre("Unknown destination"));
    EXPECT_THAT(text(made), HasSubstr("for an address that is not in the address book"));
    EXPECT_THAT(titles(review({})), IsEmpty());
}

TEST_F(RequestReview, WarnsOfARuleWithoutACeilingForItsFee)
{
    change([](charter::Charter& charter) {
        for (auto& rule : charter.rules)
            rule.max_fee.reset();
    });
    EXPECT_THAT(titles(review({})), ElementsAre("No ceiling for the fee"));
}

TEST_F(RequestReview, WarnsOfALookAlike)
{
    const auto real = test::address_named("exchange");
    auto fake = test::address_named("attacker");
    fake[0] = real[0];
    fake[1] = real[1];
    fake[18] = real[18];
    fake[19] = real[19];
    change([&](charter::Charter& charter) { charter.destinations.push_back({"exchange-two", "ethereum", fake}); });
    const auto made = review({});
    ASSERT_THAT(titles(made), ElementsAre("Similar address"));
    EXPECT_THAT(made.warnings[0].sentence, HasSubstr("exchange-two"));
    fake[19] ^= 1; // three of four characters
    change([&](charter::Charter& charter) { charter.destinations.push_back({"exchange-two", "ethereum", fake}); });
    EXPECT_THAT(titles(review({})), IsEmpty());
}

TEST_F(RequestReview, WarnsOfANewDestination)
{
    RequestReviewFacts facts{.now = now, .in_address_book_since = {{"exchange", now - days(2)}}};
    const auto made = review({}, facts);
    ASSERT_THAT(titles(made), ElementsAre("New destination"));
    EXPECT_EQ(made.warnings[0].sentence, "exchange was added to the address book 2 days ago");
    facts.in_address_book_since = {{"exchange", now - days(7)}};
    EXPECT_THAT(titles(review({}, facts)), IsEmpty());
    EXPECT_THAT(text(review({}, facts)), HasSubstr("in the address book since 2026-12-11"));
}

TEST_F(RequestReview, WarnsOfADestinationThatTheCharterInForceBrought)
{
    RequestReviewFacts facts{.now = now, .in_address_book_by = {{"exchange", 2}}};
    EXPECT_THAT(titles(review({}, facts)), IsEmpty());
    EXPECT_THAT(text(review({}, facts)), HasSubstr("in the address book since charter 2"));
    test::append(chain, seal(test::amended(chain, [](charter::Charter& charter) { charter.name = "Renamed"; })),
                 {"alice", "bob", "dave"});
    const auto version = chain.charter().version;
    ASSERT_GT(version, 1U);
    facts.in_address_book_by = {{"exchange", version}};
    const auto made = review({}, facts);
    ASSERT_THAT(titles(made), ElementsAre("New destination"));
    EXPECT_EQ(made.warnings[0].sentence,
              "exchange was added to the address book by charter " + std::to_string(version) + ", the one in force");
}

TEST_F(RequestReview, WarnsOfAFeeOverOnePercent)
{
    // 21000 gas at 20 gwei are 0.00042 ETH.
    EXPECT_THAT(titles(review({.payments = {{"exchange", Uint256{41'000'000'000'000'000U}}}})), ElementsAre("High fee"));
    EXPECT_THAT(titles(review({.payments = {{"exchange", Uint256{42'000'000'000'000'000U}}}})), IsEmpty());
}

TEST_F(RequestReview, WarnsOfAWholeLimit)
{
    EXPECT_THAT(titles(review({.payments = {{"exchange", test::ether(10)}}})), ElementsAre("Whole limit"));
    EXPECT_THAT(titles(review({.payments = {{"exchange", test::ether(4)}, {"supplier", test::ether(6)}}})), ElementsAre("Whole limit"));
}

TEST_F(RequestReview, WarnsOfTheLastHour)
{
    EXPECT_THAT(titles(review({.life = minutes(59)})), ElementsAre("Expires soon"));
    EXPECT_THAT(titles(review({.life = minutes(60)})), IsEmpty());
}

TEST_F(RequestReview, WarnsOfVotesThatCountNothingAndOfRejections)
{
    auto made = describe_for_review(judge({}, {"bob", "dave"}), chain.charter(), {.now = now});
    EXPECT_THAT(titles(made), ElementsAre("Vote that does not count"));
    made = describe_for_review(judge({}, {"bob"}, {"carol"}), chain.charter(), {.now = now});
    EXPECT_THAT(titles(made), ElementsAre("Rejection"));
    made = describe_for_review(judge({}, {}, {"dave"}), chain.charter(), {.now = now});
    EXPECT_THAT(titles(made), Contains("Not to be signed"));
}

TEST_F(RequestReview, WarnsOfAPaymentToOurselves)
{
    change([](charter::Charter& charter) { charter.rules[0].destinations.kind = charter::DestinationClass::Kind::any; });
    auto payloads = test::payloads_of({});
    const auto& wallet = chain.charter().wallet("eth-cold");
    payloads[0] = evm::encode_unsigned(evm::build_transfer({.chain_id = 1,
                                                            .nonce = 0,
                                                            .gas_limit = 21'000,
                                                            .max_fee_per_gas = Uint256{1'000'000'000},
                                                            .max_priority_fee_per_gas = Uint256{1},
                                                            .recipient = evm::Address::from(wallet.address),
                                                            .amount = test::ether(1),
                                                            .token = std::nullopt}));
    auto artefact = encode(test::request_for({}, chain, payloads, now));
    artefact.sign(test::key_named("alice"));
    const auto judged = requests::examine(chain, {.request = artefact.encode(), .payloads = payloads, .votes = {}},
                                          {.clock = now, .latest = now, .known_for = {}, .earlier_rejections = {}});
    const auto made = describe_for_review(judged, chain.charter(), {.now = now});
    EXPECT_THAT(titles(made), Contains("Self payment"));
    EXPECT_THAT(challenge_content(judged, chain.charter()).payments, IsEmpty());
    EXPECT_EQ(challenge_content(judged, chain.charter()).fingerprint, made.fingerprint);
}

TEST_F(RequestReview, SumsUpManyPaymentsUnknownOnesFirst)
{
    change([](charter::Charter& charter) { charter.rules[0].destinations.kind = charter::DestinationClass::Kind::any; });
    const auto made = review({.payments = {{"exchange", test::ether(1)}, {"supplier", test::ether(2)}, {"exchange", test::ether(3)},
                                           {"stranger", test::ether(1)}}});
    const auto shown = text(made);
    EXPECT_THAT(shown, HasSubstr("7 ETH leaves eth-cold\n"));
    EXPECT_THAT(shown, HasSubstr("4 payments to 3 destinations"));
    const auto unknown_total = shown.find("Total of 1 payment\n  1 ETH leaves eth-cold (cold) for an address");
    const auto known_total = shown.find("Total of 2 payments\n  4 ETH leaves eth-cold (cold) for exchange");
    const auto unknown_payment = shown.find("Payment 4 of 4");
    const auto first_payment = shown.find("Payment 1 of 4");
    ASSERT_NE(unknown_total, std::string::npos) << shown;
    ASSERT_NE(known_total, std::string::npos) << shown;
    EXPECT_LT(unknown_total, known_total);
    EXPECT_LT(known_total, unknown_payment);
    EXPECT_LT(unknown_payment, first_payment);
    EXPECT_LT(first_payment, shown.find("Payment 2 of 4"));
}

TEST_F(RequestReview, ShowsARefusalOfTheRules)
{
    const auto made = review({.payments = {{"stranger", test::ether(1)}}});
    EXPECT_EQ(titles(made).front(), "Not to be signed");
    EXPECT_THAT(text(made), HasSubstr("1 ETH leaves eth-cold"));
}

} // namespace
} // namespace coffer::console
