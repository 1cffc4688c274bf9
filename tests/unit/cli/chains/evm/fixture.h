#pragma once

#include "cli/net/json.h"
#include "core/chains/chain_client.h"
#include "core/encoding/hex.h"
#include "tests/support/scripted_node.h"

#include <string>

namespace coffer::cli::test {

constexpr std::uint64_t gwei = 1'000'000'000;
constexpr std::uint64_t ether = 1'000'000'000 * gwei;

/// A charter with the chain `ethereum` (chain id 31337), the token USDC (6 decimals) and the wallet `ops`.
inline charter::Charter test_charter()
{
    const auto key = artefacts::ApprovalKey::parse("ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    charter::Charter charter{{}, {}, 1, {}, {}, {}, {}, {}, {}, {}, key, {}, {}, {}, {}, {}};
    charter.chains.push_back({"ethereum", "evm", 31337, {}, "ETH", 18});
    charter.tokens.push_back({"USDC", "ethereum", Bytes(20, 0xcc), 6});
    charter::Wallet wallet;
    wallet.id = "ops";
    wallet.chain = "ethereum";
    wallet.address = Bytes(20, 0xaa);
    charter.wallets.push_back(wallet);
    return charter;
}

inline payments::Payment pay(std::uint8_t destination, const std::string& asset, const Uint256& amount)
{
    return {Bytes(20, destination), Amount{{"ethereum", asset}, amount}};
}

/// An order from the wallet of `charter`, which must live as long.
inline chains::TransferOrder order_of(const charter::Charter& charter, std::vector<payments::Payment> payments)
{
    return {charter, charter.wallets.front(), std::move(payments), false, {}, {}};
}

/// A healthy node at block 1000 that knows no transaction, until the test says otherwise.
class FakeNode : public coffer::test::ScriptedNode {
public:
    FakeNode()
    {
        set("eth_chainId", R"("0x7a69")");
        set("eth_blockNumber", R"("0x3e8")");
        set("eth_getBlockByNumber", [](const Json& params) { return block(*params.list()->front().text(), 10 * gwei); });
        set("eth_getTransactionCount", R"("0x5")");
        set("eth_getBalance", R"("0x8ac7230489e80000")"); // 10 ether
        set("eth_maxPriorityFeePerGas", R"("0x3b9aca00")");
        set("eth_getCode", R"("0x")");
        set("eth_estimateGas", R"("0xc350")"); // 50000
        set("eth_call", "\"0x" + std::string(56, '0') + "05f5e100\""); // 100 million: 100 USDC
        set("eth_getTransactionByHash", "null");
        set("eth_getTransactionReceipt", "null");
    }

    /// A block whose hash repeats its number.
    static std::string block(const std::string& number, std::uint64_t base_fee)
    {
        char fee[32];
        std::snprintf(fee, sizeof fee, "0x%llx", static_cast<unsigned long long>(base_fee));
        return R"({"number":")" + number + R"(","hash":")" + hash_of(number) + R"(","baseFeePerGas":")" + fee + "\"}";
    }
    static std::string hash_of(const std::string& number)
    {
        return "0x" + std::string(64 - (number.size() - 2), 'b') + number.substr(2);
    }
};

} // namespace coffer::cli::test
