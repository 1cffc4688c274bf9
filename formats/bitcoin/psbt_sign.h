#pragma once

#include "formats/bitcoin/psbt_spends.h"

namespace coffer::bitcoin {

/// Whether `signature` (r ‖ s with low s, or BIP-340's) is one of `public_key` over the digest.
/// False also for a key that is not among those of the spend.
bool verify_input(const InputDigest& digest, ByteView public_key, const ByteArray<64>& signature);

/// The signer: puts a signature of an input into place, DER or 64 bytes and the sighash type behind it, and forbids to add inputs
/// and outputs, which it signs too (BIP-370, PSBT_GLOBAL_TX_MODIFIABLE). Throws Error{sig_verify} unless
/// verify_input() holds. Others' signatures stay.
void attach_signature(Psbt& psbt, std::size_t input, const InputDigest& digest, ByteView public_key, const ByteArray<64>& signature);

/// The valid signature of `public_key` in the input, none when there is none. Throws Error{sig_verify} when one is there
/// that does not verify or is of another sighash type.
std::optional<ByteArray<64>> find_signature(const PsbtInput& input, const InputDigest& digest, const Bytes& public_key);

} // namespace coffer::bitcoin
