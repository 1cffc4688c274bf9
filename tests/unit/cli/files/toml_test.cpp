#include "cli/files/toml.h"

#include "tests/support/vectors.h"

namespace coffer::cli {
namespace {

constexpr std::string_view sample = "text = \"a\"\n"
                                    "number = 7\n"
                                    "yes = true\n"
                                    "time = 2026-12-20T00:00:00Z\n"
                                    "list = [\"a\",\n  \"b\"]\n"
                                    "[table]\n"
                                    "key = 1\n"
                                    "[[item]]\n"
                                    "id = \"x\"\n"
                                    "[[item]]\n"
                                    "id = \"y\"\n";

TEST(Toml, KnowsTheLineOfEveryValue)
{
    const auto toml = Toml::parse(sample);
    std::map<std::string, std::size_t> lines;
    for (const auto& field : *toml.as<Toml::Table>())
        lines[field.name] = field.value.line();
    EXPECT_EQ(lines["text"], 1u);
    EXPECT_EQ(lines["time"], 4u);
    EXPECT_EQ(lines["list"], 5u);
    EXPECT_EQ(lines["table"], 7u);
    for (const auto& field : *toml.as<Toml::Table>())
        if (field.name == "item") {
            const auto& items = *field.value.as<Toml::List>();
            EXPECT_EQ(items[0].line(), 9u);
            EXPECT_EQ(items[1].line(), 11u);
            EXPECT_EQ(items[1].as<Toml::Table>()->front().line, 12u);
        }
}

TEST(Toml, RefusesWhatIsNotToml)
{
    for (const std::string text : {"a", "a =", "a = b", "a = \"x", "a = 1\na = 2", "[t]\n[t]", "a = 1 b = 2", "[t", "= 1",
                                   "a = \"\x01\"", "a = \"\xff\"", "a = [1,", "a = {b = 1", "a = 01", "[[t]]\n[t]"}) {
        SCOPED_TRACE(text);
        EXPECT_ERROR(Toml::parse(text), ErrorCode::malformed);
    }
    try {
        Toml::parse("a = 1\nb = \n");
    } catch (const Error& error) {
        EXPECT_EQ(error.message().find("line 2: "), 0u) << error.message();
    }
}

TEST(Toml, HoldsItsLimits)
{
    EXPECT_NO_THROW(Toml::parse("#" + std::string(8000, 'a')));
    EXPECT_ERROR(Toml::parse("#" + std::string(9000, 'a')), ErrorCode::limit);
    EXPECT_ERROR(Toml::parse(std::string(2u << 20, '\n')), ErrorCode::limit);
    std::string dotted = "a";
    for (int i = 0; i < 4000; ++i)
        dotted += ".a";
    EXPECT_ERROR(Toml::parse(dotted + " = 1"), ErrorCode::limit);
    EXPECT_ERROR(Toml::parse("[" + dotted + "]\n"), ErrorCode::limit);
    EXPECT_THROW(Toml::parse("a = " + std::string(1000, '[') + std::string(1000, ']')), Error);
    EXPECT_NO_THROW(Toml::parse("a = [[[[1]]]]"));
}

std::vector<std::string> problems_of(std::string_view text, void (*read)(TomlReader&))
{
    std::vector<FileProblem> problems;
    const auto toml = Toml::parse(text);
    TomlReader reader{toml, "place", ErrorCode::policy_invalid, problems};
    read(reader);
    reader.finish();
    std::vector<std::string> messages;
    for (const auto& problem : problems)
        messages.push_back(format_problem("f", problem));
    return messages;
}

TEST(TomlReader, FindsNothingWrongInWhatIsRight)
{
    EXPECT_TRUE(problems_of(sample, [](TomlReader& reader) {
                    EXPECT_EQ(reader.text("text"), "a");
                    EXPECT_EQ(reader.number("number"), 7u);
                    EXPECT_EQ(reader.boolean("yes"), true);
                    EXPECT_EQ(reader.time("time"), parse_time("2026-12-20T00:00:00Z"));
                    EXPECT_EQ(reader.texts("list"), (std::vector<std::string>{"a", "b"}));
                    EXPECT_NE(reader.take("table", Presence::required), nullptr);
                    EXPECT_EQ(reader.tables("item").size(), 2u);
                    EXPECT_TRUE(reader.tables("none").empty());
                    EXPECT_EQ(reader.text("none", Presence::optional), std::nullopt);
                }).empty());
}

TEST(TomlReader, ReportsEverythingThatIsWrong)
{
    EXPECT_EQ(problems_of("a = 1\nb = \"x\"\nc = -1\nd = [1]\ne = 1979-05-27T07:32:00\nextra = 1\n",
                          [](TomlReader& reader) {
                              reader.text("a");
                              reader.number("b");
                              reader.number("c");
                              reader.texts("d");
                              reader.time("e");
                              reader.boolean("gone");
                          }),
              (std::vector<std::string>{
                  "f:1: place: a is a number, not text",
                  "f:2: place: b is text, not a number",
                  "f:3: place: c is -1, below 0",
                  "f:4: place: an item of d is a number, not text",
                  "f:5: place: e is a time that is not UTC to the second (2026-12-20T00:00:00Z), not a time as in 2026-12-20T00:00:00Z",
                  "f:1: place: gone is missing",
                  "f:6: place: unknown key `extra`",
              }));
}

TEST(TomlReader, TakesTimesInUtcToTheSecondOnly)
{
    for (const std::string time : {"2026-12-20T00:00:00+01:00", "2026-12-20T00:00:00.5Z", "2026-12-20T00:00:00",
                                   "2026-12-20", "1969-12-31T23:59:59Z"}) {
        SCOPED_TRACE(time);
        EXPECT_EQ(problems_of("a = " + time + "\n", [](TomlReader& reader) { reader.time("a"); }).size(), 1u);
    }
}

TEST(TomlReader, ProposesTheKeyThatWasMeant)
{
    EXPECT_EQ(problems_of("confirmation = 1\n",
                          [](TomlReader& reader) { reader.number("confirmations", Presence::optional); }),
              (std::vector<std::string>{"f:1: place: unknown key `confirmation`, did you mean confirmations"}));
}

TEST(Toml, WritesTextThatReadsBack)
{
    for (const std::string text : {"", "plain", "with \"marks\" and \\", "line\nend\ttab\x1b\x7f", "\xc3\xa4"}) {
        const auto toml = Toml::parse("a = " + toml_string(text) + "\n");
        EXPECT_EQ(*toml.as<Toml::Table>()->front().value.as<std::string>(), text);
    }
}

} // namespace
} // namespace coffer::cli
