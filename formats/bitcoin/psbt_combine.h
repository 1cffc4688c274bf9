#pragma once

#include "formats/bitcoin/psbt.h"

namespace coffer::bitcoin {

/// The combiner: everything that either has, unknown fields too; where both say something else the first is kept.
/// In the version of the first. Throws Error{tx_changed} unless they are of the same transaction (BIP-174; for version 2
/// by unique_id()), and when what version 2 lets change, sequences and lock times, would change below a signature; what
/// unsigned_transaction() does.
Psbt combine(const Psbt& first, const Psbt& second);

} // namespace coffer::bitcoin
