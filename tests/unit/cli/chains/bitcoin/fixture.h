#pragma once

#include "core/chains/chain_client.h"
#include "core/encoding/hex.h"
#include "formats/bitcoin/script.h"
#include "formats/bitcoin/wallet.h"
#include "tests/support/bitcoin_wallets.h"
#include "tests/support/scripted_node.h"

#include <map>
#include <string>
#include <vector>

namespace coffer::cli::test {

inline const Bytes elsewhere = bitcoin::p2wpkh_script({1, 2, 3});

inline payments::Payment pay_bitcoin(const Uint256& amount, Bytes destination = elsewhere)
{
    return {std::move(destination), Amount{{"bitcoin", "BTC"}, amount}};
}

/// Its output 1 pays `script`; `number` makes it unlike the others.
inline bitcoin::Transaction funding_transaction(const Bytes& script, std::uint64_t amount, std::uint8_t number, bool is_coinbase = false)
{
    bitcoin::Transaction transaction;
    bitcoin::TxInput input;
    input.previous = is_coinbase ? bitcoin::Outpoint{{}, 0xffffffff} : bitcoin::Outpoint{bitcoin::Txid{{0xee}}, number};
    input.script_sig = {1, number};
    transaction.inputs.push_back(input);
    transaction.outputs.push_back({7, elsewhere});
    transaction.outputs.push_back({amount, script});
    return transaction;
}

inline std::string format_btc(std::uint64_t satoshi)
{
    auto fraction = std::to_string(satoshi % 100'000'000);
    fraction.insert(0, 8 - fraction.size(), '0');
    return std::to_string(satoshi / 100'000'000) + "." + fraction;
}

inline const std::string not_in_mempool = R"(!{"code":-5,"message":"Transaction not in mempool"})";

/// A healthy regtest node at block 1000 whose blocks are empty, until the test says otherwise.
class FakeCore : public coffer::test::ScriptedNode {
public:
    explicit FakeCore(std::uint64_t tip = 1000)
    {
        set_tip(tip);
        set("getblockhash", [this](const Json& params) {
            const auto height = std::stoull(*params.list()->front().number());
            return height > m_tip ? R"(!{"code":-8,"message":"Block height out of range"})" : "\"" + hash_of(height) + "\"";
        });
        set("getmempoolinfo", R"({"mempoolminfee":0.00001000,"minrelaytxfee":0.00001000,"incrementalrelayfee":0.00001000})");
        set("estimatesmartfee", R"({"feerate":0.00005000,"blocks":6})");
        set("scantxoutset", [this](const Json&) { return scan(); });
        set("getrawtransaction", [this](const Json& params) {
            const auto found = m_transactions.find(*params.list()->front().text());
            return found != m_transactions.end() ? "\"" + found->second + "\"" : R"(!{"code":-5,"message":"No such transaction"})";
        });
        set("getmempoolentry", not_in_mempool);
        set("gettxout", "null");
        set("getblock", [this](const Json& params) { return block(height_of(*params.list()->front().text()), {}); });
        set("getblockheader", [](const Json& params) { return R"({"height":)" + std::to_string(height_of(*params.list()->front().text())) + "}"; });
    }

    void set_tip(std::uint64_t height)
    {
        m_tip = height;
        set("getblockchaininfo", R"({"chain":"regtest","blocks":)" + std::to_string(height) + R"(,"bestblockhash":")" + hash_of(height) +
                                     R"(","initialblockdownload":true})");
    }

    /// An unspent output in the scan, and its transaction.
    bitcoin::Outpoint pay(const bitcoin::DescriptorWallet& wallet, std::uint64_t amount, const bitcoin::Place& place = {},
                          std::uint64_t height = 900)
    {
        const auto& script = wallet.script_pubkey(place);
        const auto transaction = funding_transaction(script, amount, static_cast<std::uint8_t>(m_unspents.size()));
        const auto txid = bitcoin::txid_of(transaction);
        m_transactions[bitcoin::format_txid(txid)] = encoding::encode_hex(bitcoin::encode_transaction(transaction));
        m_unspents.push_back(unspent(bitcoin::format_txid(txid), 1, encoding::encode_hex(script), format_btc(amount), std::to_string(height)));
        return {txid, 1};
    }
    static std::string unspent(const std::string& txid, int vout, const std::string& script, const std::string& amount, const std::string& height,
                               const std::string& more = R"(,"coinbase":false)")
    {
        return R"({"txid":")" + txid + R"(","vout":)" + std::to_string(vout) + R"(,"scriptPubKey":")" + script + R"(","amount":)" +
               amount + R"(,"height":)" + height + more + "}";
    }
    std::string scan(const std::vector<std::string>& unspents) const
    {
        return R"({"success":true,"txouts":5,"height":)" + std::to_string(m_tip) + R"(,"bestblock":")" + hash_of(m_tip) + R"(","unspents":[)" +
               join(unspents, ",") + R"(],"total_amount":1.0})";
    }
    std::string scan() const { return scan(m_unspents); }
    std::string block(std::uint64_t height, const std::vector<std::string>& transactions) const
    {
        return R"({"hash":")" + hash_of(height) + R"(","height":)" + std::to_string(height) + R"(,"confirmations":)" +
               std::to_string(m_tip + 1 - height) + R"(,"tx":[)" + join(transactions, ",") + "]}";
    }

    static std::string hash_of(std::uint64_t height)
    {
        if (height == 0)
            return std::string{bitcoin::find_network("regtest")->genesis_hash};
        const auto digits = std::to_string(height);
        return std::string(64 - digits.size(), 'b') + digits;
    }
    static std::uint64_t height_of(const std::string& hash) { return std::stoull(hash.substr(hash.find_last_of('b') + 1)); }

    std::vector<std::string> m_unspents;
    std::map<std::string, std::string> m_transactions; ///< hex by txid

private:
    static std::string join(const std::vector<std::string>& parts, const std::string& separator)
    {
        std::string all;
        for (const auto& part : parts)
            all += (all.empty() ? "" : separator) + part;
        return all;
    }

    std::uint64_t m_tip = 0;
};

} // namespace coffer::cli::test
