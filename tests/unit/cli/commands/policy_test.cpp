#include "tests/support/cli_fixture.h"

#include <gmock/gmock.h>

namespace coffer {
namespace {

using test::CliRun;
using test::CliTreasury;
using testing::HasSubstr;

CliRun explain(CliTreasury& treasury, const std::string& to, const std::string& amount, const std::string& asset = "ETH")
{
    return treasury.run({"--json", "policy", "explain", "--wallet", "eth-cold", "--to", to, "--amount", amount, "--asset", asset});
}

TEST(PolicyExplain, SaysWhichRuleDecidesAndWhyTheOthersDoNot)
{
    CliTreasury treasury;
    const auto large = explain(treasury, "exchange-eth", "120");
    EXPECT_EQ(large.status, 0);
    EXPECT_EQ(large.field("decision"), "allowed");
    EXPECT_EQ(large.field("assets.0.rule"), "large-eth");
    EXPECT_EQ(large.field("assets.0.approvals"), "2 of finance and 1 of compliance");
    EXPECT_EQ(large.field("assets.0.amount"), "120000000000000000000");
    EXPECT_EQ(large.field("skipped.0.rule"), "small-eth");
    EXPECT_THAT(large.field("skipped.0.reason"), HasSubstr("not between 0 and 10"));
    EXPECT_EQ(explain(treasury, std::string{CliTreasury::exchange}, "10").field("assets.0.rule"), "small-eth");
    EXPECT_EQ(explain(treasury, "exchange-eth", "10.000000000000000001").field("assets.0.rule"), "large-eth");
    EXPECT_EQ(explain(treasury, "exchange-eth", "5", "USDC").field("assets.0.rule"), "small-usdc");
}

TEST(PolicyExplain, SaysWhyEveryRuleWasPassedOverWhenNoneDecides)
{
    CliTreasury treasury;
    const auto much = explain(treasury, "exchange-eth", "1000.1");
    EXPECT_EQ(much.status, 0);
    EXPECT_EQ(much.field("decision"), "denied");
    EXPECT_EQ(much.field("reason.code"), "policy_denied");
    EXPECT_EQ(much.field("assets.0.rule"), "null");
    EXPECT_EQ(much.field("skipped.2.rule"), "small-usdc");
    const auto stranger = explain(treasury, "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", "1");
    EXPECT_EQ(stranger.field("reason.code"), "dest_unknown");
    EXPECT_THAT(treasury.run_well({"policy", "explain", "--wallet", "eth-cold", "--to", "exchange-eth", "--amount", "5000"}).out,
                HasSubstr("no rule, so it is denied"));
}

TEST(PolicyExplain, RefusesWhatItCannotRead)
{
    CliTreasury treasury;
    EXPECT_EQ(explain(treasury, "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293Bc", "1").error_code(), "addr_checksum");
    EXPECT_EQ(explain(treasury, "exchange-eth", "1.0000000000000000001").status, 3);
    EXPECT_EQ(explain(treasury, "exchange-eth", "1", "DOGE").error_code(), "token_unknown");
    EXPECT_EQ(treasury.run({"--json", "policy", "explain", "--wallet", "eth-cold", "--to", "exchange-eth"}).status, 2);
    EXPECT_EQ(treasury.run({"--json", "policy", "explain", "--wallet", "nowhere", "--to", "exchange-eth", "--amount", "1"}).error_code(),
              "wallet_unknown");
    EXPECT_EQ(treasury.run({"--json", "policy", "explain", "--wallet", "eth-cold", "--to", "exchange-eth", "--amount", "1", "--kind", "gift"}).status, 2);
}

TEST(PolicyExplain, ExplainsARequest)
{
    CliTreasury treasury;
    treasury.trust("alice");
    treasury.write("inputs.json", std::string_view{
        R"({"nonce":7,"gas_limit":21000,"base_fee":20000000000,"balance":"5000000000000000000000","block":100})"});
    const auto made = treasury.run_as("alice", {"--json", "propose", "transfer", "--wallet", "eth-cold", "--to", "exchange-eth", "--amount", "120",
                                                "--offline-inputs", "inputs.json"});
    ASSERT_EQ(made.status, 0) << made.out << made.err;
    const auto explained = treasury.run_well({"--json", "policy", "explain", made.field("id").substr(0, 8)});
    EXPECT_EQ(explained.field("assets.0.rule"), "large-eth");
    EXPECT_EQ(treasury.run({"--json", "policy", "explain", "ffffffff"}).error_code(), "not_found");
    EXPECT_EQ(treasury.run({"--json", "policy", "explain", "x"}).status, 2);
}

constexpr std::string_view good_table = R"(
[[case]]
name = "a small payment"
wallet = "eth-cold"
to = "exchange-eth"
amount = "10"
expect = "small-eth"
requester = "alice"
approved_by = ["bob", "carol"]
reached = true

[[case]]
name = "the requester does not count"
wallet = "eth-cold"
to = "exchange-eth"
amount = "10"
expect = "small-eth"
requester = "alice"
approved_by = ["alice", "carol"]
reached = false

[[case]]
wallet = "eth-cold"
to = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"
amount = "1"
expect = "dest_unknown"

[[case]]
wallet = "eth-cold"
to = "exchange-eth"
amount = "1001"
asset = "USDC"
expect = "denied"
)";

TEST(PolicyTest, PassesWhenEveryCaseDecidesAsExpected)
{
    CliTreasury treasury;
    treasury.write("table.toml", good_table);
    const auto passed = treasury.run_well({"--json", "policy", "test", "table.toml"});
    EXPECT_EQ(passed.field("cases"), "4");
    EXPECT_EQ(passed.field("failed"), "0");
    EXPECT_EQ(passed.field("results.1.reached"), "false");
    EXPECT_THAT(treasury.run_well({"policy", "test", "-"}, std::string{good_table}).out, HasSubstr("all as expected"));
}

TEST(PolicyTest, SaysWhichCasesDecideOtherwise)
{
    CliTreasury treasury;
    treasury.write("table.json",
                   std::string_view{R"({"case":[{"name":"wrong rule","wallet":"eth-cold","to":"exchange-eth","amount":"11","expect":"small-eth"},
                       {"wallet":"eth-cold","to":"exchange-eth","amount":"9","expect":"small-eth"},
                       {"wallet":"eth-cold","to":"exchange-eth","amount":"9","expect":"small-eth","requester":"alice","approved_by":["bob"],"reached":true}]})"});
    const auto failed = treasury.run({"--json", "policy", "test", "table.json"});
    EXPECT_EQ(failed.status, 4);
    EXPECT_EQ(failed.error_code(), "policy_denied");
    EXPECT_EQ(failed.field("failed"), "2");
    EXPECT_EQ(failed.field("results.0.found"), "large-eth");
    EXPECT_EQ(failed.field("results.1.ok"), "true");
    EXPECT_EQ(failed.field("results.2.ok"), "false");
    EXPECT_THAT(treasury.run({"policy", "test", "table.json"}).out, HasSubstr("WRONG wrong rule: expected small-eth, found large-eth"));
}

TEST(PolicyTest, TestsACharterThatIsNotInForce)
{
    CliTreasury treasury;
    treasury.write_charter("next", treasury.amended([](auto& next) { next.rules[0].amount->most = Uint256{1}; }), {});
    treasury.write("table.toml", good_table);
    EXPECT_EQ(treasury.run({"--json", "policy", "test", "table.toml", "--charter", "next"}).field("failed"), "2");
    std::filesystem::remove_all(treasury.path("home"));
    EXPECT_EQ(treasury.run({"--json", "policy", "test", "table.toml", "--charter", "charter.coffer"}).status, 0);
    EXPECT_EQ(treasury.run({"--json", "policy", "test", "table.toml"}).status, 7);
}

TEST(PolicyTest, RefusesATableThatItCannotReadWhole)
{
    CliTreasury treasury;
    const auto refused = [&](std::string_view table) {
        const auto run = treasury.run({"--json", "policy", "test", "-"}, std::string{table});
        EXPECT_EQ(run.status, 3) << table;
    };
    refused("");
    refused("{}");
    refused("[[case]]\nwallet = \"eth-cold\"\nto = \"exchange-eth\"\namount = \"1\"\n");
    refused("[[case]]\nwallet = \"eth-cold\"\nto = \"exchange-eth\"\namount = 1\nexpect = \"denied\"\n");
    refused("[[case]]\nwallet = \"eth-cold\"\nto = \"exchange-eth\"\namount = \"1\"\nexpect = \"denied\"\nexpects = \"denied\"\n");
    refused("[[case]]\nwallet = \"eth-cold\"\nto = \"exchange-eth\"\namount = \"1\"\nexpect = \"small-eth\"\nreached = true\n");
    refused(R"({"case":[{"wallet":"eth-cold","to":"x","amount":"1","expect":"denied","approved_by":"bob"}]})");
}

TEST(PolicyTest, TakesNoMisspelledRuleOrOfficerForADenial)
{
    CliTreasury treasury;
    const auto run = treasury.run({"--json", "policy", "test", "-"},
                                  R"({"case":[{"wallet":"eth-cold","to":"exchange-eth","amount":"1","expect":"small-eth",
                                      "requester":"alice","approved_by":["bop"],"reached":false},
                                      {"wallet":"eth-kold","to":"exchange-eth","amount":"1","expect":"denied"}]})");
    EXPECT_EQ(run.field("results.0.ok"), "false");
    EXPECT_EQ(run.field("results.1.ok"), "false");
}

} // namespace
} // namespace coffer
