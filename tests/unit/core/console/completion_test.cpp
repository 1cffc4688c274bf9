#include "core/console/completion.h"

#include "tests/support/scratch.h"
#include "tests/support/test_environment.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coffer::console {
namespace {

using testing::HasSubstr;

Program make_program()
{
    Program program{
        .name = "coffer-cold", .version = "1", .summary = "s", .options = standard_options(), .commands = {}};
    program.options.push_back(
        {.name = "home", .metavar = "DIR", .help = "the officer's home", .completes = Completes::directory});
    const auto nothing = [](Invocation&) { return CommandResult{}; };
    program.commands = {
        {{.name = "charter seal",
          .summary = "seal it",
          .arguments = {{.name = "FILE", .help = "f", .completes = Completes::file}},
          .options = {{.name = "out", .metavar = "FILE", .help = "where", .letter = 'o', .completes = Completes::file},
                      {.name = "kind", .metavar = "K", .help = "kind", .choices = {"transfer", "message"}},
                      {.name = "force", .help = "write over"}}},
         nothing},
        {{.name = "charter check", .summary = "check it's right"}, nothing},
        {{.name = "approve", .summary = "vote"}, nothing},
    };
    return program;
}

struct Ran {
    int status;
    std::string output;
};

Ran run_shell(const std::string& command)
{
    Ran ran{};
    auto* pipe = ::popen((command + " 2>&1").c_str(), "r");
    std::array<char, 256> buffer{};
    while (std::fgets(buffer.data(), static_cast<int>(buffer.size()), pipe) != nullptr)
        ran.output += buffer.data();
    ran.status = ::pclose(pipe);
    return ran;
}

bool has_shell(const std::string& name)
{
    return run_shell("command -v " + name).status == 0;
}

class Completion : public testing::Test {
protected:
    std::filesystem::path written(Shell shell, const std::string& name)
    {
        auto program = make_program();
        program.commands.push_back(completion_command(program));
        std::ofstream{m_folder / name} << completion_script(program, shell);
        return m_folder / name;
    }
    /// What bash offers for these words, the last of which is being typed.
    std::string completed(const std::vector<std::string>& words)
    {
        const auto script = written(Shell::bash, "c.bash");
        std::ofstream driver{m_folder / "driver.bash"};
        driver << "source '" << script.string() << "'\ncd '" << m_folder.path().string() << "'\nCOMP_WORDS=(";
        for (const auto& word : words)
            driver << '\'' << word << "' ";
        driver << ")\nCOMP_CWORD=" << words.size() - 1 << "\n_coffer_cold\nprintf '%s ' \"${COMPREPLY[@]}\"\n";
        driver.close();
        return run_shell("bash --norc '" + (m_folder / "driver.bash").string() + "'").output;
    }

    test::ScratchDirectory m_folder;
};

TEST_F(Completion, IsSyntaxThatBashAccepts)
{
    const auto ran = run_shell("bash -n '" + written(Shell::bash, "c.bash").string() + "'");
    EXPECT_EQ(ran.status, 0) << ran.output;
    EXPECT_EQ(ran.output, "");
}

TEST_F(Completion, CompletesCommandsOptionsAndChoicesInBash)
{
    EXPECT_EQ(completed({"coffer-cold", "ch"}), "charter ");
    EXPECT_EQ(completed({"coffer-cold", ""}),
              "approve charter completion --json --quiet --no-color --home --help --version ");
    EXPECT_EQ(completed({"coffer-cold", "charter", ""}), "check seal --json --quiet --no-color --home --help ");
    EXPECT_EQ(completed({"coffer-cold", "charter", "seal", "--fo"}), "--force ");
    EXPECT_EQ(completed({"coffer-cold", "charter", "seal", "--kind", "t"}), "transfer ");
    EXPECT_EQ(completed({"coffer-cold", "completion", "z"}), "zsh ");
    EXPECT_EQ(completed({"coffer-cold", "nonsense", "--j"}), "--json ");
}

TEST_F(Completion, SkipsOptionsAndTheirValuesInBash)
{
    EXPECT_EQ(completed({"coffer-cold", "--json", "--home", "charter", "ap"}), "approve ");
    EXPECT_EQ(completed({"coffer-cold", "charter", "--quiet", "se"}), "seal ");
    EXPECT_EQ(completed({"coffer-cold", "charter", "seal", "-o", "approve", "--k"}), "--kind ");
}

TEST_F(Completion, CompletesFilesAndDirectoriesInBash)
{
    std::ofstream{m_folder / "charter one.toml"} << "";
    std::filesystem::create_directory(m_folder / "charters");
    EXPECT_EQ(completed({"coffer-cold", "charter", "seal", "--out", "charter "}), "charter one.toml ");
    EXPECT_THAT(completed({"coffer-cold", "charter", "seal", "ch"}),
                testing::AllOf(HasSubstr("charter one.toml"), HasSubstr("charters")));
    EXPECT_EQ(completed({"coffer-cold", "--home", "ch"}), "charters ");
    EXPECT_EQ(completed({"coffer-cold", "approve", "ch"}), " ");
}

TEST_F(Completion, IsRegisteredForTheProgramItself)
{
    const auto ran =
        run_shell("bash --norc -c 'source " + written(Shell::bash, "c.bash").string() + "; complete -p coffer-cold'");
    EXPECT_EQ(ran.output, "complete -F _coffer_cold coffer-cold\n");
}

TEST_F(Completion, CompletesInZsh)
{
    if (!has_shell("zsh"))
        GTEST_SKIP() << "no zsh here";
    const auto script = written(Shell::zsh, "_coffer-cold").string();
    EXPECT_EQ(run_shell("zsh -f -n '" + script + "'").output, "");
    // The completion system itself needs a terminal: these stand in for what it offers to functions.
    std::ofstream driver{m_folder / "driver.zsh"};
    driver << "compdef() {}; compadd() { print -r -- \"$@\" }; _files() { print -r -- files \"$@\" }\n"
           << "source '" << script << "' 2>/dev/null\n"
           << "words=(coffer-cold --json charter s); CURRENT=4; _coffer_cold\n"
           << "words=(coffer-cold charter seal --kind t); CURRENT=5; _coffer_cold\n"
           << "words=(coffer-cold --home x); CURRENT=3; _coffer_cold\n";
    driver.close();
    EXPECT_EQ(run_shell("zsh -f '" + (m_folder / "driver.zsh").string() + "'").output,
              "-- check seal --json --quiet --no-color --home --help\n-- transfer message\nfiles -/\n");
}

TEST_F(Completion, CompletesInFish)
{
    if (!has_shell("fish"))
        GTEST_SKIP() << "no fish here";
    const auto script = written(Shell::fish, "c.fish").string();
    EXPECT_EQ(run_shell("fish -n '" + script + "'").output, "");
    const auto offered = [&](const std::string& line) {
        return run_shell("HOME='" + m_folder.path().string() + "' fish --no-config -c \"source '" + script +
                         "'; complete -C '" + line + "'\"")
            .output;
    };
    EXPECT_EQ(offered("coffer-cold ap"), "approve\tvote\n");
    EXPECT_EQ(offered("coffer-cold --home charter charter se"), "seal\tseal it\n");
    EXPECT_EQ(offered("coffer-cold charter seal --fo"), "--force\twrite over\n");
    EXPECT_EQ(offered("coffer-cold charter seal --kind t"), "transfer\tkind\n");
}

TEST(CompletionScript, QuotesApostrophes)
{
    EXPECT_THAT(completion_script(make_program(), Shell::fish), HasSubstr("-d 'check it\\'s right'"));
    EXPECT_THAT(completion_script(make_program(), Shell::fish), HasSubstr("-d 'the officer\\'s home'"));
    EXPECT_THAT(completion_script(make_program(), Shell::zsh), HasSubstr("#compdef coffer-cold\n"));
}

TEST(CompletionCommand, WritesTheScriptAsItIs)
{
    test::TestEnvironment parts;
    auto environment = parts.environment();
    EXPECT_EQ(run_program(make_program(), environment, {"completion", "bash"}), 0);
    auto program = make_program();
    program.commands.push_back(completion_command(program));
    EXPECT_EQ(parts.out.str(), completion_script(program, Shell::bash));
}

} // namespace
} // namespace coffer::console
