#pragma once

#include "cli/chains/bitcoin/wallet_scan.h"

namespace coffer::cli {

/// What nodes say about a wallet, for a transfer. Where several are configured the first two that answer must
/// agree (ATTACKS J01): on the block at the height of the lower tip, which may be at most 6 blocks below the
/// other, and on every output that was unspent there. What only one of them has is not spent: newer blocks may have
/// made it or spent it. At one tip they must have the same. Error{rpc_disagree} names both answers.
///
/// Errors: Error{chain} for a node on another chain; Error{rpc}, Error{rpc_limit}.
BitcoinFacts ask_for_bitcoin_facts(RpcNodes& nodes, const bitcoin::DescriptorWallet& wallet, std::uint32_t next_change,
                                   const ScanPatience& patience = {});

} // namespace coffer::cli
