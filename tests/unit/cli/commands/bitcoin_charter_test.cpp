// A charter with a Bitcoin wallet, as its officers see it.

#include "cli/files/charter_file.h"
#include "cli/sealed_charter.h"
#include "formats/bitcoin/descriptor.h"
#include "tests/support/cli_fixture.h"

#include <gmock/gmock.h>

namespace coffer::cli {
namespace {

using testing::HasSubstr;

const std::string own_origin = "[73c5da0a/48h/0h/0h/2h]";
const std::string own_xpub = "xpub6DkFAXWQ2dHxq2vatrt9qyA3bXYU4ToWQwCHbf5XB2mSTexcHZCeKS1VZYcPoBd5X8yVcbXFHJR9R8UCVpt82VX1VhR28mCyxUFL4r6KFrf";
const std::string other_origin = "[1ddb040f/48h/0h/0h/2h]";
const std::string other_xpub = "xpub6EKN8iKE2oVvV21yX3zN8GEFcQ5S2jPmrw8jsRYj5gzSkuEG8zDCTHJt3hYUMkU58VULsqdwzTJWwMahFKeTr1PodbSppYxD8J7UWqky8Cn";
const std::string exchange = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";

/// With Electrum, whose key is given.
charter::Wallet two_of_two(const std::string& electrum)
{
    const auto& format = *chains::find_format("bitcoin");
    const std::vector<chains::DraftKey> keys{{"a", {{"vault-a", "b1", "", ""}, own_origin, own_xpub}},
                                             {"b", {{"", "", "", "electrum"}, other_origin, electrum}}};
    return format.draft_wallet(*format.chain_named("bitcoin"), "wsh(sortedmulti(2,a,b))", keys);
}

/// A treasury whose charter has a 2-of-2 with Electrum, too.
class BitcoinCharter : public testing::Test {
protected:
    BitcoinCharter()
    {
        const auto& format = *chains::find_format("bitcoin");
        const auto chain = *format.chain_named("bitcoin");
        auto wallet = two_of_two(other_xpub);
        wallet.id = "btc-cold";
        wallet.chain = chain.id;
        descriptor = wallet.descriptor;
        treasury.amend([&](charter::Charter& charter) {
            charter.chains.push_back(chain);
            charter.appliances.front().keys.push_back({"b1", own_origin, own_xpub});
            charter.wallets.push_back(wallet);
            charter.destinations.push_back({"exchange-btc", chain.id, format.parse_address(exchange, chain)});
            auto rule = charter.rules.front();
            rule.id = "btc";
            rule.wallets = {{"btc-cold"}};
            rule.assets = {{"BTC"}};
            rule.amount = charter::AmountRange{0, Uint256{150'000'000}};
            rule.max_fee = Uint256{100'000};
            rule.max_feerate = format.parse_feerate("100 sat/vB");
            charter.rules.push_back(rule);
        });
        first_address = derived("0");
    }

    std::string derived(const std::string& start, const std::vector<std::string>& more = {})
    {
        std::vector<std::string> args{"--json", "wallet", "addresses", "btc-cold", "--start", start};
        args.insert(args.end(), more.begin(), more.end());
        return treasury.run_well(args).field("addresses.0.address");
    }

    test::CliTreasury treasury;
    std::string descriptor;
    std::string first_address;
};

TEST_F(BitcoinCharter, ListsTheWalletByItsFirstAddress)
{
    const auto list = treasury.run_well({"--json", "wallet", "list"});
    EXPECT_EQ(list.field("wallets.1.id"), "btc-cold");
    EXPECT_EQ(list.field("wallets.1.address"), first_address);
    EXPECT_EQ(list.field("wallets.1.descriptor"), descriptor);
    EXPECT_THAT(treasury.run_well({"wallet", "list"}).out, HasSubstr(first_address));
}

TEST_F(BitcoinCharter, ShowsWhoHoldsWhichKey)
{
    const auto shown = treasury.run_well({"--json", "wallet", "show", "btc-cold"});
    EXPECT_EQ(shown.field("address"), first_address);
    EXPECT_EQ(shown.field("descriptor"), descriptor);
    EXPECT_EQ(shown.field("keys.0.appliance"), "vault-a");
    EXPECT_EQ(shown.field("keys.0.public"), own_xpub);
    EXPECT_EQ(shown.field("keys.1.outside"), "electrum");
    EXPECT_EQ(shown.field("keys.1.origin"), other_origin);
    EXPECT_EQ(shown.field("keys.1.public"), other_xpub);
    const auto text = treasury.run_well({"wallet", "show", "btc-cold"}).out;
    EXPECT_THAT(text, HasSubstr("first address  " + in_groups(first_address)));
    EXPECT_THAT(text, HasSubstr("vault-a b1  " + own_origin));
    EXPECT_THAT(text, HasSubstr("outside, electrum  " + other_origin));
}

TEST_F(BitcoinCharter, DerivesBothBranches)
{
    const auto of_descriptor = [&](const std::vector<std::string>& more) {
        std::vector<std::string> args{"--json", "wallet", "addresses", "--descriptor", descriptor, "--start", "7"};
        args.insert(args.end(), more.begin(), more.end());
        return treasury.run_well(args).field("addresses.0.address");
    };
    EXPECT_EQ(derived("7"), of_descriptor({}));
    EXPECT_EQ(derived("7", {"--change"}), of_descriptor({"--change"}));
    EXPECT_NE(derived("7"), derived("7", {"--change"}));
}

TEST_F(BitcoinCharter, SaysAddressesAmountsAndRatesInWords)
{
    const auto words = join(charter_in_words(*treasury.charter), "\n");
    EXPECT_THAT(words, HasSubstr("receives first at " + first_address));
    EXPECT_THAT(words, HasSubstr("signed for by vault-a/b1, outside electrum"));
    EXPECT_THAT(words, HasSubstr("destination exchange-btc on bitcoin: " + exchange));
    EXPECT_THAT(words, HasSubstr("1.5 BTC"));
    EXPECT_THAT(words, HasSubstr("100 sat/vB"));
    const auto shown = treasury.run_well({"--json", "charter", "show"});
    EXPECT_EQ(shown.field("wallets.1.first_address"), first_address);
    EXPECT_EQ(shown.field("wallets.1.keys.0"), "vault-a/b1");
}

TEST_F(BitcoinCharter, ShowsAnotherCosignerInAnAmendment)
{
    const auto changed = two_of_two(keys::ExtendedPublicKey::parse(other_xpub).derive(1).format());
    auto next = treasury.amended([&](charter::Charter& charter) { charter.wallets.back().descriptor = changed.descriptor; });
    const auto changes = join(changes_in_words(*treasury.charter, next), "\n");
    EXPECT_THAT(changes, HasSubstr("- wallet btc-cold"));
    EXPECT_THAT(changes, HasSubstr(changed.descriptor));
    EXPECT_THAT(changes, HasSubstr("- wallet btc-cold receives first at " + first_address));
}

/// The charter as TOML, with one text in place of another.
class BitcoinCharterFile : public testing::Test {
protected:
    std::string codes_of(const std::string& from, const std::string& to)
    {
        auto text = sample();
        const auto at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        text.replace(at, from.size(), to);
        const auto file = parse_charter_file(text);
        std::vector<std::string> codes;
        for (const auto& problem : file.problems)
            codes.emplace_back(name_of(problem.code));
        if (file.charter)
            for (const auto& problem : find_problems(*file.charter))
                codes.emplace_back(name_of(problem.code));
        return join(codes, " ");
    }

    static std::string descriptor() { return two_of_two(other_xpub).descriptor; }

    static std::string sample()
    {
        return R"(format = 1
name = "Example Treasury"
treasury = ")" + std::string(64, '1') +
               R"("
environment = "test"
version = 1
[amendment]
approvals = "1 of admin"
[[officer]]
id = "alice"
roles = ["admin"]
keys = ["ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"]
[[appliance]]
id = "vault-a"
key = "ed25519:3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
keys = [{ id = "b1", origin = ")" + own_origin + R"(", public = ")" + own_xpub + R"(" }]
[audit]
key = "ed25519:fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
[[chain]]
id = "bitcoin"
family = "bitcoin"
network = "mainnet"
[[wallet]]
id = "btc-cold"
chain = "bitcoin"
tier = "cold"
descriptor = ")" + descriptor() + R"("
keys = [{ appliance = "vault-a", key = "b1" }, { outside = "electrum" }]
confirmations = 6
[[destination]]
id = "exchange"
chain = "bitcoin"
address = ")" + exchange + R"("
[[rule]]
id = "all"
wallets = "any"
assets = ["BTC"]
amount = ["0.00000001", "1.5"]
destinations = "whitelist"
approvals = "1 of admin"
requester_may_approve = true
max_fee = "0.001"
max_feerate = "100 sat/vB"
)";
    }
};

TEST_F(BitcoinCharterFile, ReadsAmountsRatesAndAddressesInBitcoinsUnits)
{
    const auto charter = *parse_charter_file(sample()).charter;
    EXPECT_EQ(charter.rules.front().amount->most, Uint256{150'000'000});
    EXPECT_EQ(charter.rules.front().max_fee, Uint256{100'000});
    EXPECT_EQ(charter.rules.front().max_feerate, Uint256{100'000}); // of 1,000 vB
    EXPECT_EQ(charter.chains.front().symbol, "BTC");
    EXPECT_EQ(charter.chains.front().decimals, 8u);
    EXPECT_EQ(chains::find_format("bitcoin")->format_address(charter.destinations.front().address, charter.chains.front()), exchange);
    EXPECT_EQ(codes_of("\"1.5\"", "\"1.500000001\""), "malformed");
    EXPECT_EQ(codes_of("100 sat/vB", "100 gwei"), "malformed");
    EXPECT_EQ(codes_of(exchange, "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"), "chain");
    EXPECT_EQ(codes_of(exchange, exchange.substr(0, exchange.size() - 1) + "5"), "addr_checksum");
}

TEST_F(BitcoinCharterFile, ReportsWalletsThatAreNone)
{
    EXPECT_THAT(codes_of("\"mainnet\"", "\"mainframe\""), HasSubstr("network"));
    EXPECT_THAT(codes_of("sortedmulti(2,", "sortedmulti(1,"), HasSubstr("malformed")); // the checksum
    EXPECT_THAT(codes_of("{ outside = \"electrum\" }", ""), HasSubstr("policy_invalid"));
    EXPECT_THAT(codes_of("{ outside = \"electrum\" }", "{ outside = \"electrum\" }, { outside = \"paper\" }"), HasSubstr("policy_invalid"));
    EXPECT_THAT(codes_of("key = \"b1\" }", "key = \"b1\", path = \"0/0\" }"), HasSubstr("policy_invalid"));
}

TEST_F(BitcoinCharterFile, RefusesAWalletWithoutOurKey)
{
    const auto other_key = keys::ExtendedPublicKey::parse(own_xpub).derive(5).format();
    EXPECT_EQ(codes_of("public = \"" + own_xpub, "public = \"" + other_key), "enrol_not_member");
}

TEST_F(BitcoinCharterFile, RefusesACosignerTwice)
{
    const auto twice = bitcoin::Descriptor::parse("wsh(sortedmulti(2," + own_origin + own_xpub + "/<0;1>/*,[deadbeef/48h/0h/7h/2h]" + own_xpub + "/<0;1>/*))");
    EXPECT_EQ(codes_of(descriptor(), twice.canonical()), "enrol_dupkey");
}

TEST_F(BitcoinCharterFile, TakesAWalletWithOurKey)
{
    EXPECT_EQ(codes_of("cold", "cold"), "");
}

TEST(CharterTemplate, ShowsABitcoinWallet)
{
    const auto text = charter_template(TreasuryId{ByteArray<32>{1}}, artefacts::Environment::test);
    EXPECT_THAT(text, HasSubstr("# family = \"bitcoin\""));
    EXPECT_THAT(text, HasSubstr("# descriptor = \"wsh(sortedmulti(2,"));
    EXPECT_THAT(text, HasSubstr("{ outside = \"electrum\" }"));
}

} // namespace
} // namespace coffer::cli
