#include "cli/chains/bitcoin/sighting.h"

#include "cli/chains/bitcoin/core_node.h"
#include "cli/chains/bitcoin/core_value.h"
#include "core/encoding/hex.h"

#include <algorithm>
#include <limits>

namespace coffer::cli {

namespace {

using chains::Sighting;

constexpr std::int64_t invalid_address_or_key = -5; // RPC_INVALID_ADDRESS_OR_KEY: also "not in mempool"
constexpr std::size_t most_block_transactions = 100'000;
constexpr std::size_t most_asked_at_once = 100;
constexpr std::uint64_t blocks_at_once = 10;
constexpr std::uint32_t first_lock_time_that_is_a_date = 500'000'000;

enum class Mempool { without, with };

RpcCall ask_for_output(const bitcoin::Outpoint& outpoint, Mempool mempool)
{
    auto params = Document::list();
    params.add(bitcoin::format_txid(outpoint.txid)).add(std::uint64_t{outpoint.index}).add(mempool == Mempool::with);
    return {"gettxout", std::move(params)};
}

bool is_in_mempool(const RpcAnswer& answer)
{
    if (answer.error() != nullptr && answer.error()->code == invalid_address_or_key)
        return false;
    CoreValue{answer}.member("vsize").number(bitcoin::most_transaction_bytes);
    return true;
}

/// The height that an unspent output's count of confirmations leads to.
std::uint64_t height_of_output(RpcNode& node, const CoreValue& output)
{
    const auto confirmations = output.member("confirmations").height();
    const auto best = node.call("getblockheader", Document::list().add(output.member("bestblock").block_hash()).add(true));
    const auto height = CoreValue{best}.member("height").height();
    if (confirmations < 1 || confirmations > height + 1)
        throw Error{ErrorCode::rpc, output.place() + ": the node answers " + std::to_string(confirmations) +
                                        " confirmations below block " + std::to_string(height)};
    return height - confirmations + 1;
}

/// None when the block does not list it.
std::optional<Sighting> find_in_block(const RpcAnswer& answer, const std::string& hash, const bitcoin::Txid& txid)
{
    const CoreValue block{answer};
    if (block.member("hash").block_hash() != hash)
        throw Error{ErrorCode::rpc, block.place() + ": the node answers another block than " + hash};
    const auto transactions = block.member("tx").items(most_block_transactions);
    if (std::ranges::none_of(transactions, [&](const CoreValue& one) { return one.txid() == txid; }))
        return std::nullopt;
    Sighting sighting;
    sighting.place = Sighting::Place::block;
    sighting.block_number = block.member("height").height();
    sighting.block_hash = encoding::decode_hex(hash);
    sighting.confirmations = block.member("confirmations").height(); // -1, which is refused: no more in the chain
    sighting.succeeded = true;
    if (sighting.confirmations == 0)
        throw block.member("confirmations").bad("at least 1");
    return sighting;
}

RpcCall ask_for_block(const std::string& hash, int verbosity)
{
    return {"getblock", Document::list().add(hash).add(verbosity)};
}

Sighting find_at(RpcNode& node, std::uint64_t height, const bitcoin::Txid& txid)
{
    if (const auto hash = block_hash_at(node, height)) {
        const auto call = ask_for_block(*hash, 1);
        if (auto found = find_in_block(node.call(call.method, call.params), *hash, txid))
            return *found;
    }
    throw Error{ErrorCode::rpc, node.name() + ": the chain changed while it was asked for " + bitcoin::format_txid(txid), "try again"};
}

/// Hashes of the blocks from one height to another, ascending; fewer when the chain shrinks meanwhile.
std::vector<std::string> block_hashes(RpcNode& node, std::uint64_t first, std::uint64_t last)
{
    std::vector<RpcCall> calls;
    for (auto height = first; height <= last; ++height)
        calls.push_back({"getblockhash", Document::list().add(height)});
    std::vector<std::string> hashes;
    for (const auto& answer : node.batch(calls)) {
        if (answer.error() != nullptr)
            break;
        hashes.push_back(CoreValue{answer}.block_hash());
    }
    return hashes;
}

Sighting search_blocks(RpcNode& node, std::uint64_t first, std::uint64_t last, const bitcoin::Txid& txid)
{
    for (auto begin = first; begin <= last; begin += blocks_at_once) {
        const auto hashes = block_hashes(node, begin, std::min(last, begin + blocks_at_once - 1));
        std::vector<RpcCall> calls;
        for (const auto& hash : hashes)
            calls.push_back(ask_for_block(hash, 1));
        const auto answers = node.batch(calls);
        for (std::size_t i = 0; i < answers.size(); ++i)
            if (auto found = find_in_block(answers[i], hashes[i], txid))
                return *found;
    }
    return {};
}

bool has_unspent_input(RpcNode& node, const bitcoin::Transaction& transaction)
{
    std::vector<RpcCall> calls;
    for (std::size_t i = 0; i < std::min(transaction.inputs.size(), most_asked_at_once); ++i)
        calls.push_back(ask_for_output(transaction.inputs[i].previous, Mempool::without));
    const auto answers = node.batch(calls);
    return std::ranges::any_of(answers, [](const RpcAnswer& answer) { return !answer.result().is_null(); });
}

std::uint64_t earliest_block(const bitcoin::Transaction& transaction, std::uint64_t since)
{
    const auto is_final = std::ranges::all_of(transaction.inputs, [](const auto& input) { return input.sequence == 0xffffffff; });
    if (is_final || transaction.lock_time >= first_lock_time_that_is_a_date)
        return since;
    return std::max<std::uint64_t>(since, std::uint64_t{transaction.lock_time} + 1);
}

bool spends(const CoreValue& transaction, const bitcoin::Outpoint& outpoint)
{
    const auto inputs = transaction.member("vin").items(most_block_transactions);
    return std::ranges::any_of(inputs, [&](const CoreValue& input) {
        const auto txid = input.find("txid"); // a coinbase has none
        return txid && txid->txid() == outpoint.txid &&
               input.member("vout").number(std::numeric_limits<std::uint32_t>::max()) == outpoint.index;
    });
}

bool is_spent_in(RpcNode& node, const std::string& block, const bitcoin::Outpoint& outpoint)
{
    const auto call = ask_for_block(block, 2);
    const auto answer = node.call(call.method, call.params);
    const auto transactions = CoreValue{answer}.member("tx").items(most_block_transactions);
    return std::ranges::any_of(transactions, [&](const CoreValue& one) { return spends(one, outpoint); });
}

} // namespace

Sighting find_transaction(RpcNode& node, const bitcoin::Network& network, const bitcoin::Transaction& transaction, std::uint64_t since)
{
    const auto txid = bitcoin::txid_of(transaction);
    const auto tip = tip_of(node, network);
    std::vector<RpcCall> calls{{"getmempoolentry", Document::list().add(bitcoin::format_txid(txid))}};
    for (std::uint32_t i = 0; i < std::min(transaction.outputs.size(), most_asked_at_once); ++i)
        calls.push_back(ask_for_output({txid, i}, Mempool::without));
    const auto answers = node.batch(calls);
    Sighting sighting;
    if (is_in_mempool(answers.front())) {
        sighting.place = Sighting::Place::mempool;
        return sighting;
    }
    for (std::size_t i = 1; i < answers.size(); ++i)
        if (!answers[i].result().is_null())
            return find_at(node, height_of_output(node, CoreValue{answers[i]}), txid);
    if (has_unspent_input(node, transaction))
        return sighting;
    return search_blocks(node, earliest_block(transaction, since), tip.height, txid);
}

bool is_spent_below(RpcNode& node, const bitcoin::Network& network, const bitcoin::Outpoint& outpoint, std::uint64_t depth)
{
    const auto tip = tip_of(node, network);
    const auto answers = node.batch({ask_for_output(outpoint, Mempool::without), ask_for_output(outpoint, Mempool::with)});
    if (!answers[0].result().is_null() || !answers[1].result().is_null())
        return false;
    const auto above = std::max<std::uint64_t>(depth, 1) - 1;
    if (above > tip.height)
        return false;
    const auto hashes = block_hashes(node, tip.height - above + 1, tip.height);
    if (hashes.size() < above)
        throw Error{ErrorCode::rpc, node.name() + ": the chain changed while it was asked for " + format_outpoint(outpoint), "try again"};
    return std::ranges::none_of(hashes, [&](const std::string& hash) { return is_spent_in(node, hash, outpoint); });
}

} // namespace coffer::cli
