#include "cli/files/charter_file.h"

#include "tests/support/vectors.h"

#include <gmock/gmock.h>

namespace coffer::cli {
namespace {

using charter::DestinationClass;

constexpr std::string_view sample = R"(format = 1
name = "Example Treasury"
treasury = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
environment = "test"
version = 1
[amendment]
approvals = "1 of admin"
[[role]]
id = "compliance"
veto = true
[[officer]]
id = "alice"
roles = ["finance", "admin", "compliance"]
keys = ["ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"]
[[appliance]]
id = "vault-a"
key = "ed25519:3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
state = "standby"
keys = [{ id = "k1", origin = "[d34db33f/44h/60h/0h]", public = "xpub6" }]
[audit]
key = "ed25519:fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
[[chain]]
id = "ethereum"
family = "evm"
chain_id = 1
[[chain]]
id = "polygon"
family = "evm"
chain_id = 137
symbol = "POL"
decimals = 17
[[token]]
id = "USDC"
chain = "ethereum"
address = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"
decimals = 6
[[wallet]]
id = "eth-cold"
chain = "ethereum"
tier = "cold"
mode = "governed"
address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
keys = [{ appliance = "vault-a", key = "k1", path = "0/0" }, { outside = "electrum" }]
presence = "person"
confirmations = 12
first_nonce = 3
[[wallet]]
id = "pol-hot"
chain = "polygon"
tier = "hot"
descriptor = "raw"
keys = [{ appliance = "vault-a", key = "k1" }]
confirmations = 1
presence = "none"
[[destination]]
id = "exchange"
chain = "ethereum"
address = "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"
[[rule]]
id = "small"
wallets = ["eth-cold"]
kinds = ["transfer", "void"]
chains = ["ethereum"]
assets = ["USDC"]
amount = ["0.5", "1000"]
destinations = "whitelist"
approvals = "1 of finance and 1 of compliance"
requester_may_approve = true
max_fee = "0.001"
max_feerate = "100 gwei"
max_priority_feerate = "2 gwei"
max_fee_share = "0.25%"
expires = "12h"
delay = "30m"
[[rule]]
id = "rest"
wallets = "any"
assets = "any"
amount = "any"
destinations = { internal = ["cold", "pol-hot"] }
approvals = "1 of admin"
[[rule]]
id = "listed"
wallets = "any"
assets = "any"
amount = "any"
destinations = ["exchange"]
approvals = "1 of admin"
[[limit]]
id = "week"
wallets = ["eth-cold"]
assets = ["USDC"]
destinations = ["exchange"]
requesters = ["alice"]
per = ["requester", "wallet"]
span = "7d"
amount = "500.5"
count = 20
[[limit]]
id = "hour"
wallets = "any"
assets = "any"
destinations = "any"
requesters = "any"
span = "1h"
count = 3
)";

std::string with(const std::string& from, const std::string& to)
{
    std::string text{sample};
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

std::vector<std::string> problems_of(std::string_view text)
{
    std::vector<std::string> messages;
    const auto file = parse_charter_file(text);
    EXPECT_EQ(file.charter.has_value(), file.problems.empty());
    for (const auto& problem : file.problems)
        messages.push_back(format_problem("c.toml", problem));
    return messages;
}

TEST(CharterFile, ReadsEveryConstruct)
{
    const auto file = parse_charter_file(sample);
    ASSERT_THAT(problems_of(sample), testing::IsEmpty());
    const auto& charter = *file.charter;
    EXPECT_EQ(charter.name, "Example Treasury");
    EXPECT_EQ(charter.header.environment, artefacts::Environment::test);
    EXPECT_EQ(charter.header.treasury.bytes()[31], 0x1f);
    EXPECT_EQ(charter.version, 1u);
    EXPECT_EQ(charter.amendment.text(), "1 of admin");
    EXPECT_EQ(charter.roles, (std::vector<charter::Role>{{"compliance", true}}));
    EXPECT_EQ(charter.officers[0].roles, (std::vector<std::string>{"finance", "admin", "compliance"}));
    EXPECT_EQ(charter.officers[0].keys.size(), 1u);
    EXPECT_EQ(charter.appliances[0].state, charter::Appliance::State::standby);
    EXPECT_EQ(charter.appliances[0].keys, (std::vector<charter::ApplianceKey>{{"k1", "[d34db33f/44h/60h/0h]", "xpub6"}}));
    EXPECT_EQ(charter.audit_key.format(), "ed25519:fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
    EXPECT_EQ(charter.chains[0], (charter::Chain{"ethereum", "evm", 1, "", "ETH", 18}));
    EXPECT_EQ(charter.chains[1], (charter::Chain{"polygon", "evm", 137, "", "POL", 17}));
    EXPECT_EQ(charter.tokens[0].decimals, 6u);
    EXPECT_EQ(charter.tokens[0].address.size(), 20u);
    const auto& wallet = charter.wallets[0];
    EXPECT_EQ(wallet.address[0], 0x5a);
    EXPECT_EQ(wallet.keys, (std::vector<charter::WalletKey>{{"vault-a", "k1", "0/0", ""}, {"", "", "", "electrum"}}));
    EXPECT_EQ(wallet.confirmations, 12u);
    EXPECT_EQ(wallet.first_nonce, 3u);
    EXPECT_EQ(charter.wallets[1].tier, charter::Tier::hot);
    EXPECT_EQ(charter.wallets[1].mode, charter::Mode::governed);
    EXPECT_EQ(charter.wallets[1].presence, charter::Presence::none);
    EXPECT_EQ(charter.wallets[1].descriptor, "raw");
    EXPECT_EQ(charter.destinations[0].address[0], 0xfb);

    const auto& rule = charter.rules[0];
    EXPECT_EQ(rule.wallets, (std::vector<std::string>{"eth-cold"}));
    EXPECT_EQ(rule.kinds, (std::vector{charter::RequestKind::transfer, charter::RequestKind::void_}));
    EXPECT_EQ(rule.chains, (std::vector<std::string>{"ethereum"}));
    EXPECT_EQ(rule.amount, (charter::AmountRange{500'000, 1'000'000'000}));
    EXPECT_EQ(rule.destinations.kind, DestinationClass::Kind::whitelist);
    EXPECT_TRUE(rule.requester_may_approve);
    EXPECT_EQ(rule.max_fee, Uint256{1'000'000'000'000'000});
    EXPECT_EQ(rule.max_feerate, Uint256{100'000'000'000});
    EXPECT_EQ(rule.max_priority_feerate, Uint256{2'000'000'000});
    EXPECT_EQ(rule.max_fee_share, 250u);
    EXPECT_EQ(rule.expires, hours(12));
    EXPECT_EQ(rule.delay, minutes(30));

    const auto& rest = charter.rules[1];
    EXPECT_EQ(rest.wallets, std::nullopt);
    EXPECT_EQ(rest.kinds, (std::vector{charter::RequestKind::transfer}));
    EXPECT_EQ(rest.chains, std::nullopt);
    EXPECT_EQ(rest.assets, std::nullopt);
    EXPECT_EQ(rest.amount, std::nullopt);
    EXPECT_EQ(rest.destinations, (DestinationClass{DestinationClass::Kind::internal, {"cold", "pol-hot"}}));
    EXPECT_FALSE(rest.requester_may_approve);
    EXPECT_EQ(rest.max_fee, std::nullopt);
    EXPECT_EQ(rest.expires, hours(24));
    EXPECT_EQ(rest.delay, Duration{});
    EXPECT_EQ(charter.rules[2].destinations, (DestinationClass{DestinationClass::Kind::listed, {"exchange"}}));
}

TEST(CharterFile, ReadsLimits)
{
    const auto limits = parse_charter_file(sample).charter->limits;
    EXPECT_EQ(limits, (std::vector<charter::Limit>{{.id = "week",
                                                    .wallets = {{"eth-cold"}},
                                                    .assets = {{"USDC"}},
                                                    .destinations = {{"exchange"}},
                                                    .requesters = {{"alice"}},
                                                    .per = {charter::LimitPer::wallet, charter::LimitPer::requester},
                                                    .span = days(7),
                                                    .amount = 500'500'000,
                                                    .count = 20},
                                                   {.id = "hour",
                                                    .wallets = {},
                                                    .assets = {},
                                                    .destinations = {},
                                                    .requesters = {},
                                                    .per = {},
                                                    .span = hours(1),
                                                    .amount = {},
                                                    .count = 3}}));
}

TEST(CharterFile, ReadsAnAmendment)
{
    const auto file = parse_charter_file(
        with("version = 1", "version = 2\nprevious = \"" + std::string(64, 'a') + "\"\nadopt_before = 2026-12-20T00:00:00Z"));
    ASSERT_TRUE(file.charter);
    EXPECT_EQ(file.charter->version, 2u);
    EXPECT_EQ(file.charter->previous->bytes()[0], 0xaa);
    EXPECT_EQ(file.charter->adopt_before, parse_time("2026-12-20T00:00:00Z"));
    EXPECT_FALSE(file.charter->continues);
}

TEST(CharterFile, ReadsTheLinkThatAnAmendmentContinues)
{
    const auto amendment = "version = 2\nprevious = \"" + std::string(64, 'a') + "\"\nadopt_before = 2026-12-20T00:00:00Z\n";
    const auto file = parse_charter_file(with("version = 1", amendment + "continues = \"4:" + std::string(64, 'b') + "\""));
    ASSERT_TRUE(file.charter);
    EXPECT_EQ(file.charter->continues->number, 4U);
    EXPECT_FALSE(parse_charter_file(with("version = 1", amendment + "continues = \"4\"")).charter);
    EXPECT_FALSE(parse_charter_file(with("version = 1", amendment + "continues = 4")).charter);
}

TEST(CharterFile, LocatesPlaces)
{
    const auto file = parse_charter_file(sample);
    EXPECT_EQ(file.line_of("amendment"), 6u);
    EXPECT_EQ(file.line_of("officer \"alice\""), 11u);
    EXPECT_EQ(file.line_of("rule \"rest\""), 75u);
    EXPECT_EQ(file.line_of("rule \"none\""), 0u);
    EXPECT_EQ(format_problem("c.toml", file.locate({"rule \"rest\"", ErrorCode::policy_invalid, "is odd"})),
              "c.toml:75: rule \"rest\": is odd");
}

TEST(CharterFile, ReadsThatAnApplianceAcceptsSwap)
{
    EXPECT_FALSE(parse_charter_file(sample).charter->appliances[0].accepts_swap);
    const auto accepting = with("state = \"standby\"", "state = \"standby\"\naccepts_swap = true");
    EXPECT_TRUE(parse_charter_file(accepting).charter->appliances[0].accepts_swap);
}

TEST(CharterFile, ReportsEachProblemWithItsLine)
{
    const auto refused = [](const std::string& from, const std::string& to, const std::string& message) {
        SCOPED_TRACE(from + " -> " + to);
        EXPECT_THAT(problems_of(with(from, to)), testing::Contains(message));
    };
    refused("format = 1", "format = 2", "c.toml:1: charter: format is 2, this program reads 1");
    refused("format = 1\n", "", "c.toml:1: charter: format is missing");
    refused("Example", "A\xcc\x88", "c.toml:1: charter: name is not in Unicode Normalization Form C");
    refused("000102", "0001", "c.toml:3: charter: treasury: treasury id has 31 bytes, not 32");
    refused("environment = \"test\"", "enviroment = \"test\"", "c.toml:4: charter: unknown key `enviroment`, did you mean environment");
    refused("1 of admin", "0 of admin", problems_of(with("1 of admin", "0 of admin")).front());
    refused("veto = true", "veto = 1", "c.toml:10: role \"compliance\": veto is a number, not true or false");
    refused("state = \"standby\"", "state = \"off\"", "c.toml:18: appliance \"vault-a\": state: `off` is none of active, standby");
    refused("origin = ", "orgin = ", "c.toml:19: appliance \"vault-a\" key \"k1\": origin is missing");
    refused("family = \"evm\"", "family = \"cobol\"", "c.toml:22: chain \"ethereum\": family `cobol` is not built in; there are bitcoin, evm");
    refused("chain_id = 1\n", "chain_id = -1\n", "c.toml:25: chain \"ethereum\": chain_id is -1, below 0");
    refused("decimals = 6", "decimals = 6.0", "c.toml:36: token \"USDC\": decimals is a number with a fraction, not a number");
    refused("decimals = 6", "decimals = 4294967302", "c.toml:32: token \"USDC\": decimals is 4294967302, over 1000000000");
    refused("tier = \"cold\"", "tier = \"icy\"", "c.toml:40: wallet \"eth-cold\": tier: `icy` is none of cold, warm, hot");
    refused("confirmations = 12\n", "", "c.toml:37: wallet \"eth-cold\": confirmations is missing");
    refused("{ outside = \"electrum\" }", "{ outside = \"electrum\", key = \"k1\" }",
            "c.toml:43: wallet \"eth-cold\" keys: unknown key `key`");
    refused("first_nonce", "policy = \"advisory\"\nfirst_nonce", "c.toml:46: wallet \"eth-cold\": unknown key `policy`");
    refused("kinds = [\"transfer\", \"void\"]", "kinds = [\"gift\"]", "c.toml:62: rule \"small\": kinds: request kind `gift` is unknown");
    refused("wallets = [\"eth-cold\"]\n", "", "c.toml:59: rule \"small\": wallets is missing");
    refused("assets = [\"USDC\"]\n", "", "c.toml:59: rule \"small\": assets is missing");
    refused("destinations = \"whitelist\"\n", "", "c.toml:59: rule \"small\": destinations is missing");
    refused("amount = [\"0.5\", \"1000\"]\n", "", "c.toml:59: rule \"small\": amount is missing");
    refused("wallets = [\"eth-cold\"]", "wallets = \"all\"", "c.toml:61: rule \"small\": wallets is `all`, not \"any\" or a list");
    refused("[\"0.5\", \"1000\"]", "[\"1000\", \"0.5\"]", "c.toml:65: rule \"small\": amount: 1000 is over 0.5");
    refused("[\"0.5\", \"1000\"]", "[0.5, 1000]",
            "c.toml:65: rule \"small\": amount is not \"any\" or a list of two amounts as text, as in [\"0\", \"1.5\"]");
    refused("assets = [\"USDC\"]", "assets = \"any\"", "c.toml:65: rule \"small\": amount: a rule with an amount names exactly one asset");
    refused("assets = [\"USDC\"]", "assets = [\"DAI\"]",
            "c.toml:65: rule \"small\": amount: asset `DAI` is not on the chains of the rule's wallets, so its unit is unknown");
    refused("destinations = \"whitelist\"", "destinations = \"all\"",
            "c.toml:66: rule \"small\": destinations is `all`, not \"any\", \"whitelist\", \"internal\" or a list of ids");
    refused("internal = [\"cold\", \"pol-hot\"]", "internal = []",
            "c.toml:80: rule \"rest\": destinations names no wallet or tier; write \"internal\" for the same or a colder tier");
    refused("wallets = [\"eth-cold\"]\nkinds = [\"transfer\", \"void\"]\nchains = [\"ethereum\"]", "wallets = \"any\"",
            "c.toml:67: rule \"small\": max_fee: the rule's chains have different decimals, so the unit is unclear; make a rule for each");
    refused("internal = [\"cold\", \"pol-hot\"]", "internal = [\"cold\"], external = [\"x\"]",
            "c.toml:80: rule \"rest\": unknown key `external`, did you mean internal");
    refused("0.25%", "0.25", "c.toml:72: rule \"small\": max_fee_share: `0.25` is no share such as 1% or 0.25%");
    refused("0.25%", "101%", "c.toml:72: rule \"small\": max_fee_share: `101%` is over 100%");
    refused("requester_may_approve = true", "requester_may_approve = \"yes\"",
            "c.toml:68: rule \"small\": requester_may_approve is text, not true or false");
    const std::string week = "id = \"week\"\nwallets = [\"eth-cold\"]\nassets = [\"USDC\"]\n";
    const std::string selectors = "destinations = [\"exchange\"]\nrequesters = [\"alice\"]\n";
    refused(week, "id = \"week\"\nassets = [\"USDC\"]\n", "c.toml:89: limit \"week\": wallets is missing");
    refused(week, "id = \"week\"\nwallets = [\"eth-cold\"]\n", "c.toml:89: limit \"week\": assets is missing");
    refused(selectors, "requesters = \"any\"\n", "c.toml:89: limit \"week\": destinations is missing");
    refused(selectors, "destinations = \"any\"\n", "c.toml:89: limit \"week\": requesters is missing");
    refused("span = \"7d\"\n", "", "c.toml:89: limit \"week\": span is missing");
    refused("span = \"7d\"", "span = \"a week\"", "c.toml:96: limit \"week\": span: duration `a week` is not a number with s, m, h or d");
    refused("\"requester\", \"wallet\"", "\"requester\", \"chain\"",
            "c.toml:95: limit \"week\": per: `chain` is none of wallet, destination, requester");
    refused("amount = \"500.5\"", "amount = \"500.5000001\"", problems_of(with("amount = \"500.5\"", "amount = \"500.5000001\"")).front());
    refused(week, "id = \"week\"\nwallets = [\"eth-cold\"]\nassets = [\"USDC\", \"ETH\"]\n",
            "c.toml:97: limit \"week\": amount: a limit with an amount names exactly one asset on one chain");
    refused(week, "id = \"week\"\nwallets = [\"eth-cold\"]\nassets = [\"POL\"]\n",
            "c.toml:97: limit \"week\": amount: asset `POL` is not on the chains of the limit's wallets, so its unit is unknown");
    refused("count = 20", "count = \"20\"", "c.toml:98: limit \"week\": count is text, not a number");
    refused("count = 20", "votes = 20", "c.toml:98: limit \"week\": unknown key `votes`");
    refused("[[rule]]", "[[rules]]", "c.toml:59: charter: unknown key `rules`, did you mean rule");
}

TEST(CharterFile, RefusesAnAmountWhoseUnitIsUnclear)
{
    // USDC is a token of 6 decimals on one chain and, now, the native asset of 17 on the other.
    auto text = with("symbol = \"POL\"", "symbol = \"USDC\"");
    EXPECT_THAT(problems_of(text), testing::IsEmpty()); // the rule is for one chain only
    const std::string narrow = "wallets = [\"eth-cold\"]\nkinds = [\"transfer\", \"void\"]\nchains = [\"ethereum\"]\n";
    text.replace(text.find(narrow), narrow.size(), "wallets = \"any\"\n");
    EXPECT_THAT(problems_of(text), testing::Contains("c.toml:63: rule \"small\": amount: asset `USDC` has different "
                                                     "decimals on the rule's chains"));
}

TEST(CharterFile, ChecksAddressesWithTheirChain)
{
    const auto flipped = with("0x5aAeb", "0x5aaeb");
    const auto file = parse_charter_file(flipped);
    ASSERT_EQ(file.problems.size(), 1u);
    EXPECT_EQ(file.problems[0].code, ErrorCode::addr_checksum);
    EXPECT_EQ(file.problems[0].line, 42u);
    EXPECT_THAT(problems_of(with("chain = \"ethereum\"\naddress = \"0xfB", "chain = \"etherium\"\naddress = \"0xfB")),
                testing::ElementsAre("c.toml:58: destination \"exchange\": address: chain `etherium` is not in the charter"));
}

TEST(CharterFile, CollectsAllProblemsInTheOrderOfTheFile)
{
    auto text = with("tier = \"cold\"", "tier = \"icy\"");
    text.replace(text.find("veto = true"), 11, "veto = 1");
    text.replace(text.find("\"rest\"\n"), 7, "\"rest\"\nwindow = 1\n");
    EXPECT_THAT(problems_of(text), testing::ElementsAre(testing::StartsWith("c.toml:10: role"),
                                                        testing::StartsWith("c.toml:40: wallet"),
                                                        testing::StartsWith("c.toml:77: rule")));
}

TEST(CharterFile, ReportsTextThatIsNoToml)
{
    const auto file = parse_charter_file("format = 1\nname = \x1b\n");
    ASSERT_EQ(file.problems.size(), 1u);
    EXPECT_EQ(file.problems[0].code, ErrorCode::malformed);
    EXPECT_NE(file.problems[0].message.find("line 2"), std::string::npos);
    EXPECT_EQ(file.problems[0].message.find('\x1b'), std::string::npos);
    EXPECT_FALSE(file.charter);
    EXPECT_FALSE(parse_charter_file("").charter);
    EXPECT_FALSE(parse_charter_file("rule = 1\nofficer = [1, 2]\namendment = []\naudit = \"x\"\n").charter);
}

TEST(CharterFile, SurvivesEveryMissingLine)
{
    std::size_t begin = 0;
    while (begin < sample.size()) {
        const auto end = sample.find('\n', begin) + 1;
        const auto file = parse_charter_file(std::string{sample.substr(0, begin)} + std::string{sample.substr(end)});
        EXPECT_EQ(file.charter.has_value(), file.problems.empty());
        begin = end;
    }
}

TEST(CharterTemplate, IsTomlThatMustBeFilledIn)
{
    const auto text = charter_template(TreasuryId{ByteArray<32>{1, 2, 3}}, artefacts::Environment::test);
    const auto file = parse_charter_file(text);
    ASSERT_FALSE(file.problems.empty());
    for (const auto& problem : file.problems) {
        EXPECT_GT(problem.line, 0u);
        EXPECT_EQ(problem.message.find("unknown key"), std::string::npos) << problem.message;
    }
    EXPECT_NE(text.find("treasury = \"010203000"), std::string::npos);
    EXPECT_NE(text.find("environment = \"test\""), std::string::npos);
}

} // namespace
} // namespace coffer::cli
