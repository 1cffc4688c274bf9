#pragma once

#include "formats/bitcoin/psbt_spends.h"

#include <vector>

namespace coffer::bitcoin {

/// The weight that signatures add to an unsigned input, in weight units (BIP-141), at most: ECDSA signatures count 72 bytes
/// with their sighash type, of which few fall short; BIP-340's are 64, or 65 with a type. `is_segwit`: another input of the
/// transaction has a witness, so that each has at least an empty one.
std::size_t signature_weight(const Spend& spend, std::uint8_t sighash_type, bool is_segwit);

/// The virtual size of the signed transaction, at most.
std::size_t signed_vsize(const Transaction& unsigned_transaction, const std::vector<InputDigest>& digests);

} // namespace coffer::bitcoin
