#pragma once

#include "formats/bitcoin/psbt.h"

namespace coffer::bitcoin {

/// A PSBT that somebody else made, as a payload of ours: version 0, without signatures, final fields and leave to change
/// (BIP-370, PSBT_GLOBAL_TX_MODIFIABLE). Evidence and unknown fields stay. Throws what to_version_0() does.
Psbt adopt(const Psbt& foreign);

/// Bytes, or base64 (BIP-174) with blanks around it. Throws what decode_psbt() does; Error{psbt_parse} for what is neither.
Psbt decode_foreign_psbt(ByteView artefact);

} // namespace coffer::bitcoin
