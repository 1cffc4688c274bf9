#pragma once

#include "cli/chains/bitcoin/transfer_plan.h"
#include "core/chains/chain_client.h"

namespace coffer::cli {

/// One transaction in place of each that the order replaces; none takes the coins of another one. Pure: the same order and facts give
/// the same plans.
///
/// - A bump spends every input of the other, and the largest coins besides where those are not enough, makes exactly the same
///   payments, and takes its fee from the change, which stays at its address.
/// - A void spends the most valuable input, and more only where it cannot pay for itself, and brings all to the next change address.
/// - As BIP-125 asks, the fee is higher by the incremental relay fee of the whole new transaction and the feerate is higher, too, even if
///   the other one's signatures came out as short as they can. What was spent from the other one's outputs meanwhile
///   is not known here; a node may ask for those fees, too.
///
/// Errors: `state` when an input is not unspent any more, so that the other one or a rival is in a block; `insufficient_funds`;
/// `fee_cap` over the order's ceiling, and those of choose_feerate(); `usage` for a feerate that replaces nothing.
/// A payload of another family is a broken invariant.
std::vector<TransferPlan> plan_replacements(chains::ReplacementOrder order, const bitcoin::DescriptorWallet& wallet, const BitcoinFacts& facts);

} // namespace coffer::cli
