#pragma once

#include "cli/chains/bitcoin/transfer_plan.h"
#include "cli/net/json_rpc.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace coffer::cli {

/// What Bitcoin Core's nodes may answer: a wallet's unspent outputs come in one list, blocks with all their transactions.
HttpLimits core_limits();
RpcRules core_rules();

struct Tip {
    std::uint64_t height = 0;
    std::string hash;
};

/// The node's best block. Throws Error{chain} unless its genesis block is that of the network, and Error{rpc} while it still
/// loads the chain (but on regtest, where blocks are as old as they like).
Tip tip_of(RpcNode& node, const bitcoin::Network& network);

/// Empty above the tip.
std::optional<std::string> block_hash_at(RpcNode& node, std::uint64_t height);

struct Feerates {
    /// For confirmation within 6 blocks, conservative; none while the node has seen too little.
    std::optional<std::uint64_t> advised;
    std::uint64_t least = 0;     ///< what the node relays and its mempool takes
    std::uint64_t increment = 0; ///< what a replacement adds at least (BIP-125, rule 4)
};
Feerates ask_for_feerates(RpcNode& node);

/// The transactions that these outputs are of, each from the block at the output's height; a node needs no index
/// for that. What comes is decoded, nothing more: encode_plan() judges it.
PreviousTransactions ask_for_previous(RpcNode& node, std::span<const WalletOutput> outputs);

} // namespace coffer::cli
