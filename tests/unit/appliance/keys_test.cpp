#include "core/artefacts/key_export.h"
#include "appliance/session.h"
#include "core/keys/derivation.h"
#include "core/keys/mnemonic.h"
#include "core/keys/seed.h"
#include "tests/support/vault/share_holders.h"
#include "tests/support/vault/vault_fixture.h"

namespace coffer::test {
namespace {

TEST(Keys, GeneratesAndLists)
{
    TestVault vault;
    const auto made = vault.run({"keys", "generate", "--id", "k2", "--json"});
    ASSERT_EQ(made.status, 0) << made.out;
    const auto json = json_of(made);
    EXPECT_EQ(json.at("id"), "k2");
    EXPECT_EQ(json.at("source"), "generated");
    EXPECT_EQ(json.at("fingerprint").get<std::string>().size(), 8u);

    const auto listed = json_of(vault.run({"keys", "list", "--json"}));
    EXPECT_EQ(listed.at("authenticated"), false);
    ASSERT_EQ(listed.at("keys").size(), 2u);
    EXPECT_EQ(listed.at("keys")[0].at("id"), "k1");
    EXPECT_EQ(listed.at("keys")[0].at("bound"), true);
    EXPECT_EQ(listed.at("keys")[0].at("source"), "imported");
    EXPECT_EQ(listed.at("keys")[1].at("fingerprint"), json.at("fingerprint"));
    EXPECT_EQ(listed.at("keys")[1].at("bound"), false);
    EXPECT_EQ(mode_of(vault.home() / "keys/k2.key"), 0600U);
}

TEST(Keys, TwoGeneratedOnesDiffer)
{
    TestVault vault;
    const auto first = json_of(vault.run({"keys", "generate", "--id", "k2", "--json"}));
    const auto second = json_of(vault.run({"keys", "generate", "--id", "k3", "--json"}));
    EXPECT_NE(first.at("fingerprint"), second.at("fingerprint"));
}

TEST(Keys, ShowsWordsOnTheTerminalAlone)
{
    TestVault vault;
    ShareHolders people;
    vault.environment->terminal.answer_otherwise([&](const std::string& prompt, const std::string& transcript) { return people(prompt, transcript); });
    const auto run = vault.run({"keys", "generate", "--id", "k2", "--show-words", "--json"});
    ASSERT_EQ(run.status, 0) << run.err;
    ASSERT_EQ(people.papers().size(), 1U);
    const auto entropy = keys::entropy_from_mnemonic(SecretBytes::copy_of(bytes_of(people.papers().front())));
    EXPECT_EQ(appliance::fingerprint_of(entropy, keys::SeedScheme::bip39), json_of(run).at("fingerprint"));
    for (const auto& word : split(people.papers().front(), ' '))
        EXPECT_EQ((run.out + run.err).find(" " + word + " "), std::string::npos);

    vault.environment->terminal.detach();
    expect_error(vault.run({"keys", "generate", "--id", "k3", "--show-words", "--json"}), 10, "presence");
    expect_error(vault.run({"keys", "generate", "--id", "k3", "--show-words", "--scheme", "slip39", "--json"}), 2, "usage");
}

TEST(Keys, ImportsWordsFromTheTerminal)
{
    TestVault vault;
    vault.environment->terminal.expect("Words, separated by spaces",
                                       "legal winner thank year wave sausage worth useful legal winner thank yellow");
    const auto run = vault.run({"keys", "import", "--id", "k2", "--json"});
    ASSERT_EQ(run.status, 0) << run.out;
    EXPECT_EQ(json_of(run).at("source"), "imported");
    EXPECT_EQ(run.screen.find("winner"), std::string::npos);
}

TEST(Keys, RefusesWordsThatAreWrong)
{
    TestVault vault;
    write(vault.file("bad"), bytes_of("legal winner thank year wave sausage worth useful legal winner thank thank\n"));
    expect_error(vault.run({"keys", "import", "--id", "k2", "--mnemonic-file", vault.file("bad").string(), "--json"}),
                 3, "mnemonic");
    write(vault.file("open"), bytes_of("legal winner thank year wave sausage worth useful legal winner thank yellow\n"),
          0644);
    expect_error(vault.run({"keys", "import", "--id", "k2", "--mnemonic-file", vault.file("open").string(), "--json"}),
                 4, "file_perm");
    EXPECT_EQ(json_of(vault.run({"keys", "list", "--json"})).at("keys").size(), 1u);
}

TEST(Keys, OneIdAndOneKeyOnce)
{
    TestVault vault;
    const auto words = vault.words_file().string();
    expect_error(vault.run({"keys", "generate", "--id", "k1", "--json"}), 6, "exists");
    expect_error(vault.run({"keys", "import", "--id", "k1", "--mnemonic-file", words, "--json"}), 6, "exists");
    expect_error(vault.run({"keys", "import", "--id", "k2", "--mnemonic-file", words, "--json"}), 6, "exists");
    expect_error(vault.run({"keys", "generate", "--id", "../k2", "--json"}), 2, "usage");
    EXPECT_EQ(count(vault.log_types(), "key_made"), 1u);
}

TEST(Keys, ExportsTheirPublicHalfSigned)
{
    TestVault vault;
    const auto file = vault.file("k1.export");
    const auto run = vault.run({"keys", "export-public", "k1", "--chain", "evm", "--out", file.string(), "--json"});
    ASSERT_EQ(run.status, 0) << run.out;
    const auto json = json_of(run);
    EXPECT_EQ(json.at("address"), "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    EXPECT_EQ(json.at("public_key"), "038318535b54105d4a7aae60c08fc45f9687181b4fdfc625bd1a753fa7397fed75");
    EXPECT_EQ(json.at("chain"), "evm");
    EXPECT_EQ(json.at("file"), file.string());
    const auto key = artefacts::verify_key_export(artefacts::Artefact::decode(read(file), artefacts::Kind::export_));
    EXPECT_EQ(key.appliance.format(), json.at("identity"));
    EXPECT_EQ(key.origin, json.at("origin"));
    EXPECT_EQ(key.public_key, json.at("xpub"));
    EXPECT_EQ(key.header, example_header);

    EXPECT_EQ(vault.run({"keys", "export-public", "k1", "--chain", "evm", "--out", file.string(), "--json"}).status, 0)
        << "the same again";
    write(file, bytes_of("something else"));
    expect_error(vault.run({"keys", "export-public", "k1", "--chain", "evm", "--out", file.string(), "--json"}), 6,
                 "exists");
    EXPECT_EQ(vault.run({"keys", "export-public", "k1", "--chain", "evm", "--out", file.string(), "--force", "--json"})
                  .status,
              0);
}

TEST(Keys, ExportsAnotherAccountAndABarePath)
{
    TestVault vault;
    const auto account =
        json_of(vault.run({"keys", "export-public", "k1", "--chain", "evm", "--account", "1", "--json"}));
    const auto path = json_of(vault.run({"keys", "export-public", "k1", "--path", "m/44h/60h/1h", "--json"}));
    EXPECT_TRUE(account.at("origin").get<std::string>().ends_with("/44h/60h/1h]"));
    EXPECT_EQ(account.at("xpub"), path.at("xpub"));
    EXPECT_EQ(path.at("path"), "m/44h/60h/1h");
}

TEST(Keys, ExportsBitcoinAccountsAloneAndForCosigners)
{
    TestVault vault;
    const auto exported = [&](std::vector<std::string> options) {
        options.insert(options.begin(), {"keys", "export-public", "k1", "--json", "--chain"});
        return json_of(vault.run(options));
    };
    const auto alone = exported({"bitcoin"});
    EXPECT_TRUE(alone.at("origin").get<std::string>().ends_with("/84h/0h/0h]"));
    EXPECT_TRUE(alone.at("xpub").get<std::string>().starts_with("xpub"));
    EXPECT_EQ(alone.at("address"), "bc1q4qw42stdzjqs59xvlrlxr8526e3nunw7mp73te");
    const auto cosigner = exported({"bitcoin", "--cosigner"});
    EXPECT_TRUE(cosigner.at("origin").get<std::string>().ends_with("/48h/0h/0h/2h]"));
    EXPECT_FALSE(cosigner.contains("address")) << "a cosigner has none of its own";
    EXPECT_NE(cosigner.at("xpub"), alone.at("xpub"));
    EXPECT_TRUE(exported({"bitcoin", "--cosigner", "--account", "7"}).at("origin").get<std::string>().ends_with("/48h/0h/7h/2h]"));
}

TEST(Keys, ExportsTestNetworksUnderTheirOwnVersionAndCoinType)
{
    TestVault vault;
    for (const std::string network : {"testnet", "testnet4", "signet", "regtest"}) {
        const auto json = json_of(vault.run({"keys", "export-public", "k1", "--chain", network, "--json"}));
        EXPECT_TRUE(json.at("origin").get<std::string>().ends_with("/84h/1h/0h]")) << network;
        EXPECT_TRUE(json.at("xpub").get<std::string>().starts_with("tpub")) << network;
        EXPECT_TRUE(json.at("address").get<std::string>().starts_with(network == "regtest" ? "bcrt1q" : "tb1q")) << network;
    }
}

TEST(Keys, SignsWhatItExportsOfABitcoinAccount)
{
    TestVault vault;
    const auto file = vault.file("k1.export");
    const auto json = json_of(vault.run({"keys", "export-public", "k1", "--chain", "regtest", "--cosigner", "--out", file.string(), "--json"}));
    const auto key = artefacts::verify_key_export(artefacts::Artefact::decode(read(file), artefacts::Kind::export_));
    EXPECT_EQ(key.family, "bitcoin");
    EXPECT_EQ(key.public_key, json.at("xpub"));
    EXPECT_EQ(key.origin, json.at("origin"));
    EXPECT_EQ(keys::ExtendedPublicKey::parse(key.public_key).position().depth, 4);
}

TEST(Keys, ExportNamesWhatIsWrong)
{
    TestVault vault;
    expect_error(vault.run({"keys", "export-public", "k9", "--chain", "evm", "--json"}), 7, "not_found");
    expect_error(vault.run({"keys", "export-public", "k1", "--chain", "dogecoin", "--json"}), 2, "usage");
    expect_error(vault.run({"keys", "export-public", "k1", "--json"}), 2, "usage");
    expect_error(vault.run({"keys", "export-public", "k1", "--chain", "evm", "--cosigner", "--json"}), 2, "usage");
    expect_error(vault.run({"keys", "export-public", "k1", "--chain", "mainnet", "--json"}), 2, "usage");
    expect_error(vault.run({"keys", "export-public", "k1", "--chain", "bitcoin", "--account", "2147483648", "--json"}), 2, "usage");
    expect_error(vault.run({"keys", "export-public", "k1", "--chain", "evm", "--path", "m/0", "--json"}), 2, "usage");
    expect_error(vault.run({"keys", "export-public", "k1", "--path", "m/44h/x", "--json"}), 3, "malformed");
}

/// Nothing of a refused export is written.
TEST(Keys, ExportRefusesPurposesThatAChainHasNot)
{
    TestVault vault;
    const auto refuse = [&](std::vector<std::string> options) {
        options.insert(options.begin(), {"keys", "export-public", "k1", "--out", vault.file("out").string(), "--json"});
        expect_error(vault.run(options), 2, "usage");
        EXPECT_FALSE(std::filesystem::exists(vault.file("out")));
    };
    for (const auto* chain : {"evm", "tron", "solana"}) {
        for (const auto* purpose : {"48", "49", "84", "86"})
            refuse({"--chain", chain, "--purpose", purpose});
        refuse({"--chain", chain, "--cosigner"});
        for (const auto* format : {"descriptor", "core", "sparrow"})
            refuse({"--chain", chain, "--format", format});
    }
    for (const auto* purpose : {"45", "0", "84h", "-84", "084", ""})
        refuse({"--chain", "bitcoin", "--purpose", purpose});
    refuse({"--chain", "bitcoin", "--cosigner", "--purpose", "84"});
    refuse({"--chain", "bitcoin", "--cosigner", "--format", "core"});
    refuse({"--chain", "bitcoin", "--format", "electrum"});
    for (const auto* account : {"2147483648", "4294967296", "18446744073709551616", "-1", "0h", "1'", ""})
        refuse({"--chain", "solana", "--account", account});
}

TEST(Keys, ExportKeepsTheOptionsOfAccountsFromPaths)
{
    TestVault vault;
    const std::vector<std::vector<std::string>> options = {
        {"--account", "1"}, {"--purpose", "84"}, {"--cosigner"}, {"--format", "core"}, {"--out", vault.file("out").string()}};
    for (auto option : options) {
        option.insert(option.begin(), {"keys", "export-public", "k1", "--path", "m/84h/0h/0h", "--json"});
        expect_error(vault.run(option), 2, "usage");
    }
    EXPECT_FALSE(std::filesystem::exists(vault.file("out")));
}

TEST(Keys, ExportsBitcoinAccountsOfEveryPurpose)
{
    TestVault vault;
    const auto exported = [&](const std::string& purpose) {
        return json_of(vault.run({"keys", "export-public", "k1", "--chain", "bitcoin", "--purpose", purpose, "--json"}));
    };
    const auto ends = [](const nlohmann::json& json, const std::string& path) { return json.at("origin").get<std::string>().ends_with(path); };
    EXPECT_TRUE(ends(exported("44"), "/44h/0h/0h]"));
    EXPECT_TRUE(exported("44").at("address").get<std::string>().starts_with("1"));
    EXPECT_TRUE(ends(exported("49"), "/49h/0h/0h]"));
    EXPECT_TRUE(exported("49").at("address").get<std::string>().starts_with("3"));
    EXPECT_EQ(exported("84").at("address"), "bc1q4qw42stdzjqs59xvlrlxr8526e3nunw7mp73te");
    EXPECT_TRUE(ends(exported("86"), "/86h/0h/0h]"));
    EXPECT_TRUE(exported("86").at("address").get<std::string>().starts_with("bc1p"));
    EXPECT_TRUE(ends(exported("48"), "/48h/0h/0h/2h]"));
    EXPECT_EQ(exported("48").at("xpub"),
              json_of(vault.run({"keys", "export-public", "k1", "--chain", "bitcoin", "--cosigner", "--json"})).at("xpub"));
    EXPECT_EQ(exported("86").at("purpose"), 86);
}

TEST(Keys, ExportsTronAndSolanaAccountsSigned)
{
    TestVault vault;
    const auto file = vault.file("k1.export");
    const auto tron = json_of(vault.run({"keys", "export-public", "k1", "--chain", "tron", "--json"}));
    EXPECT_TRUE(tron.at("origin").get<std::string>().ends_with("/44h/195h/0h]"));
    EXPECT_TRUE(tron.at("xpub").get<std::string>().starts_with("xpub"));
    EXPECT_TRUE(tron.at("address").get<std::string>().starts_with("T"));
    const auto solana =
        json_of(vault.run({"keys", "export-public", "k1", "--chain", "solana", "--account", "2", "--out", file.string(), "--json"}));
    EXPECT_TRUE(solana.at("origin").get<std::string>().ends_with("/44h/501h/2h/0h]"));
    EXPECT_FALSE(solana.contains("xpub"));
    EXPECT_EQ(solana.at("public_key").get<std::string>().size(), 64U);
    const auto key = artefacts::verify_key_export(artefacts::Artefact::decode(read(file), artefacts::Kind::export_));
    EXPECT_EQ(key.public_key, solana.at("public_key"));
    EXPECT_EQ(key.origin, solana.at("origin"));
    EXPECT_EQ(key.family, "solana");
    EXPECT_EQ(solana.at("origin").get<std::string>().substr(0, 9), tron.at("origin").get<std::string>().substr(0, 9)) << "one master key";
}

TEST(Keys, WritesWhatOtherProgramsRead)
{
    TestVault vault;
    const auto file = vault.file("core.json");
    const std::vector<std::string> order = {"keys", "export-public", "k1", "--chain", "regtest", "--format", "core", "--out", file.string()};
    const auto run = vault.run(order);
    ASSERT_EQ(run.status, 0) << run.err;
    const auto text = std::string{text_of(read(file))};
    EXPECT_EQ(run.out, text);
    EXPECT_TRUE(text.starts_with("[{\"desc\":\"wpkh(["));
    const auto json = json_of(vault.run({"keys", "export-public", "k1", "--chain", "regtest", "--format", "core", "--json"}));
    EXPECT_EQ(json.at("text").get<std::string>() + "\n", text);
    EXPECT_EQ(json.at("format"), "core");
    EXPECT_FALSE(json.contains("file"));
}

/// A key that no charter has named signs nothing; a bound one of another home does not open here.
TEST(Keys, SealedKeyOfAnotherHomeDoesNotOpen)
{
    TestVault vault;
    const auto home = vault.file("second").string();
    vault.environment->terminal.detach();
    ASSERT_EQ(vault
                  .run_as_given({"init", "--environment", "test", "--home", home, "--passphrase-file",
                                 vault.passphrase_file().string(), "--date", day_of(vault.now())})
                  .status,
              0);
    ASSERT_EQ(vault
                  .run_as_given({"keys", "generate", "--id", "k1", "--home", home, "--passphrase-file",
                                 vault.passphrase_file().string()})
                  .status,
              0);
    std::filesystem::copy_file(vault.home() / "keys/k1.bound", vault.file("second/keys/k1.key"),
                               std::filesystem::copy_options::overwrite_existing);
    const auto run = vault.run_as_given({"keys", "export-public", "k1", "--chain", "evm", "--json", "--home", home,
                                         "--passphrase-file", vault.passphrase_file().string()});
    expect_error(run, 9, "binding");
}

} // namespace
} // namespace coffer::test
