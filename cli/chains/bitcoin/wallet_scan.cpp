#include "cli/chains/bitcoin/wallet_scan.h"

#include "cli/chains/bitcoin/core_value.h"
#include "core/base/text.h"
#include "core/encoding/hex.h"

#include <algorithm>
#include <array>
#include <limits>
#include <thread>

namespace coffer::cli {

namespace {

using chains::Branch;

constexpr std::int64_t invalid_parameter = -8; // RPC_INVALID_PARAMETER: also "Scan already in progress"
constexpr std::size_t most_outputs = 100'000;
constexpr std::uint32_t most_addresses = 50'000;
constexpr std::chrono::minutes longest_scan{30};

/// How many addresses of each branch are looked at.
using Range = std::array<std::uint32_t, 2>;

class ScriptTable {
public:
    ScriptTable(const bitcoin::DescriptorWallet& wallet, const Range& range)
    {
        for (const auto branch : {Branch::receive, Branch::change})
            for (std::uint32_t index = 0; index < range[static_cast<std::size_t>(branch)]; ++index) {
                const bitcoin::Place place{branch, index};
                m_places.emplace(wallet.script_pubkey(place), place);
            }
    }

    Document descriptors() const
    {
        auto list = Document::list();
        for (const auto& [script, unused] : m_places)
            list.add("raw(" + encoding::encode_hex(script) + ")");
        return list;
    }
    const bitcoin::Place* find(const Bytes& script) const
    {
        const auto found = m_places.find(script);
        return found != m_places.end() ? &found->second : nullptr;
    }

private:
    std::map<Bytes, bitcoin::Place> m_places;
};

WalletOutput read_output(const CoreValue& value, const ScriptTable& scripts, std::uint64_t tip)
{
    WalletOutput output;
    output.outpoint.txid = value.member("txid").txid();
    output.outpoint.index = static_cast<std::uint32_t>(value.member("vout").number(std::numeric_limits<std::uint32_t>::max()));
    output.amount = value.member("amount").satoshi();
    output.height = value.member("height").height();
    const auto script = value.member("scriptPubKey").bytes();
    const auto* place = scripts.find(script);
    if (place == nullptr)
        throw Error{ErrorCode::rpc, value.place() + ": the node answers an output of another script: " + quoted(encoding::encode_hex(script), 140)};
    output.place = *place;
    if (output.height > tip)
        throw Error{ErrorCode::rpc, value.place() + ": the node answers an output of block " + std::to_string(output.height) +
                                        ", above its tip " + std::to_string(tip)};
    // Bitcoin Core before 25 does not say; then whatever is young enough may be newly mined.
    const auto coinbase = value.find("coinbase");
    output.is_coinbase = coinbase ? coinbase->boolean() : tip + 1 < output.height + coinbase_maturity;
    return output;
}

WalletScan read_scan(const RpcAnswer& answer, const ScriptTable& scripts)
{
    const CoreValue result{answer};
    if (!result.member("success").boolean())
        throw Error{ErrorCode::rpc, result.place() + ": the scan was broken off"};
    WalletScan scan;
    scan.tip = {result.member("height").height(), result.member("bestblock").block_hash()};
    std::uint64_t total = 0;
    for (const auto& value : result.member("unspents").items(most_outputs)) {
        scan.outputs.push_back(read_output(value, scripts, scan.tip.height));
        total += scan.outputs.back().amount; // each at most 21 million, so that 100,000 do not overflow
        if (total > bitcoin::most_money)
            throw Error{ErrorCode::rpc, result.place() + ": the node answers outputs of over 21 million bitcoin together"};
    }
    std::ranges::sort(scan.outputs, {}, &WalletOutput::outpoint);
    const auto twice = std::ranges::adjacent_find(scan.outputs, {}, &WalletOutput::outpoint);
    if (twice != scan.outputs.end())
        throw Error{ErrorCode::rpc, result.place() + ": the node answers output " + format_outpoint(twice->outpoint) + " twice"};
    return scan;
}

RpcAnswer ask_for_scan(RpcNode& node, const ScriptTable& scripts, const ScanPatience& patience)
{
    auto params = Document::list();
    params.add("start").add(scripts.descriptors());
    for (unsigned tries = 1;; ++tries) {
        auto answer = node.call("scantxoutset", params, longest_scan);
        const auto is_busy = answer.error() != nullptr && answer.error()->code == invalid_parameter &&
                             answer.error()->message.starts_with("Scan already in progress");
        if (!is_busy)
            return answer;
        if (tries >= patience.tries)
            throw Error{ErrorCode::rpc, answer.place() + ": the node is still busy with another scan", "try again when that one is done"};
        std::this_thread::sleep_for(patience.pause);
    }
}

/// The range again, each branch doubled that is not empty at its end; none when there is nothing more to look for.
std::optional<Range> widened(const Range& range, const WalletScan& scan)
{
    auto wider = range;
    for (const auto& output : scan.outputs) {
        const auto branch = static_cast<std::size_t>(output.place.branch);
        if (output.place.index + scan_gap >= range[branch])
            wider[branch] = range[branch] * 2;
    }
    return wider != range ? std::optional{wider} : std::nullopt;
}

} // namespace

WalletScan scan_wallet(RpcNode& node, const bitcoin::DescriptorWallet& wallet, std::uint32_t next_change, const ScanPatience& patience)
{
    std::optional<Range> range = Range{scanned_addresses, std::max(scanned_addresses, std::min(next_change, most_addresses) + scan_gap)};
    for (;;) {
        if (range->front() > most_addresses || range->back() > most_addresses)
            throw Error{ErrorCode::limit, "wallet " + wallet.id() + " has used over " + std::to_string(most_addresses) + " addresses of a branch"};
        const ScriptTable scripts{wallet, *range};
        auto scan = read_scan(ask_for_scan(node, scripts, patience), scripts);
        range = widened(*range, scan);
        if (!range)
            return scan;
    }
}

} // namespace coffer::cli
