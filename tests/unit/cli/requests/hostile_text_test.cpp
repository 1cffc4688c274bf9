#include "tests/support/harmless.h"
#include "tests/unit/cli/chains/evm/fixture.h"
#include "tests/unit/cli/requests/fixture.h"

#include <algorithm>

namespace coffer::cli {
namespace {

using coffer::test::first_harm_in;
using testing::HasSubstr;

/// CSI, C1, OSC 8 and 52, carriage return, backspace, right-to-left override, zero width, a Cyrillic letter.
const std::string hostile = "rent\x1b[2J\xc2\x9b" "1A\x1b]8;;https://evil\x07\x1b]52;c;eA==\x07\r\x08\u202e\u200b ex\u0441hange";

class TextFromOutside : public RequestCommands {
protected:
    /// As text, where no JSON escapes it; `show` and `list` included.
    std::string everything_shown(const std::string& request)
    {
        std::string all;
        for (const std::vector<std::string>& args :
             {std::vector<std::string>{"show", request}, {"list"}, {"audit", "log"}, {"--json", "show", request}}) {
            const auto run = run_well(args);
            EXPECT_EQ(first_harm_in(run.out + run.err), "");
            all += run.out;
        }
        return all;
    }
};

TEST_F(TextFromOutside, IsEscapedInAMemo)
{
    ASSERT_EQ(propose({"--memo", hostile}).status, 0);
    EXPECT_THAT(everything_shown(id), HasSubstr("rent\\u001b[2J\\u009b1A\\u001b]8;;https://evil\\u0007\\u001b]52;c;eA==\\u0007"
                                                "\\u000d\\u0008\\u202e\\u200b ex\\u0441hange"));
}

TEST_F(TextFromOutside, IsShownInAMemoAsItIs)
{
    ASSERT_EQ(propose({"--memo", "Miete für März, 水 · №7"}).status, 0);
    everything_shown(id);
    EXPECT_EQ(run_well({"--json", "show", id}).field("payloads.0.memo"), "Miete für März, 水 · №7");
}

TEST_F(TextFromOutside, IsEscapedInAReason)
{
    ASSERT_EQ(propose().status, 0);
    ASSERT_EQ(run_as("bob", {"--json", "reject", id, "--confirm", digest, "--reason", hostile}).status, 0);
    EXPECT_THAT(everything_shown(id), HasSubstr("\\x1b]8;;https://evil\\x07"));
}

TEST_F(TextFromOutside, IsShownInAReasonAsItIs)
{
    ASSERT_EQ(propose().status, 0);
    ASSERT_EQ(run_as("bob", {"--json", "reject", id, "--confirm", digest, "--reason", "zu früh"}).status, 0);
    EXPECT_THAT(everything_shown(id), HasSubstr("zu früh"));
}

TEST_F(TextFromOutside, IsEscapedInTheNameOfAFile)
{
    const std::string name = "to-vault\x1b[2J\x1b]0;x\x07\u202ereffoc";
    for (const auto& args : {std::vector<std::string>{"import", name}, {"charter", "adopt", name}}) {
        const auto missing = run(args);
        EXPECT_NE(missing.status, 0);
        EXPECT_EQ(first_harm_in(missing.out + missing.err), "");
        EXPECT_THAT(missing.err, HasSubstr("to-vault\\x1b[2J\\x1b]0;x\\x07\\u202ereffoc"));
    }
    ASSERT_EQ(propose().status, 0);
    ASSERT_EQ(vote("bob").status + vote("carol").status, 0);
    const auto exported = run_well({"export", id, "--out", name});
    EXPECT_EQ(first_harm_in(exported.out + exported.err), "");
}

TEST_F(TextFromOutside, IsShownInTheNameOfAFileAsItIs)
{
    ASSERT_EQ(propose().status, 0);
    ASSERT_EQ(vote("bob").status + vote("carol").status, 0);
    EXPECT_THAT(run_well({"export", id, "--out", "für den Tresor"}).out, HasSubstr("für den Tresor"));
    EXPECT_EQ(run({"inspect", "für den Tresor"}).status, 0);
}

class TableOfTheLog : public RequestCommands {
protected:
    /// The table, with a request that was rejected for that reason.
    std::string exported(const std::string& reason)
    {
        EXPECT_EQ(propose({"--memo", reason}).status, 0);
        EXPECT_EQ(run_as("bob", {"--json", "reject", id, "--confirm", digest, "--reason", reason}).status, 0);
        const auto size = run_well({"--json", "audit", "export", "--csv", "--out", "audit.csv"}).field("size");
        const std::string text{text_of(read("audit.csv"))};
        EXPECT_EQ(std::ranges::count(text, '\n'), std::stol(size) + 1);
        EXPECT_TRUE(text.starts_with("\"sequence\",\"time\",\"type\",\"request\",\"actor\",\"details\",\"hash\"\r\n")) << text;
        return text;
    }
};

TEST_F(TableOfTheLog, RunsNothingInASpreadsheet)
{
    const auto text = exported("=cmd|' /C calc'!A0;=HYPERLINK(\"https://evil\");\r\n@SUM(1)");
    EXPECT_THAT(text, HasSubstr("comment==cmd|' /C calc'!A0;'=HYPERLINK(\"\"https://evil\"\");\\x0d\\x0a@SUM(1)"));
    EXPECT_EQ(run({"--json", "audit", "verify", "audit.csv"}).status, 3);
}

TEST_F(TableOfTheLog, ShowsWordsAsTheyAre)
{
    EXPECT_THAT(exported("zu früh - 2 + 2 = 4"), HasSubstr("comment=zu früh - 2 + 2 = 4"));
}

class RecordOfWords : public RequestCommands {
protected:
    /// A memo, a rejection and a cancel with these words; then each record is one line, in the log and in its export.
    void expect_a_line_a_record(const std::string& words)
    {
        ASSERT_EQ(propose({"--memo", words}).status, 0);
        ASSERT_EQ(run_as("bob", {"--json", "reject", id, "--confirm", digest, "--reason", words}).status, 0);
        ASSERT_EQ(propose({"--memo", words}).status, 0);
        ASSERT_EQ(run_as("alice", {"--json", "cancel", id, "--reason", words}).status, 0);

        run_well({"audit", "export", "--out", "audit.jsonl"});
        const auto exported = read("audit.jsonl");
        EXPECT_EQ(first_harm_in(text_of(exported)), "");
        const auto lines = split(trim(text_of(exported)), '\n');
        const auto size = std::stoul(*Json::parse(lines.front()).find("size")->number());
        ASSERT_EQ(lines.size(), size + 1);
        for (std::size_t i = 1; i < lines.size(); ++i)
            EXPECT_EQ(*Json::parse(lines[i]).find("sequence")->number(), std::to_string(i - 1));

        const auto log = run_well({"audit", "log"}).out;
        EXPECT_EQ(first_harm_in(log), "");
        const auto shown = split(trim(log), '\n');
        EXPECT_GE(shown.size(), size);
        const auto begins_record = [](const std::string& line) { return line.find("  2026-") != std::string::npos; };
        EXPECT_EQ(static_cast<std::size_t>(std::ranges::count_if(shown, begins_record)), size) << log;
    }
};

TEST_F(RecordOfWords, StaysALineWhateverTheyAre)
{
    expect_a_line_a_record("no\n9  2026-11-21T00:00:00Z  request_approved  carol\r\n\"}\n{\"sequence\":9,\"type\":\"x\"}\u2028\u0085\"\\");
}

TEST_F(RecordOfWords, IsALine)
{
    expect_a_line_a_record("a payment that nobody ordered");
}

} // namespace
} // namespace coffer::cli
