#include "core/console/review.h"

#include "core/base/text.h"
#include "tests/support/scripted_terminal.h"
#include "tests/support/vectors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coffer::console {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string exchange = "0x8B3392483BA26D65E331dB86D4F430E9B3814512";

Review withdrawal()
{
    return {
        .title = "Request 1 of 1",
        .fingerprint = "apple-river-seven-candle-north-violin",
        .warnings = {{"New destination", "added to the address book 2 days ago."}},
        .sections = {{.title = "120 ETH leaves eth-cold for exchange-eth",
                      .rows = {{.value = exchange, .kind = ValueKind::address},
                               {.label = "fee", .value = "at most 0.0042 ETH", .note = "0.0035 % of the payment"},
                               {.label = "nonce", .value = "41"}}},
                     {.rows = {{.label = "approved by",
                                .value = "alice (finance) 13:10 · bob (finance) 13:25 · carol (compliance) 13:31"},
                               {.label = "rule", .value = "large-eth"}},
                      .lines = {"380 of 500 ETH are left this week after this."}}},
    };
}

std::string all_text(const std::vector<Page>& pages)
{
    std::string text;
    for (const auto& page : pages)
        text += join(page, "\n") + "\n";
    return text;
}

std::string without_blanks(std::string text)
{
    std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
    return text;
}

TEST(Review, ReadsWellOnEightyColumns)
{
    const auto pages = render(withdrawal(), {80, 24});
    ASSERT_EQ(pages.size(), 1U);
    EXPECT_EQ(join(pages[0], "\n"), "Request 1 of 1                             apple-river-seven-candle-north-violin\n"
                                    "\n"
                                    "! New destination: added to the address book 2 days ago.\n"
                                    "\n"
                                    "120 ETH leaves eth-cold for exchange-eth\n"
                                    "  0x8B33 9248 3BA2 6D65 E331 dB86 D4F4 30E9 B381 4512\n"
                                    "  fee    at most 0.0042 ETH   0.0035 % of the payment\n"
                                    "  nonce  41\n"
                                    "\n"
                                    "  approved by  alice (finance) 13:10 · bob (finance) 13:25 · carol (compliance)\n"
                                    "               13:31\n"
                                    "  rule         large-eth\n"
                                    "  380 of 500 ETH are left this week after this.\n"
                                    "                                                                     page 1 of 1");
}

TEST(Review, FitsEveryScreenAndCutsNothing)
{
    auto review = withdrawal();
    const std::string memo = "start" + std::string(3000, 'm') + "end";
    review.sections.push_back(
        {.title = "Memo", .rows = {{.label = "memo", .value = memo}, {.label = "amount", .value = "1 ETH"}}});
    for (const TerminalSize size : {TerminalSize{80, 24}, {40, 12}, {1, 1}, {132, 50}, {300, 24}}) {
        const auto pages = render(review, size);
        const auto width = std::clamp<std::size_t>(size.columns, 40, 100);
        std::string letters;
        for (const auto& page : pages) {
            EXPECT_LE(page.size() + 3, std::max<std::size_t>(12, size.rows));
            for (const auto& line : page) {
                EXPECT_LE(display_width(line), width) << line;
                letters += without_blanks(line);
            }
            EXPECT_THAT(page.back(), HasSubstr(" of " + std::to_string(pages.size())));
            EXPECT_THAT(without_blanks(join(page, "")), HasSubstr("apple-river-seven-candle-north-violin"));
        }
        EXPECT_EQ(std::ranges::count(letters, 'm') -
                      std::ranges::count(without_blanks(all_text(render(withdrawal(), size))), 'm'),
                  3000 + 4); // those of "Memo", "memo" and "amount"
        EXPECT_THAT(letters, HasSubstr("1ETH"));
    }
}

TEST(Review, ShowsTheAmountAfterAnyLengthOfMemo)
{
    Review review{.title = "t", .fingerprint = "", .warnings = {}, .sections = {}};
    review.sections.push_back(
        {.rows = {{.label = "memo", .value = std::string(5000, ' ') + "x"}, {.label = "amount", .value = "120 ETH"}}});
    EXPECT_THAT(all_text(render(review, {80, 24})), HasSubstr("amount  120 ETH"));
}

TEST(Review, EscapesWhatComesFromOutside)
{
    Review review{.title = "t\x1b[2J", .fingerprint = "", .warnings = {{"w\n", "s\x9b\xc2\x9b"}}, .sections = {}};
    review.sections.push_back({.title = "T\r",
                               .rows = {{.label = "memo\x08",
                                         .value = "a\nrule  large-eth\xe2\x80\xae \xe2\x80\x8b",
                                         .note = "\x1b]52;c;x\x07"},
                                        {.label = "to", .value = "0x12\x1b[1A", .kind = ValueKind::address}},
                               .lines = {"free\ttext"}});
    const auto text = all_text(render(review, {80, 24}));
    for (const char c : text)
        EXPECT_TRUE((c >= 0x20 && c < 0x7f) || c == '\n') << static_cast<int>(c);
    EXPECT_THAT(text, HasSubstr("a\\x0arule  large-eth\\u202e \\u200b"));
}

TEST(Review, CannotBeImitatedByALongValue)
{
    // The memo's lines stay in the column of values, so none of them looks like a row of its own.
    Review review{.title = "t", .fingerprint = "", .warnings = {}, .sections = {}};
    review.sections.push_back(
        {.rows = {{.label = "memo", .value = std::string(60, 'x') + " rule  small-eth, needs nobody at all"},
                  {.label = "rule", .value = "large-eth"}}});
    const auto pages = render(review, {80, 24});
    for (const auto& line : pages[0]) {
        if (line.find("small-eth") != std::string::npos) {
            EXPECT_THAT(line, testing::StartsWith("        "));
        }
    }
}

TEST(Review, PutsWarningsFirstAndThenWhatIsUnusual)
{
    auto review = withdrawal();
    review.sections.push_back(
        {.title = "Unusual section", .rows = {{.label = "a", .value = "b"}}, .weight = Weight::unusual});
    review.sections[1].rows.push_back({.label = "gas", .value = "limit of 900000", .weight = Weight::unusual});
    const auto text = all_text(render(review, {80, 50}));
    EXPECT_LT(text.find("! New destination"), text.find("! gas"));
    EXPECT_LT(text.find("! gas"), text.find("approved by"));
    EXPECT_LT(text.find("Unusual section"), text.find("120 ETH leaves"));
    EXPECT_LT(text.find("! gas"), text.find("120 ETH leaves"));
}

TEST(Review, ShowsEachOfFiveHundredOutputsAndTheUnknownOneFirst)
{
    Review review{
        .title = "Request 1 of 1", .fingerprint = "a-b-c-d-e-f", .warnings = {}, .sections = {{.title = "Outputs"}}};
    for (int i = 0; i < 500; ++i)
        review.sections[0].rows.push_back({.label = "output " + std::to_string(i) + ".",
                                           .value = exchange,
                                           .kind = ValueKind::address,
                                           .weight = i == 250 ? Weight::unusual : Weight::usual});
    const auto pages = render(review, {80, 24});
    EXPECT_GT(pages.size(), 20U);
    const auto text = all_text(pages);
    for (int i = 0; i < 500; ++i)
        EXPECT_THAT(text, HasSubstr("output " + std::to_string(i) + ". "));
    EXPECT_THAT(join(pages[0], "\n"), HasSubstr("! output 250."));
    EXPECT_EQ(text.find("! output") + 2, text.find("output"));
}

TEST(Review, NeverBreaksAGroupOfAnAddress)
{
    for (std::size_t columns = 40; columns <= 100; ++columns) {
        Review review{.title = "t", .fingerprint = "", .warnings = {}, .sections = {}};
        review.sections.push_back({.rows = {{.label = "destination", .value = exchange, .kind = ValueKind::address}}});
        const auto text = join(render(review, {columns, 24})[0], " ");
        for (const auto& group : split(in_groups(exchange), ' '))
            EXPECT_THAT(text, HasSubstr(" " + group + " "));
    }
}

TEST(PageThrough, ShowsEveryPageBeforeItComesBack)
{
    test::ScriptedTerminal terminal;
    terminal.press(Key::other)
        .press(Key::next)
        .press(Key::back)
        .press(Key::back)
        .press(Key::next)
        .press(Key::next)
        .press(Key::back);
    terminal.press(Key::next).press(Key::next);
    page_through(terminal, {{"page one"}, {"page two"}, {"page three"}});
    EXPECT_TRUE(terminal.is_finished());
    const auto& shown = terminal.transcript();
    EXPECT_LT(shown.find("page one"), shown.find("page two"));
    EXPECT_LT(shown.find("page two"), shown.find("page three"));
    EXPECT_GT(shown.rfind("page three"), shown.rfind("page two"));
    EXPECT_EQ(terminal.flush_count(), terminal.page_turns());
}

TEST(PageThrough, CanBeDeclinedOnAnyPage)
{
    for (int pages_before = 0; pages_before < 3; ++pages_before) {
        test::ScriptedTerminal terminal;
        for (int i = 0; i < pages_before; ++i)
            terminal.press(Key::next);
        terminal.press(Key::quit);
        EXPECT_ERROR(page_through(terminal, {{"one"}, {"two"}, {"three"}}), ErrorCode::declined);
    }
}

TEST(PageThrough, NeedsATerminal)
{
    test::ScriptedTerminal terminal;
    terminal.detach();
    EXPECT_ERROR(page_through(terminal, {{"one"}}), ErrorCode::presence);
}

TEST(PageThrough, ComesBackAtOnceFromASinglePage)
{
    test::ScriptedTerminal single;
    show_review(single, withdrawal());
    EXPECT_EQ(single.page_turns(), 0);
    EXPECT_THAT(single.transcript(), HasSubstr("page 1 of 1"));
}

} // namespace
} // namespace coffer::console
