#include "tests/support/cli_fixture.h"

#include <gmock/gmock.h>

namespace coffer {
namespace {

using test::CliSandbox;
using test::CliTreasury;
using testing::HasSubstr;
using testing::Not;
using testing::Not;

std::string hash_text(const artefacts::Artefact& sealed)
{
    return encoding::encode_hex(charter::hash_of(sealed).bytes());
}

/// The fixture's treasury as people write it.
std::string charter_toml(const CliTreasury& treasury)
{
    const auto& charter = *treasury.charter;
    const auto& format = *chains::find_format("evm");
    std::string text = "format = 1\nname = \"Example Treasury\"\ntreasury = \"" +
                       encoding::encode_hex(charter.header.treasury.bytes()) +
                       "\"\nenvironment = \"test\"\nversion = 1\n[amendment]\napprovals = \"3 of admin\"\n"
                       "[[role]]\nid = \"compliance\"\nveto = true\n";
    for (const auto& officer : charter.officers)
        text += "[[officer]]\nid = \"" + officer.id + "\"\nroles = [\"" + join(officer.roles, "\", \"") + "\"]\nkeys = [\"" +
                officer.keys[0].format() + "\"]\n";
    const auto& appliance = charter.appliances[0];
    text += "[[appliance]]\nid = \"vault-a\"\nkey = \"" + appliance.key.format() + "\"\nstate = \"active\"\nkeys = [{ id = \"k1\", origin = \"" +
            appliance.keys[0].origin + "\", public = \"" + appliance.keys[0].extended_public + "\" }]\n[audit]\nkey = \"" +
            charter.audit_key.format() + "\"\n[[chain]]\nid = \"ethereum\"\nfamily = \"evm\"\nchain_id = 31337\n" +
            "[[token]]\nid = \"USDC\"\nchain = \"ethereum\"\naddress = \"" +
            format.format_address(charter.tokens[0].address, charter.chains[0]) + "\"\ndecimals = 6\n" +
            "[[wallet]]\nid = \"eth-cold\"\nchain = \"ethereum\"\ntier = \"cold\"\nmode = \"governed\"\naddress = \"" +
            format.format_address(charter.wallets[0].address, charter.chains[0]) +
            "\"\nkeys = [{ appliance = \"vault-a\", key = \"k1\", path = \"0/0\" }]\npresence = \"person\"\nconfirmations = 3\n" +
            "[[destination]]\nid = \"exchange-eth\"\nchain = \"ethereum\"\naddress = \"" + std::string{CliTreasury::exchange} + "\"\n";
    for (const auto& [id, asset, most, approvals] :
         {std::tuple{"small-eth", "ETH", "10", "1 of finance and 1 of compliance"},
          std::tuple{"large-eth", "ETH", "1000", "2 of finance and 1 of compliance"},
          std::tuple{"small-usdc", "USDC", "1000", "1 of finance and 1 of compliance"}})
        text += "[[rule]]\nid = \"" + std::string{id} + "\"\nwallets = [\"eth-cold\"]\nkinds = [\"transfer\"]\nchains = \"any\"\nassets = [\"" + asset +
                "\"]\namount = [\"0\", \"" + most + "\"]\ndestinations = \"whitelist\"\napprovals = \"" + approvals +
                "\"\nrequester_may_approve = false\nmax_fee = \"0.05\"\nexpires = \"24h\"\ndelay = \"0s\"\n";
    return text;
}

std::string replaced(std::string text, const std::string& from, const std::string& to)
{
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

/// The line of the first occurrence.
std::string line_of(const std::string& text, const std::string& what)
{
    return std::to_string(1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find(what)), '\n'));
}

TEST(CharterNew, PrintsATemplateWithAFreshTreasuryId)
{
    CliSandbox sandbox;
    const auto first = sandbox.run_well({"--json", "charter", "new"});
    const auto second = sandbox.run_well({"--json", "charter", "new"});
    EXPECT_THAT(first.field("treasury"), testing::MatchesRegex("[0-9a-f]{64}"));
    EXPECT_NE(first.field("treasury"), second.field("treasury"));
    EXPECT_EQ(first.field("environment"), "production");
    EXPECT_THAT(first.field("template"), HasSubstr(first.field("treasury")));
}

TEST(CharterNew, TakesEnvironmentAndAuditKeyFromTheHome)
{
    CliTreasury treasury;
    const auto made = treasury.run_well({"charter", "new"});
    EXPECT_THAT(made.out, HasSubstr("environment = \"test\""));
    EXPECT_THAT(made.out, HasSubstr("key = \"" + treasury.charter->audit_key.format() + "\""));
}

TEST(CharterNew, WritesNoFileOverAnother)
{
    CliSandbox sandbox;
    sandbox.run_well({"charter", "new", "--out", "charter.toml"});
    EXPECT_EQ(sandbox.run({"--json", "charter", "new", "--out", "charter.toml"}).error_code(), "exists");
    sandbox.run_well({"charter", "new", "--out", "charter.toml", "--force"});
}

TEST(CharterCheck, AcceptsAGoodCharterWithoutAHome)
{
    CliTreasury treasury;
    treasury.write("charter.toml", charter_toml(treasury));
    std::filesystem::remove_all(treasury.path("home"));
    const auto good = treasury.run_well({"--json", "charter", "check", "charter.toml"});
    EXPECT_EQ(good.field("version"), "1");
    EXPECT_EQ(good.field("hash"), hash_text(*treasury.sealed));
    EXPECT_THAT(treasury.run_well({"charter", "check", "charter.toml"}).out, HasSubstr("no problems"));
    EXPECT_THAT(treasury.run_well({"charter", "check", "charter.toml"}).out, HasSubstr("no limit bounds all that leaves eth-cold"));
    EXPECT_EQ(good.field("unlimited.0"), "eth-cold");
    EXPECT_NE(good.field("single_points.0"), "null");
    EXPECT_THAT(treasury.run_well({"--json", "charter", "check", "charter.toml"}).err, Not(HasSubstr("warning")));
    treasury.write("open.toml", replaced(charter_toml(treasury), "max_fee =", "max_feerate = \"900 gwei\" #"));
    const auto open = treasury.run_well({"--json", "charter", "check", "open.toml"});
    EXPECT_THAT(open.err, HasSubstr("max_fee is missing"));
    EXPECT_THAT(open.out, HasSubstr("\"warnings\":[{"));
    EXPECT_THAT(treasury.run_well({"charter", "check", "-"}, charter_toml(treasury)).out, HasSubstr("no problems"));
}

TEST(CharterCheck, PrintsEveryProblemWithItsLineAndTheirNumber)
{
    CliTreasury treasury;
    const auto text = replaced(replaced(charter_toml(treasury), "1 of finance and 1 of compliance", "3 of compliance"),
                               "confirmations = 3", "confirmations = 0");
    treasury.write("charter.toml", text);
    const auto bad = treasury.run({"charter", "check", "charter.toml"});
    EXPECT_EQ(bad.status, 4);
    EXPECT_THAT(bad.out, HasSubstr("rule \"small-eth\": needs 3 of compliance, but only carol has that role"));
    EXPECT_THAT(bad.out, testing::ContainsRegex("charter.toml:[0-9]+: wallet \"eth-cold\": confirmations begin with 1"));
    EXPECT_THAT(bad.err, HasSubstr("problems"));

    const auto json = treasury.run({"--json", "charter", "check", "charter.toml"});
    EXPECT_EQ(json.status, 4);
    EXPECT_EQ(json.error_code(), "policy_invalid");
    EXPECT_EQ(json.field("problems.0.place"), "wallet \"eth-cold\"");
    EXPECT_EQ(json.field("problems.0.line"), line_of(text, "[[wallet]]"));
}

TEST(CharterCheck, RefusesOneKeyForTwoOfficersAndTheChainsOwnMistakes)
{
    CliTreasury treasury;
    const auto good = charter_toml(treasury);
    treasury.write("twice.toml", replaced(good, treasury.charter->officers[1].keys[0].format(), treasury.charter->officers[0].keys[0].format()));
    EXPECT_EQ(treasury.run({"--json", "charter", "check", "twice.toml"}).error_code(), "policy_dupkey");
    const std::string of_small_order = "ed25519:" + std::string(64, '0');
    treasury.write("weak.toml", replaced(charter_toml(treasury), treasury.charter->officers[0].keys[0].format(), of_small_order));
    EXPECT_EQ(treasury.run({"--json", "charter", "check", "weak.toml"}).error_code(), "pubkey");
    EXPECT_EQ(treasury.run({"--json", "charter", "seal", "weak.toml", "--out", "weak.coffer"}).status, 5);
    // The wallet's address is not that of its key: only the chain's format can tell.
    treasury.write("address.toml", replaced(good, "path = \"0/0\"", "path = \"0/1\""));
    const auto wrong = treasury.run({"--json", "charter", "check", "address.toml"});
    EXPECT_EQ(wrong.status, 4);
    EXPECT_EQ(wrong.field("problems.0.place"), "wallet \"eth-cold\"");
}

TEST(CharterCheck, RefusesWhatIsNoTomlWithTheLine)
{
    CliSandbox sandbox;
    sandbox.write("charter.toml", std::string_view{"format = 1\nname = \n"});
    const auto bad = sandbox.run({"--json", "charter", "check", "charter.toml"});
    EXPECT_EQ(bad.status, 3);
    EXPECT_EQ(bad.error_code(), "malformed");
    EXPECT_EQ(sandbox.run({"--json", "charter", "check", "nowhere.toml"}).status, 7);
}

TEST(CharterSeal, IsDeterministicAndSaysWhoMustSign)
{
    CliTreasury treasury;
    treasury.write("charter.toml", charter_toml(treasury));
    const auto sealed = treasury.run_well({"--json", "charter", "seal", "charter.toml", "--out", "sealed"});
    EXPECT_EQ(sealed.field("hash"), hash_text(*treasury.sealed));
    EXPECT_EQ(sealed.field("version"), "1");
    EXPECT_EQ(sealed.field("signatures.have"), "0");
    EXPECT_EQ(sealed.field("signatures.need.0"), "alice");
    EXPECT_EQ(sealed.field("signatures.need.2"), "carol");
    treasury.run_well({"charter", "seal", "charter.toml", "--out", "again"});
    EXPECT_EQ(treasury.read("sealed"), treasury.read("again"));
}

TEST(CharterSeal, KeepsTheSignaturesOfAFileThatHoldsTheSameCharter)
{
    CliTreasury treasury;
    treasury.write("charter.toml", charter_toml(treasury));
    const auto signed_before = treasury.read("charter.coffer");
    EXPECT_EQ(treasury.run_well({"--json", "charter", "seal", "charter.toml", "--out", "charter.coffer"}).field("signatures.have"), "3");
    EXPECT_EQ(treasury.read("charter.coffer"), signed_before);
    treasury.write("other", std::string_view{"mine"});
    EXPECT_EQ(treasury.run({"--json", "charter", "seal", "charter.toml", "--out", "other"}).error_code(), "exists");
}

TEST(CharterSeal, SealsNothingThatHasAProblem)
{
    CliTreasury treasury;
    treasury.write("charter.toml", replaced(charter_toml(treasury), "confirmations = 3", "confirmations = 0"));
    const auto bad = treasury.run({"--json", "charter", "seal", "charter.toml", "--out", "sealed"});
    EXPECT_EQ(bad.status, 4);
    EXPECT_FALSE(std::filesystem::exists(treasury.path("sealed")));
}

TEST(CharterSign, ShowsEverythingAndAddsTheSignature)
{
    CliTreasury treasury;
    treasury.write_charter("draft", *treasury.charter, {});
    const auto made = treasury.run_as("bob", {"--json", "charter", "sign", "draft"});
    ASSERT_EQ(made.status, 0) << made.out;
    EXPECT_EQ(made.field("officer"), "bob");
    EXPECT_EQ(made.field("signatures.have"), "1");
    EXPECT_EQ(made.field("signatures.need.0"), "alice");
    EXPECT_THAT(made.err, HasSubstr("rule \"large-eth\": 2 of finance and 1 of compliance"));
    const auto artefact = artefacts::Artefact::decode(treasury.read("draft"), artefacts::Kind::charter);
    EXPECT_TRUE(artefact.is_signed_by(treasury.charter->officers[1].keys[0]));
    // The same again changes nothing.
    const auto once = treasury.read("draft");
    EXPECT_EQ(treasury.run_as("bob", {"charter", "sign", "draft"}).status, 0);
    EXPECT_EQ(treasury.read("draft"), once);
}

TEST(CharterSign, WritesElsewhereWhenAsked)
{
    CliTreasury treasury;
    treasury.write_charter("draft", *treasury.charter, {});
    const auto before = treasury.read("draft");
    ASSERT_EQ(treasury.run_as("alice", {"charter", "sign", "draft", "--out", "from-alice"}).status, 0);
    EXPECT_EQ(treasury.read("draft"), before);
    EXPECT_EQ(artefacts::Artefact::decode(treasury.read("from-alice"), artefacts::Kind::charter).signatures().size(), 1);
}

TEST(CharterSign, SaysInWordsWhatAnAmendmentChanges)
{
    CliTreasury treasury;
    treasury.write_charter("next", treasury.amended([](auto& next) { next.rules.pop_back(); }), {});
    const auto made = treasury.run_as("carol", {"--json", "charter", "sign", "next"});
    ASSERT_EQ(made.status, 0) << made.out;
    EXPECT_THAT(made.err, HasSubstr("rule \"small-usdc\" is removed"));
    EXPECT_THAT(made.err, Not(HasSubstr("officer alice")));
    EXPECT_EQ(made.field("signatures.need.0"), "2 of admin");
}

TEST(CharterSign, RefusesAnothersKeyAndAStrangers)
{
    CliTreasury treasury;
    treasury.write_charter("draft", *treasury.charter, {});
    const auto before = treasury.read("draft");
    EXPECT_EQ(treasury.run({"--json", "charter", "sign", "draft", "--officer", "alice", "--key", "bob.key", "--passphrase-file", "bob.pass"}).error_code(),
              "appr_role");
    treasury.run_well({"officer", "keygen", "--id", "alice", "--out", "mallory.key", "--passphrase-file", "alice.pass"});
    EXPECT_EQ(treasury.run({"--json", "charter", "sign", "draft", "--officer", "alice", "--key", "mallory.key", "--passphrase-file", "alice.pass"}).error_code(),
              "appr_role");
    EXPECT_EQ(treasury.read("draft"), before);
}

TEST(CharterSign, RefusesAnAmendmentOfAnotherCharterThanTheOneNamed)
{
    CliTreasury treasury;
    treasury.write_charter("next", treasury.amended([](auto& next) { next.name = "Renamed"; }), {});
    auto other = *treasury.charter;
    other.name = "Other";
    treasury.write_charter("other", other, {});
    EXPECT_EQ(treasury.run_as("carol", {"--json", "charter", "sign", "next", "--against", "other"}).error_code(), "charter_fork");
    EXPECT_EQ(treasury.run_as("carol", {"--json", "charter", "sign", "next", "--against", "charter.coffer"}).status, 0);
}

TEST(CharterSign, RefusesACharterOfAnotherTreasuryThanTheKeyTrusts)
{
    CliTreasury treasury;
    treasury.trust("alice");
    auto other = *treasury.charter;
    other.header.treasury = TreasuryId{ByteArray<32>{5}};
    treasury.write_charter("other", other, {});
    EXPECT_EQ(treasury.run_as("alice", {"--json", "charter", "sign", "other"}).error_code(), "charter_untrusted");
}

TEST(CharterAdopt, MakesTheCharterCurrent)
{
    CliTreasury treasury;
    const auto shown = treasury.run_well({"--json", "charter", "show"});
    EXPECT_EQ(shown.field("version"), "1");
    EXPECT_EQ(shown.field("hash"), hash_text(*treasury.sealed));
    EXPECT_EQ(shown.field("signed_by.2"), "carol");
    EXPECT_EQ(shown.field("wallets.0.id"), "eth-cold");
    EXPECT_EQ(shown.field("rules.0.amount"), "0 to 10 ETH");
}

TEST(CharterAdopt, IsANoOpTheSecondTime)
{
    CliTreasury treasury;
    const auto again = treasury.run_well({"--json", "charter", "adopt", "charter.coffer"});
    EXPECT_EQ(again.field("adopted"), "false");
    EXPECT_EQ(again.field("hash"), hash_text(*treasury.sealed));
    EXPECT_EQ(treasury.run_well({"--json", "audit", "log"}).field("size"), "1");
}

TEST(CharterAdopt, MergesTheSignaturesOfSeveralCopies)
{
    CliTreasury treasury;
    const auto next = treasury.amended([](auto& charter) { charter.name = "Renamed"; });
    for (const auto& officer : CliTreasury::officers())
        treasury.write_charter("from-" + officer, next, {officer});
    const auto missing = treasury.run({"--json", "charter", "adopt", "from-alice", "from-bob"});
    EXPECT_EQ(missing.status, 10);
    EXPECT_EQ(missing.error_code(), "appr_missing");
    const auto adopted = treasury.run_well({"--json", "charter", "adopt", "from-alice", "from-bob", "from-carol"});
    EXPECT_EQ(adopted.field("version"), "2");
    EXPECT_EQ(adopted.field("signatures.have"), "3");
    EXPECT_EQ(treasury.run_well({"--json", "charter", "show"}).field("name"), "Renamed");
    EXPECT_EQ(treasury.run_well({"--json", "audit", "verify"}).field("links"), "2");
}

TEST(CharterAdopt, NeverLetsADamagedSignatureTakeThePlaceOfAGoodOne)
{
    CliTreasury treasury;
    const auto next = treasury.amended([](auto& charter) { charter.name = "Renamed"; });
    auto damaged = treasury.write_charter("good", next, CliTreasury::officers());
    for (auto signature : damaged.signatures()) {
        signature.signature[0] ^= 1;
        damaged.add_signature(signature);
    }
    treasury.write("damaged", damaged.encode());
    EXPECT_EQ(treasury.run({"--json", "charter", "adopt", "damaged"}).error_code(), "appr_missing");
    treasury.run_well({"charter", "adopt", "good", "damaged"});
}

TEST(CharterAdopt, RefusesAFirstCharterThatOneOfficerHasNotSigned)
{
    CliTreasury treasury;
    treasury.write_charter("partial", *treasury.charter, {"alice", "bob"});
    CliSandbox other;
    other.run_well({"init", "--environment", "test"});
    // The same random numbers make the same audit key.
    other.write("partial", treasury.read("partial"));
    const auto refused = other.run({"--json", "charter", "adopt", "partial"});
    EXPECT_EQ(refused.status, 10);
    EXPECT_THAT(refused.field("error.message"), HasSubstr("carol"));
    EXPECT_EQ(other.run({"--json", "charter", "show"}).status, 7);
    EXPECT_EQ(other.run_well({"--json", "audit", "log"}).field("size"), "0");
}

TEST(CharterAdopt, RefusesAnotherEnvironmentAuditKeyOrChain)
{
    CliTreasury treasury;
    CliSandbox other;
    other.run_well({"init", "--environment", "rehearsal"});
    other.write("charter", treasury.read("charter.coffer"));
    EXPECT_EQ(other.run({"--json", "charter", "adopt", "charter"}).error_code(), "env");

    const auto foreign_key = treasury.amended([](auto& next) {
        next.audit_key = artefacts::ApprovalKey{crypto::Ed25519PrivateKey{SecretBytes::copy_of(Bytes(32, 3))}.public_key()};
    });
    treasury.write_charter("key", foreign_key, CliTreasury::officers());
    const auto refused = treasury.run({"--json", "charter", "adopt", "key"});
    EXPECT_EQ(refused.error_code(), "policy_invalid");
    EXPECT_THAT(refused.field("error.message"), HasSubstr("audit"));

    // Only the chain's format knows that the address is not that of the key.
    const auto foreign_address = treasury.amended([](auto& next) { next.wallets[0].address = Bytes(20, 1); });
    treasury.write_charter("address", foreign_address, CliTreasury::officers());
    EXPECT_EQ(treasury.run({"--json", "charter", "adopt", "address"}).status, 4);
    EXPECT_EQ(treasury.run_well({"--json", "charter", "show"}).field("version"), "1");
}

TEST(CharterAdopt, RefusesForksRollbacksAndStaleAmendments)
{
    CliTreasury treasury;
    const auto first = treasury.amended([](auto& next) { next.name = "First"; });
    const auto second = treasury.amended([](auto& next) { next.name = "Second"; });
    const auto stale = treasury.amended([&](auto& next) { next.adopt_before = treasury.environment.clock.now() - days(1); });
    const auto early = treasury.amended([&](auto& next) { next.adopt_before = treasury.environment.clock.now() + days(31); });
    const auto skipped = treasury.amended([&](auto& next) { next.version = 3; });
    treasury.write_charter("first", first, CliTreasury::officers());
    treasury.write_charter("second", second, CliTreasury::officers());
    treasury.write_charter("stale", stale, CliTreasury::officers());
    treasury.write_charter("early", early, CliTreasury::officers());
    treasury.write_charter("skipped", skipped, CliTreasury::officers());
    EXPECT_EQ(treasury.run({"--json", "charter", "adopt", "stale"}).error_code(), "charter_stale");
    EXPECT_EQ(treasury.run({"--json", "charter", "adopt", "early"}).error_code(), "charter_stale");
    EXPECT_EQ(treasury.run({"--json", "charter", "adopt", "skipped"}).error_code(), "policy_gap");
    EXPECT_EQ(treasury.run({"--json", "charter", "adopt", "first", "second"}).status, 2);
    treasury.run_well({"charter", "adopt", "first"});
    EXPECT_EQ(treasury.run({"--json", "charter", "adopt", "charter.coffer"}).error_code(), "policy_rollback");
    EXPECT_EQ(treasury.run({"--json", "charter", "adopt", "second"}).status, 9);
    EXPECT_EQ(treasury.run_well({"--json", "charter", "show"}).field("name"), "First");
    EXPECT_EQ(treasury.run_well({"--json", "audit", "log"}).field("size"), "2");
}

TEST(CharterAdopt, RefusesWhatIsNoCharter)
{
    CliTreasury treasury;
    treasury.write("junk", std::string_view{"junk"});
    EXPECT_EQ(treasury.run({"--json", "charter", "adopt", "junk"}).error_code(), "type");
    auto cut = treasury.read("charter.coffer");
    cut.pop_back();
    treasury.write("cut", cut);
    EXPECT_EQ(treasury.run({"--json", "charter", "adopt", "cut"}).status, 3);
}

TEST(CharterDiff, SaysInWordsWhatChanges)
{
    CliTreasury treasury;
    treasury.write_charter("next", treasury.amended([](auto& next) { next.amendment = charter::Quorum::parse("2 of finance and 1 of compliance"); }), {});
    const auto diff = treasury.run_well({"--json", "charter", "diff", "charter.coffer", "next"});
    EXPECT_EQ(diff.field("from"), hash_text(*treasury.sealed));
    EXPECT_EQ(diff.field("changes.0"), "an amendment needs 2 of finance and 1 of compliance, before: 3 of admin");
    treasury.write("charter.toml", charter_toml(treasury));
    const auto none = treasury.run_well({"--json", "charter", "diff", "charter.coffer", "charter.toml"});
    EXPECT_EQ(none.field("from"), none.field("to"));
    EXPECT_THAT(treasury.run_well({"charter", "diff", "next", "charter.coffer"}).out, HasSubstr("does not name the first"));
    EXPECT_EQ(treasury.run({"--json", "charter", "diff", "charter.coffer", "nowhere"}).status, 7);
}

TEST(CharterShow, ShowsASealedFileWithoutAHome)
{
    CliTreasury treasury;
    std::filesystem::remove_all(treasury.path("home"));
    EXPECT_EQ(treasury.run_well({"--json", "charter", "show", "charter.coffer"}).field("version"), "1");
    const auto text = treasury.run_well({"charter", "show", "charter.coffer"}).out;
    EXPECT_THAT(text, HasSubstr(hash_text(*treasury.sealed)));
    EXPECT_THAT(text, HasSubstr("signed by alice, bob, carol"));
    EXPECT_EQ(treasury.run({"--json", "charter", "show"}).status, 7);
}

TEST(CharterStatus, SaysThatAnApplianceHasSentNothing)
{
    CliTreasury treasury;
    const auto status = treasury.run_well({"--json", "charter", "status"});
    EXPECT_EQ(status.field("version"), "1");
    EXPECT_EQ(status.field("position"), "0");
    EXPECT_EQ(status.field("appliances.0.id"), "vault-a");
    EXPECT_EQ(status.field("appliances.0.acknowledged"), "false");
    EXPECT_EQ(status.field("appliances.0.position"), "null");
    EXPECT_THAT(treasury.run_well({"charter", "status"}).out, HasSubstr("has sent no receipt yet"));
    CliSandbox empty;
    empty.run_well({"init", "--environment", "test"});
    EXPECT_EQ(empty.run({"--json", "charter", "status"}).status, 7);
}

} // namespace
} // namespace coffer
