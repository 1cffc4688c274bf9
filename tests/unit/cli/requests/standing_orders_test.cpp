// Standing orders, as officers and a cron job work with them at home.

#include "tests/unit/cli/requests/fixture.h"

namespace coffer::cli {
namespace {

using coffer::test::CliRun;

/// The wallet is warm, and 8 ETH need one of finance and one of compliance.
class OrderCommands : public RequestCommands {
protected:
    OrderCommands()
    {
        amend([](charter::Charter& next) { next.wallets.front().tier = charter::Tier::warm; });
    }
    std::vector<std::string> order_add(const std::string& total = "8")
    {
        return {"order", "add", "payroll", "--wallet", "eth-cold", "--to", "exchange-eth", "--per-payment", "2", "--per-span", "3",
                "--total", total, "--fee", "0.01", "--total-fee", "0.1", "--ends", format_time(environment.clock.now() + days(20)),
                "--signer", "bob", "--signer", "carol"};
    }
    /// The order signed by all of these, through a file.
    CliRun adopt(const std::vector<std::string>& signers, const std::string& total = "8")
    {
        auto command = order_add(total);
        command.insert(command.end(), {"--out", "entry", "--force"});
        EXPECT_EQ(run_as(signers.front(), command).status, 0);
        for (const auto& officer : signers)
            EXPECT_EQ(run_as(officer, {"entry", "sign", "entry"}).status, 0);
        return run({"--json", "entry", "adopt", "entry"});
    }
    CliRun pay(const std::string& amount, std::vector<std::string> more = {})
    {
        write("offline.json", R"({"nonce":)" + std::to_string(7 + m_paid) +
                                  R"(,"gas_limit":21000,"base_fee":20000000000,"balance":"5000000000000000000000","block":100})");
        more.insert(more.end(), {"--amount", amount, "--order", "payroll"});
        auto proposed = propose(more);
        m_paid += proposed.status == 0 ? 1 : 0;
        return proposed;
    }

private:
    int m_paid = 0;
};

TEST_F(OrderCommands, AnOrderCollectsTheVotesOfItsWholeSum)
{
    auto alone = order_add();
    alone.insert(alone.begin(), "--json");
    EXPECT_EQ(run_as("bob", alone).error_code(), "appr_missing");
    EXPECT_EQ(adopt({"bob"}).error_code(), "appr_missing");
    EXPECT_EQ(adopt({"bob", "carol"}, "20").error_code(), "appr_missing"); // two of finance
    EXPECT_EQ(run_well({"--json", "order", "list"}).json().find("orders")->list()->size(), 0U);
    const auto adopted = adopt({"bob", "carol"});
    EXPECT_EQ(adopted.status, 0) << adopted.out;
    const auto listed = run_well({"--json", "order", "list"});
    EXPECT_EQ(listed.field("orders.0.order"), "payroll");
    EXPECT_EQ(listed.field("orders.0.officers.1"), "carol");
    EXPECT_EQ(listed.field("orders.0.total"), "8000000000000000000");
    EXPECT_EQ(listed.field("orders.0.in_all"), "0");
    EXPECT_EQ(count_records("entry.linked"), 1U);
}

TEST_F(OrderCommands, WhatIsSignedIsShownWhole)
{
    auto command = order_add();
    command.insert(command.end(), {"--out", "entry"});
    const auto drafted = run_as("bob", command);
    EXPECT_EQ(drafted.status, 0) << drafted.err;
    const auto shown = run_as("carol", {"entry", "sign", "entry"});
    EXPECT_EQ(shown.status, 0);
    for (const auto* part : {"exchange-eth", "at most 2 ETH a payment, 3 ETH in 24 hours, 8 ETH in all", "fees of at most 0.01 ETH a request, 0.1 ETH in all",
                             "signed by appliance vault-a alone"})
        EXPECT_NE(shown.err.find(part), std::string::npos) << shown.err;
    EXPECT_NE(shown.err.find(std::string{exchange}), std::string::npos) << shown.err;
    const auto inspected = run_well({"--json", "inspect", "entry"});
    EXPECT_EQ(inspected.field("entry"), "standing_order");
    EXPECT_EQ(inspected.field("per_payment"), "2000000000000000000");
}

/// Whoever drafts an entry writes what others see before anything is verified.
TEST_F(OrderCommands, WhatAStrangerWroteIsEscapedOnTheScreenOfWhoSigns)
{
    auto command = order_add();
    command.back() = "mallory\x1b[2J";
    command.insert(command.end(), {"--out", "entry"});
    const auto drafted = run_as("bob", command);
    EXPECT_EQ((drafted.out + drafted.err).find('\x1b'), std::string::npos) << drafted.out << drafted.err;
    const auto shown = run_as("bob", {"entry", "sign", "entry"});
    EXPECT_NE((shown.out + shown.err).find("mallory"), std::string::npos) << shown.err;
    EXPECT_EQ((shown.out + shown.err).find('\x1b'), std::string::npos) << shown.err;
    EXPECT_EQ(run({"entry", "adopt", "entry"}).err.find('\x1b'), std::string::npos);
}

TEST_F(OrderCommands, PaymentsUnderItNeedNoVotesUpToItsSums)
{
    ASSERT_EQ(adopt({"bob", "carol"}).status, 0);
    const auto paid = pay("2");
    ASSERT_EQ(paid.status, 0) << paid.out;
    EXPECT_EQ(paid.field("status"), "pending_signature");
    EXPECT_EQ(paid.field("standing_order.order"), "payroll");
    EXPECT_EQ(paid.field("standing_order.in_all"), "2000000000000000000");
    EXPECT_EQ(pay("1.5").error_code(), "limit_velocity");
    EXPECT_EQ(pay("2.1").error_code(), "policy_denied");
    EXPECT_EQ(pay("1").status, 0);
    EXPECT_EQ(run_well({"--json", "order", "list"}).field("orders.0.in_span"), "3000000000000000000");
    const auto shown = run_well({"show", id});
    EXPECT_NE(shown.out.find("payroll  signed by bob, carol"), std::string::npos) << shown.out;
    run_well({"export", id, "--out", "to-vault"});
    write_receipt("from-vault", sign_bundle("to-vault"));
    run_well({"import", "from-vault"});
    EXPECT_EQ(status_of_request(), "pending_broadcast");
}

TEST_F(OrderCommands, OneRejectionStopsAPayment)
{
    ASSERT_EQ(adopt({"bob", "carol"}).status, 0);
    ASSERT_EQ(pay("2").status, 0);
    EXPECT_EQ(vote("bob").error_code(), "state");
    EXPECT_EQ(vote("bob", "reject").status, 0);
    EXPECT_EQ(status_of_request(), "rejected");
    EXPECT_EQ(pay("2").status, 0); // what was rejected is free again
    EXPECT_EQ(run_well({"--json", "order", "list"}).field("orders.0.in_span"), "2000000000000000000");
}

/// The request is dated before the passphrase is asked for, what it takes afterwards.
TEST_F(OrderCommands, ALongLookAtThePassphraseIsNoTampering)
{
    ASSERT_EQ(adopt({"bob", "carol"}).status, 0);
    environment.clock.tick_by(Duration{25});
    const auto paid = pay("1");
    environment.clock.tick_by(Duration{});
    ASSERT_EQ(paid.status, 0) << paid.out;
    environment.clock.advance(hours(1));
    run_well({"audit", "verify"});
}

TEST_F(OrderCommands, AnyOneOfficerEndsIt)
{
    ASSERT_EQ(adopt({"bob", "carol"}).status, 0);
    ASSERT_EQ(pay("1").status, 0);
    EXPECT_EQ(run_as("alice", {"--json", "order", "end", "rent"}).error_code(), "not_found");
    EXPECT_EQ(run_as("alice", {"--json", "order", "end", "payroll"}).status, 0);
    EXPECT_EQ(run_well({"--json", "order", "list"}).json().find("orders")->list()->size(), 0U);
    EXPECT_EQ(pay("1").error_code(), "not_found");
    EXPECT_EQ(run({"--json", "export", id, "--out", "to-vault"}).error_code(), "policy_denied");
    EXPECT_EQ(run_well({"--json", "show", id}).field("reason.code"), "policy_denied");
}

TEST_F(OrderCommands, RefusesWhatNoOrderMayBe)
{
    const auto with = [&](const std::string& option, const std::string& value) {
        auto command = order_add();
        *(std::ranges::find(command, option) + 1) = value;
        command.insert(command.begin(), "--json");
        return run_as("bob", command);
    };
    EXPECT_EQ(with("--ends", format_time(environment.clock.now() - days(1))).error_code(), "policy_invalid");
    EXPECT_EQ(with("--per-payment", "4").error_code(), "policy_invalid");
    EXPECT_EQ(with("--to", "nowhere").status, 3);
    EXPECT_EQ(with("--wallet", "nowhere").error_code(), "wallet_unknown");
    amend([](charter::Charter& next) { next.wallets.front().tier = charter::Tier::cold; });
    EXPECT_EQ(with("--total", "8").error_code(), "policy_invalid");
}

} // namespace
} // namespace coffer::cli
