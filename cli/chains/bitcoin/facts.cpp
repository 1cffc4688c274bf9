#include "cli/chains/bitcoin/facts.h"

#include "core/base/text.h"

#include <algorithm>

namespace coffer::cli {

namespace {

/// How far apart the tips of two healthy nodes may be.
constexpr std::uint64_t most_blocks_apart = 6;

struct View {
    RpcNode* node;
    WalletScan scan;
};

View view_of(RpcNode& node, const bitcoin::DescriptorWallet& wallet, std::uint32_t next_change, const ScanPatience& patience)
{
    tip_of(node, wallet.network());
    return {&node, scan_wallet(node, wallet, next_change, patience)};
}

Error disagreement(const std::string& what, const View& a, const std::string& x, const View& b, const std::string& y)
{
    return Error{ErrorCode::rpc_disagree, "two nodes disagree on " + what + ": " + a.node->name() + " says " + x + ", " +
                                              b.node->name() + " says " + y};
}

/// The lower tip must be in the chain of the other node.
void require_one_chain(const View& low, const View& high)
{
    if (high.scan.tip.height - low.scan.tip.height > most_blocks_apart)
        throw disagreement("the height", low, std::to_string(low.scan.tip.height), high, std::to_string(high.scan.tip.height));
    const auto other = low.scan.tip.height == high.scan.tip.height ? high.scan.tip.hash
                                                                   : block_hash_at(*high.node, low.scan.tip.height).value_or("none");
    if (other != low.scan.tip.hash)
        throw disagreement("block " + std::to_string(low.scan.tip.height), low, low.scan.tip.hash, high, other);
}

std::string describe(const WalletOutput& output)
{
    return std::to_string(output.amount) + " sat in block " + std::to_string(output.height);
}

/// Whether it is newly mined an old node may only guess.
bool is_same(const WalletOutput& a, const WalletOutput& b)
{
    return a.amount == b.amount && a.place == b.place && a.height == b.height;
}

/// What both have, ascending by outpoint.
std::vector<WalletOutput> agreed_outputs(const View& low, const View& high)
{
    const auto is_one_tip = low.scan.tip.height == high.scan.tip.height;
    std::vector<WalletOutput> agreed;
    auto other = high.scan.outputs.begin();
    const auto end = high.scan.outputs.end();
    // An output of an older block that the lower node does not have never was.
    const auto require_newer = [&](const WalletOutput& output) {
        if (output.height <= low.scan.tip.height)
            throw disagreement("output " + format_outpoint(output.outpoint), low, "none", high, describe(output));
    };
    for (const auto& output : low.scan.outputs) {
        for (; other != end && other->outpoint < output.outpoint; ++other)
            require_newer(*other);
        const auto is_there = other != end && other->outpoint == output.outpoint;
        if (is_there && !is_same(output, *other))
            throw disagreement("output " + format_outpoint(output.outpoint), low, describe(output), high, describe(*other));
        if (!is_there && is_one_tip)
            throw disagreement("output " + format_outpoint(output.outpoint), low, describe(output), high, "none");
        if (!is_there)
            continue;
        agreed.push_back(output);
        agreed.back().is_coinbase = output.is_coinbase || other->is_coinbase;
        ++other;
    }
    std::for_each(other, end, require_newer);
    return agreed;
}

} // namespace

BitcoinFacts ask_for_bitcoin_facts(RpcNodes& nodes, const bitcoin::DescriptorWallet& wallet, std::uint32_t next_change,
                                   const ScanPatience& patience)
{
    auto views = nodes.ask_first(2, [&](RpcNode& node) { return view_of(node, wallet, next_change, patience); });
    const auto feerates = ask_for_feerates(*views.front().node);
    BitcoinFacts facts;
    facts.feerate = feerates.advised;
    facts.least_feerate = feerates.least;
    facts.increment = feerates.increment;
    if (views.size() > 1 && views[1].scan.tip.height < views[0].scan.tip.height)
        std::swap(views[0], views[1]);
    const auto& low = views.front();
    facts.height = low.scan.tip.height;
    facts.outputs = low.scan.outputs;
    if (views.size() > 1) {
        require_one_chain(low, views[1]);
        facts.outputs = agreed_outputs(low, views[1]);
    }
    return facts;
}

} // namespace coffer::cli
