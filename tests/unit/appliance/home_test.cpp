#include "tests/support/vault/vault_fixture.h"

namespace coffer::test {
namespace {

TEST(Home, IsFoundByTheVariable)
{
    TestVault vault;
    vault.environment->variables["COFFER_COLD_HOME"] = vault.home().string();
    const auto run = vault.run_as_given({"status", "--json"});
    ASSERT_EQ(run.status, 0) << run.out;
    EXPECT_EQ(json_of(run).at("home"), vault.home().string());
}

TEST(Home, OptionOutranksTheVariable)
{
    TestVault vault;
    vault.environment->variables["COFFER_COLD_HOME"] = "/nowhere";
    EXPECT_EQ(vault.run_as_given({"status", "--json", "--home", vault.home().string()}).status, 0);
}

TEST(Home, VariableMayBeRelative)
{
    TestVault vault;
    vault.environment->variables["COFFER_COLD_HOME"] = "home";
    vault.environment->working_directory = vault.home().parent_path();
    EXPECT_EQ(vault.run_as_given({"status", "--json"}).status, 0);
}

TEST(Home, StatusListsTheFirstAddressOfEveryWallet)
{
    TestVault vault;
    const auto status = json_of(vault.run_as_given({"status", "--json", "--home", vault.home().string()}));
    const auto own = json_of(vault.run({"address", "eth-cold", "--json"}));
    EXPECT_EQ(status.at("addresses")[0].at("wallet"), "eth-cold");
    EXPECT_EQ(status.at("addresses")[0].at("address"), own.at("address"));
    EXPECT_EQ(status.at("authenticated"), false);
}

TEST(Home, MissingOneIsNotFound)
{
    TestVault vault;
    for (const auto& command : std::vector<std::vector<std::string>>{{"status"},
                                                                     {"keys", "list"},
                                                                     {"clock", "show"},
                                                                     {"log", "show"},
                                                                     {"log", "verify"},
                                                                     {"address", "eth-cold"}}) {
        auto args = command;
        args.insert(args.end(), {"--json", "--home", vault.file("nowhere").string()});
        expect_error(vault.run_as_given(args), 7, "not_found");
    }
}

TEST(Home, OpenToOthersIsRefused)
{
    for (const auto* name : {".", "home.key", "identity.key", "ledger.db", "keys", "keys/k1.bound"}) {
        TestVault vault;
        const auto bundle = vault.bundle({vault.approved({.payloads = {vault.transfer("exchange", ether(5))}})});
        vault.expect_agreement({{"exchange", "5"}});
        ASSERT_EQ(
            ::chmod((vault.home() / name).c_str(), std::filesystem::is_directory(vault.home() / name) ? 0750 : 0640),
            0);
        const auto run = vault.sign(bundle);
        EXPECT_EQ(run.status, 4) << name << run.out;
        EXPECT_EQ(code_of(run), "file_perm") << name;
    }
}

TEST(Home, WrongPassphraseOpensNothing)
{
    TestVault vault;
    write(vault.file("wrong"), bytes_of("incorrect horse battery staple\n"));
    const auto home = vault.home().string();
    for (const auto& command : std::vector<std::vector<std::string>>{{"log", "verify"},
                                                                     {"address", "eth-cold"},
                                                                     {"keys", "generate", "--id", "k2"},
                                                                     {"keys", "export-public", "k1", "--chain", "evm"},
                                                                     {"backup", vault.file("b").string()},
                                                                     {"clock", "set", "2026-11-18T13:00:00Z"}}) {
        auto args = command;
        args.insert(args.end(), {"--json", "--home", home, "--passphrase-file", vault.file("wrong").string()});
        expect_error(vault.run_as_given(args), 5, "wrong_passphrase");
    }
    EXPECT_FALSE(std::filesystem::exists(vault.file("b")));
    EXPECT_FALSE(std::filesystem::exists(vault.home() / "keys/k2.key"));
}

TEST(Home, NoPassphraseOnTheCommandLine)
{
    TestVault vault;
    for (const auto* option : {"--passphrase", "--password", "--mnemonic", "--pin"}) {
        const auto run = vault.run_as_given({"log", "verify", "--json", option, "correct horse battery staple"});
        expect_error(run, 2, "secret_source");
        EXPECT_EQ((run.out + run.err).find("battery"), std::string::npos) << "the secret was repeated";
    }
}

TEST(Home, PassphraseIsAskedWithoutAnOption)
{
    TestVault vault;
    vault.environment->terminal.expect("Passphrase for the appliance", "correct horse battery staple");
    EXPECT_EQ(vault.run_as_given({"address", "eth-cold", "--json", "--home", vault.home().string()}).status, 0);
    vault.environment->terminal.detach();
    expect_error(vault.run_as_given({"address", "eth-cold", "--json", "--home", vault.home().string()}), 10,
                 "presence");
}

} // namespace
} // namespace coffer::test
