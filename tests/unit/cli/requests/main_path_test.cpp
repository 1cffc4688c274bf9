#include "tests/unit/cli/requests/fixture.h"

namespace coffer::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST_F(RequestCommands, GoFromAProposalToASignedTransaction)
{
    const auto proposed = propose();
    ASSERT_EQ(proposed.status, 0) << proposed.out << proposed.err;
    EXPECT_EQ(proposed.field("status"), "pending_review");
    EXPECT_EQ(proposed.field("kind"), "transfer");
    EXPECT_EQ(proposed.field("wallet"), "eth-cold");
    EXPECT_EQ(proposed.field("chain"), "ethereum");
    EXPECT_EQ(proposed.field("request_digest").size(), 64U);
    EXPECT_EQ(proposed.field("payloads.0.digest").size(), 64U);
    EXPECT_EQ(proposed.field("payloads.0.chain_hash").size(), 64U);
    EXPECT_EQ(proposed.field("payloads.0.nonce"), "7");
    EXPECT_EQ(proposed.field("payment.payer"), "eth-cold");
    EXPECT_EQ(proposed.field("payment.payments.0.asset"), "ETH");
    EXPECT_EQ(proposed.field("payment.payments.0.destination"), std::string{exchange});
    EXPECT_EQ(proposed.field("payment.payments.0.amount"), "1500000000000000000");
    EXPECT_EQ(proposed.field("payment.payments.0.decimals"), "18");
    EXPECT_EQ(proposed.field("payment.payments.0.name"), "exchange-eth");
    EXPECT_EQ(proposed.field("payment.fee"), "861000000000000"); // 21000 gas at 2 * 20 + 1 gwei
    EXPECT_EQ(proposed.field("rule"), "small-eth");
    EXPECT_EQ(proposed.field("approvals.have"), "0");
    EXPECT_EQ(proposed.field("approvals.need.0"), "1 of compliance");
    EXPECT_EQ(split(proposed.field("fingerprint"), '-').size(), 6U);
    EXPECT_EQ(proposed.field("expires_at"), "2026-11-22T14:02:00Z");

    const auto first = vote("bob");
    ASSERT_EQ(first.status, 0) << first.out << first.err;
    EXPECT_EQ(first.field("approvals.have"), "1");
    EXPECT_EQ(first.field("approvals.need.0"), "1 of compliance");
    EXPECT_EQ(vote("carol").field("status"), "pending_signature");

    const auto exported = run_well({"--json", "export", id.substr(0, 13), "--out", "to-vault"});
    EXPECT_EQ(exported.field("requests.0.id"), id);
    EXPECT_EQ(exported.field("bundle_digest").size(), 64U);
    write_receipt("from-vault", sign_bundle("to-vault"));
    const auto imported = run_well({"--json", "import", "from-vault"});
    EXPECT_EQ(imported.field("requests.0.id"), id);
    EXPECT_EQ(imported.field("requests.0.status"), "pending_broadcast");
    EXPECT_EQ(imported.field("requests.0.signatures.have"), "1");
    EXPECT_EQ(imported.field("requests.0.signatures.need"), "1");
    const auto again = run_well({"--json", "import", "from-vault"});
    EXPECT_EQ(again.field("known"), "true");
    EXPECT_EQ(again.field("requests.0.status"), "pending_broadcast");
    EXPECT_EQ(run_well({"--json", "show", id}).field("payloads.0.txid").substr(0, 2), "0x");
}

} // namespace
} // namespace coffer::cli
