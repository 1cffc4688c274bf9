#include "core/crypto/secp256k1.h"
#include "core/storage/sqlite.h"
#include "formats/evm/address.h"
#include "formats/evm/message.h"
#include "tests/support/scripted_terminal.h"
#include "tests/unit/cli/requests/fixture.h"

namespace coffer::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

/// The charter lets one officer of finance have texts signed, and nothing is reached by network.
class Messages : public RequestCommands {
protected:
    static constexpr std::string_view text = "We hold this account.\n2026-11-02";

    Messages()
    {
        amend([](charter::Charter& next) {
            auto rule = next.rules.front();
            rule.id = "saying";
            rule.kinds = {charter::RequestKind::message};
            rule.destinations = {charter::DestinationClass::Kind::internal, {}};
            rule.approvals = charter::Quorum::parse("1 of finance");
            next.rules.push_back(rule);
        });
    }

    test::CliRun propose_message(std::string_view said = text, std::vector<std::string> more = {})
    {
        std::vector<std::string> args{"--json", "propose", "message", "--wallet", "eth-cold", "--text", std::string{said}};
        args.insert(args.end(), more.begin(), more.end());
        auto proposed = run_as("alice", args);
        if (proposed.status == 0) {
            id = proposed.field("id");
            digest = proposed.field("request_digest");
        }
        return proposed;
    }
    void sign()
    {
        ASSERT_EQ(propose_message().status, 0);
        ASSERT_EQ(vote("bob").field("status"), "pending_signature");
        run_well({"export", id, "--out", "to-vault"});
        write_receipt("from-vault", sign_bundle("to-vault"));
    }
    std::string address() const
    {
        return evm::format_address(evm::Address::from(charter->wallets.front().address));
    }
};

TEST_F(Messages, GoFromATextToItsSignature)
{
    const auto proposed = propose_message();
    ASSERT_EQ(proposed.status, 0) << proposed.out << proposed.err;
    EXPECT_EQ(proposed.field("kind"), "message");
    EXPECT_EQ(proposed.field("rule"), "saying");
    EXPECT_EQ(proposed.field("payloads.0.message.standard"), "eip191");
    EXPECT_EQ(proposed.field("payloads.0.message.address"), address());
    EXPECT_EQ(proposed.field("payloads.0.message.text"), std::string{text});
    EXPECT_EQ(proposed.field("payloads.0.signature"), "null");
    EXPECT_EQ(proposed.field("payment.fee"), "0");
    EXPECT_EQ(run_well({"--json", "list"}).field("requests.0.summary"), "message `We hold this account.\\x0a2026-11-02`");

    ASSERT_EQ(vote("bob").field("status"), "pending_signature");
    run_well({"export", id, "--out", "to-vault"});
    write_receipt("from-vault", sign_bundle("to-vault"));
    const auto imported = run_well({"--json", "import", "from-vault"});
    EXPECT_EQ(imported.field("requests.0.status"), "success");
    EXPECT_EQ(run_well({"--json", "import", "from-vault"}).field("requests.0.status"), "success");
    EXPECT_THAT(run_well({"import", "from-vault"}).err, HasSubstr("coffer show"));

    const auto shown = run_well({"--json", "show", id});
    EXPECT_EQ(shown.field("status"), "success");
    EXPECT_EQ(shown.field("payloads.0.txid"), "null");
    const auto signature = encoding::decode_hex(shown.field("payloads.0.signature").substr(2));
    ASSERT_EQ(signature.size(), 65U);
    const auto found = crypto::recover_ecdsa(evm::message_hash(bytes_of(text)),
                                             {to_array<64>(ByteView{signature}.first(64), "r and s"), static_cast<std::uint8_t>(signature.back() - 27)});
    ASSERT_TRUE(found);
    EXPECT_EQ(evm::format_address(evm::address_of(*found)), address());
    const auto in_words = run_well({"show", id}).out;
    EXPECT_THAT(in_words, HasSubstr("Signature 0x" + encoding::encode_hex(signature)));
    EXPECT_THAT(in_words, HasSubstr("  signs  `We hold this account.`\n"));
    EXPECT_THAT(in_words, HasSubstr("  signs  `2026-11-02`\n"));
    EXPECT_THAT(in_words, Not(HasSubstr("fee")));
}

TEST_F(Messages, GoToNoChain)
{
    sign();
    EXPECT_EQ(run_as("alice", {"--json", "void", id}).error_code(), "state");
    run_well({"import", "from-vault"});
    // No node answers here: whoever asks one fails.
    const auto sent = run_well({"--json", "broadcast", id});
    EXPECT_EQ(sent.field("requests.0.status"), "success");
    EXPECT_EQ(sent.field("requests.0.txid"), "null");
    EXPECT_EQ(run_well({"--json", "broadcast"}).field("requests"), "(a list or object)");
    EXPECT_THAT(run_well({"broadcast"}).out, HasSubstr("Nothing waits"));
    EXPECT_THAT(run_well({"track"}).out, HasSubstr("Nothing is on its way"));
    for (const std::string verb : {"bump", "void"})
        EXPECT_EQ(run_as("alice", {"--json", verb, id}).error_code(), "state") << verb;
    EXPECT_EQ(run_as("alice", {"--json", "cancel", id}).error_code(), "state");
}

TEST_F(Messages, NeedARuleThatNamesThem)
{
    EXPECT_EQ(propose_message().status, 0);
    amend([](charter::Charter& next) { next.rules.pop_back(); });
    const auto refused = propose_message();
    EXPECT_EQ(refused.status, 4);
    EXPECT_EQ(refused.error_code(), "policy_denied");
}

TEST_F(Messages, AreNoOtherKindOfRequest)
{
    const auto proposed = propose_message();
    const auto bytes = chains::find_format("evm")->make_message(bytes_of("hello"), {*charter, charter->wallets.front()}, 0);
    write("message.bin", bytes);
    amend([](charter::Charter& next) {
        next.rules.back().kinds = {charter::RequestKind::message, charter::RequestKind::transfer};
    });
    // The rule would allow it as a transfer, too.
    const auto as_transfer = run_as("alice", {"--json", "propose", "raw", "--wallet", "eth-cold", "message.bin"});
    EXPECT_EQ(as_transfer.error_code(), "policy_denied") << as_transfer.out;
    EXPECT_EQ(propose_message().status, 0);
}

TEST_F(Messages, AreTextThatCanBeReadWhole)
{
    for (const std::string_view blind : {"\x1b[2J", "tab\t", "\xff\xfe"})
        EXPECT_EQ(propose_message(blind).error_code(), "blind");
    EXPECT_EQ(propose_message(std::string(32, '\x07')).error_code(), "blind");
    EXPECT_EQ(propose_message("").error_code(), "malformed");
    EXPECT_EQ(propose_message(std::string(4097, 'a')).error_code(), "limit");
    EXPECT_EQ(propose_message(std::string(4096, 'a')).status, 0);
    EXPECT_EQ(propose_message("hello", {"--index", "1"}).error_code(), "malformed");
}

TEST_F(Messages, AreShownWholeToWhoApproves)
{
    ASSERT_EQ(propose_message("pay \u202e\nfee  at most 0").status, 0);
    environment.terminal = test::ScriptedTerminal{};
    const auto fingerprint = run_well({"--json", "show", id}).field("fingerprint");
    environment.terminal.expect("Type words", test::fingerprint_answer(fingerprint));
    const auto voted = run_as("bob", {"approve", id});
    EXPECT_EQ(voted.status, 0) << voted.err << environment.terminal.transcript();
    const auto transcript = environment.terminal.transcript();
    EXPECT_THAT(transcript, HasSubstr("Message: whoever reads it may hold eth-cold to it"));
    EXPECT_THAT(transcript, HasSubstr(R"(`pay \u202e`)"));
    EXPECT_THAT(transcript, HasSubstr("line 2 of 2"));
    EXPECT_THAT(transcript, HasSubstr("`fee  at most 0`"));
    EXPECT_THAT(transcript, HasSubstr(address()));
    EXPECT_THAT(transcript, Not(HasSubstr("No payment")));
}

TEST_F(Messages, InAnEditedDatabaseAreFoundOut)
{
    sign();
    run_well({"import", "from-vault"});
    expect_tampering();
    const auto edit = [&](const std::string& sql) {
        storage::SqliteDatabase database{path("home") / "coffer.db", {.application_id = storage::ApplicationId::online}};
        auto transaction = database.begin_immediate();
        database.execute(sql);
        transaction.commit();
    };
    for (const std::string column : {"status = 'pending_broadcast'", "status = 'broadcast'", "seen = 1", "confirmations = 1", "signed = x'00', txid = '0x'",
                                     "change_index = 1"}) {
        SCOPED_TRACE(column);
        const auto name = column.substr(0, column.find(' '));
        edit("UPDATE payloads SET " + column + (name == "status" ? "; UPDATE requests SET " + column : ""));
        EXPECT_EQ(run({"--json", "show", id}).error_code(), "db_tamper");
        edit("UPDATE payloads SET status = 'success', seen = 0, confirmations = 0, signed = NULL, txid = NULL, change_index = NULL; "
             "UPDATE requests SET status = 'success'");
        EXPECT_EQ(run({"--json", "show", id}).status, 0);
    }
}

} // namespace
} // namespace coffer::cli
