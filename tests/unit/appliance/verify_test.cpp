#include "tests/support/vault/vault_fixture.h"

namespace coffer::test {
namespace {

Run verify(TestVault& vault, const Bytes& bundle, const std::vector<std::string>& options = {"--json"})
{
    write(vault.file("bundle"), bundle);
    std::vector<std::string> args = {"verify", vault.file("bundle").string()};
    args.insert(args.end(), options.begin(), options.end());
    vault.environment->terminal.detach();
    return vault.run(args);
}

TEST(Verify, TellsWhatSignWouldAndSignsNothing)
{
    TestVault vault;
    const auto bundle =
        vault.bundle({vault.approved({.payloads = {vault.transfer("exchange", ether(5))}}),
                      vault.approved({.id = id_number(2), .payloads = {vault.transfer("nobody", ether(5), 1)}})});
    const auto run = verify(vault, bundle);
    EXPECT_EQ(run.status, 4) << run.out;
    const auto json = json_of(run);
    EXPECT_EQ(json.at("receipt"), Json());
    ASSERT_EQ(json.at("requests").size(), 2u);
    EXPECT_EQ(json.at("requests")[0].at("outcome"), "approved");
    EXPECT_EQ(json.at("requests")[1].at("outcome"), "refused");
    EXPECT_EQ(json.at("requests")[1].at("error").at("code"), "dest_unknown");
    EXPECT_FALSE(std::filesystem::exists(vault.receipt_file()));
    EXPECT_EQ(vault.log_types(),
              (std::vector<std::string>{"home_made", "key_made", "pinned"}));
}

TEST(Verify, ShowsTheReviewAsText)
{
    TestVault vault;
    const auto run =
        verify(vault, vault.bundle({vault.approved({.payloads = {vault.transfer("exchange", ether(5))}})}), {});
    EXPECT_EQ(run.status, 0);
    for (const auto* text : {"5 ETH leaves eth-cold", "for exchange", "approved by   alice",
                             "small: needs 2 of finance", "at most 0.00105 ETH", "Nothing was signed."})
        EXPECT_NE(run.out.find(text), std::string::npos) << text << "\n" << run.out;
}

TEST(Verify, WritesEachThingOnce)
{
    TestVault vault;
    const auto bundle =
        vault.bundle({vault.approved({.payloads = {vault.transfer("exchange", ether(5))}},
                                     {{.officer = "alice", .decision = requests::VoteDecision::reject}})});
    EXPECT_EQ(verify(vault, bundle).status, 10);
    const auto once = vault.log_types();
    EXPECT_EQ(count(once, "rejection_seen"), 1u);
    EXPECT_EQ(verify(vault, bundle).status, 10);
    EXPECT_EQ(vault.log_types(), once);
}

TEST(Verify, TakesOverAnAmendment)
{
    TestVault vault;
    append(vault.chain(), seal(amended(vault.chain(), [](charter::Charter& charter) { charter.name = "Renamed"; })),
           {"alice", "bob", "dave"});
    EXPECT_EQ(verify(vault, vault.bundle({})).status, 0);
    EXPECT_EQ(count(vault.log_types(), "linked"), 1u);
    EXPECT_EQ(json_of(vault.run({"status", "--json"})).at("version"), 2);
}

TEST(Verify, RefusedBundleLeavesNothingBehind)
{
    TestVault vault;
    auto draft = vault.draft_bundle({vault.approved({.payloads = {vault.transfer("exchange", ether(5))}})});
    draft.header.environment = artefacts::Environment::production;
    const auto before = vault.log_types();
    expect_error(verify(vault, encode(draft).encode()), 4, "env");
    EXPECT_EQ(vault.log_types(), before);
}

TEST(Verify, SaysWhatWasSignedBefore)
{
    TestVault vault;
    const auto bundle = vault.bundle({vault.approved({.payloads = {vault.transfer("exchange", ether(5))}})});
    vault.expect_agreement({{"exchange", "5"}});
    ASSERT_EQ(vault.sign(bundle).status, 0);
    const auto run = verify(vault, bundle);
    EXPECT_EQ(run.status, 0);
    EXPECT_EQ(json_of(run).at("requests")[0].at("outcome"), "signed");
}

/// PROTOCOL 7: a delay counts from when this appliance first saw the request.
TEST(Verify, StartsTheDelayOfARule)
{
    TestVault vault;
    const auto token = evm::Address::from(address_named("USDT"));
    const auto payload = vault.transfer("supplier", Uint256{1'000'000}, 0, [&](evm::TransferPlan& plan) {
        plan.token = token;
        plan.gas_limit = 65'000;
    });
    const auto bundle =
        vault.bundle({vault.approved({.wallet = "eth-hot", .payloads = {payload}}, {{.officer = "alice"}})});
    const auto confirmed = [&] {
        vault.environment->terminal.detach();
        std::filesystem::remove(vault.receipt_file());
        const auto digest = json_of(verify(vault, bundle)).at("requests")[0].at("request_digest").get<std::string>();
        vault.environment->terminal.detach();
        return vault.sign(bundle, {"--json", "--confirm", digest});
    };
    expect_error(verify(vault, bundle), 4, "delay");
    vault.set_now(vault.now() + hours(6) - Duration{1});
    expect_error(confirmed(), 4, "delay");
    vault.set_now(vault.now() + Duration{1});
    EXPECT_EQ(confirmed().status, 0);
}

/// A wallet that asks for a person, with a delay of six hours.
class DelayOfAPerson : public testing::Test {
protected:
    test::Run verify_at_terminal(const std::string& is_that_the_date)
    {
        write(vault.file("bundle"), bundle);
        vault.environment->terminal.expect("is that the date?", is_that_the_date);
        return vault.run({"verify", vault.file("bundle").string(), "--json"});
    }

    test::Run sign(const std::vector<std::pair<std::string, std::string>>& payments)
    {
        std::filesystem::remove(vault.receipt_file());
        vault.expect_agreement(payments);
        return vault.sign(bundle);
    }

    TestVault vault{[](charter::Charter& charter) { charter.rules.front().delay = hours(6); }};
    Bytes bundle = vault.bundle({vault.approved({.payloads = {vault.transfer("exchange", ether(5))}, .life = hours(23)})});
};

TEST_F(DelayOfAPerson, BeginsUnderADateThatSomebodyConfirmed)
{
    expect_error(verify_at_terminal("y"), 4, "delay");
    EXPECT_EQ(count(vault.log_types(), "first_seen"), 1u);
    vault.set_now(vault.now() + hours(6) - Duration{1});
    vault.environment->terminal.detach();
    expect_error(vault.sign(bundle), 4, "delay");
    std::filesystem::remove(vault.receipt_file());
    vault.set_now(vault.now() + Duration{1});
    const auto run = sign({{"exchange", "5"}});
    EXPECT_EQ(run.status, 0) << run.out << run.screen;
}

/// Whoever sets the machine's clock back runs `verify`, and puts it right again.
TEST_F(DelayOfAPerson, IsNotShortenedByAClockThatNobodyConfirmed)
{
    const auto run = verify(vault, bundle);
    expect_error(run, 4, "delay");
    EXPECT_NE(run.err.find("A delay or cool-down has not begun"), std::string::npos) << run.err;
    expect_error(verify_at_terminal("n"), 9, "clock");
    EXPECT_EQ(count(vault.log_types(), "first_seen"), 0u);

    vault.set_now(vault.now() + hours(6));
    expect_error(sign({}), 4, "delay"); // this one confirmed the date, so the delay begins here
    EXPECT_EQ(count(vault.log_types(), "first_seen"), 1u);
    vault.set_now(vault.now() + hours(6));
    const auto signed_now = sign({{"exchange", "5"}});
    EXPECT_EQ(signed_now.status, 0) << signed_now.out << signed_now.screen;
}

} // namespace
} // namespace coffer::test
