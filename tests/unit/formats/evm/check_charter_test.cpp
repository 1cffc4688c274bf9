#include "formats/evm/check_charter.h"

#include "tests/support/vectors.h"
#include "tests/unit/formats/evm/treasury.h"

namespace coffer::evm {
namespace {

/// A charter without problems has exactly this one after the change.
template <typename Change>
void expect_problem(Change change, std::string_view place, ErrorCode code = ErrorCode::policy_invalid)
{
    auto charter = test::make_charter();
    EXPECT_TRUE(check_charter(charter).empty());
    change(charter);
    const auto problems = check_charter(charter);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems.front().place, place);
    EXPECT_EQ(name_of(problems.front().code), name_of(code));
}

TEST(EvmCheckCharter, WantsChainIdsOfTheirOwn)
{
    expect_problem([](auto& charter) { charter.chains[1].chain_id = 0; }, "chain \"base\"");
    expect_problem([](auto& charter) { charter.chains[1].chain_id = 1; }, "chain \"base\"");
    expect_problem([](auto& charter) { charter.chains[0].network = "mainnet"; }, "chain \"ethereum\"");
}

TEST(EvmCheckCharter, WantsTestNetworksInARehearsal)
{
    auto charter = test::make_charter();
    charter.header.environment = artefacts::Environment::rehearsal;
    EXPECT_EQ(check_charter(charter).size(), 2U); // Ethereum and Base
    for (const auto& problem : check_charter(charter))
        EXPECT_EQ(name_of(problem.code), name_of(ErrorCode::network));
    charter.chains[0].chain_id = 11155111;
    charter.chains[1].chain_id = 84532;
    EXPECT_TRUE(check_charter(charter).empty());
}

TEST(EvmCheckCharter, WantsTokensAtContractsOfTheirOwn)
{
    const auto add = [](Bytes address, std::string chain = "ethereum") {
        return [=](auto& charter) { charter.tokens.push_back({"DAI", chain, address, 18}); };
    };
    expect_problem(add(Bytes(19, 0x11)), "token \"DAI\"");
    expect_problem(add(Bytes(20, 0x00)), "token \"DAI\"");
    expect_problem(add(to_bytes(test::usdc.bytes())), "token \"DAI\"");
    expect_problem(add(to_bytes(parse_address(test::address_1, Checksum::required).bytes())), "token \"DAI\"");

    auto charter = test::make_charter();
    add(Bytes(20, 0x11))(charter);
    add(to_bytes(test::usdc.bytes()), "base")(charter);
    EXPECT_TRUE(check_charter(charter).empty());
}

TEST(EvmCheckCharter, WantsWalletsThatAreTheirKeysAccounts)
{
    expect_problem([](auto& charter) { charter.wallets[2].address[0] ^= 0x01; }, "wallet \"ops\"");
    expect_problem([](auto& charter) { charter.wallets[2].address.pop_back(); }, "wallet \"ops\"");
    expect_problem([](auto& charter) { charter.wallets[2].keys[0].path = "0/2"; }, "wallet \"ops\"");
    expect_problem([](auto& charter) { charter.wallets[2].keys[0].path = "0h"; }, "wallet \"ops\"");
    expect_problem([](auto& charter) { charter.wallets[2].keys.clear(); }, "wallet \"ops\"");
    expect_problem([](auto& charter) { charter.wallets[2].keys.push_back({"", "", "", "ledger"}); }, "wallet \"ops\"");
    expect_problem([](auto& charter) { charter.wallets[2].descriptor = "wpkh(…)"; }, "wallet \"ops\"");
}

TEST(EvmCheckCharter, WantsOneWalletAnAccountAndChain)
{
    expect_problem([](auto& charter) {
        charter.wallets.push_back(charter.wallets[0]);
        charter.wallets.back().id = "twin";
    }, "wallet \"twin\"", ErrorCode::policy_sharedkey);
}

TEST(EvmCheckCharter, WantsDestinationsThatSomebodyHolds)
{
    const auto add = [](Bytes address, std::string chain = "ethereum") {
        return [=](auto& charter) { charter.destinations.push_back({"new", chain, address}); };
    };
    expect_problem(add(Bytes(21, 0x11)), "destination \"new\"");
    expect_problem(add(Bytes(20, 0x00)), "destination \"new\"");
    expect_problem(add(to_bytes(test::usdc.bytes())), "destination \"new\"");

    auto charter = test::make_charter();
    add(Bytes(20, 0x11))(charter);
    add(to_bytes(test::usdc.bytes()), "base")(charter);
    EXPECT_TRUE(check_charter(charter).empty());
}

TEST(EvmCheckCharter, LeavesOtherFamiliesAlone)
{
    auto charter = test::make_charter();
    charter.chains.push_back({"bitcoin", "bitcoin", 0, "mainnet", "BTC", 8});
    charter.destinations.push_back({"new", "bitcoin", Bytes(22, 0x00)});
    charter.wallets.push_back({});
    charter.wallets.back().chain = "bitcoin";
    EXPECT_TRUE(check_charter(charter).empty());
}

} // namespace
} // namespace coffer::evm
