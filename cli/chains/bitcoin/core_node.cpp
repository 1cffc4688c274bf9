#include "cli/chains/bitcoin/core_node.h"

#include "cli/chains/bitcoin/core_value.h"
#include "core/base/text.h"

#include <map>

namespace coffer::cli {

namespace {

constexpr std::int64_t invalid_parameter = -8; // RPC_INVALID_PARAMETER of Bitcoin Core
constexpr unsigned wanted_blocks = 6;
/// Of transactions, which may have 4 MB each.
constexpr std::size_t most_asked_at_once = 20;

bitcoin::Transaction decode_previous(const RpcAnswer& answer)
{
    const CoreValue value{answer};
    try {
        return bitcoin::decode_transaction(value.bytes());
    } catch (const Error& error) {
        throw Error{ErrorCode::rpc, error.code() == ErrorCode::rpc ? error.message() : value.place() + ": " + error.message()};
    }
}

std::map<std::uint64_t, std::string> ask_for_blocks(RpcNode& node, std::span<const WalletOutput> outputs)
{
    std::map<std::uint64_t, std::string> blocks;
    for (const auto& output : outputs)
        blocks[output.height];
    std::vector<RpcCall> calls;
    for (const auto& [height, unused] : blocks)
        calls.push_back({"getblockhash", Document::list().add(height)});
    const auto answers = node.batch(calls);
    auto answer = answers.begin();
    for (auto& [height, hash] : blocks)
        hash = CoreValue{*answer++}.block_hash();
    return blocks;
}

} // namespace

HttpLimits core_limits()
{
    HttpLimits limits;
    limits.answer_bytes = 64u << 20;
    return limits;
}

RpcRules core_rules()
{
    RpcRules rules;
    rules.version = RpcRules::Version::optional;
    rules.json.bytes = core_limits().answer_bytes;
    rules.json.values = 1'500'000;
    return rules;
}

Tip tip_of(RpcNode& node, const bitcoin::Network& network)
{
    const auto answers = node.batch({{"getblockhash", Document::list().add(0)}, {"getblockchaininfo"}});
    const CoreValue genesis{answers[0]};
    if (const auto found = genesis.block_hash(); found != network.genesis_hash)
        throw Error{ErrorCode::chain, genesis.place() + ": the node's chain begins with block " + found + ", " +
                                          std::string{network.name} + " begins with " + std::string{network.genesis_hash}};
    const CoreValue info{answers[1]};
    const Tip tip{info.member("blocks").height(), info.member("bestblockhash").block_hash()};
    if (network.name != "regtest" && info.member("initialblockdownload").boolean())
        throw Error{ErrorCode::rpc, node.name() + ": the node is still loading the chain and has come to block " + std::to_string(tip.height)};
    return tip;
}

std::optional<std::string> block_hash_at(RpcNode& node, std::uint64_t height)
{
    const auto answer = node.call("getblockhash", Document::list().add(height));
    if (answer.error() != nullptr && answer.error()->code == invalid_parameter)
        return std::nullopt;
    return CoreValue{answer}.block_hash();
}

Feerates ask_for_feerates(RpcNode& node)
{
    const auto answers = node.batch({{"getmempoolinfo"}, {"estimatesmartfee", Document::list().add(wanted_blocks).add("conservative")}});
    const CoreValue mempool{answers[0]};
    Feerates feerates;
    feerates.least = std::max(mempool.member("mempoolminfee").satoshi(), mempool.member("minrelaytxfee").satoshi());
    feerates.increment = mempool.member("incrementalrelayfee").satoshi();
    if (const auto advised = CoreValue{answers[1]}.find("feerate"))
        feerates.advised = advised->satoshi();
    return feerates;
}

PreviousTransactions ask_for_previous(RpcNode& node, std::span<const WalletOutput> outputs)
{
    const auto blocks = ask_for_blocks(node, outputs);
    std::map<bitcoin::Txid, std::string> wanted;
    for (const auto& output : outputs)
        wanted[output.outpoint.txid] = blocks.at(output.height);

    PreviousTransactions previous;
    for (auto next = wanted.begin(); next != wanted.end();) {
        std::vector<RpcCall> calls;
        std::vector<bitcoin::Txid> txids;
        for (; next != wanted.end() && calls.size() < most_asked_at_once; ++next) {
            auto params = Document::list();
            params.add(bitcoin::format_txid(next->first)).add(false).add(next->second);
            calls.push_back({"getrawtransaction", std::move(params)});
            txids.push_back(next->first);
        }
        const auto answers = node.batch(calls);
        for (std::size_t i = 0; i < answers.size(); ++i)
            previous.emplace(txids[i], decode_previous(answers[i]));
    }
    return previous;
}

} // namespace coffer::cli
