#pragma once

#include "cli/net/json_rpc.h"
#include "core/chains/chain_client.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace coffer::cli {

/// What building a transfer needs to know about the chain.
struct EvmFacts {
    std::uint64_t block = 0; ///< at which the rest was true
    std::uint64_t nonce = 0; ///< the account's next
    Uint256 base_fee;        ///< wei a gas
    Uint256 priority_fee;    ///< wei a gas, as the node proposes
    Uint256 balance;         ///< wei
    /// By token id, for the tokens of the order; none where nobody knows.
    std::map<std::string, Uint256> token_balances;
    /// One a payment of the order, any margin included.
    std::vector<std::uint64_t> gas_limits;
};

/// Asks nodes. Where several are configured the first two that answer must agree on the block,
/// the account's nonce and its balances (ATTACKS J01): Error{rpc_disagree} names both answers.
/// Errors: Error{chain} when a node is on another chain; Error{rpc}, Error{rpc_limit};
/// Error{insufficient_funds} when the balances do not even cover the payments, which is found
/// before gas is estimated.
EvmFacts ask_for_facts(RpcNodes& nodes, const charter::Chain& chain, const chains::TransferOrder& order);

/// What building a replacement needs to know.
struct EvmFeeFacts {
    std::uint64_t block = 0;
    Uint256 base_fee;     ///< wei a gas
    Uint256 priority_fee; ///< wei a gas, as the node proposes
};

/// Asks the first node that answers. Errors: Error{chain}, Error{rpc}, Error{rpc_limit}; Error{fee_cap} for what is no fee.
EvmFeeFacts ask_for_fees(RpcNodes& nodes, const charter::Chain& chain);

/// `{nonce, gas_limit, base_fee, balance, block}`, numbers or decimal text, and `priority_fee` where
/// it is not 1 gwei; fees in wei a gas. The gas limit is for every payment.
/// Throws Error{malformed} for anything else, naming the field; Error{limit}.
EvmFacts parse_offline_inputs(std::string_view json, std::size_t payments);

/// Throws Error{chain} with both ids unless the node is on this chain.
void require_chain(RpcNode& node, const charter::Chain& chain);
/// The same for an answer to eth_chainId.
void require_chain(const RpcAnswer& answer, const charter::Chain& chain);

/// Which tokens these payments move, each once.
std::vector<const charter::Token*> tokens_of(const chains::TransferOrder& order);
/// eth_call of balanceOf (ERC-20) at a block.
RpcCall token_balance_call(const charter::Token& token, ByteView account, std::string block);
Uint256 read_token_balance(const RpcAnswer& answer, const charter::Token& token);

} // namespace coffer::cli
