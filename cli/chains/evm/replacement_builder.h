#pragma once

#include "cli/chains/evm/facts.h"
#include "core/chains/chain_client.h"

namespace coffer::cli {

/// The least fee, by gas, of what takes the place of one with this fee: an eighth more, rounded up, and one wei at least.
Uint256 least_replacing_fee(const Uint256& fee);

/// One unsigned transaction for each that it replaces, with the same nonce: the same call for a higher fee, or a transfer of
/// nothing to the account itself. Pure.
///
/// Nodes take a replacement whose fees are a tenth higher (geth's price bump): both rise by an eighth at least, and to what the
/// network asks now or the order's feerate where that is more.
/// Errors: `fee_cap` over the order's ceiling.
chains::BuiltTransfer build_replacement(const chains::ReplacementOrder& order, const EvmFeeFacts& facts);

} // namespace coffer::cli
