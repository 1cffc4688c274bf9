#include "core/console/program.h"

#include "core/base/text.h"
#include "core/console/output.h"
#include "tests/support/test_environment.h"
#include "tests/support/vectors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <new>

namespace coffer::console {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct Outcome {
    int status;
    std::string out;
    std::string err;
};

/// Echoes what it was given.
CommandResult echo(Invocation& call)
{
    CommandResult result;
    result.document.set("wallet", call.text("wallet"));
    result.document.set("force", call.has("force"));
    auto files = Document::list();
    for (const auto& file : call.all("FILE"))
        files.add(file);
    result.document.set("files", files);
    auto tags = Document::list();
    for (const auto& tag : call.all("tag"))
        tags.add(tag);
    result.document.set("tags", tags);
    result.document.set("home", call.find("home") ? Document{*call.find("home")} : Document{});
    return result;
}

[[noreturn]] CommandResult fail(Invocation& call)
{
    const auto how = call.text("HOW");
    if (how == "memory")
        throw std::bad_alloc{};
    if (how == "standard")
        throw std::runtime_error{"the canary 4711"};
    if (how == "file")
        throw std::filesystem::filesystem_error{"x", "/no/such\x1b",
                                                std::make_error_code(std::errc::no_such_file_or_directory)};
    if (how == "hostile")
        throw Error{ErrorCode::rpc, "node says \x1b]52;c;cm0=\x07 \xe2\x80\xae\nnext line", "try\nthe other\x1b[2J"};
    if (how == "offset")
        throw malformed("unknown map key 9", 24);
    if (how == "person")
        throw Error{ErrorCode::declined, "declined at the terminal"};
    throw Error{ErrorCode::fee_cap, "output 1: 6200 sat is over the 5000 sat limit", "nothing was signed"};
}

CommandResult batch(Invocation&)
{
    CommandResult result;
    result.document.set("requests", Document::list().add("a").add("b"));
    result.text = {"a signed", "b refused"};
    result.next = {"coffer import x", "coffer broadcast"};
    result.first_refusal = Error{ErrorCode::log_chain, "record 2 differs"};
    return result;
}

Program make_program()
{
    Program program{.name = "coffer",
                    .version = "0.1.0",
                    .summary = "holds the keys",
                    .options = standard_options(),
                    .commands = {}};
    program.options.push_back(
        {.name = "home", .metavar = "DIR", .help = "where all is", .completes = Completes::directory});
    program.commands = {
        {{.name = "echo",
          .summary = "say what was given",
          .description = "First paragraph.\nSecond paragraph.",
          .arguments = {{.name = "FILE",
                         .help = "what to read",
                         .presence = Presence::optional,
                         .occurs = Occurs::repeatedly,
                         .completes = Completes::file}},
          .options =
              {{.name = "wallet", .metavar = "W", .help = "which", .letter = 'w', .presence = Presence::required},
               {.name = "tag", .metavar = "T", .help = "marks", .occurs = Occurs::repeatedly},
               {.name = "expires", .metavar = "SPAN", .help = "how long", .default_value = "24h"},
               {.name = "kind", .metavar = "K", .help = "which kind", .choices = {"transfer", "message"}},
               {.name = "force", .help = "write over"}},
          .exits = {ExitStatus::not_found},
          .examples = {{.command = "coffer echo -w eth-cold", .comment = "say it"},
                       {.command = "coffer echo -w eth-cold a-file another-file", .comment = ""},
                       {.command = "coffer echo", .comment = ""}}},
         echo},
        {{.name = "fail", .summary = "fail", .arguments = {{.name = "HOW", .help = "how"}}}, fail},
        {{.name = "batch", .summary = "do many"}, batch},
        {{.name = "approve", .summary = "vote"}, [](Invocation&) { return CommandResult{}; }},
        {{.name = "charter seal", .summary = "seal"},
         [](Invocation&) {
             CommandResult result;
             result.document.set("sealed", true);
             return result;
         }},
        {{.name = "charter check", .summary = "check"}, [](Invocation&) { return CommandResult{}; }},
        {{.name = "show \x1b", .summary = "x"}, [](Invocation&) { return CommandResult{}; }},
    };
    return program;
}

Outcome run(const std::vector<std::string>& args, test::TestEnvironment& parts)
{
    auto environment = parts.environment();
    const int status = run_program(make_program(), environment, args);
    return {status, parts.out.str(), parts.err.str()};
}

Outcome run(const std::vector<std::string>& args)
{
    test::TestEnvironment parts;
    return run(args, parts);
}

TEST(Program, BeginsNoCommandWithARandomSourceThatSticks)
{
    for (const std::size_t good : {0U, 4000U}) {
        test::TestEnvironment parts;
        parts.random.stick_after(good);
        const auto outcome = run({"--json", "charter", "seal"}, parts);
        EXPECT_EQ(outcome.status, 9);
        EXPECT_THAT(outcome.out, HasSubstr(R"("code":"rng")"));
        EXPECT_THAT(outcome.out, Not(HasSubstr("sealed")));
    }
    test::TestEnvironment parts;
    parts.random.stick_after(0);
    EXPECT_EQ(run({"--version"}, parts).status, 0) << "what needs no random numbers is still said";
    EXPECT_EQ(run({"charter", "seal", "--help"}, parts).status, 0);
    test::TestEnvironment working;
    EXPECT_EQ(run({"--json", "charter", "seal"}, working).out, "{\"sealed\":true}\n");
}

TEST(Program, WritesTheDocumentAsJson)
{
    const auto outcome = run({"--json", "echo", "--wallet", "btc", "--tag", "a", "--tag=b", "x", "-", "--force"});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.out, R"({"wallet":"btc","force":true,"files":["x","-"],"tags":["a","b"],"home":null})"
                           "\n");
    EXPECT_EQ(outcome.err, "");
}

TEST(Program, TakesGlobalOptionsBeforeAndAfterTheCommand)
{
    for (const auto& args : std::vector<std::vector<std::string>>{{"--home", "h", "--json", "echo", "-w", "btc"},
                                                                  {"echo", "--wallet=btc", "--json", "--home=h"},
                                                                  {"--home=h", "echo", "-wbtc", "--json"}}) {
        const auto outcome = run(args);
        EXPECT_EQ(outcome.status, 0) << outcome.err << outcome.out;
        EXPECT_THAT(outcome.out, HasSubstr(R"("wallet":"btc")"));
        EXPECT_THAT(outcome.out, HasSubstr(R"("home":"h")"));
    }
}

TEST(Program, KeepsValuesAsTheyWereGiven)
{
    const auto outcome = run({"--json", "echo", "-w", "[a,b]", "[c,d]", "{}", "x=y", "--tag", "", "--tag", "-1",
                              "--tag", "\"q\"", "--", "--json", "--", "-x", "++"});
    EXPECT_EQ(outcome.status, 0) << outcome.out;
    EXPECT_THAT(outcome.out, HasSubstr(R"("wallet":"[a,b]")"));
    EXPECT_THAT(outcome.out, HasSubstr(R"("files":["[c,d]","{}","x=y","--json","--","-x","++"])"));
    EXPECT_THAT(outcome.out, HasSubstr(R"("tags":["","-1","\"q\""])"));
}

TEST(Program, FindsTheNearestCommand)
{
    const auto outcome = run({"aprove", "0191f3c2"});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(outcome.err, "coffer: no command `aprove`; did you mean `approve`?\n");
    EXPECT_EQ(run({"charter", "sael"}).err, "coffer: no command `charter sael`; did you mean `charter seal`?\n");
    EXPECT_EQ(run({"--json", "aprove"}).out,
              R"({"error":{"code":"usage","message":"no command `aprove`; did you mean `approve`?","hint":""}})"
              "\n");
    EXPECT_EQ(run({"zzzzzzzzzzzz"}).err, "coffer: no command `zzzzzzzzzzzz`\n");
}

TEST(Program, RefusesWrongUsage)
{
    struct Case {
        std::vector<std::string> args;
        std::string message;
    };
    const std::vector<Case> cases = {
        {{}, "no command given"},
        {{"charter"}, "`charter` needs one more word"},
        {{"--hom", "x"}, "no command `x`"},
        {{"--jso"}, "`coffer` has no option `--jso`; did you mean `--json`?"},
        {{"echo"}, "`echo` needs --wallet W"},
        {{"echo", "-w"}, "option `-w` needs a value"},
        {{"echo", "--wallet"}, "option `--wallet` needs a value"},
        {{"echo", "--wallet="}, "option `--wallet` has no value after `=`"},
        {{"echo", "-w", "a", "--wallet", "b"}, "option `--wallet` is given 2 times"},
        {{"echo", "-w", "a", "--walet", "b"}, "`echo` has no option `--walet`; did you mean `--wallet`?"},
        {{"echo", "-w", "a", "--kind", "gift"}, "--kind: `gift` is none of transfer, message"},
        {{"echo", "-w", "a", "--force=yes"}, "option `--force` takes no value"},
        {{"echo", "-w", "a", "++"}, "argument `++` has no meaning"},
        {{"approve", "x"}, "`approve` takes no argument `x`"},
        {{"fail"}, "`fail` needs HOW"},
        {{"fail", "a", "b"}, "`fail` takes no argument `b`"},
        {{"completion", "tcsh"}, "SHELL: `tcsh` is none of bash, zsh, fish"},
    };
    for (const auto& wrong : cases) {
        SCOPED_TRACE(wrong.message);
        const auto outcome = run(wrong.args);
        EXPECT_EQ(outcome.status, 2);
        EXPECT_EQ(outcome.out, "");
        EXPECT_THAT(outcome.err, StartsWith("coffer: "));
        EXPECT_THAT(outcome.err, HasSubstr(wrong.message));
    }
}

TEST(Program, SaysWhatTheCommandTakes)
{
    EXPECT_THAT(run({"echo"}).err, HasSubstr("  usage: coffer echo --wallet W [OPTION]… [FILE…]\n"));
}

TEST(Program, NeverRepeatsASecretFromTheCommandLine)
{
    for (const auto& args : std::vector<std::vector<std::string>>{{"approve", "--passphrase", "canary4711"},
                                                                  {"--pin=canary4711", "approve"},
                                                                  {"approve", "x", "--mnemonic", "canary4711"},
                                                                  {"--mnemonic=canary4711"},
                                                                  {"nonsense", "--private-key", "canary4711"},
                                                                  {"--json", "approve", "--passphrase=canary4711"}}) {
        const auto outcome = run(args);
        EXPECT_EQ(outcome.status, 2);
        EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr("canary")));
        EXPECT_THAT(outcome.out + outcome.err, HasSubstr("a secret must not stand on the command line"));
    }
    EXPECT_THAT(run({"--json", "--pin=canary4711"}).out, HasSubstr(R"("code":"secret_source")"));
    // A misspelt option could carry one, too.
    EXPECT_THAT(run({"approve", "--passfrase=canary4711"}).err, Not(HasSubstr("canary")));
}

TEST(Program, SaysRefusedForAJudgementAndErrorForAFailure)
{
    auto outcome = run({"fail", "policy"});
    EXPECT_EQ(outcome.status, 4);
    EXPECT_EQ(outcome.err,
              "coffer: refused: output 1: 6200 sat is over the 5000 sat limit (fee_cap)\n  nothing was signed\n");
    outcome = run({"fail", "offset"});
    EXPECT_EQ(outcome.status, 3);
    EXPECT_EQ(outcome.err, "coffer: error: unknown map key 9 at offset 24 (malformed)\n");
    outcome = run({"--json", "fail", "offset"});
    EXPECT_EQ(outcome.status, 3);
    EXPECT_EQ(outcome.out, R"({"error":{"code":"malformed","message":"unknown map key 9","hint":"","offset":24}})"
                           "\n");
    EXPECT_EQ(outcome.err, "");
    outcome = run({"fail", "person"});
    EXPECT_EQ(outcome.status, 10);
    EXPECT_EQ(outcome.err, "coffer: declined at the terminal (declined)\n");
}

TEST(Program, GivesEveryCodeTheStatusOfTheTable)
{
    for (const auto& row : error_table()) {
        Program program{.name = "p", .version = "1", .summary = "s", .options = standard_options(), .commands = {}};
        program.commands = {{{.name = "x", .summary = "x"}, [&](Invocation&) -> CommandResult {
                                 throw Error{row.code, "m"};
                             }}};
        test::TestEnvironment parts;
        auto environment = parts.environment();
        EXPECT_EQ(run_program(program, environment, {"--json", "x"}), static_cast<int>(row.exit_status));
        EXPECT_THAT(parts.out.str(), HasSubstr("\"code\":\"" + std::string{row.name} + "\""));
    }
}

TEST(Program, HidesWhatTheStandardLibrarySays)
{
    EXPECT_EQ(run({"fail", "memory"}).status, 1);
    const auto outcome = run({"fail", "standard"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.err, HasSubstr("(internal)"));
    EXPECT_THAT(outcome.err, Not(HasSubstr("canary")));
    const auto file = run({"fail", "file"});
    EXPECT_EQ(file.status, 8);
    EXPECT_EQ(file.err, "coffer: error: `/no/such\\x1b`: No such file or directory (disk)\n");
}

TEST(Program, EscapesHostileTextInErrors)
{
    const auto text = run({"fail", "hostile"}).err;
    EXPECT_EQ(
        text,
        "coffer: error: node says \\x1b]52;c;cm0=\\x07 \\u202e\\x0anext line (rpc)\n  try\n  the other\\x1b[2J\n");
    const auto json = run({"--json", "fail", "hostile"}).out;
    EXPECT_EQ(std::ranges::count(json, '\n'), 1);
    for (const char c : json.substr(0, json.size() - 1))
        EXPECT_TRUE(c >= 0x20 && c < 0x7f);
    const auto usage = run({"a\x1b[31m\nb"}).err;
    EXPECT_THAT(usage, HasSubstr("`a\\x1b[31m\\x0ab`"));
    EXPECT_THAT(run({"approve", "--x\x1b[31m"}).err, HasSubstr("`--x\\x1b[31m`"));
}

TEST(Program, ShowsABatchAndGivesTheStatusOfItsFirstRefusal)
{
    const auto outcome = run({"batch"});
    EXPECT_EQ(outcome.status, 9);
    EXPECT_EQ(outcome.out, "a signed\nb refused\n");
    EXPECT_EQ(outcome.err,
              "Next:  coffer import x\n       coffer broadcast\ncoffer: refused: record 2 differs (log_chain)\n");
    const auto json = run({"batch", "--json"});
    EXPECT_EQ(json.status, 9);
    EXPECT_EQ(json.out, R"({"requests":["a","b"]})"
                        "\n");
    EXPECT_THAT(run({"batch", "--quiet"}).err, Not(HasSubstr("Next")));
}

TEST(Program, ShowsHelpAndVersion)
{
    EXPECT_EQ(run({"--version"}).out, "coffer 0.1.0\n");
    EXPECT_EQ(run({"--json", "--version"}).out, R"({"program":"coffer","version":"0.1.0"})"
                                                "\n");
    const auto all = run({"--help"});
    EXPECT_EQ(all.status, 0);
    EXPECT_THAT(all.out, HasSubstr("charter seal"));
    EXPECT_THAT(all.out, HasSubstr("completion"));
    const auto group = run({"charter", "--help"});
    EXPECT_EQ(group.status, 0);
    EXPECT_THAT(group.out, HasSubstr("charter check"));
    EXPECT_THAT(group.out, Not(HasSubstr("approve")));
    const auto one = run({"echo", "-h"});
    EXPECT_EQ(one.status, 0) << one.err;
    for (const auto* part : {"usage: coffer echo --wallet W [OPTION]… [FILE…]", "Second paragraph.", "-w, --wallet W",
                             "[default: 24h]", "(transfer, message)", "7 ", "not found", "say it", "--home DIR"})
        EXPECT_THAT(one.out, HasSubstr(part));
    EXPECT_THAT(one.out, testing::EndsWith("  coffer echo -w eth-cold a-file another-file\n  coffer echo\n"));
    for (const auto& line : split(all.out + one.out, '\n')) {
        EXPECT_LE(display_width(line), 80U) << line;
        EXPECT_FALSE(line.ends_with(' ')) << line;
    }
    EXPECT_THAT(run({"--json", "--help"}).out, HasSubstr(R"("name":"charter seal")"));
}

TEST(Program, GivesDefaultsNumbersAndPaths)
{
    test::TestEnvironment parts;
    parts.working_directory = "/work";
    auto environment = parts.environment();
    Output output{environment, "p", Format::text, Verbosity::normal, Colour::off};
    const CommandSpec spec{.name = "x",
                           .summary = "x",
                           .options = {{.name = "count", .metavar = "N", .help = "n", .default_value = "5"},
                                       {.name = "span", .metavar = "S", .help = "s"},
                                       {.name = "out", .metavar = "FILE", .help = "f"}}};
    const Invocation call{environment, output, spec, {}, {{"span", {"24h"}}, {"out", {"a/b"}}}};
    EXPECT_EQ(call.number("count", 1, 10), 5U);
    EXPECT_FALSE(call.has("count"));
    EXPECT_ERROR(call.number("count", 6, 10), ErrorCode::usage);
    EXPECT_ERROR(call.number("span", 0, 100), ErrorCode::usage);
    EXPECT_EQ(call.duration("span"), hours(24));
    EXPECT_ERROR(call.duration("out"), ErrorCode::usage);
    EXPECT_EQ(call.path("out"), "/work/a/b");
    const Invocation bare{environment, output, spec, {}, {{"out", {"-"}}}};
    EXPECT_EQ(bare.path("out"), "-");
    EXPECT_ERROR(bare.text("span"), ErrorCode::usage);
    const Invocation empty{environment, output, spec, {}, {{"out", {""}}}};
    EXPECT_ERROR(empty.path("out"), ErrorCode::usage);
    EXPECT_DEATH(call.has("unknown"), "not in its spec");
}

TEST(Program, SaysWhenStandardOutputCannotBeWritten)
{
    test::TestEnvironment parts;
    auto environment = parts.environment();
    parts.out.setstate(std::ios::badbit);
    EXPECT_EQ(run_program(make_program(), environment, {"--version"}), 8);
    EXPECT_THAT(parts.err.str(), HasSubstr("standard output cannot be written"));
}

} // namespace
} // namespace coffer::console
