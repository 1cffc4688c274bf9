#pragma once

#include "formats/bitcoin/payload.h"

#include <optional>
#include <vector>

namespace coffer::bitcoin {

/// What other wallets hand around once they have signed: a PSBT in bytes or base64, or a whole transaction in bytes or hex.
bool is_signed_artefact(ByteView bytes);

/// The signatures of the payload in such an artefact, from partial or final fields. None when it is of another transaction.
/// Throws what decode_psbt() and decode_transaction() throw; Error{sig_verify} for one that does not verify, is of another
/// sighash type or of a key that the input's script does not name.
std::optional<std::vector<payments::TaskSignature>> find_foreign_signatures(ByteView artefact, const BitcoinPayload& payload);

/// The PSBT of a payload with these signatures in it, version 0. Throws Error{sig_verify}.
Psbt with_signatures(const BitcoinPayload& payload, std::span<const payments::TaskSignature> signatures);

} // namespace coffer::bitcoin
