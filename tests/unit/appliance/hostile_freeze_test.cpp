// A freeze at the vault whose words, files or answers mean no good.

#include "tests/support/harmless.h"
#include "tests/support/vault/vault_fixture.h"

#include <filesystem>

namespace coffer::test {
namespace {

const std::string hostile = "seal\x1b[2J\xc2\x9b" "1A\nFrozen here: nothing.\x1b]52;c;eA==\x07\r\x08\u202e\u200b br\u043eken";

class HostileFreeze : public testing::Test {
protected:
    test::Run freeze(const std::string& wallet, const std::vector<std::string>& options, const std::string& file = "freeze")
    {
        std::vector<std::string> args{"freeze", wallet, "--out", vault.file(file).string()};
        args.insert(args.end(), options.begin(), options.end());
        auto run = vault.run(args);
        EXPECT_EQ(first_harm_in(run.out + run.err + run.screen), "");
        return run;
    }
    test::Run confirmed_freeze(const std::vector<std::string>& options, const std::string& file = "freeze")
    {
        vault.environment->terminal.expect("is that the date?", "y");
        vault.environment->terminal.expect("Freeze eth-cold until", "y");
        return freeze("eth-cold", options, file);
    }
    auto count_of_freezes() { return count(vault.log_types(), "frozen_here"); }

    TestVault vault;
};

TEST_F(HostileFreeze, IsRefusedByWhatItsWordsAre)
{
    for (const std::string& reason : {std::string(1001, 'a'), std::string{"cafe\u0301"}, std::string{"\xff\xfe"}})
        expect_error(freeze("eth-cold", {"--json", "--reason", reason}), 2, "usage");
    expect_error(freeze(hostile, {"--json"}), 4, "wallet_unknown");
    EXPECT_EQ(count_of_freezes(), 0U);
}

TEST_F(HostileFreeze, MovesNoCursorWhateverItsReason)
{
    ASSERT_EQ(confirmed_freeze({"--reason", hostile}).status, 0);
    for (const std::vector<std::string>& args : {std::vector<std::string>{"status"}, {"log", "show"}, {"inspect", vault.file("freeze").string()}}) {
        const auto shown = vault.run(args);
        EXPECT_EQ(first_harm_in(shown.out + shown.err), "");
        EXPECT_EQ(("\n" + shown.out).find("\nFrozen here: nothing"), std::string::npos);
    }
}

TEST_F(HostileFreeze, ShowsOrdinaryWordsAsTheyAre)
{
    ASSERT_EQ(confirmed_freeze({"--reason", "Siegel gebrochen, 水"}).status, 0);
    EXPECT_NE(vault.run({"inspect", vault.file("freeze").string()}).out.find("Siegel gebrochen, 水"), std::string::npos);
}

TEST_F(HostileFreeze, IsNotAnsweredByWhatWasTypedBefore)
{
    vault.environment->terminal.type_ahead("y");
    vault.environment->terminal.type_ahead("y");
    vault.environment->terminal.expect("is that the date?", "y");
    vault.environment->terminal.expect("Freeze eth-cold until", "n");
    expect_error(freeze("eth-cold", {"--json"}), 10, "declined");
    EXPECT_EQ(count_of_freezes(), 0U);
    EXPECT_EQ(confirmed_freeze({}).status, 0);
}

TEST_F(HostileFreeze, OverwritesNothingAndFollowsNoLink)
{
    write(vault.file("precious"), bytes_of("precious"));
    std::filesystem::create_symlink(vault.file("precious"), vault.file("link"));
    std::filesystem::create_directory(vault.file("folder"));
    ASSERT_EQ(::mkfifo(vault.file("pipe").c_str(), 0600), 0);
    for (const std::string file : {"precious", "link", "folder", "pipe"})
        expect_error(freeze("eth-cold", {"--json"}, file), 6, "exists");
    EXPECT_EQ(count_of_freezes(), 0U);
    EXPECT_EQ(confirmed_freeze({"--force"}, "link").status, 0);
    EXPECT_EQ(freeze("eth-cold", {"--force"}, "pipe").status, 0); // the freeze that stands, once more
    EXPECT_EQ(count_of_freezes(), 1U);
    for (const std::string file : {"link", "pipe"})
        EXPECT_TRUE(std::filesystem::is_regular_file(std::filesystem::symlink_status(vault.file(file)))) << file;
    EXPECT_EQ(text_of(read(vault.file("precious"))), "precious");
}

} // namespace
} // namespace coffer::test
