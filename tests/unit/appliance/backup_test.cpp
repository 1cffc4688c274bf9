#include "tests/support/vault/vault_fixture.h"

namespace coffer::test {
namespace {

/// A vault that has signed once, its backup, and a second home restored from it.
class Backup : public testing::Test {
protected:
    Backup()
    {
        vault.expect_agreement({{"exchange", "5"}});
        EXPECT_EQ(vault.sign(signed_before()).status, 0);
        std::filesystem::remove(vault.receipt_file());
    }

    Bytes signed_before() const
    {
        return vault.bundle({vault.approved({.payloads = {vault.transfer("exchange", ether(5))}})});
    }
    test::Run back_up() { return vault.run({"backup", backup().string(), "--json"}); }
    std::filesystem::path backup() const { return vault.file("backup"); }
    /// Runs in the restored home.
    test::Run there(std::vector<std::string> args)
    {
        args.insert(args.end(), {"--json", "--home", vault.file("second").string()});
        if (args[0] != "status" && args[1] != "list")
            args.insert(args.end(), {"--passphrase-file", vault.passphrase_file().string()});
        return vault.run_as_given(args);
    }
    std::string restore()
    {
        EXPECT_EQ(back_up().status, 0);
        const auto hash = encoding::encode_hex(vault.chain().charter_hash().bytes());
        const auto run = there({"restore", backup().string(), "--hash", hash});
        EXPECT_EQ(run.status, 0) << run.out;
        EXPECT_EQ(json_of(run).at("state"), "inactive");
        return json_of(run).at("identity");
    }
    test::Run sign_there(const Bytes& bundle)
    {
        write(vault.file("bundle"), bundle);
        return there({"sign", vault.file("bundle").string(), "--out", vault.receipt_file().string()});
    }

    TestVault vault;
};

TEST_F(Backup, HoldsTheLogAndNoKeys)
{
    const auto run = back_up();
    ASSERT_EQ(run.status, 0) << run.out;
    EXPECT_EQ(json_of(run).at("log_size"), static_cast<int>(vault.log_types().size()));
    const auto bytes = read(backup());
    for (const auto* file : {"home.key", "identity.key", "keys/k1.bound"}) {
        const auto key = read(vault.home() / file);
        EXPECT_TRUE(std::search(bytes.begin(), bytes.end(), key.end() - 32, key.end()) == bytes.end()) << file;
    }
    write(backup(), bytes_of("something else"));
    expect_error(back_up(), 6, "exists");
}

TEST_F(Backup, RestoresTheLogUnderANewIdentity)
{
    const auto identity = restore();
    EXPECT_NE(identity, vault.charter().appliances[0].key.format());
    const auto status = json_of(there({"status"}));
    EXPECT_EQ(status.at("state"), "unknown to the charter");
    EXPECT_EQ(status.at("identity"), identity);
    EXPECT_EQ(status.at("log_size"), static_cast<int>(vault.log_types().size()) + 1);
    EXPECT_EQ(status.at("sessions"), 1);
    EXPECT_FALSE(std::filesystem::exists(vault.file("second/keys/k1.bound")));
}

TEST_F(Backup, RestoredHomeIsInactiveUntilAnAmendmentNamesIt)
{
    const auto identity = restore();
    EXPECT_EQ(json_of(there({"keys", "list"})).at("keys")[0].at("here"), false);
    ASSERT_EQ(there({"keys", "import", "--id", "k1", "--mnemonic-file", vault.words_file().string()}).status, 0);
    EXPECT_EQ(json_of(there({"keys", "list"})).at("keys")[0].at("here"), true);
    EXPECT_EQ(json_of(there({"keys", "list"})).at("keys")[0].at("bound"), true) << "a charter has named it, once and for ever";
    const auto draft = RequestDraft{.id = id_number(2), .payloads = {vault.transfer("exchange", ether(3), 1)}};
    expect_error(sign_there(vault.bundle({vault.approved(draft)})), 4, "appliance_inactive");

    append(vault.chain(),
           seal(amended(vault.chain(),
                        [&](charter::Charter& charter) {
                            charter.appliances[0].key = artefacts::ApprovalKey::parse(identity);
                        })),
           {"alice", "bob", "dave"});
    vault.expect_agreement({{"exchange", "3"}});
    const auto run = sign_there(vault.bundle({vault.approved(draft)}));
    ASSERT_EQ(run.status, 0) << run.out << run.screen;
    EXPECT_NE(run.screen.find("charter 2"), std::string::npos) << run.screen;
    const auto result = vault.receipt().results.at(0);
    EXPECT_NO_THROW(vault.decode(vault.transfer("exchange", ether(3), 1))->verify(result.signatures.at(0).signature));
    EXPECT_TRUE(artefacts::Artefact::decode(read(vault.receipt_file()), artefacts::Kind::receipt)
                    .is_signed_by(artefacts::ApprovalKey::parse(identity)));
    EXPECT_EQ(json_of(there({"keys", "list"})).at("keys")[0].at("bound"), true);

    // The first appliance is no longer named.
    std::filesystem::remove(vault.receipt_file());
    expect_error(vault.sign(vault.bundle({vault.approved(draft)})), 4, "appliance_inactive");
}

TEST_F(Backup, RestoredHomeRemembersWhatWasSigned)
{
    const auto identity = restore();
    ASSERT_EQ(there({"keys", "import", "--id", "k1", "--mnemonic-file", vault.words_file().string()}).status, 0);
    append(vault.chain(),
           seal(amended(vault.chain(),
                        [&](charter::Charter& charter) {
                            charter.appliances[0].key = artefacts::ApprovalKey::parse(identity);
                        })),
           {"alice", "bob", "dave"});
    const auto again = vault.approved({.id = id_number(3), .payloads = {vault.transfer("supplier", ether(5), 0)}});
    expect_error(sign_there(vault.bundle({again})), 6, "nonce_used");
}

TEST_F(Backup, ImportPutsBackTheKeyThatTheLogKnows)
{
    restore();
    write(vault.file("other"),
          bytes_of("legal winner thank year wave sausage worth useful legal winner thank yellow\n"));
    expect_error(there({"keys", "import", "--id", "k1", "--mnemonic-file", vault.file("other").string()}), 6, "exists");
    expect_error(there({"keys", "import", "--id", "k9", "--mnemonic-file", vault.words_file().string()}), 6, "exists");
    EXPECT_EQ(there({"keys", "import", "--id", "k1", "--mnemonic-file", vault.words_file().string()}).status, 0);
    expect_error(there({"keys", "import", "--id", "k1", "--mnemonic-file", vault.words_file().string()}), 6, "exists");
}

TEST_F(Backup, RefusesWhatWasChangedOrIsNoBackup)
{
    ASSERT_EQ(back_up().status, 0);
    auto bytes = read(backup());
    const auto refused = [&](const Bytes& content, int status, const std::string& code) {
        write(vault.file("changed"), content);
        expect_error(there({"restore", vault.file("changed").string()}), status, code);
        EXPECT_FALSE(std::filesystem::exists(vault.file("second/home.key")));
    };
    refused(to_bytes(bytes_of("a letter")), 3, "malformed");
    refused(Bytes{bytes.begin(), bytes.end() - 1}, 3, "cbor_length");
    refused(vault.chain().links()[0].artefact, 3, "malformed");
    const std::string_view name = "exchange";
    bytes = read(backup());
    const auto place = std::search(bytes.begin(), bytes.end(), name.begin(), name.end());
    ASSERT_NE(place, bytes.end());
    *place = 'E';
    refused(bytes, 9, "log_chain");
}

TEST_F(Backup, RestoresIntoAnEmptyPlaceOnly)
{
    ASSERT_EQ(back_up().status, 0);
    expect_error(vault.run({"restore", backup().string(), "--json"}), 6, "exists");
    EXPECT_EQ(json_of(vault.run({"status", "--json"})).at("state"), "active");
}

} // namespace
} // namespace coffer::test
