#include "core/audit/log.h"
#include "core/base/byte_writer.h"
#include "core/storage/sqlite.h"
#include "tests/unit/cli/requests/fixture.h"

#include <gmock/gmock.h>

namespace coffer::cli {
namespace {

using test::CliRun;
using test::CliSandbox;
using test::CliTreasury;
using testing::HasSubstr;

/// A home with a request that was signed and one that waits for votes; and a hand in its database.
class AuditVerify : public RequestCommands {
protected:
    AuditVerify()
    {
        expect_tampering(); // each test edits the database and verifies it itself
        propose_and_approve();
        run_well({"export", id, "--out", "to-vault"});
        auto receipt = sign_bundle("to-vault");
        auto head = encode(requests::Head{receipt.header, "vault-a", receipt.log_size, receipt.log_root, receipt.time});
        head.sign(identity());
        receipt.head = head.encode();
        write_receipt("from-vault", receipt);
        run_well({"import", "from-vault"});
        signed_id = id;
        write("offline.json", std::string_view{R"({"nonce":8,"gas_limit":21000,"base_fee":20000000000,"balance":"5000000000000000000000","block":100})"});
        EXPECT_EQ(propose().status, 0);
        EXPECT_EQ(vote("bob").status, 0);
        pristine = read("home/coffer.db");
    }

    void edit(std::string_view sql)
    {
        storage::SqliteDatabase database{path("home") / "coffer.db", {.application_id = storage::ApplicationId::online}};
        database.execute("PRAGMA foreign_keys = OFF");
        auto transaction = database.begin_immediate();
        database.execute(sql);
        transaction.commit();
    }
    /// Takes the newest records away and makes the edge fit what is left, as somebody would who knows how.
    void cut_log(std::uint64_t size)
    {
        storage::SqliteDatabase database{path("home") / "coffer.db", {.application_id = storage::ApplicationId::online}};
        auto transaction = database.begin_immediate();
        database.execute("DROP TRIGGER audit_refuses_delete");
        database.run("DELETE FROM audit WHERE sequence >= $1", size);
        audit::MerkleTree tree;
        audit::AuditLog log{database};
        log.for_each([&](const audit::Record& record) { tree.append(audit::leaf_of(record)); });
        ByteWriter edge;
        edge.write_u64_be(tree.size());
        for (const auto& hash : tree.edge())
            edge.write(hash.bytes());
        database.run("UPDATE meta SET value = $1 WHERE key = 'audit_edge'", std::move(edge).bytes());
        transaction.commit();
    }
    /// Puts the database back as it was when the test began.
    void put_back()
    {
        for (const auto* beside : {"coffer.db-wal", "coffer.db-shm"})
            std::filesystem::remove(path("home") / beside);
        write("home/coffer.db", pristine, storage::private_mode);
    }
    std::uint64_t log_size() { return std::stoull(run_well({"--json", "audit", "log"}).field("size")); }

    CliRun verify(std::vector<std::string> more = {})
    {
        more.insert(more.begin(), {"--json", "audit", "verify"});
        return run(more);
    }
    /// Something among the findings has this code and says this.
    void expect_finding(const std::string& code, const std::string& words, const CliRun& verified)
    {
        EXPECT_EQ(verified.status, 9) << verified.out;
        bool is_found = false;
        const auto json = verified.json();
        const auto* findings = json.find("findings");
        ASSERT_NE(findings, nullptr) << verified.out;
        for (const auto& finding : *findings->list())
            is_found = is_found || (*finding.find("code")->text() == code && finding.find("message")->text()->find(words) != std::string::npos);
        EXPECT_TRUE(is_found) << code << " " << words << " in " << verified.out;
    }

    std::string signed_id;
    Bytes pristine;
};

TEST_F(AuditVerify, FindsNothingInAGoodHome)
{
    const auto good = verify();
    EXPECT_EQ(good.status, 0) << good.out;
    EXPECT_EQ(good.field("ok"), "true");
    EXPECT_EQ(good.field("requests"), "2");
    EXPECT_EQ(good.field("votes"), "3");
    EXPECT_EQ(good.field("receipts"), "1");
    EXPECT_EQ(good.field("anchored"), "false");
}

TEST_F(AuditVerify, HoldsAnExpiryAgainstTheLog)
{
    environment.clock.advance(days(2));
    run_well({"list"});
    EXPECT_EQ(propose().status, 0); // what is overdue ends
    EXPECT_EQ(verify().status, 0);
    edit("UPDATE requests SET expired_at = expired_at + 61 WHERE status = 'expired'");
    expect_finding("db_tamper", "expired_at", verify());
}

TEST_F(AuditVerify, CallsAWrongClockAClock)
{
    const auto now = environment.clock.now();
    environment.clock.set(UtcTime{});
    const auto verified = verify();
    expect_finding("clock", "more than 10 minutes after 1970-01-01", verified);
    EXPECT_EQ(verified.out.find("db_tamper"), std::string::npos) << verified.out;
    environment.clock.set(now);
    EXPECT_EQ(verify().status, 0);
}

TEST_F(AuditVerify, StillFindsNothingAfterAnAmendmentThatSendsTheRequesterAway)
{
    amend([](charter::Charter& next) {
        std::erase_if(next.officers, [](const auto& officer) { return officer.id == "alice"; });
        next.amendment = charter::Quorum::parse("2 of admin");
        for (auto& rule : next.rules)
            rule.approvals = charter::Quorum::parse("1 of finance and 1 of compliance");
    });
    const auto good = verify();
    EXPECT_EQ(good.status, 0) << good.out;
}

TEST_F(AuditVerify, NamesTableAndRowOfEveryColumnThatWasEdited)
{
    const std::string open = " WHERE status = 'pending_review'";
    const std::string of_open = " WHERE request_id = (SELECT id FROM requests" + open + ")";
    const std::string of_signed = " WHERE request_id = (SELECT id FROM requests WHERE status = 'pending_broadcast')";
    const std::vector<std::pair<std::string, std::string>> edits{
        {"UPDATE requests SET status = 'pending_signature'" + open, "payloads.status"},
        {"UPDATE payloads SET status = 'pending_signature'" + of_open + "; UPDATE requests SET status = 'pending_signature'" + open,
         "`requests.status` says pending_signature, the signed bytes say pending_review"},
        {"UPDATE requests SET wallet = 'other'" + open, "requests.wallet"},
        {"UPDATE requests SET kind = 'message'" + open, "requests.kind"},
        {"UPDATE requests SET summary = 'x'" + open, "requests.summary"},
        {"UPDATE requests SET created_at = created_at + 1" + open, "requests.created_at"},
        {"UPDATE requests SET expires_at = expires_at + 1" + open, "requests.expires_at"},
        {"UPDATE requests SET replaces = zeroblob(32)" + open, "requests.replaces"},
        {"UPDATE requests SET digest = zeroblob(32)" + open, "requests.digest"},
        {"UPDATE payloads SET digest = zeroblob(32)" + of_open, "payloads.digest"},
        {"UPDATE payloads SET status = 'broadcast'" + of_open, "payloads.status"},
        {"UPDATE slots SET released = 1" + of_open, "slots"},
        {"DELETE FROM charges" + of_signed, "column `charges`"},
        {"UPDATE charges SET at = at - 601" + of_signed, "charges.at"},
        {"UPDATE charges SET outflow = x'80'" + of_signed, "charges.outflow"},
        {"UPDATE signatures SET signature = zeroblob(64)" + of_signed, "signature of payload 0"},
        {"UPDATE votes SET officer = 'carol'" + of_open, "votes.officer"},
        {"UPDATE votes SET at = at + 1" + of_open, "votes.at"},
        {"UPDATE votes SET comment = 'x'" + of_open, "votes.comment"},
        {"UPDATE votes SET decision = 'reject'" + of_open, "votes.decision"},
        {"UPDATE heads SET size = size + 1", "table heads, row vault-a: column `size`"},
        {"UPDATE heads SET source = 'vault-b'", "table heads, row vault-b: column `source`"},
        {"UPDATE charters SET version = 7", "table charters, row 7: column `version`"},
        {"UPDATE charters SET hash = zeroblob(32)", "table charters, row 1: column `hash`"},
        {"UPDATE receipts SET digest = zeroblob(32)", "column `digest`"},
    };
    for (const auto& [sql, words] : edits) {
        SCOPED_TRACE(sql);
        put_back();
        edit(sql);
        expect_finding("db_tamper", words, verify());
    }
}

TEST_F(AuditVerify, NamesEveryRowThatIsGone)
{
    const std::string open = "(SELECT id FROM requests WHERE status = 'pending_review')";
    const std::vector<std::pair<std::string, std::string>> edits{
        {"DELETE FROM votes WHERE request_id = " + open, "table votes"},
        {"DELETE FROM votes WHERE request_id = " + open + "; DELETE FROM slots WHERE request_id = " + open +
             "; DELETE FROM payloads WHERE request_id = " + open + "; DELETE FROM requests WHERE status = 'pending_review'",
         "table requests"},
        {"DELETE FROM receipts", "table receipts"},
        {"DELETE FROM bundles", "table bundles"},
        {"DELETE FROM charters", "table charters"},
        {"DELETE FROM links; DELETE FROM charters", "table links"},
    };
    for (const auto& [sql, words] : edits) {
        SCOPED_TRACE(sql);
        put_back();
        edit(sql);
        expect_finding("db_tamper", words, verify());
    }
}

TEST_F(AuditVerify, RefusesPolicyLinksThatDoNotVerify)
{
    const std::vector<std::string> edits{
        "UPDATE links SET artefact = CAST(substr(artefact, 1, length(artefact) - 1) || x'7f' AS BLOB)",
        "UPDATE links SET hash = zeroblob(32)",
        "UPDATE links SET entry_hash = zeroblob(32)",
        "UPDATE links SET previous = x'" + std::string(64, '1') + "'",
        "UPDATE links SET number = 1",
    };
    for (const auto& sql : edits) {
        SCOPED_TRACE(sql);
        put_back();
        edit(sql);
        expect_finding("db_tamper", "table links, row", verify());
        // And no command works from them.
        EXPECT_EQ(run({"--json", "wallet", "addresses", "eth-cold"}).error_code(), "db_tamper");
    }
}

TEST_F(AuditVerify, FindsRecordsThatWereEditedOrTakenOut)
{
    edit("DROP TRIGGER audit_refuses_update; UPDATE audit SET at = at + 1 WHERE sequence = 2");
    expect_finding("log_chain", "2", verify());
    put_back();
    edit("DROP TRIGGER audit_refuses_delete; DELETE FROM audit WHERE sequence = 2");
    expect_finding("log_chain", "", verify());
    put_back();
    // Cut, and the edge left as it was.
    edit("DROP TRIGGER audit_refuses_delete; DELETE FROM audit WHERE sequence = (SELECT max(sequence) FROM audit)");
    expect_finding("log_chain", "", verify());
}

TEST_F(AuditVerify, FindsALogThatWasCutByWhatItNoLongerTellsOf)
{
    // Down to the adoption: everything else in the home is there without a record.
    cut_log(1);
    const auto cut = verify();
    expect_finding("log_truncated", "request " + id, cut);
    expect_finding("log_truncated", "vote " + id, cut);
    expect_finding("log_truncated", "receipt", cut);
    expect_finding("log_truncated", "bundle", cut);
    expect_finding("db_rollback", "vault-a", cut);
    put_back();
    cut_log(0);
    expect_finding("log_truncated", "charter version 1", verify());
}

TEST_F(AuditVerify, TakesAReceiptForABundleThatACarrierPackedAnew)
{
    EXPECT_EQ(vote("carol").status, 0);
    run_well({"export", id, "--out", "second"});
    const auto sign_anew = [&](const std::string& receipt) {
        auto repacked = bundle::decode_bundle(artefacts::Artefact::decode(read("second"), artefacts::Kind::bundle));
        repacked.heads.clear();
        write("repacked", encode(repacked).encode());
        write_receipt(receipt, sign_bundle("repacked"));
        run_well({"import", receipt});
        return verify();
    };
    EXPECT_EQ(sign_anew("answer").status, 0);
    // The home as it was before the export: no record tells that the request went out.
    put_back();
    edit("UPDATE requests SET exported_at = 1 WHERE exported_at IS NULL");
    EXPECT_EQ(vote("carol").status, 0);
    expect_finding("db_rollback", "no record of the audit log exports", sign_anew("answer-2"));
}

TEST_F(AuditVerify, FindsACutThatTookEverythingAlongByAnAnchorKeptElsewhere)
{
    run_well({"audit", "export", "--out", "anchor.jsonl"});
    EXPECT_EQ(verify({"anchor.jsonl"}).field("anchored"), "true");
    // The newest vote and its record go, as if it had never been cast.
    edit("DELETE FROM votes WHERE request_id = (SELECT id FROM requests WHERE status = 'pending_review')");
    cut_log(log_size() - 1);
    EXPECT_EQ(verify().status, 0) << "without an anchor nothing can tell";
    expect_finding("log_truncated", "", verify({"anchor.jsonl"}));
}

TEST_F(AuditVerify, TakesABundleThatWentOutAsAnAnchor)
{
    EXPECT_EQ(verify({"to-vault"}).status, 0);
    const auto size = log_size();
    edit("DELETE FROM votes; DELETE FROM signatures; DELETE FROM slots; DELETE FROM payloads; DELETE FROM requests; DELETE FROM appliances; "
         "DELETE FROM receipts; DELETE FROM bundle_heads; DELETE FROM bundles; DELETE FROM heads");
    cut_log(1);
    ASSERT_GT(size, 1);
    EXPECT_EQ(verify().status, 0);
    expect_finding("log_truncated", "", verify({"to-vault"}));
}

TEST_F(AuditVerify, RefusesAnAnchorThatIsForgedOrNone)
{
    run_well({"audit", "export", "--out", "anchor.jsonl"});
    auto text = std::string{text_of(read("anchor.jsonl"))};
    const auto digit = text.find("\"hash\":\"") + 8;
    text[digit] = text[digit] == '0' ? '1' : '0';
    write("edited.jsonl", text);
    EXPECT_EQ(verify({"edited.jsonl"}).error_code(), "log_chain");

    auto forged = encode(requests::Head{charter->header, "online", 1, Hash256{}, environment.clock.now()});
    forged.sign(key("alice"));
    write("forged", forged.encode());
    EXPECT_EQ(verify({"forged"}).error_code(), "sig_verify");
    auto foreign = encode(requests::Head{charter->header, "vault-a", 1, Hash256{}, environment.clock.now()});
    foreign.sign(identity());
    write("foreign", foreign.encode());
    EXPECT_EQ(verify({"foreign"}).error_code(), "type");
    EXPECT_EQ(verify({"from-vault"}).error_code(), "type");
    EXPECT_EQ(verify({"nowhere"}).error_code(), "not_found");
    write("junk", std::string_view{"junk"});
    EXPECT_EQ(verify({"junk"}).status, 3);
}

TEST_F(AuditVerify, FindsAnApplianceThatSignedTwoLogs)
{
    auto other = sign_bundle("to-vault");
    other.log_root = Hash256{ByteArray<32>{1}};
    auto artefact = encode(other);
    artefact.sign(identity());
    edit("INSERT INTO receipts (digest, artefact, imported_at) VALUES (x'" + encoding::encode_hex(artefact.hash()) + "', x'" +
         encoding::encode_hex(artefact.encode()) + "', 0)");
    expect_finding("ledger_rollback", "two heads", verify());
}

TEST(AuditLog, TellsWhatWasDone)
{
    CliTreasury treasury;
    const auto log = treasury.run_well({"--json", "audit", "log"});
    EXPECT_EQ(log.field("size"), "1");
    EXPECT_EQ(log.field("records.0.type"), "charter.adopted");
    EXPECT_EQ(log.field("records.0.actor"), "user:tester");
    EXPECT_EQ(log.field("records.0.time"), "2026-11-21T14:02:00Z");
    EXPECT_EQ(log.field("records.0.details.version"), "1");
    treasury.amend([](auto& next) { next.name = "Renamed"; });
    EXPECT_EQ(treasury.run_well({"--json", "audit", "log", "--count", "1"}).field("records.0.sequence"), "1");
    EXPECT_EQ(treasury.run_well({"--json", "audit", "log", "--start", "0"}).field("records.1.sequence"), "1");
    EXPECT_EQ(treasury.run_well({"audit", "log", "--type", "vote.recorded"}).out, "No records.\n");
    EXPECT_EQ(treasury.run({"audit", "log", "--count", "0"}).status, 2);
}

TEST(AuditLog, KeepsEveryRecordOnOneLineWhateverItSays)
{
    CliTreasury treasury;
    treasury.environment.variables["USER"] = "eve\n\x1b[2J";
    treasury.amend([](auto& next) { next.name = "Renamed"; });
    const auto text = treasury.run_well({"audit", "log"}).out;
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_THAT(text, HasSubstr("user:eve\\x0a\\x1b[2J"));
}

TEST(AuditExport, WritesEveryRecordUnderASignedHead)
{
    CliTreasury treasury;
    const auto made = treasury.run_well({"--json", "audit", "export", "--out", "log.jsonl"});
    EXPECT_EQ(made.field("size"), "1");
    const auto lines = split(text_of(treasury.read("log.jsonl")), '\n');
    ASSERT_EQ(lines.size(), 3);
    const auto head = Json::parse(lines[0]);
    const auto artefact = artefacts::Artefact::decode(encoding::decode_hex(*head.find("head")->text()), artefacts::Kind::head);
    EXPECT_TRUE(artefact.is_signed_by(treasury.charter->audit_key));
    EXPECT_EQ(*Json::parse(lines[1]).find("type")->text(), "charter.adopted");
    EXPECT_THAT(treasury.run_well({"audit", "export", "--out", "log.jsonl"}).out, HasSubstr("1 record, root "));
    treasury.amend([](auto& next) { next.name = "Renamed"; });
    EXPECT_EQ(treasury.run({"--json", "audit", "export", "--out", "log.jsonl"}).error_code(), "exists");
    // What was exported once is an anchor for what comes later.
    treasury.run_well({"audit", "verify", "log.jsonl"});
    treasury.run_well({"audit", "export", "--out", "log.jsonl", "--force"});
}

TEST(AuditExport, WorksBeforeThereIsACharter)
{
    CliSandbox sandbox;
    sandbox.run_well({"init", "--environment", "test"});
    sandbox.run_well({"audit", "export", "--out", "log.jsonl"});
    sandbox.run_well({"audit", "verify", "log.jsonl"});
    EXPECT_EQ(sandbox.run({"--home", "nowhere", "audit", "verify"}).status, 7);
}

} // namespace
} // namespace coffer::cli
