#include "tests/support/cli_fixture.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

namespace coffer {
namespace {

using test::CliSandbox;
using test::CliTreasury;
using testing::HasSubstr;
using testing::Not;

std::string hash_text(const artefacts::Artefact& sealed)
{
    return encoding::encode_hex(charter::hash_of(sealed).bytes());
}

TEST(OfficerKeygen, WritesASealedKeyAndPrintsThePublicLine)
{
    CliSandbox sandbox;
    sandbox.environment.terminal.expect("assphrase", "a long passphrase").expect("gain", "a long passphrase");
    const auto made = sandbox.run_well({"--json", "officer", "keygen", "--id", "dave", "--out", "dave.key"});
    EXPECT_EQ(made.field("officer"), "dave");
    EXPECT_THAT(made.field("public_key"), testing::MatchesRegex("ed25519:[0-9a-f]{64}"));
    struct stat status {};
    ASSERT_EQ(::stat(sandbox.path("dave.key").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0600U);
    EXPECT_THAT(sandbox.environment.terminal.transcript(), Not(HasSubstr("a long")));
}

TEST(OfficerKeygen, NeverReplacesAFile)
{
    CliTreasury treasury;
    const auto before = treasury.read("alice.key");
    const auto refused = treasury.run({"--json", "officer", "keygen", "--id", "alice", "--out", "alice.key", "--passphrase-file", "alice.pass"});
    EXPECT_EQ(refused.status, 6);
    EXPECT_EQ(refused.error_code(), "exists");
    EXPECT_EQ(treasury.read("alice.key"), before);
}

TEST(OfficerKeygen, RefusesWhatIsNoIdAndAPassphraseThatOthersMayRead)
{
    CliTreasury treasury;
    EXPECT_EQ(treasury.run({"--json", "officer", "keygen", "--id", "Dave", "--out", "d.key", "--passphrase-file", "alice.pass"}).status, 2);
    treasury.write("open.pass", "correct horse battery");
    EXPECT_EQ(treasury.run({"--json", "officer", "keygen", "--id", "dave", "--out", "d.key", "--passphrase-file", "open.pass"}).error_code(),
              "file_perm");
    EXPECT_EQ(treasury.run({"--json", "officer", "keygen", "--id", "dave", "--out", "d.key", "--passphrase", "x"}).error_code(),
              "secret_source");
    treasury.environment.terminal.detach();
    EXPECT_EQ(treasury.run({"--json", "officer", "keygen", "--id", "dave", "--out", "d.key"}).status, 10);
    EXPECT_FALSE(std::filesystem::exists(treasury.path("d.key")));
}

TEST(OfficerTrust, StoresTheCharterAndIsANoOpTheSecondTime)
{
    CliTreasury treasury;
    const auto hash = hash_text(*treasury.sealed);
    const std::vector<std::string> args{"--json",       "officer", "trust", "charter.coffer",    "--hash",    hash,
                                        "--key", "alice.key", "--passphrase-file", "alice.pass"};
    const auto first = treasury.run_well(args);
    EXPECT_EQ(first.field("officer"), "alice");
    EXPECT_EQ(first.field("hash"), hash);
    EXPECT_EQ(first.field("changed"), "true");
    const auto key = treasury.read("alice.key");
    EXPECT_EQ(treasury.run_well(args).field("changed"), "false");
    EXPECT_EQ(treasury.read("alice.key"), key);
}

TEST(OfficerTrust, RefusesAHashThatIsNotTheFilesAndLeavesTheKeyAlone)
{
    CliTreasury treasury;
    const auto key = treasury.read("alice.key");
    auto hash = hash_text(*treasury.sealed);
    hash[0] = hash[0] == '0' ? '1' : '0';
    const auto refused = treasury.run({"--json", "officer", "trust", "charter.coffer", "--hash", hash, "--key", "alice.key",
                                       "--passphrase-file", "alice.pass"});
    EXPECT_EQ(refused.status, 9);
    EXPECT_EQ(refused.error_code(), "charter_untrusted");
    EXPECT_EQ(treasury.run({"--json", "officer", "trust", "charter.coffer", "--hash", hash.substr(0, 8), "--key", "alice.key",
                            "--passphrase-file", "alice.pass"})
                  .status,
              2);
    EXPECT_EQ(treasury.read("alice.key"), key);
}

TEST(OfficerTrust, AsksForTheWholeHashAtTheTerminalOrNotAtAll)
{
    CliTreasury treasury;
    treasury.environment.terminal.expect("hash", "y").expect("hash", hash_text(*treasury.sealed));
    EXPECT_EQ(treasury.run({"officer", "trust", "charter.coffer", "--key", "bob.key", "--passphrase-file", "bob.pass"}).status, 0);
    EXPECT_TRUE(treasury.environment.terminal.is_finished());
    treasury.environment.terminal.detach();
    EXPECT_EQ(treasury.run({"--json", "officer", "trust", "charter.coffer", "--key", "bob.key", "--passphrase-file", "bob.pass"}).error_code(),
              "presence");
}

TEST(OfficerTrust, RefusesAKeyThatTheCharterLacksAndAWrongPassphrase)
{
    CliTreasury treasury;
    auto without_bob = *treasury.charter;
    std::erase_if(without_bob.officers, [](const auto& officer) { return officer.id == "bob"; });
    without_bob.amendment = charter::Quorum::parse("2 of admin");
    for (auto& rule : without_bob.rules)
        rule.approvals = charter::Quorum::parse("1 of finance and 1 of compliance");
    const auto other = treasury.write_charter("other.coffer", without_bob, {"alice", "carol"});
    EXPECT_EQ(treasury.run({"--json", "officer", "trust", "other.coffer", "--hash", hash_text(other), "--key", "bob.key",
                            "--passphrase-file", "bob.pass"})
                  .error_code(),
              "appr_role");
    treasury.write("wrong.pass", bytes_of("not the passphrase"), storage::private_mode);
    EXPECT_EQ(treasury.run({"--json", "officer", "trust", "charter.coffer", "--hash", hash_text(*treasury.sealed), "--key", "bob.key",
                            "--passphrase-file", "wrong.pass"})
                  .error_code(),
              "wrong_passphrase");
}

TEST(OfficerTrust, NeverChangesTheTreasuryOfAKey)
{
    CliTreasury treasury;
    treasury.trust("carol");
    auto other = *treasury.charter;
    other.header.treasury = TreasuryId{ByteArray<32>{9}};
    const auto sealed = treasury.write_charter("other.coffer", other, CliTreasury::officers());
    EXPECT_EQ(treasury.run({"--json", "officer", "trust", "other.coffer", "--hash", hash_text(sealed), "--key", "carol.key",
                            "--passphrase-file", "carol.pass"})
                  .error_code(),
              "charter_untrusted");
}

} // namespace
} // namespace coffer
