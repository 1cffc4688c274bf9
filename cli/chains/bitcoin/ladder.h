#pragma once

#include "cli/chains/bitcoin/transfer_plan.h"
#include "core/chains/chain_client.h"
#include "formats/bitcoin/wallet.h"

#include <vector>

namespace coffer::cli {

/// The transfer at the order's feerate and, with the same inputs and payments, at each rate of its ladder: what the lower steps save in fees
/// they add to the change. Coins are chosen for the last step.
///
/// Errors: those of plan_transfer(); `usage` for rates that do not rise, and for a step that would not pay for its own relay on top of the
/// one before (BIP-125).
std::vector<TransferPlan> plan_ladder(const chains::TransferOrder& order, const bitcoin::DescriptorWallet& wallet, const BitcoinFacts& facts);

} // namespace coffer::cli
