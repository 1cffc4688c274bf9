#include "core/console/output.h"

#include "core/base/text.h"
#include "tests/support/test_environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

namespace coffer::console {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string coloured(test::TestEnvironment& parts, Colour wanted = Colour::on)
{
    auto environment = parts.environment();
    return Output{environment, "p", Format::text, Verbosity::normal, wanted}.styler().bad("word");
}

TEST(Output, ColoursOnlyATerminalThatWantsIt)
{
    test::TestEnvironment parts;
    EXPECT_EQ(coloured(parts), "word");
    parts.out_is_terminal = true;
    EXPECT_EQ(coloured(parts), "\x1b[31mword\x1b[0m");
    EXPECT_EQ(coloured(parts, Colour::off), "word");
    parts.variables["TERM"] = "dumb";
    EXPECT_EQ(coloured(parts), "word");
    parts.variables["TERM"] = "xterm";
    parts.variables["NO_COLOR"] = "";
    EXPECT_EQ(coloured(parts), "\x1b[31mword\x1b[0m");
    parts.variables["NO_COLOR"] = "0";
    EXPECT_EQ(coloured(parts), "word");
}

TEST(Output, EscapesWhatAStylerMarks)
{
    EXPECT_EQ(Styler{Colour::on}.strong("a\x1b[8mb"), "\x1b[1ma\\x1b[8mb\x1b[0m");
    EXPECT_EQ(Styler{Colour::off}.strong("a\x1b[8mb"), "a\\x1b[8mb");
}

TEST(Output, LetsOnlyItsOwnSequencesThrough)
{
    EXPECT_EQ(safe_line("\x1b[31mred\x1b[0m \x1b[2J\x1b]52;c;x\x07 \x1b[38;5;1m", Colour::on),
              "\x1b[31mred\x1b[0m \\x1b[2J\\x1b]52;c;x\\x07 \\x1b[38;5;1m");
    EXPECT_EQ(safe_line("\x1b[31mred\x1b[0m", Colour::off), "\\x1b[31mred\\x1b[0m");
}

TEST(Output, WritesOneRecordAsOneLine)
{
    test::TestEnvironment parts;
    auto environment = parts.environment();
    Output output{environment, "p", Format::text, Verbosity::normal, Colour::on};
    CommandResult result;
    result.text = {"memo a\nrequest 2 approved", "b\rc"};
    output.result(result);
    EXPECT_EQ(parts.out.str(), "memo a\\x0arequest 2 approved\nb\\x0dc\n");
    output.message("x\ny");
    output.warning("swap\nis on");
    EXPECT_EQ(parts.err.str(), "x\\x0ay\np: warning: swap\\x0ais on\n");
}

TEST(Output, ShowsTheDocumentWhenThereIsNoText)
{
    test::TestEnvironment parts;
    auto environment = parts.environment();
    CommandResult result;
    result.document.set("id", "0191").set("status", "open");
    Output{environment, "p", Format::text, Verbosity::normal, Colour::on}.result(result);
    EXPECT_EQ(parts.out.str(), "id      0191\nstatus  open\n");
    CommandResult nothing;
    nothing.document = Document{};
    Output{environment, "p", Format::json, Verbosity::normal, Colour::on}.result(nothing);
    EXPECT_EQ(parts.out.str(), "id      0191\nstatus  open\n");
}

TEST(Output, KeepsMessagesQuiet)
{
    test::TestEnvironment parts;
    auto environment = parts.environment();
    Output output{environment, "p", Format::text, Verbosity::quiet, Colour::on};
    output.message("hello");
    EXPECT_EQ(parts.err.str(), "");
    output.warning("swap is on");
    EXPECT_EQ(parts.err.str(), "p: warning: swap is on\n");
}

TEST(WrapHard, CutsNothing)
{
    EXPECT_THAT(wrap_hard("one two three", 7), ElementsAre("one two", "three"));
    EXPECT_THAT(wrap_hard("abcdefghij", 4), ElementsAre("abcd", "efgh", "ij"));
    EXPECT_THAT(wrap_hard("a abcdefgh b", 4), ElementsAre("a", "abcd", "efgh", "b"));
    EXPECT_THAT(wrap_hard("", 4), ElementsAre(""));
    EXPECT_THAT(wrap_hard("ääääää", 4), ElementsAre("ääää", "ää"));
    EXPECT_THAT(wrap_hard("漢字漢字", 5), ElementsAre("漢字", "漢字"));
    EXPECT_THAT(wrap_hard("漢", 1), ElementsAre("漢"));
    for (std::size_t width = 1; width < 40; ++width) {
        const std::string text = "a memo with averyveryverylongwordinside and   blanks";
        auto whole = join(wrap_hard(text, width), "");
        auto expected = text;
        std::erase(whole, ' ');
        std::erase(expected, ' ');
        EXPECT_EQ(whole, expected);
        for (const auto& line : wrap_hard(text, width))
            EXPECT_LE(display_width(line), width);
    }
}

TEST(Table, AlignsAndFitsTheScreen)
{
    Table table{{{"id"}, {"amount", Align::right}, {"memo"}}};
    table.add({"0191f3c2", "1.5", "rent"}).add({"0191f3c3", "1200", "x\x1b[2J"});
    EXPECT_THAT(table.lines(80),
                ElementsAre("id        amount  memo", "0191f3c2     1.5  rent", "0191f3c3    1200  x\\x1b[2J"));

    Table wide{{{"id"}, {"memo"}}};
    wide.add({"0191f3c2", std::string(200, 'm')});
    std::size_t letters = 0;
    for (const auto& line : wide.lines(80)) {
        EXPECT_LE(display_width(line), 80U);
        if (line != wide.lines(80).front())
            letters += static_cast<std::size_t>(std::ranges::count(line, 'm'));
    }
    EXPECT_EQ(letters, 200U);
    EXPECT_EQ(wide.lines(std::numeric_limits<std::size_t>::max()).size(), 2U);
    EXPECT_THAT(wide.lines(80)[1], testing::StartsWith("0191f3c2  m"));
}

TEST(Table, HasNoTitlesWhenItsColumnsHaveNone)
{
    Table table{{{}, {}}};
    EXPECT_TRUE(table.empty());
    EXPECT_THAT(table.add({"a", "b"}).lines(80), ElementsAre("a  b"));
}

TEST(Output, WrapsTablesOnlyOnATerminal)
{
    test::TestEnvironment parts;
    auto pipe = parts.environment();
    EXPECT_EQ((Output{pipe, "p", Format::text, Verbosity::normal, Colour::on}.width()),
              std::numeric_limits<std::size_t>::max());
    parts.out_is_terminal = true;
    parts.columns = 40;
    auto narrow = parts.environment();
    EXPECT_EQ((Output{narrow, "p", Format::text, Verbosity::normal, Colour::on}.width()), 80U);
}

std::string progress_of(test::TestEnvironment& parts, Verbosity verbosity = Verbosity::normal)
{
    auto environment = parts.environment();
    Output output{environment, "p", Format::text, verbosity, Colour::on};
    {
        auto progress = output.progress("signing", 1000);
        for (int i = 0; i < 10; ++i) {
            parts.monotonic += std::chrono::milliseconds{400};
            progress.advance(50);
        }
    }
    return parts.err.str();
}

TEST(Progress, ShowsHowFarAndHowLongAfterASecondAndErasesItself)
{
    test::TestEnvironment parts;
    parts.err_is_terminal = true;
    const auto shown = progress_of(parts);
    EXPECT_THAT(shown, Not(HasSubstr(" 100 of 1000")));
    EXPECT_THAT(shown, HasSubstr("\rsigning  [###.................]  150 of 1000  5 s left"));
    EXPECT_THAT(shown, HasSubstr("500 of 1000  4 s left"));
    EXPECT_TRUE(shown.ends_with("\r\x1b[K"));
    EXPECT_EQ(parts.out.str(), "");
}

TEST(Progress, IsSilentForShortWorkPipesAndQuiet)
{
    test::TestEnvironment pipe;
    EXPECT_EQ(progress_of(pipe), "");
    test::TestEnvironment quiet;
    quiet.err_is_terminal = true;
    EXPECT_EQ(progress_of(quiet, Verbosity::quiet), "");
    test::TestEnvironment quick;
    quick.err_is_terminal = true;
    auto environment = quick.environment();
    Output output{environment, "p", Format::text, Verbosity::normal, Colour::on};
    output.progress("signing", 10).set(10);
    EXPECT_EQ(quick.err.str(), "");
}

TEST(Progress, FitsTheScreenAndAnEmptyTotal)
{
    test::TestEnvironment parts;
    parts.err_is_terminal = true;
    parts.columns = 30;
    auto environment = parts.environment();
    Output output{environment, "p", Format::text, Verbosity::normal, Colour::on};
    auto progress = output.progress("a long\x1b[2J explanation of what is done", 0);
    parts.monotonic = std::chrono::milliseconds{2000};
    progress.set(5);
    EXPECT_EQ(parts.err.str(), "\ra long\\x1b[2J explanation of \x1b[K");
}

} // namespace
} // namespace coffer::console
