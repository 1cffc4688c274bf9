#pragma once

#include "cli/net/json_rpc.h"
#include "core/chains/chain_client.h"

#include <functional>
#include <string>

namespace coffer::cli {

/// How a family hands a transaction to a node.
struct Handover {
    std::function<void(RpcNode& node)> require_chain; ///< before anything of it leaves
    std::function<RpcAnswer(RpcNode& node)> send;
    std::function<bool(const RpcAnswer& answer)> is_taken;
    std::function<bool()> is_known; ///< found by its own id, on any node
};

/// Asks the nodes in order. A refusal counts as success only when the transaction is found by its own id (ATTACKS J05). Where an
/// answer stays out, the same bytes go to the next node; `unknown` when none confirms. Throws Error{rpc} with the node's words
/// when it is refused, or when no node can be reached; what `require_chain` throws.
chains::SendOutcome send_to_nodes(RpcNodes& nodes, const std::string& chain, const Handover& handover);

} // namespace coffer::cli
