#pragma once

#include "cli/chains/bitcoin/core_node.h"

#include <chrono>
#include <vector>

namespace coffer::cli {

/// What a node's set of unspent outputs holds for a wallet, without a wallet or an index in the node.
struct WalletScan {
    Tip tip; ///< at which it was so
    std::vector<WalletOutput> outputs; ///< ascending by outpoint
};

/// How long another scan is waited for: a node does one at a time.
struct ScanPatience {
    unsigned tries = 30;
    std::chrono::milliseconds pause{2'000};
};

/// This many addresses of each branch are looked at, and more while the last `scan_gap` of a branch are not all empty. An
/// address that once received and is empty again is not seen, so the gap is wide.
constexpr std::uint32_t scanned_addresses = 1000;
constexpr std::uint32_t scan_gap = 200;

/// Scans for both branches, the change branch past `next_change`. A scan takes minutes on mainnet.
///
/// Throws Error{rpc} for an answer that is not about the scripts that were asked for or cannot be true (an output
/// twice, above the tip, more than 21 million in all), Error{rpc} while the node is busy with another
/// scan, Error{rpc_limit} for over 100,000 outputs, Error{limit} for a wallet that fills 50,000 addresses of a branch.
WalletScan scan_wallet(RpcNode& node, const bitcoin::DescriptorWallet& wallet, std::uint32_t next_change, const ScanPatience& patience = {});

} // namespace coffer::cli
