#include "core/storage/sqlite.h"
#include "tests/support/cli_fixture.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

namespace coffer {
namespace {

using test::CliSandbox;
using test::CliTreasury;
using testing::HasSubstr;
using testing::Not;

mode_t mode_of(const std::filesystem::path& path)
{
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mode & 07777;
}

TEST(Init, MakesAHomeThatIsClosedToOthers)
{
    const auto before = ::umask(0);
    CliSandbox sandbox;
    const auto made = sandbox.run_well({"--json", "init", "--environment", "test", "--rpc", "ethereum=http://127.0.0.1:8545"});
    ::umask(before);
    EXPECT_EQ(made.field("created"), "true");
    EXPECT_EQ(made.field("environment"), "test");
    EXPECT_THAT(made.field("audit_key"), testing::StartsWith("ed25519:"));
    EXPECT_EQ(mode_of(sandbox.path("home")), 0700);
    for (const auto* file : {"coffer.toml", "coffer.db", "audit.key"})
        EXPECT_EQ(mode_of(sandbox.path("home") / file), 0600) << file;
    EXPECT_EQ(sandbox.read("home/audit.key").size(), 32);
}

TEST(Init, SaysThatThereIsNothingToDoAndKeepsTheKey)
{
    CliSandbox sandbox;
    const auto first = sandbox.run_well({"--json", "init", "--environment", "test"});
    const auto second = sandbox.run_well({"--json", "init"});
    EXPECT_EQ(second.field("created"), "false");
    EXPECT_EQ(second.field("audit_key"), first.field("audit_key"));
}

TEST(Init, RefusesAnotherEnvironmentForAHomeThatIsThere)
{
    CliSandbox sandbox;
    sandbox.run_well({"init", "--environment", "test"});
    const auto refused = sandbox.run({"--json", "init", "--environment", "production"});
    EXPECT_EQ(refused.status, 6);
    EXPECT_EQ(refused.error_code(), "exists");
}

TEST(Init, FinishesWhatAnInterruptedRunLeft)
{
    CliSandbox sandbox;
    const auto first = sandbox.run_well({"--json", "init", "--environment", "test"});
    std::filesystem::remove(sandbox.path("home") / "coffer.toml"); // the last step
    const auto again = sandbox.run_well({"--json", "init", "--environment", "test"});
    EXPECT_EQ(again.field("created"), "true");
    EXPECT_EQ(again.field("audit_key"), first.field("audit_key"));
}

TEST(Init, MakesNoNewAuditKeyUnderACharterThatNamesTheOldOne)
{
    CliTreasury treasury;
    std::filesystem::remove(treasury.path("home") / "coffer.toml");
    std::filesystem::remove(treasury.path("home") / "audit.key");
    EXPECT_EQ(treasury.run({"--json", "init", "--environment", "test"}).error_code(), "binding");
    EXPECT_FALSE(std::filesystem::exists(treasury.path("home") / "audit.key"));
}

TEST(Init, RefusesWhatIsNoNode)
{
    CliSandbox sandbox;
    for (const std::string rpc : {"ethereum", "ethereum=ftp://x", "ethereum=http://example.com", "Ether=http://127.0.0.1:1"}) {
        const auto refused = sandbox.run({"--json", "init", "--rpc", rpc});
        EXPECT_EQ(refused.status, 2) << rpc;
    }
    EXPECT_FALSE(std::filesystem::exists(sandbox.path("home")));
}

TEST(Home, IsNeededAndSaysHowToMakeIt)
{
    CliSandbox sandbox;
    const auto refused = sandbox.run({"--json", "wallet", "list"});
    EXPECT_EQ(refused.status, 7);
    EXPECT_EQ(refused.error_code(), "not_found");
    EXPECT_THAT(refused.field("error.hint"), HasSubstr("coffer init"));
}

TEST(Home, RefusesAFolderOrAFileThatOthersMayRead)
{
    CliTreasury treasury;
    ::chmod(treasury.path("home").c_str(), 0755);
    EXPECT_EQ(treasury.run({"--json", "wallet", "list"}).error_code(), "file_perm");
    ::chmod(treasury.path("home").c_str(), 0700);
    ::chmod((treasury.path("home") / "coffer.db").c_str(), 0644);
    EXPECT_EQ(treasury.run({"--json", "wallet", "list"}).error_code(), "file_perm");
    ::chmod((treasury.path("home") / "coffer.db").c_str(), 0600);
    ::chmod((treasury.path("home") / "audit.key").c_str(), 0644);
    EXPECT_EQ(treasury.run({"--json", "config", "show"}).error_code(), "file_perm");
}

TEST(Home, IsFoundByOptionThenVariableThenDataFolder)
{
    CliSandbox sandbox;
    sandbox.environment.variables = {{"XDG_DATA_HOME", (sandbox.path("data")).string()}};
    sandbox.run_well({"init", "--environment", "test"});
    EXPECT_TRUE(std::filesystem::exists(sandbox.path("data") / "coffer" / "coffer.toml"));
    sandbox.environment.variables["COFFER_HOME"] = sandbox.path("own").string();
    sandbox.run_well({"init", "--environment", "test"});
    EXPECT_TRUE(std::filesystem::exists(sandbox.path("own") / "coffer.toml"));
    sandbox.run_well({"--home", "given", "init", "--environment", "test"});
    EXPECT_TRUE(std::filesystem::exists(sandbox.path("given") / "coffer.toml"));
}

TEST(Home, RefusesACharterOfAnotherEnvironmentThanTheConfiguration)
{
    CliTreasury treasury;
    treasury.write("home/coffer.toml", bytes_of("environment = \"production\"\n"), storage::private_mode);
    const auto refused = treasury.run({"--json", "wallet", "list"});
    EXPECT_EQ(refused.error_code(), "env");
}

TEST(ConfigShow, ShowsWhatIsInEffectWithoutCredentials)
{
    CliSandbox sandbox;
    sandbox.run_well({"init", "--environment", "test", "--rpc", "ethereum=https://user:hidden@node.example/secret-path"});
    const auto shown = sandbox.run_well({"--json", "config", "show"});
    EXPECT_EQ(shown.field("environment"), "test");
    EXPECT_EQ(shown.field("rpc.ethereum.0"), "https://node.example");
    EXPECT_THAT(shown.out, Not(HasSubstr("hidden")));
    EXPECT_THAT(sandbox.run_well({"config", "show"}).out, Not(HasSubstr("secret-path")));
}

TEST(ConfigShow, RefusesAnUnknownKeyWithItsLine)
{
    CliSandbox sandbox;
    sandbox.run_well({"init", "--environment", "test"});
    sandbox.write("home/coffer.toml", bytes_of("environment = \"test\"\nspeed = 3\n"), storage::private_mode);
    const auto refused = sandbox.run({"--json", "config", "show"});
    EXPECT_EQ(refused.status, 3);
    EXPECT_THAT(refused.field("error.message"), HasSubstr(":2:"));
}

TEST(Doctor, FindsNothingInAGoodHome)
{
    CliTreasury treasury;
    const auto good = treasury.run_well({"--json", "doctor"});
    EXPECT_EQ(good.field("ok"), "true");
    EXPECT_EQ(good.field("checks.0.check"), "permissions");
}

TEST(Doctor, GoesOnAfterTheFirstThingThatIsWrong)
{
    CliTreasury treasury;
    ::chmod((treasury.path("home") / "coffer.toml").c_str(), 0644);
    treasury.environment.clock.set(parse_time("2026-11-20T00:00:00Z"));
    const auto bad = treasury.run({"--json", "doctor"});
    EXPECT_EQ(bad.status, 4);
    EXPECT_EQ(bad.error_code(), "file_perm");
    EXPECT_EQ(bad.field("checks.0.ok"), "false");
    EXPECT_EQ(bad.field("checks.1.ok"), "true");
    EXPECT_EQ(bad.field("checks.4.code"), "clock");
    EXPECT_THAT(treasury.run({"doctor"}).out, HasSubstr("WRONG permissions"));
}

TEST(Doctor, SaysWhatItLeavesOutInAHomeThatIsOpenToOthers)
{
    CliTreasury treasury;
    for (const auto mode : {0750U, 0711U}) {
        ::chmod(treasury.path("home").c_str(), mode);
        const auto bad = treasury.run({"--json", "doctor"});
        EXPECT_EQ(bad.status, 4);
        EXPECT_EQ(bad.error_code(), "file_perm");
        EXPECT_EQ(bad.field("ok"), "false");
        EXPECT_EQ(bad.field("checks.0.code"), "file_perm");
        for (const auto* check : {"checks.1", "checks.2", "checks.3", "checks.4", "checks.5"}) {
            EXPECT_EQ(bad.field(std::string{check} + ".ok"), "null");
            EXPECT_THAT(bad.field(std::string{check} + ".detail"), HasSubstr("not checked"));
        }
    }
    EXPECT_THAT(treasury.run({"doctor"}).out, HasSubstr("nodes"));
    const auto text = treasury.run({"doctor", "--offline"});
    EXPECT_THAT(text.out, testing::Not(HasSubstr("nodes")));
    EXPECT_THAT(text.out, HasSubstr("chmod 0700"));
    EXPECT_THAT(text.err, HasSubstr("1 check failed"));
    ::chmod(treasury.path("home").c_str(), 0700);
    EXPECT_EQ(treasury.run({"doctor"}).status, 0);
}

TEST(Doctor, SaysThatANodeDoesNotAnswer)
{
    CliTreasury treasury;
    treasury.write("home/coffer.toml", bytes_of("environment = \"test\"\n[rpc]\nethereum = [\"http://127.0.0.1:1\"]\n"),
                   storage::private_mode);
    const auto bad = treasury.run({"--json", "doctor"});
    EXPECT_EQ(bad.status, 8);
    EXPECT_EQ(bad.error_code(), "rpc");
    EXPECT_EQ(treasury.run({"--json", "doctor", "--offline"}).status, 0);
}

TEST(Doctor, FindsAnAuditKeyThatWasReplaced)
{
    CliTreasury treasury;
    treasury.write("home/audit.key", Bytes(32, 7), storage::private_mode);
    EXPECT_EQ(treasury.run({"--json", "doctor"}).error_code(), "binding");
}

TEST(Program, StartsWithoutAHome)
{
    CliSandbox sandbox;
    EXPECT_THAT(sandbox.run_well({"--version"}).out, testing::StartsWith("coffer 0."));
    EXPECT_THAT(sandbox.run_well({"--help"}).out, HasSubstr("charter seal"));
    EXPECT_THAT(sandbox.run_well({"completion", "bash"}).out, HasSubstr("coffer"));
    const auto wrong = sandbox.run({"aprove", "0191f3c2"});
    EXPECT_EQ(wrong.status, 2);
    EXPECT_THAT(wrong.err, HasSubstr("did you mean `approve`?"));
    EXPECT_FALSE(std::filesystem::exists(sandbox.path("home")));
}

} // namespace
} // namespace coffer
