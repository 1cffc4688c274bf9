#pragma once

#include "cli/net/json.h"
#include "core/chains/chain_client.h"
#include "core/encoding/hex.h"
#include "tests/support/scripted_http_server.h"

#include <functional>
#include <map>
#include <mutex>
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

/// A node whose answers the test writes: per method a function from the parameters to the result as
/// JSON, or to `!` and an error object. It starts as a healthy node at block 1000 that knows no transaction.
class FakeNode {
public:
    using Method = std::function<std::string(const Json& params)>;

    FakeNode()
        : m_server{[this](const auto& request, auto& connection) { serve(request, connection); }}
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

    void set(const std::string& method, Method answer)
    {
        const std::lock_guard lock{m_mutex};
        m_methods[method] = std::move(answer);
    }
    void set(const std::string& method, const std::string& answer)
    {
        set(method, [answer](const Json&) { return answer; });
    }
    /// Every request of this method is read and never answered.
    void set_silent(const std::string& method) { set(method, "silence"); }
    /// … and the connection closed.
    void set_hanging_up(const std::string& method) { set(method, "hang up"); }

    std::string url() const { return m_server.url(); }
    std::size_t count(const std::string& method) const
    {
        const std::lock_guard lock{m_mutex};
        const auto found = m_counts.find(method);
        return found != m_counts.end() ? found->second : 0;
    }
    std::vector<std::string> params_of(const std::string& method) const
    {
        const std::lock_guard lock{m_mutex};
        const auto found = m_params.find(method);
        return found != m_params.end() ? found->second : std::vector<std::string>{};
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

private:
    void serve(const coffer::test::HttpRequest& request, coffer::test::HttpConnection& connection)
    {
        const auto json = Json::parse(request.body);
        std::string body;
        bool is_silent = false;
        bool hangs_up = false;
        const auto answer = [&](const Json& call) {
            const auto& method = *call.find("method")->text();
            Method function;
            {
                const std::lock_guard lock{m_mutex};
                ++m_counts[method];
                const auto* list = call.find("params")->list();
                m_params[method].push_back(list->empty() || list->front().text() == nullptr ? "" : *list->front().text());
                function = m_methods.at(method);
            }
            const auto result = function(*call.find("params"));
            is_silent = is_silent || result == "silence";
            hangs_up = hangs_up || result == "hang up";
            const auto head = R"({"jsonrpc":"2.0","id":)" + *call.find("id")->number();
            return result.starts_with("!") ? head + R"(,"error":)" + result.substr(1) + "}"
                                           : head + R"(,"result":)" + result + "}";
        };
        if (const auto* list = json.list()) {
            for (const auto& call : *list)
                body += (body.empty() ? "[" : ",") + answer(call);
            body += "]";
        } else {
            body = answer(json);
        }
        if (is_silent)
            connection.wait_for_hangup();
        else if (!hangs_up)
            connection.answer(body);
    }

    mutable std::mutex m_mutex;
    std::map<std::string, Method> m_methods;
    std::map<std::string, std::size_t> m_counts;
    std::map<std::string, std::vector<std::string>> m_params;
    coffer::test::ScriptedHttpServer m_server; // last: its thread uses the rest
};

} // namespace coffer::cli::test
