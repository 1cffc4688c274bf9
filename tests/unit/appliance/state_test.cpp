// address, clock, log, selftest, status: what the appliance tells of itself.

#include "core/requests/head.h"
#include "core/storage/sqlite.h"
#include "tests/support/vault/vault_fixture.h"

namespace coffer::test {
namespace {

TEST(Address, IsDerivedFromThePinnedCharter)
{
    TestVault vault;
    const auto run = vault.run({"address", "eth-warm", "--json"});
    ASSERT_EQ(run.status, 0) << run.out;
    const auto json = json_of(run);
    EXPECT_EQ(json.at("wallet"), "eth-warm");
    EXPECT_EQ(json.at("index"), 0);
    EXPECT_EQ(json.at("address"), "0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
    EXPECT_NE(vault.run({"address", "eth-warm"}).out.find("0x7099 7970 C518"), std::string::npos);
}

TEST(Address, NamesWhatIsWrong)
{
    TestVault vault;
    expect_error(vault.run({"address", "eth-frozen", "--json"}), 4, "wallet_unknown");
    expect_error(vault.run({"address", "eth-cold", "--index", "1", "--json"}), 3, "malformed");
    expect_error(vault.run({"address", "eth-cold", "--index", "x", "--json"}), 2, "usage");
}

TEST(ClockCommand, ShowsMachineAndOffset)
{
    TestVault vault;
    const auto json = json_of(vault.run({"clock", "show", "--json"}));
    EXPECT_EQ(json.at("now"), format_time(vault.now()));
    EXPECT_EQ(json.at("machine"), format_time(vault.now()));
    EXPECT_EQ(json.at("offset_seconds"), 0);
    EXPECT_EQ(json.at("last_session"), format_time(vault.now()));
    EXPECT_EQ(json.at("authenticated"), false);
}

TEST(ClockCommand, SetsAnOffsetThatReceiptsMention)
{
    TestVault vault;
    const auto machine = vault.now();
    vault.environment->terminal.expect("Set it to", "y");
    const auto run = vault.run({"clock", "set", format_time(machine + hours(1)), "--json"});
    ASSERT_EQ(run.status, 0) << run.out;
    EXPECT_EQ(json_of(run).at("offset_seconds"), 3600);
    EXPECT_EQ(json_of(vault.run({"clock", "show", "--json"})).at("now"), format_time(machine + hours(1)));

    const auto bundle = vault.bundle({vault.approved({.payloads = {vault.transfer("exchange", ether(5))}})});
    vault.expect_agreement({{"exchange", "5"}});
    const auto signing = vault.sign(bundle);
    ASSERT_EQ(signing.status, 0) << signing.out;
    EXPECT_EQ(vault.receipt().time, machine + hours(1));
    ASSERT_EQ(vault.receipt().findings.size(), 1u);
    EXPECT_NE(vault.receipt().findings[0].find("3600"), std::string::npos);
    EXPECT_NE(signing.screen.find("Clock was set"), std::string::npos) << signing.screen;
}

TEST(ClockCommand, AsksAPerson)
{
    TestVault vault;
    vault.environment->terminal.expect("Set it to", "n");
    expect_error(vault.run({"clock", "set", format_time(vault.now() + hours(1)), "--json"}), 10, "declined");
    vault.environment->terminal.detach();
    expect_error(vault.run({"clock", "set", format_time(vault.now() + hours(1)), "--json"}), 10, "presence");
    expect_error(vault.run({"clock", "set", "tomorrow", "--json"}), 3, "malformed");
    EXPECT_EQ(count(vault.log_types(), "clock_set"), 0u);
}

TEST(ClockCommand, AllowsASessionAfterALongPause)
{
    TestVault vault;
    vault.set_now(vault.now() + days(40));
    const auto bundle = vault.bundle({vault.approved({.payloads = {vault.transfer("exchange", ether(5))}})});
    expect_error(vault.sign(bundle), 9, "clock");
    vault.environment->terminal.expect("Set it to", "y");
    ASSERT_EQ(vault.run({"clock", "set", format_time(vault.now()), "--json"}).status, 0);
    vault.expect_agreement({{"exchange", "5"}});
    EXPECT_EQ(vault.sign(bundle).status, 0);
}

TEST(LogCommand, ShowsEveryRecord)
{
    TestVault vault;
    vault.sign(vault.bundle({vault.approved({.payloads = {vault.transfer("exchange", ether(5))}}, {})}));
    const auto json = json_of(vault.run({"log", "show", "--json"}));
    EXPECT_EQ(json.at("authenticated"), false);
    std::vector<std::string> types;
    for (const auto& record : json.at("records")) {
        EXPECT_EQ(record.at("sequence"), types.size());
        types.push_back(record.at("type"));
    }
    EXPECT_EQ(types, vault.log_types());
    EXPECT_EQ(json.at("records").back().at("type"), "receipt_made");
    const auto text = vault.run({"log", "show"}).out;
    EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(text, '\n')), types.size() + 1) << "a record is a line";
}

TEST(LogCommand, VerifiesTheWholeLog)
{
    TestVault vault;
    const auto json = json_of(vault.run({"log", "verify", "--json"}));
    EXPECT_EQ(json.at("size"), 3);
    EXPECT_EQ(json.at("authenticated"), true);
    EXPECT_EQ(json.at("root").get<std::string>().size(), 64u);
}

TEST(LogCommand, ExportsWithASignedHead)
{
    TestVault vault;
    const auto file = vault.file("log.json");
    const auto run = vault.run({"log", "export", "--out", file.string(), "--json"});
    ASSERT_EQ(run.status, 0) << run.out;
    const auto bytes = read(file);
    const auto exported = Json::parse(text_of(bytes));
    EXPECT_EQ(exported.at("records").size(), 3u);
    const auto artefact = artefacts::Artefact::decode(encoding::decode_hex(exported.at("head").get<std::string>()),
                                                      artefacts::Kind::head);
    EXPECT_TRUE(artefact.is_signed_by(vault.charter().appliances[0].key));
    const auto head = requests::decode_head(artefact);
    EXPECT_EQ(head.size, 3u);
    EXPECT_EQ(head.source, "vault-a");
    EXPECT_EQ(encoding::encode_hex(head.root.bytes()), json_of(vault.run({"log", "verify", "--json"})).at("root"));
    write(file, bytes_of("something else"));
    expect_error(vault.run({"log", "export", "--out", file.string(), "--json"}), 6, "exists");
}

TEST(SelfTestCommand, NamesEveryAlgorithmOrTheOneThatFails)
{
    TestVault vault;
    const auto run = vault.run_as_given({"selftest", "--json"});
    EXPECT_EQ(run.status, 0) << run.out;
    EXPECT_EQ(json_of(run).at("passed").size(), vault.parts.self_tests.size());

    vault.parts.self_tests.push_back({"rot-13", [] { return false; }});
    const auto failing = vault.run_as_given({"selftest", "--json"});
    expect_error(failing, 9, "selftest");
    EXPECT_NE(failing.out.find("rot-13"), std::string::npos);
    const auto before = vault.log_types();
    const auto bundle = vault.bundle({vault.approved({.payloads = {vault.transfer("exchange", ether(5))}})});
    expect_error(vault.sign(bundle), 9, "selftest");
    write(vault.file("b"), bundle);
    expect_error(vault.run({"verify", vault.file("b").string(), "--json"}), 9, "selftest");
    EXPECT_EQ(vault.log_types(), before) << "what hashes wrongly must not write";
}

TEST(StatusCommand, TellsWhatTheHomeHolds)
{
    TestVault vault;
    const auto json = json_of(vault.run({"status", "--json"}));
    EXPECT_EQ(json.at("environment"), "test");
    EXPECT_EQ(json.at("appliance"), "vault-a");
    EXPECT_EQ(json.at("state"), "active");
    EXPECT_EQ(json.at("version"), 1);
    EXPECT_EQ(json.at("position"), 0);
    EXPECT_EQ(json.at("keys"), 1);
    EXPECT_EQ(json.at("sessions"), 0);
    EXPECT_EQ(json.at("log_size"), 3);
    EXPECT_EQ(json.at("authenticated"), false);
    EXPECT_EQ(json.at("charter"), encoding::encode_hex(vault.chain().charter_hash().bytes()));
    EXPECT_TRUE(json.at("swap").is_boolean());

    vault.expect_agreement({{"exchange", "5"}});
    vault.sign(vault.bundle({vault.approved({.payloads = {vault.transfer("exchange", ether(5))}})}));
    EXPECT_EQ(json_of(vault.run({"status", "--json"})).at("sessions"), 1);
}

TEST(StatusCommand, CallsARecordThatCannotBeReadADamageOfTheLog)
{
    TestVault vault;
    {
        storage::SqliteDatabase ledger{vault.home() / "ledger.db", {.application_id = storage::ApplicationId::vault}};
        auto transaction = ledger.begin_immediate();
        ledger.execute("DROP TRIGGER log_refuses_update");
        ledger.execute("UPDATE log SET event = x'a0' WHERE sequence = 2");
        transaction.commit();
    }
    for (const auto& command : std::vector<std::vector<std::string>>{{"status"}, {"keys", "list"}, {"log", "show"}, {"clock", "show"}}) {
        auto args = command;
        args.emplace_back("--json");
        const auto run = vault.run(args);
        expect_error(run, 9, "log_chain");
        EXPECT_NE(run.out.find("record 2 of the log: "), std::string::npos) << run.out;
    }
    expect_error(vault.run({"log", "verify", "--json"}), 9, "binding");
}

TEST(Program, HelpAndVersionNeedNoHome)
{
    TestVault vault;
    for (const auto& args : std::vector<std::vector<std::string>>{
             {"--help"}, {"--version"}, {"sign", "--help"}, {"keys", "--help"}, {"completion", "bash"}})
        EXPECT_EQ(vault.run_as_given(args).status, 0) << args[0];
    for (const auto& args :
         std::vector<std::vector<std::string>>{{}, {"keys"}, {"frobnicate"}, {"sign"}, {"status", "--frobnicate"}})
        EXPECT_EQ(vault.run_as_given(args).status, 2);
}

} // namespace
} // namespace coffer::test
