#include "formats/bitcoin/check_charter.h"

#include "formats/bitcoin/address.h"
#include "formats/bitcoin/script.h"
#include "formats/bitcoin/wallet.h"
#include "tests/support/bitcoin_wallets.h"
#include "tests/support/vectors.h"
#include "tests/unit/formats/bitcoin/treasury.h"

#include <gtest/gtest.h>

#include <functional>

namespace coffer::bitcoin {
namespace {

using Change = std::function<void(charter::Charter&)>;
const std::string two_of_three = "wsh(sortedmulti(2,K0,K1,K2))";

charter::Charter charter_with(const std::string& form, std::size_t outside = 0)
{
    return test::charter_of(coffer::test::wallet_descriptor(form).canonical(), "regtest", outside);
}

std::string problems_of(const charter::Charter& charter)
{
    std::string lines;
    for (const auto& problem : check_charter(charter))
        lines += problem.place + " " + std::string{name_of(problem.code)} + ": " + problem.message + "\n";
    return lines;
}

/// A charter without problems has this one after the change.
void expect_problem(const Change& change, const std::string& place, const std::string& words, ErrorCode code = ErrorCode::policy_invalid,
                    const std::string& form = two_of_three)
{
    auto charter = charter_with(form);
    EXPECT_EQ(problems_of(charter), "");
    change(charter);
    const auto problems = check_charter(charter);
    EXPECT_TRUE(std::ranges::any_of(problems, [&](const auto& problem) {
        return problem.place == place && problem.code == code && problem.message.find(words) != std::string::npos;
    })) << words << "\n"
        << problems_of(charter);
}

TEST(BitcoinCheckCharter, WantsTestNetworksInARehearsal)
{
    auto charter = charter_with(two_of_three);
    charter.header.environment = artefacts::Environment::rehearsal;
    EXPECT_EQ(problems_of(charter), "");
    charter.chains[0].network = "mainnet";
    const auto says = [&] { return problems_of(charter).find("none of the test networks that a rehearsal may have") != std::string::npos; };
    EXPECT_TRUE(says());
    charter.header.environment = artefacts::Environment::production;
    EXPECT_FALSE(says());
}

Change with_descriptor(std::string text)
{
    return [text = std::move(text)](auto& charter) { charter.wallets[0].descriptor = Descriptor::parse(text).canonical(); };
}

/// The key of a signer under another branch, origin or range.
std::string key_of(unsigned signer, const std::string& from, const std::string& to)
{
    auto text = coffer::test::key_text(signer);
    return text.replace(text.find(from), from.size(), to);
}

TEST(BitcoinCheckCharter, WantsNetworksOfTheirOwn)
{
    expect_problem([](auto& c) { c.chains[0].chain_id = 1; }, "chain \"bitcoin\"", "has a chain_id");
    expect_problem([](auto& c) { c.chains[0].network = "nonet"; }, "chain \"bitcoin\"", "is not mainnet", ErrorCode::network);
    expect_problem([](auto& c) { c.chains.push_back(c.chains[0]), c.chains[1].id = "other"; }, "chain \"other\"", "is the network of chain \"bitcoin\"");
    auto charter = charter_with(two_of_three);
    charter.chains.push_back({"ethereum", "evm", 1, "", "ETH", 18});
    charter.wallets.push_back(coffer::test::account("eth", "ethereum", charter::Tier::cold, "0/0"));
    charter.tokens.push_back({"USDC", "ethereum", Bytes(20, 1), 6});
    charter.destinations.push_back({"nowhere", "unheard-of", Bytes{0x6a}});
    EXPECT_EQ(problems_of(charter), "") << "what is on other chains is not looked at";
}

TEST(BitcoinCheckCharter, WantsNoTokensAndAddressesThatArePaid)
{
    expect_problem([](auto& c) { c.tokens.push_back({"USDT", "bitcoin", Bytes(20, 1), 6}); }, "token \"USDT\"", "which has none");
    const auto add = [](Bytes script) { return [script](charter::Charter& c) { c.destinations.push_back({"exchange", "bitcoin", script}); }; };
    const auto unpaid = "is no address that is ever paid to";
    expect_problem(add({}), "destination \"exchange\"", unpaid);
    expect_problem(add({0x6a, 1, 0}), "destination \"exchange\"", unpaid);
    expect_problem(add({0x52, 2, 1, 1}), "destination \"exchange\"", unpaid);
    auto charter = charter_with(two_of_three);
    Bytes paid{0, 20};
    paid.resize(22);
    add(paid)(charter);
    EXPECT_EQ(problems_of(charter), "");
    charter.chains[0].network = "nonet";
    EXPECT_EQ(problems_of(charter).find("destination"), std::string::npos);
}

TEST(BitcoinCheckCharter, WantsADescriptorAndNoAddress)
{
    expect_problem([](auto& c) { c.wallets[0].address = Bytes(20); }, "wallet \"btc-cold\"", "it has a descriptor, and no address");
    expect_problem([](auto& c) { c.wallets[0].descriptor.clear(); }, "wallet \"btc-cold\"", "it has a descriptor, and no address");
}

TEST(BitcoinCheckCharter, WantsTwoBranchesAndARange)
{
    for (const std::string steps : {"/0/*", "/<0;1>/5", "/<0;1;2>/*"})
        expect_problem(with_descriptor("wpkh(" + key_of(0, "/<0;1>/*", steps) + ")"), "wallet \"btc-cold\"",
                       "a branch to receive, one for change, and a range", ErrorCode::policy_invalid, "wpkh(K0)");
    const std::string point = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
    expect_problem(with_descriptor("wsh(multi(1," + coffer::test::key_text(0) + "," + point + "))"), "wallet \"btc-cold\"", "derives no addresses",
                   ErrorCode::policy_invalid, "wpkh(K0)");
}

TEST(BitcoinCheckCharter, WantsKeysOfItsNetwork)
{
    expect_problem([](auto& c) { c.chains[0].network = "mainnet"; }, "wallet \"btc-cold\"", "is not of mainnet", ErrorCode::network);
    expect_problem(with_descriptor("wpkh(" + key_of(0, "/48h/1h/", "/48h/0h/") + ")"), "wallet \"btc-cold\"", "the coin type of another network",
                   ErrorCode::network, "wpkh(K0)");
    // A path that names no coin says nothing of the network.
    for (const std::string path : {"/48h/7h/", "/48h/0/"}) {
        const auto charter = test::charter_of("wpkh(" + key_of(0, "/48h/1h/", path) + ")", "regtest");
        EXPECT_EQ(problems_of(charter), "") << path;
    }
    const auto text = coffer::test::key_text(0);
    EXPECT_EQ(problems_of(test::charter_of("wpkh(" + text.substr(text.find(']') + 1) + ")", "regtest", 1)).find("network"), std::string::npos);
}

TEST(BitcoinCheckCharter, WantsAHolderOfEachKey)
{
    const auto wallet = "wallet \"btc-cold\"";
    expect_problem([](auto& c) { c.wallets[0].keys[0].path = "0/0"; }, wallet, "has a path");
    expect_problem([](auto& c) { c.wallets[0].keys[0].appliance = "vault-9"; }, wallet, "has no key");
    expect_problem([](auto& c) { c.wallets[0].keys[0].key = "k9"; }, wallet, "has no key");
    expect_problem([](auto& c) { c.appliances[0].keys[0].extended_public = coffer::test::wallet_key_named("x").extended_public_key().format(); }, wallet,
                   "is not in its descriptor", ErrorCode::enrol_not_member);
    expect_problem([](auto& c) { c.wallets[0].keys.push_back(c.wallets[0].keys[0]); }, wallet, "is named for two of its holders", ErrorCode::enrol_dupkey);
    expect_problem([](auto& c) { c.appliances[0].keys[0].origin = "[00000000/48h/1h/0h/2h]"; }, wallet, "comes from");
    expect_problem([](auto& c) { c.wallets[0].keys.pop_back(); }, wallet, "has 3 keys, `keys` names 2");
    expect_problem([](auto& c) { c.wallets[0].keys.push_back({"", "", "", "stranger"}); }, wallet, "has 3 keys, `keys` names 4");
}

TEST(BitcoinCheckCharter, WantsAnApplianceAmongThoseWhoSign)
{
    EXPECT_EQ(problems_of(charter_with(two_of_three, 1)), "");
    EXPECT_NE(problems_of(charter_with(two_of_three, 2)).find("2 outside keys reach its threshold of 2 alone"), std::string::npos);
    EXPECT_NE(problems_of(charter_with("wpkh(K0)", 1)).find("1 outside keys reach its threshold of 1 alone"), std::string::npos);
}

TEST(BitcoinCheckCharter, WantsAKeyInOneWallet)
{
    expect_problem([](auto& c) { c.wallets.push_back(c.wallets[0]), c.wallets[1].id = "twin"; }, "wallet \"twin\"",
                   "is also in wallet \"btc-cold\"", ErrorCode::policy_sharedkey);
}

} // namespace
} // namespace coffer::bitcoin
