#pragma once

#include "cli/net/json_rpc.h"
#include "core/chains/chain_client.h"
#include "formats/bitcoin/network.h"
#include "formats/bitcoin/transaction.h"

#include <cstdint>

namespace coffer::cli {

/// Where a node without index has a transaction: in its mempool, else in the block that one of its unspent outputs
/// leads to, else, when all that it spends is spent, in whichever block from `since` on lists it.
///
/// Throws Error{chain}; Error{rpc}, also when the chain changes meanwhile.
chains::Sighting find_transaction(RpcNode& node, const bitcoin::Network& network, const bitcoin::Transaction& transaction, std::uint64_t since);

/// True when the outpoint is not unspent, not even in the mempool, and none of the newest depth - 1 blocks spends it: then
/// whatever did so is at least that deep. (An outpoint whose own transaction a re-org has taken away counts
/// as spent, too, unless it waits in the mempool.)
bool is_spent_below(RpcNode& node, const bitcoin::Network& network, const bitcoin::Outpoint& outpoint, std::uint64_t depth);

} // namespace coffer::cli
