#include "tests/support/vault/vault_fixture.h"

namespace coffer::test {
namespace {

/// A second home beside the vault's own, not made yet.
std::vector<std::string> init_args(const TestVault& vault, const std::string& name = "second")
{
    return {"init", "--environment", "test", "--json", "--home", vault.file(name).string()};
}

std::vector<std::string> with_passphrase(std::vector<std::string> args, const TestVault& vault)
{
    args.insert(args.end(), {"--passphrase-file", vault.passphrase_file().string()});
    return args;
}

std::vector<std::string> with_date(std::vector<std::string> args, const std::string& day)
{
    args.insert(args.end(), {"--date", day});
    return args;
}

TEST(Init, MakesAPrivateHomeWithAnIdentity)
{
    TestVault vault;
    vault.environment->terminal.expect("is that the date?", "y");
    const auto run = vault.run_as_given(with_passphrase(init_args(vault), vault));
    ASSERT_EQ(run.status, 0) << run.out << run.err;
    const auto json = json_of(run);
    EXPECT_EQ(json.at("home"), vault.file("second").string());
    EXPECT_EQ(json.at("environment"), "test");
    EXPECT_TRUE(json.at("identity").get<std::string>().starts_with("ed25519:"));
    EXPECT_EQ(mode_of(vault.file("second")), 0700U);
    EXPECT_EQ(mode_of(vault.file("second/keys")), 0700U);
    for (const auto* name : {"home.key", "identity.key", "ledger.db"})
        EXPECT_EQ(mode_of(vault.file("second") / name), 0600U) << name;
}

TEST(Init, AsksForThePassphraseTwiceOnTheTerminal)
{
    TestVault vault;
    vault.environment->terminal.expect("is that the date?", "y")
        .expect("New passphrase", "short")
        .expect("New passphrase", "a passphrase that is long enough")
        .expect("The same again", "another one, mistyped")
        .expect("New passphrase", "a passphrase that is long enough")
        .expect("The same again", "a passphrase that is long enough");
    const auto run = vault.run_as_given(init_args(vault));
    ASSERT_EQ(run.status, 0) << run.out << run.err;
    EXPECT_EQ(run.screen.find("long enough"), std::string::npos) << "the passphrase was shown";

    vault.environment->terminal.expect("Passphrase for the appliance", "a passphrase that is long enough");
    EXPECT_EQ(vault.run_as_given({"log", "verify", "--json", "--home", vault.file("second").string()}).status, 0);
    vault.environment->terminal.expect("Passphrase for the appliance", "another one, mistyped");
    expect_error(vault.run_as_given({"log", "verify", "--json", "--home", vault.file("second").string()}), 5,
                 "wrong_passphrase");
}

TEST(Init, RefusesASecondHomeInTheSamePlace)
{
    TestVault vault;
    const auto before = read(vault.home() / "home.key");
    expect_error(vault.run({"init", "--environment", "test", "--json"}), 6, "exists");
    EXPECT_EQ(read(vault.home() / "home.key"), before);
}

TEST(Init, RefusesADateThatIsWrong)
{
    TestVault vault;
    vault.environment->terminal.expect("is that the date?", "n");
    expect_error(vault.run_as_given(with_passphrase(init_args(vault), vault)), 9, "clock");
    EXPECT_FALSE(std::filesystem::exists(vault.file("second/home.key")));
}

TEST(Init, TakesTheClocksDateForTestsWhereThereIsNoTerminal)
{
    TestVault vault;
    vault.environment->terminal.detach();
    const auto run = vault.run_as_given(with_passphrase(init_args(vault), vault));
    EXPECT_EQ(run.status, 0) << run.out;
    EXPECT_NE(run.err.find("Nobody has confirmed the date"), std::string::npos);
}

TEST(Init, AsksSomebodyToNameTheDayWhereThereIsNoTerminal)
{
    TestVault vault;
    auto args = with_passphrase(init_args(vault), vault);
    std::ranges::replace(args, std::string{"test"}, std::string{"production"});
    const auto run_without_terminal = [&](const std::vector<std::string>& with) {
        vault.environment->terminal.detach();
        return vault.run_as_given(with);
    };
    expect_error(run_without_terminal(args), 10, "presence");
    expect_error(run_without_terminal(with_date(args, day_of(vault.now() - days(1)))), 9, "clock");
    expect_error(run_without_terminal(with_date(args, day_of(vault.now()) + "T")), 9, "clock");
    EXPECT_FALSE(std::filesystem::exists(vault.file("second")));
    // A day that is right goes on to the next question, of swap.
    const auto named = run_without_terminal(with_date(args, day_of(vault.now())));
    EXPECT_TRUE(named.status == 0 || named.out.find("\"swap\"") != std::string::npos) << named.out;
}

TEST(Init, AsksAPersonAtATerminalAllTheSame)
{
    TestVault vault;
    vault.environment->terminal.expect("is that the date?", "n");
    expect_error(vault.run_as_given(with_date(with_passphrase(init_args(vault), vault), day_of(vault.now()))), 9, "clock");
}

TEST(Init, RefusesAShortPassphrase)
{
    TestVault vault;
    write(vault.file("weak"), bytes_of("short\n"));
    vault.environment->terminal.detach();
    auto args = init_args(vault);
    args.insert(args.end(), {"--passphrase-file", vault.file("weak").string(), "--date", day_of(vault.now())});
    expect_error(vault.run_as_given(args), 2, "usage");
    EXPECT_FALSE(std::filesystem::exists(vault.file("second/home.key")));
}

TEST(Init, ReadsThePassphraseFromAPrivateFileOnly)
{
    TestVault vault;
    write(vault.file("open"), bytes_of("a passphrase that is long enough\n"), 0644);
    vault.environment->terminal.detach();
    auto args = init_args(vault);
    args.insert(args.end(), {"--passphrase-file", vault.file("open").string(), "--date", day_of(vault.now())});
    expect_error(vault.run_as_given(args), 4, "file_perm");
}

TEST(Init, NeedsATerminalOrAFileForThePassphrase)
{
    TestVault vault;
    vault.environment->terminal.detach();
    expect_error(vault.run_as_given(with_date(init_args(vault), day_of(vault.now()))), 10, "presence");
}

TEST(Init, IsForProductionUnlessToldOtherwise)
{
    TestVault vault;
    vault.environment->terminal.detach();
    const auto run =
        vault.run_as_given(with_date(with_passphrase({"init", "--json", "--home", vault.file("second").string()}, vault), day_of(vault.now())));
    EXPECT_EQ(json_of(run).at("environment"), "production");
}

TEST(Init, FinishesWhatAnInterruptedRunLeft)
{
    TestVault vault;
    storage::create_private_directory(vault.file("second"));
    storage::create_private_directory(vault.file("second/keys"));
    write(vault.file("second/identity.key"), bytes_of("half"));
    write(vault.file("second/ledger.db"), bytes_of("half"));
    vault.environment->terminal.detach();
    EXPECT_EQ(vault.run_as_given(with_date(with_passphrase(init_args(vault), vault), day_of(vault.now()))).status, 0);
    const auto status = vault.run_as_given({"status", "--json", "--home", vault.file("second").string()});
    EXPECT_EQ(status.status, 0) << status.out;
    EXPECT_EQ(json_of(status).at("charter"), Json());
}

TEST(Init, RefusesAFolderThatIsOpenToOthers)
{
    TestVault vault;
    storage::create_private_directory(vault.file("second"));
    ASSERT_EQ(::chmod(vault.file("second").c_str(), 0755), 0);
    vault.environment->terminal.detach();
    expect_error(vault.run_as_given(with_date(with_passphrase(init_args(vault), vault), day_of(vault.now()))), 4, "file_perm");
}

} // namespace
} // namespace coffer::test
