#include "core/console/challenge.h"

#include "tests/support/test_environment.h"
#include "tests/support/vectors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

namespace coffer::console {
namespace {

using testing::HasSubstr;

const std::string exchange = "0x8B3392483BA26D65E331dB86D4F430E9B3814512";
const std::string shop = "0x5290000000000000000000000000000000009b7C";
const std::string bech32 = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq";
const std::string base58 = "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8";
const std::string fingerprint = "apple-river-seven-candle-north-violin";

ChallengePayment payment(std::string destination, std::string_view amount, std::string symbol = "ETH",
                         unsigned decimals = 18)
{
    return {std::move(destination), Amount{{"ethereum", std::move(symbol)}, parse_decimal(amount, decimals)}, decimals};
}

ChallengeQuestion question(std::string characters, std::string_view amount, bool case_matters)
{
    ChallengeQuestion made;
    made.characters = std::move(characters);
    made.case_matters = case_matters;
    made.amount = payment(exchange, amount).amount;
    made.decimals = 18;
    return made;
}

TEST(Challenge, AsksForSixCharactersFromTheMiddleAtEveryPosition)
{
    test::ScriptedRandom random{7};
    for (const auto& address : {exchange, bech32, base58}) {
        const auto body = address.starts_with("0x") ? address.substr(2) : address;
        std::set<std::size_t> starts;
        for (int i = 0; i < 2000; ++i) {
            const auto asked = make_challenge({{payment(address, "120")}, fingerprint}, random);
            ASSERT_EQ(asked.size(), 1U);
            ASSERT_EQ(asked[0].characters.size(), 6U);
            const auto start = body.find(asked[0].characters);
            ASSERT_NE(start, std::string::npos);
            EXPECT_THAT(asked[0].prompt, HasSubstr("characters " + std::to_string(start + 1) + " to " +
                                                   std::to_string(start + 6) + " of the destination"));
            starts.insert(start);
        }
        EXPECT_EQ(*starts.begin(), 8U);
        EXPECT_EQ(*starts.rbegin(), body.size() - 14);
        EXPECT_EQ(starts.size(), body.size() - 21);
    }
}

TEST(Challenge, AsksForTheLargestDestinationOfEachAssetAndWhatItGetsInAll)
{
    test::ScriptedRandom random{1};
    const auto asked = make_challenge({{payment(shop, "50"), payment(exchange, "30"), payment(exchange, "30.5"),
                                        payment(bech32, "7", "USDC", 6), payment(shop, "8", "USDC", 6)},
                                       fingerprint},
                                      random);
    ASSERT_EQ(asked.size(), 2U);
    EXPECT_THAT(asked[0].prompt, HasSubstr("of the largest ETH destination, and the amount in ETH"));
    EXPECT_NE(exchange.find(asked[0].characters), std::string::npos);
    EXPECT_TRUE(asked[0].is_answered_by(asked[0].characters + " 60.5"));
    EXPECT_FALSE(asked[0].is_answered_by(asked[0].characters + " 30.5"));
    EXPECT_THAT(asked[1].prompt, HasSubstr("of the largest USDC destination"));
    EXPECT_TRUE(asked[1].is_answered_by(asked[1].characters + " 8"));
}

TEST(Challenge, KeepsTheSameSymbolOfTwoChainsApart)
{
    test::ScriptedRandom random{1};
    auto other = payment(shop, "1");
    other.amount = Amount{{"base", "ETH"}, other.amount.base_units()};
    EXPECT_EQ(make_challenge({{payment(exchange, "2"), other}, ""}, random).size(), 2U);
}

TEST(Challenge, ComparesAnswersAsPeopleTypeThem)
{
    const auto hex = question("6D65E3", "120", false);
    for (const auto* right : {"6D65E3 120", "6d65e3 120", " 6d65 e3  120.0 ", "6D65E3120", "\t6D65E3\t120.000"})
        EXPECT_TRUE(hex.is_answered_by(right)) << right;
    for (const auto* wrong :
         {"", "6D65E3", "120", "6D65E3 12", "6D65E3 1200", "6D65E4 120", "6D65E3 120,0", "6D65E3 1e2", "6D65E3 +120",
          "6D65E3 120 ETH", "120 6D65E3", "6D65E3 120.0000000000000000000", "y", "yes"})
        EXPECT_FALSE(hex.is_answered_by(wrong)) << wrong;
    const auto mixed = question("bZy45s", "0.000001", true);
    EXPECT_TRUE(mixed.is_answered_by("bZy45s 0.000001"));
    EXPECT_FALSE(mixed.is_answered_by("bzy45s 0.000001"));
}

TEST(Challenge, KnowsWhereCaseMatters)
{
    test::ScriptedRandom random{1};
    EXPECT_FALSE(make_challenge({{payment(exchange, "1")}, ""}, random)[0].case_matters);
    EXPECT_FALSE(make_challenge({{payment(bech32, "1")}, ""}, random)[0].case_matters);
    EXPECT_TRUE(make_challenge({{payment(base58, "1")}, ""}, random)[0].case_matters);
}

TEST(Challenge, AsksTwoWordsOfTheFingerprintWithoutADestination)
{
    test::ScriptedRandom random{3};
    std::set<std::string> pairs;
    for (int i = 0; i < 500; ++i)
        pairs.insert(make_challenge({{}, fingerprint}, random)[0].prompt);
    EXPECT_EQ(pairs.size(), 15U);
    ChallengeQuestion asked;
    asked.characters = "river-north";
    EXPECT_TRUE(asked.is_answered_by("River north"));
    EXPECT_TRUE(asked.is_answered_by("river-north"));
    EXPECT_FALSE(asked.is_answered_by("north river"));
    EXPECT_FALSE(asked.is_answered_by("rivernorth"));
}

TEST(Challenge, ComesBackOnlyAfterTheRightAnswer)
{
    test::TestEnvironment parts;
    parts.terminal.expect("to sign; n declines", test::challenge_answer(exchange, "120"));
    require_challenge(parts.terminal, parts.random, {{payment(exchange, "120")}, fingerprint}, "to sign");
    EXPECT_TRUE(parts.terminal.is_finished());

    test::TestEnvironment words;
    words.terminal.expect("of the fingerprint, to approve", test::fingerprint_answer(fingerprint));
    require_challenge(words.terminal, words.random, {{}, fingerprint}, "to approve");
}

TEST(Challenge, AsksEveryAsset)
{
    test::TestEnvironment parts;
    const ChallengeContent content{{payment(exchange, "120"), payment(shop, "8", "USDC", 6)}, fingerprint};
    parts.terminal.expect("in ETH", test::challenge_answer(exchange, "120"))
        .expect("in USDC", test::challenge_answer(shop, "8"));
    require_challenge(parts.terminal, parts.random, content, "to sign");
    EXPECT_TRUE(parts.terminal.is_finished());

    test::TestEnvironment lazy;
    lazy.terminal.expect("in ETH", test::challenge_answer(exchange, "120"));
    for (const auto* wrong : {"8", "120"})
        lazy.terminal.expect("in USDC", wrong).expect("in ETH", test::challenge_answer(exchange, "120"));
    lazy.terminal.expect("in USDC", "");
    EXPECT_ERROR(require_challenge(lazy.terminal, lazy.random, content, "to sign"), ErrorCode::declined);
    EXPECT_TRUE(lazy.terminal.is_finished());
}

TEST(Challenge, DeclinesAtOnceOrAfterThreeWrongAnswers)
{
    for (const auto* no : {"n", " N ", "no"}) {
        test::TestEnvironment parts;
        parts.terminal.expect("n declines", no);
        EXPECT_ERROR(require_challenge(parts.terminal, parts.random, {{payment(exchange, "120")}, ""}, "to sign"),
                     ErrorCode::declined);
    }
    test::TestEnvironment parts;
    std::vector<std::string> prompts;
    const auto wrong = [&](const std::string& transcript) {
        prompts.push_back(transcript.substr(transcript.rfind("Type characters")));
        return std::string{"y"};
    };
    parts.terminal.expect("Type", wrong).expect("Type", wrong).expect("Type", wrong);
    EXPECT_ERROR(require_challenge(parts.terminal, parts.random, {{payment(exchange, "120")}, ""}, "to sign"),
                 ErrorCode::declined);
    ASSERT_EQ(prompts.size(), 3U);
    EXPECT_FALSE(prompts[0] == prompts[1] && prompts[1] == prompts[2]);
}

TEST(Challenge, TakesTheThirdAnswer)
{
    test::TestEnvironment parts;
    parts.terminal.expect("Type", "6D65E3 120")
        .expect("Type", "")
        .expect("Type", test::challenge_answer(exchange, "120"));
    require_challenge(parts.terminal, parts.random, {{payment(exchange, "120")}, ""}, "to sign");
    EXPECT_TRUE(parts.terminal.is_finished());
}

TEST(Challenge, DiscardsPastedInputBeforeEveryQuestion)
{
    test::TestEnvironment parts;
    // Pasted by someone who guessed a position; only what is typed after the question counts.
    parts.terminal.type_ahead("6D65E3 120").type_ahead("6D65E3 120");
    parts.terminal.expect("Type", "wrong").expect("Type", test::challenge_answer(exchange, "120"));
    require_challenge(parts.terminal, parts.random, {{payment(exchange, "120")}, ""}, "to sign");
    EXPECT_EQ(parts.terminal.flush_count(), 2);
    EXPECT_TRUE(parts.terminal.is_finished());
}

TEST(Challenge, NeedsATerminalAndIsInterruptedByItsEnd)
{
    test::TestEnvironment parts;
    parts.in.str("6D65E3 120\n");
    parts.variables["COFFER_CONFIRM"] = "6D65E3 120";
    parts.terminal.detach();
    EXPECT_ERROR(require_challenge(parts.terminal, parts.random, {{payment(exchange, "120")}, ""}, "to sign"),
                 ErrorCode::presence);
    test::TestEnvironment closed;
    closed.terminal.expect_and_close("Type");
    EXPECT_ERROR(require_challenge(closed.terminal, closed.random, {{payment(exchange, "120")}, ""}, "to sign"),
                 ErrorCode::interrupted);
}

} // namespace
} // namespace coffer::console
