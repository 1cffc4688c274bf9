#include "tests/support/harmless.h"
#include "tests/unit/cli/chains/evm/fixture.h"
#include "tests/unit/cli/requests/fixture.h"

#include "core/storage/lock_file.h"
#include "core/storage/sqlite.h"

namespace coffer::cli {
namespace {

using testing::HasSubstr;

class SendingRequests : public RequestCommands {
protected:
    SendingRequests()
    {
        auto config = std::string{text_of(read("home/coffer.toml"))};
        const auto rpc = config.find("[rpc]");
        const std::string line = "\nethereum = [\"" + node.url() + "\"]\n";
        if (rpc == std::string::npos)
            config += "\n[rpc]" + line;
        else
            config.insert(rpc + 5, line);
        write("home/coffer.toml", bytes_of(config), 0600);
        node.set("eth_sendRawTransaction", [this](const Json&) { return "\"" + txid() + "\""; });
    }

    std::string txid() { return run_well_quietly({"--json", "show", id}).field("payloads.0.txid"); }
    /// From the node's thread: with parts of its own.
    coffer::test::CliRun run_well_quietly(const std::vector<std::string>& args)
    {
        coffer::test::TestEnvironment own;
        own.variables = environment.variables;
        auto parts = own.environment();
        const int status = cli::run(parts, args);
        return {status, own.out.str(), own.err.str()};
    }
    void mine(std::uint64_t block, bool succeeded = true)
    {
        char number[32];
        std::snprintf(number, sizeof number, "0x%llx", static_cast<unsigned long long>(block));
        const std::string hash = test::FakeNode::hash_of(number);
        const auto known = m_txid = txid();
        node.set("eth_getTransactionByHash", R"({"hash":")" + known + R"(","blockNumber":")" + number + R"(","blockHash":")" + hash + "\"}");
        node.set("eth_getTransactionReceipt", R"({"transactionHash":")" + known + R"(","blockNumber":")" + number + R"(","blockHash":")" +
                                                  hash + R"(","status":")" + (succeeded ? "0x1" : "0x0") + "\"}");
    }

    test::FakeNode node;
    std::string m_txid;
};

TEST_F(SendingRequests, GoToTheirChainAndAreFollowed)
{
    propose_and_sign();
    const auto sent = run_well({"--json", "broadcast"});
    EXPECT_EQ(sent.field("requests.0.id"), id);
    EXPECT_EQ(sent.field("requests.0.status"), "broadcast");
    EXPECT_EQ(sent.field("requests.0.txid"), txid());
    EXPECT_EQ(sent.field("requests.0.confirmations"), "0");
    EXPECT_EQ(sent.field("requests.0.required"), "3");
    EXPECT_EQ(node.count("eth_sendRawTransaction"), 1U);
    EXPECT_THAT(run_well({"broadcast"}).out, HasSubstr("Nothing waits"));
    EXPECT_EQ(run_well({"--json", "broadcast", id}).field("requests.0.status"), "broadcast");
    EXPECT_EQ(node.count("eth_sendRawTransaction"), 1U);

    mine(999); // the node is at 1000
    EXPECT_EQ(run_well({"--json", "track"}).field("requests.0.confirmations"), "2");
    mine(998);
    EXPECT_EQ(run_well({"--json", "track", id}).field("requests.0.status"), "success");
    node.set("eth_getTransactionByHash", "null"); // J07
    node.set("eth_getTransactionReceipt", "null");
    EXPECT_EQ(run_well({"--json", "track"}).field("requests.0.status"), "broadcast");
    EXPECT_EQ(run_well({"--json", "broadcast"}).status, 0);
    EXPECT_EQ(node.count("eth_sendRawTransaction"), 2U);
    EXPECT_EQ(node.params_of("eth_sendRawTransaction")[0], node.params_of("eth_sendRawTransaction")[1]);
    mine(998, false); // J14
    EXPECT_EQ(run_well({"--json", "track"}).field("requests.0.status"), "failed");
}

TEST_F(SendingRequests, WatchUntilEverythingIsFinal)
{
    propose_and_sign();
    run_well({"broadcast"});
    mine(998);
    EXPECT_EQ(run_well({"--json", "track", "--watch"}).field("requests.0.status"), "success");
    EXPECT_EQ(run({"track", "--watch", "--interval", "0s"}).status, 2);
}

// J02
TEST_F(SendingRequests, SendNothingToAnotherChain)
{
    propose_and_sign();
    node.set("eth_chainId", R"("0x1")");
    const auto refused = run({"--json", "broadcast"});
    EXPECT_EQ(refused.status, 4);
    EXPECT_EQ(refused.field("requests.0.error.code"), "chain");
    EXPECT_EQ(node.count("eth_sendRawTransaction"), 0U);
    node.set("eth_chainId", R"("0x7a69")");
    EXPECT_EQ(run({"--json", "broadcast"}).status, 0);
}

TEST_F(SendingRequests, SayWhenTheNodeRefuses)
{
    propose_and_sign();
    node.set("eth_sendRawTransaction", R"(!{"code":-32000,"message":"insufficient funds for gas"})");
    const auto refused = run({"--json", "broadcast"});
    EXPECT_EQ(refused.status, 8);
    EXPECT_THAT(refused.field("requests.0.error.message"), HasSubstr("insufficient funds"));
    EXPECT_EQ(refused.field("requests.0.payloads.0.seen"), "false");
    node.set("eth_sendRawTransaction", "\"" + txid() + "\"");
    EXPECT_EQ(run({"--json", "broadcast"}).status, 0);
    EXPECT_EQ(node.params_of("eth_sendRawTransaction")[0], node.params_of("eth_sendRawTransaction")[1]);
}

// J11, M01
TEST_F(SendingRequests, EscapeWhatTheNodeSays)
{
    propose_and_sign();
    node.set("eth_sendRawTransaction", R"(!{"code":-32000,"message":"no\u001b[2J\u009b1A\u202e\r\nPassphrase for bob.key: "})");
    const auto refused = run({"broadcast"});
    EXPECT_EQ(refused.status, 8);
    EXPECT_EQ(coffer::test::first_harm_in(refused.out + refused.err), "");
    EXPECT_THAT(refused.out + refused.err, HasSubstr("in its words: `no\\x1b[2J\\xc2\\x9b1A\\u202e\\x0d\\x0aPassphrase for bob.key: `"));
}

// J04
TEST_F(SendingRequests, KeepWhatMayHaveArrived)
{
    propose_and_sign();
    const auto bytes_sent = [&] { return node.params_of("eth_sendRawTransaction"); };
    node.set_hanging_up("eth_sendRawTransaction");
    const auto unanswered = run({"--json", "broadcast"});
    EXPECT_EQ(unanswered.status, 8);
    EXPECT_EQ(unanswered.field("requests.0.status"), "broadcast");
    EXPECT_EQ(unanswered.field("requests.0.payloads.0.seen"), "false");
    // Whoever asks again sends the same bytes, until somebody has them.
    EXPECT_EQ(run({"--json", "broadcast"}).field("requests.0.payloads.0.seen"), "false");
    ASSERT_EQ(bytes_sent().size(), 2U);
    EXPECT_EQ(bytes_sent()[0], bytes_sent()[1]);
    node.set("eth_getTransactionByHash", R"({"hash":")" + txid() + R"(","blockNumber":null})");
    EXPECT_EQ(run_well({"--json", "track"}).field("requests.0.payloads.0.seen"), "true");
    mine(990);
    EXPECT_EQ(run_well({"--json", "track"}).field("requests.0.status"), "success");
    EXPECT_EQ(bytes_sent().size(), 2U);
}

// J05
TEST_F(SendingRequests, TakeNoWordForASuccess)
{
    propose_and_sign();
    for (const std::string words : {"already known", "nonce too low"}) {
        node.set("eth_sendRawTransaction", R"(!{"code":-32000,"message":")" + words + "\"}");
        EXPECT_EQ(run({"--json", "broadcast"}).field("requests.0.payloads.0.seen"), "false") << words;
    }
    node.set("eth_getTransactionByHash", R"({"hash":")" + txid() + R"(","blockNumber":null})");
    EXPECT_EQ(run_well({"--json", "broadcast"}).field("requests.0.payloads.0.seen"), "true");
}

// J14
TEST_F(SendingRequests, RecordARevertedTransactionAsFailed)
{
    propose_and_sign();
    run_well({"broadcast"});
    mine(990, false);
    EXPECT_EQ(run_well({"--json", "track"}).field("requests.0.status"), "failed");
    EXPECT_EQ(status_of_request(), "failed");
    EXPECT_EQ(run_well({"--json", "broadcast"}).status, 0);
    EXPECT_EQ(node.count("eth_sendRawTransaction"), 1U); // nothing is paid a second time
}

TEST_F(SendingRequests, RecordATransactionThatWentThroughAsDone)
{
    propose_and_sign();
    run_well({"broadcast"});
    mine(990);
    EXPECT_EQ(run_well({"--json", "track"}).field("requests.0.status"), "success");
    EXPECT_EQ(status_of_request(), "success");
}

// J06, K07
TEST_F(SendingRequests, LeaveTheSecondRunBusy)
{
    propose_and_sign();
    {
        const auto lease = storage::LockFile{path("home") / "broadcast.lock"}.acquire(std::chrono::milliseconds{0});
        const auto busy = run({"--json", "broadcast"});
        EXPECT_EQ(busy.status, 6);
        EXPECT_EQ(busy.error_code(), "busy");
        EXPECT_EQ(node.count("eth_sendRawTransaction"), 0U);
    }
    EXPECT_EQ(run({"--json", "broadcast"}).status, 0); // a stale file means nothing
    EXPECT_EQ(node.count("eth_sendRawTransaction"), 1U);
}

TEST_F(SendingRequests, GiveTheStatusOfTheFirstRefusal)
{
    propose_and_sign();
    const auto good = id;
    propose();
    const auto sent = run({"--json", "broadcast", id, good});
    EXPECT_EQ(sent.status, 10);
    EXPECT_EQ(sent.field("requests.0.error.code"), "appr_missing");
    EXPECT_EQ(sent.field("requests.1.status"), "broadcast");
    EXPECT_EQ(run({"--json", "track", id}).status, 6);
}

// E11
TEST_F(SendingRequests, SendOnlyWhatWasApproved)
{
    propose_and_sign();
    node.set("eth_sendRawTransaction", R"(!{"code":-32000,"message":"not now"})");
    run({"broadcast"});
    expect_tampering();
    {
        storage::SqliteDatabase database{path("home") / "coffer.db", {.application_id = storage::ApplicationId::online}};
        auto transaction = database.begin_immediate();
        database.execute("UPDATE payloads SET signed = zeroblob(100)");
        transaction.commit();
    }
    const auto before = node.count("eth_sendRawTransaction");
    const auto refused = run({"--json", "broadcast"});
    EXPECT_EQ(refused.status, 9);
    EXPECT_EQ(refused.field("requests.0.error.code"), "tx_changed");
    EXPECT_EQ(node.count("eth_sendRawTransaction"), before);
    EXPECT_EQ(run({"--json", "show", id}).status, 9);
    EXPECT_EQ(run({"--json", "track", id}).status, 9);
}

class Listing : public RequestCommands {};

TEST_F(Listing, ShowsStates)
{
    EXPECT_THAT(run_well({"list"}).out, HasSubstr("There are no requests."));
    propose();
    const auto first = id;
    environment.clock.advance(Duration{1}); // ids of one second have no order
    propose_and_approve();
    const auto all = run_well({"--json", "list"});
    EXPECT_EQ(all.field("requests.0.id"), first);
    EXPECT_EQ(all.field("requests.0.status"), "pending_review");
    EXPECT_EQ(all.field("requests.1.summary"), "1.5 ETH to exchange-eth");
    EXPECT_EQ(run_well({"--json", "list", "--status", "pending_signature"}).field("requests.0.id"), id);
    EXPECT_EQ(run({"list", "--status", "done"}).status, 2);
    environment.clock.advance(hours(24));
    EXPECT_EQ(run_well({"--json", "list", "--status", "expired"}).json().find("requests")->list()->size(), 2U);
    EXPECT_EQ(run_well({"--json", "list", "--status", "pending_review"}).json().find("requests")->list()->size(), 0U);
}

TEST_F(Listing, ShowsTheShortestIdThatMeansOneRequest)
{
    propose();
    propose_and_approve();
    for (const auto& table : {run_well({"list"}).out, run_well({"list", "--status", "pending_signature"}).out})
        for (const auto& line : split(table, '\n')) {
            const auto shown = line.substr(0, line.find(' '));
            if (shown.empty() || shown == "id")
                continue;
            EXPECT_EQ(run({"show", shown}).status, 0) << shown;
            const auto shorter = shown.substr(0, shown.size() - 1);
            EXPECT_EQ(run({"show", shorter}).status, 2) << shorter;
        }
}

TEST_F(Listing, CancelsOnce)
{
    propose_and_approve();
    EXPECT_EQ(run_as("carol", {"--json", "cancel", id, "--reason", "typo"}).field("status"), "cancelled");
    EXPECT_EQ(run_as("alice", {"--json", "cancel", id}).field("status"), "cancelled");
    EXPECT_EQ(run_well({"--json", "show", id}).field("reason.code"), "request_cancelled");
    EXPECT_EQ(vote("bob").status, 0); // his vote stands, and does nothing
    EXPECT_EQ(vote("bob", "reject").status, 6);
}

// E40
TEST_F(Listing, CancelsNothingThatIsSigned)
{
    propose_and_sign();
    const auto refused = run_as("alice", {"--json", "cancel", id});
    EXPECT_EQ(refused.status, 6);
    EXPECT_EQ(refused.error_code(), "state");
    EXPECT_EQ(status_of_request(), "pending_broadcast");
}

TEST_F(Listing, ListsManyWithoutJudgingThem)
{
    propose();
    expect_tampering();
    {
        storage::SqliteDatabase database{path("home") / "coffer.db", {.application_id = storage::ApplicationId::online}};
        auto transaction = database.begin_immediate();
        // What `show` would refuse: no artefact of these verifies.
        database.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) "
                         "INSERT INTO requests (id, digest, artefact, status, wallet, kind, created_at, expires_at, summary) "
                         "SELECT randomblob(16), randomblob(32), zeroblob(10), 'success', 'eth-cold', 'transfer', i, i, 'x' FROM n");
        transaction.commit();
    }
    EXPECT_EQ(run_well({"--json", "list"}).json().find("requests")->list()->size(), 10'001U);
    EXPECT_EQ(run_well({"--json", "list"}).field("verified"), "false");
    EXPECT_EQ(run_well({"--json", "list", "--status", "pending_review"}).field("requests.0.id"), id);
}

} // namespace
} // namespace coffer::cli
