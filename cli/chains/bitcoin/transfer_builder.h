#pragma once

#include "cli/chains/bitcoin/transfer_plan.h"
#include "core/chains/chain_client.h"

namespace coffer::cli {

/// One transaction that pays everything. Pure: the same order and facts give the same plan.
///
/// - Spends what no open request holds, no coinbase output below 100 confirmations; with coin control
///   exactly what is named.
/// - Inputs and outputs stand in the order of BIP-69, so that change has no place of its own.
/// - Replaceable (BIP-125), not valid before the next block (lock time at the tip).
/// - Change goes to the lowest change address above all that hold coins or that requests have named.
///
/// Errors: `insufficient_funds`; `fee_cap` over the order's ceiling or for a feerate over 10,000 sat/vB (2,000 when a
/// node advises it); `usage` for an order that cannot be meant: no payment, an amount of 0 or below the
/// dust limit, a feerate below what is relayed, bad or repeated coins; `not_found` for a coin that is not there,
/// `state` for one that is held or immature; `chain`, `token_unknown` for another asset.
TransferPlan plan_transfer(const chains::TransferOrder& order, const bitcoin::DescriptorWallet& wallet, const BitcoinFacts& facts);

} // namespace coffer::cli
