#pragma once

#include "cli/chains/evm/facts.h"
#include "core/chains/chain_client.h"

namespace coffer::cli {

/// One unsigned type-2 transaction a payment, with consecutive nonces. Pure: the same order and
/// facts give the same bytes.
///
/// - The first nonce is the account's next, or follows the highest that open requests reserve.
/// - max_fee_per_gas is twice the base fee plus the priority fee; the priority fee is the node's,
///   at most 50 gwei.
/// - spend_all: the native balance less the highest fee, or the token's balance.
///
/// Errors: `fee_cap` when the fee of the whole request is over the order's ceiling, or the node's fees are
/// out of all proportion (over 10,000 gwei, or nothing); `gas` for a gas limit outside 21,000 to
/// 1,000,000; `insufficient_funds`; `chain`, `token_unknown` for an asset that the wallet cannot pay;
/// `usage` for an order without payments, with an amount of 0, or `max` of several payments.
chains::BuiltTransfer build_transfer(const chains::TransferOrder& order, const EvmFacts& facts);

/// Throws Error{insufficient_funds} when the payments alone are over the balances that are known.
void require_covered(const chains::TransferOrder& order, const Uint256& balance,
                     const std::map<std::string, Uint256>& token_balances);

} // namespace coffer::cli
