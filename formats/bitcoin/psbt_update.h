#pragma once

#include "formats/bitcoin/descriptor.h"
#include "formats/bitcoin/psbt.h"

namespace coffer::bitcoin {

/// The creator: what the transaction says, and nothing else. Script_sigs and witnesses are dropped.
Psbt create_psbt(const Transaction& transaction, std::uint32_t version = 0);

/// The updater: scripts and key origins of the place of a descriptor that the input spends, or the output pays.
/// A key without origin is its own master (BIP-174, BIP-371).
void update_input(PsbtInput& input, const Descriptor& descriptor, std::size_t branch, std::uint32_t index);
void update_output(PsbtOutput& output, const Descriptor& descriptor, std::size_t branch, std::uint32_t index);

/// The same with what the input spends: the previous transaction, and for segwit also the output alone. Throws
/// Error{psbt_prevtx_hash} for another transaction, Error{psbt_prevtx_index} where it has no such output.
void update_spent(PsbtInput& input, const Transaction& previous);

} // namespace coffer::bitcoin
