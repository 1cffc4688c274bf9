#include "tests/unit/cli/requests/fixture.h"

namespace coffer::cli {
namespace {

using testing::HasSubstr;

class Propose : public RequestCommands {
protected:
    test::CliRun to(const std::string& destination, const std::string& amount = "1", std::vector<std::string> more = {})
    {
        std::vector<std::string> args{"--json", "propose", "transfer", "--wallet", "eth-cold", "--to", destination,
                                      "--amount", amount, "--offline-inputs", "offline.json"};
        args.insert(args.end(), more.begin(), more.end());
        return run_as("alice", args);
    }
    test::CliRun raw(const std::string& file)
    {
        return run_as("alice", {"--json", "propose", "raw", "--wallet", "eth-cold", file});
    }
    /// The unsigned transaction of the bundle that approved requests would go into.
    Bytes payload_of_request()
    {
        run_well({"export", id, "--format", "review", "--out", "review-" + id});
        const auto review = bundle::decode_review(artefacts::Artefact::decode(read("review-" + id), artefacts::Kind::review));
        return review.request.submission.payloads.at(0);
    }
    /// Small payments to the exchange; the one in line `bad` (0: none) goes to nobody.
    void write_batch(std::size_t rows, std::size_t bad)
    {
        std::string text = "address,amount,asset,memo\n";
        for (std::size_t line = 2; line < rows + 2; ++line)
            text += line == bad ? "nobody,0.001,,\n" : "exchange-eth,0.001,,\n";
        write("payments.csv", text);
    }
    test::CliRun propose_batch()
    {
        return run_as("alice", {"--json", "propose", "batch", "--wallet", "eth-cold", "--file", "payments.csv", "--offline-inputs",
                                "offline.json"});
    }
    void use_gas(const std::string& limit)
    {
        write("offline.json", R"({"nonce":7,"gas_limit":)" + limit +
                                  R"(,"base_fee":20000000000,"balance":"5000000000000000000000","block":100})");
    }
    std::size_t count() { return run_well({"--json", "list"}).json().find("requests")->list()->size(); }
};

TEST_F(Propose, TakesIdsAndAddresses)
{
    EXPECT_EQ(to("exchange-eth").status, 0);
    EXPECT_EQ(to(std::string{exchange}).field("payment.payments.0.name"), "exchange-eth");
    EXPECT_EQ(to("0x70997970c51812dc3a010c7d01b50e0d17dc79c8").error_code(), "addr_checksum"); // carries none
    EXPECT_EQ(to("0x70997970C51812dc3A010C7d01b50e0d17dc79C9").status, 3);
    EXPECT_EQ(to("nobody").status, 3);
}

TEST_F(Propose, RefusesWhatNoRuleAllows)
{
    const auto unknown = to("0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC");
    EXPECT_EQ(unknown.status, 4);
    EXPECT_EQ(unknown.error_code(), "dest_unknown");
    EXPECT_EQ(to("exchange-eth", "1000.000000000000000001").error_code(), "policy_denied");
    EXPECT_EQ(count(), 0U);
    EXPECT_EQ(to("exchange-eth", "1000").field("rule"), "large-eth");
    EXPECT_EQ(to("exchange-eth", "10").field("rule"), "small-eth");
}

TEST_F(Propose, ReadsAmountsExactly)
{
    EXPECT_EQ(to("exchange-eth", "0").error_code(), "amount_range");
    EXPECT_EQ(to("exchange-eth", "-1").status, 3);
    EXPECT_EQ(to("exchange-eth", "1e3").status, 3);
    EXPECT_EQ(to("exchange-eth", "0.0000000000000000001").status, 3);
    EXPECT_EQ(to("exchange-eth", "0.000000000000000001").field("payment.payments.0.amount"), "1");
    EXPECT_EQ(to("exchange-eth", "1", {"--asset", "DAI"}).error_code(), "token_unknown");
    use_gas("65000");
    EXPECT_EQ(to("exchange-eth", "12.5", {"--asset", "USDC"}).field("payment.payments.0.amount"), "12500000");
}

TEST_F(Propose, SendsEverythingButTheFee)
{
    write("offline.json", R"({"nonce":0,"gas_limit":21000,"base_fee":1,"balance":"2000000000000000000","block":1})");
    const auto proposed = to("exchange-eth", "max");
    ASSERT_EQ(proposed.status, 0) << proposed.out;
    const auto amount = Uint256::from_decimal(proposed.field("payment.payments.0.amount"));
    EXPECT_EQ(amount + Uint256::from_decimal(proposed.field("payment.fee")), Uint256::from_decimal("2000000000000000000"));
}

TEST_F(Propose, ReservesNonces)
{
    EXPECT_EQ(to("exchange-eth").field("payloads.0.nonce"), "7");
    const auto second = to("exchange-eth");
    EXPECT_EQ(second.field("payloads.0.nonce"), "8");
    EXPECT_EQ(to("exchange-eth").field("payloads.0.nonce"), "9");
    EXPECT_EQ(run_as("alice", {"cancel", second.field("id")}).status, 0);
    environment.clock.advance(hours(25)); // the others are over, too
    EXPECT_EQ(to("exchange-eth").field("payloads.0.nonce"), "7");
}

TEST_F(Propose, HoldsFeesAgainstTheCeiling)
{
    EXPECT_EQ(to("exchange-eth", "1", {"--max-fee", "0.000860999"}).error_code(), "fee_cap");
    EXPECT_EQ(to("exchange-eth", "1", {"--max-fee", "0.000861"}).status, 0);
    write("offline.json", R"({"nonce":0,"gas_limit":21000,"base_fee":2000000000000,"balance":"5000000000000000000","block":1})");
    const auto over_rule = to("exchange-eth");
    EXPECT_EQ(over_rule.status, 4);
    EXPECT_EQ(over_rule.error_code(), "fee_cap");
}

TEST_F(Propose, BoundsTheLifeByTheRule)
{
    EXPECT_EQ(to("exchange-eth", "1", {"--expires", "25h"}).error_code(), "appr_expired");
    EXPECT_EQ(to("exchange-eth", "1", {"--expires", "0s"}).status, 2);
    EXPECT_EQ(to("exchange-eth", "1", {"--expires", "24h"}).field("expires_at"), "2026-11-22T14:02:00Z");
    amend([](charter::Charter& next) { next.rules[0].expires = hours(6); });
    EXPECT_EQ(to("exchange-eth").field("expires_at"), "2026-11-21T20:02:00Z"); // as long as the rule allows
}

TEST_F(Propose, NeedsTheRequestersOwnKey)
{
    const std::vector<std::string> args{"--json", "propose", "transfer", "--wallet", "eth-cold", "--to", "exchange-eth", "--amount", "1",
                                        "--offline-inputs", "offline.json", "--passphrase-file", "bob.pass"};
    auto as_alice = args;
    as_alice.insert(as_alice.end(), {"--officer", "alice", "--key", "bob.key"});
    EXPECT_EQ(run(as_alice).status, 5);
    auto as_bob = args;
    as_bob.insert(as_bob.end(), {"--officer", "bob", "--key", "bob.key"});
    EXPECT_EQ(run(as_bob).status, 0);
    EXPECT_EQ(count(), 1U);
}

TEST_F(Propose, RefusesUnknownWalletsAndMissingInputs)
{
    EXPECT_EQ(run_as("alice", {"--json", "propose", "transfer", "--wallet", "eth-hot", "--to", "exchange-eth", "--amount", "1",
                               "--offline-inputs", "offline.json"})
                  .error_code(),
              "wallet_unknown");
    EXPECT_EQ(to("exchange-eth", "1", {}).status, 0);
    EXPECT_EQ(run_as("alice", {"--json", "propose", "transfer", "--wallet", "eth-cold", "--to", "exchange-eth", "--amount", "1",
                               "--offline-inputs", "missing.json"})
                  .status,
              7);
    EXPECT_EQ(run_as("alice", {"--json", "propose", "transfer", "--wallet", "eth-cold", "--to", "exchange-eth", "--amount", "1"}).status,
              2); // no endpoint is configured
}

TEST_F(Propose, OpensABatchAsOneRequest)
{
    use_gas("65000");
    write("payments.csv", "address,amount,asset,memo\nexchange-eth,1,,first\n" + std::string{exchange} + ",2.5,ETH,\nexchange-eth,30,USDC,third\n");
    const auto proposed = run_as("alice", {"--json", "propose", "batch", "--wallet", "eth-cold", "--file", "payments.csv",
                                           "--offline-inputs", "offline.json"});
    ASSERT_EQ(proposed.status, 0) << proposed.out;
    EXPECT_EQ(proposed.field("payloads.2.nonce"), "9");
    EXPECT_EQ(proposed.field("payloads.0.memo"), "first");
    EXPECT_EQ(proposed.field("payloads.1.memo"), "null");
    EXPECT_EQ(proposed.field("payment.payments.2.asset"), "USDC");
    EXPECT_EQ(proposed.field("rule"), "small-eth, small-usdc");
}

TEST_F(Propose, SaysEveryBadLineOfABatch)
{
    write("payments.csv", "address,amount,asset,memo\nexchange-eth,1,,\nnobody,1,,\nexchange-eth,x,,\n");
    const auto refused = run_as("alice", {"propose", "batch", "--wallet", "eth-cold", "--file", "payments.csv", "--offline-inputs", "offline.json"});
    EXPECT_EQ(refused.status, 3);
    EXPECT_THAT(refused.err, HasSubstr("payments.csv:3"));
    EXPECT_THAT(refused.err, HasSubstr("payments.csv:4"));
    EXPECT_EQ(count(), 0U);
}

TEST_F(Propose, TakesAThousandRowsInOneRequestAndNoMore)
{
    write("offline.json", R"({"nonce":7,"gas_limit":21000,"base_fee":100000000,"balance":"5000000000000000000000","block":100})");
    write_batch(1000, 0);
    const auto proposed = propose_batch();
    ASSERT_EQ(proposed.status, 0) << proposed.out;
    EXPECT_EQ(proposed.json().find("payloads")->list()->size(), 1000U);
    EXPECT_EQ(count(), 1U);
    write_batch(10'000, 0);
    EXPECT_EQ(propose_batch().error_code(), "limit");
    EXPECT_EQ(count(), 1U);
}

TEST_F(Propose, OpensNothingForOneBadRowOfAThousand)
{
    write_batch(1000, 702);
    const auto refused = propose_batch();
    EXPECT_EQ(refused.status, 3);
    EXPECT_THAT(refused.out, HasSubstr("payments.csv:702"));
    EXPECT_EQ(count(), 0U);
}

// Splitting never lowers what is asked for: the sum decides.
TEST_F(Propose, JudgesABatchByItsSum)
{
    write("payments.csv", "address,amount,asset,memo\nexchange-eth,6,,\nexchange-eth,6,,\n");
    EXPECT_EQ(run_as("alice", {"--json", "propose", "batch", "--wallet", "eth-cold", "--file", "payments.csv", "--offline-inputs",
                               "offline.json"})
                  .field("rule"),
              "large-eth");
}

TEST_F(Propose, AdoptsAPayloadMadeElsewhere)
{
    to("exchange-eth");
    id = run_well({"--json", "list"}).field("requests.0.id");
    const auto payload = payload_of_request();
    run_as("alice", {"cancel", id}); // frees the nonce
    write("raw.bin", payload);
    const auto binary = raw("raw.bin");
    ASSERT_EQ(binary.status, 0) << binary.out;
    EXPECT_EQ(binary.field("payment.payments.0.name"), "exchange-eth");
    write("raw.hex", "0x" + encoding::encode_hex(payload) + "\n");
    const auto taken = raw("raw.hex");
    EXPECT_EQ(taken.status, 6); // the first one holds the nonce
    EXPECT_EQ(taken.error_code(), "nonce_used");
    run_as("alice", {"cancel", binary.field("id")});
    EXPECT_EQ(raw("raw.hex").status, 0);
}

TEST_F(Propose, RefusesRawPayloadsThatItCannotExplain)
{
    write("raw.bin", Bytes{0x02, 0xc0});
    EXPECT_EQ(raw("raw.bin").status, 3);
    write("raw.hex", "0x03c0");
    EXPECT_EQ(raw("raw.hex").status, 3);
    write("raw.hex", "hello");
    EXPECT_NE(raw("raw.hex").status, 0);
    EXPECT_EQ(count(), 0U);
}

TEST_F(Propose, SaysTheNextStep)
{
    const auto said = run_as("alice", {"propose", "transfer", "--wallet", "eth-cold", "--to", "exchange-eth", "--amount", "1.5",
                                       "--offline-inputs", "offline.json"});
    EXPECT_THAT(said.out, HasSubstr("1.5 ETH"));
    EXPECT_THAT(said.out, HasSubstr("exchange-eth  0x7099 7970 C518 12dc 3A01 0C7d 01b5 0e0d 17dc 79C8  in the address book"));
    EXPECT_THAT(said.out, HasSubstr("small-eth"));
    EXPECT_THAT(said.err, HasSubstr("coffer approve "));
}

} // namespace
} // namespace coffer::cli
