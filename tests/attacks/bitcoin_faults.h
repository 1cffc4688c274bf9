#pragma once

#include "core/charter/charter.h"
#include "formats/bitcoin/psbt.h"
#include "tests/attacks/json.h"

namespace coffer::test::attacks {

/// One fault of a PSBT; `input` and `output` are numbers, 0 without:
///
///     {"fault": "witness_utxo_only"}, {"fault": "no_utxo"}
///     {"fault": "claim", "amount": 1, "script": NAME}     in the witness UTXO
///     {"fault": "other_previous", "amount": 1}            a previous transaction that pays so much
///     {"fault": "outpoint", "index": 7}, {"fault": "same_input_twice"}
///     {"fault": "witness_script", "hex": …}, {"fault": "redeem_script", "hex": …}   without hex: none
///     {"fault": "spends_script", "witness_script": hex}   what is spent hashes from this script
///     {"fault": "sighash_type", "type": 3}
///     {"fault": "path", "holder": NAME, "path": …}, {"fault": "key", "holder": NAME, "of": NAME, "path": …}   of an
///     input; of "output" if it is named
///     {"fault": "extended_key", "holder": NAME, "path": …, "network": "main"}
///     {"fault": "partial_signature", "holder": NAME, "spoil": true}, {"fault": "final", "annex": true}
///     {"fault": "tap_merkle_root", "root": hex, "committed": true}, {"fault": "tap_leaf", "version": 192}
///     {"fault": "tap_change_root", "output": 1, "root": hex}
///     {"fault": "modifiable", "flags": 1}                 of version 2
///     {"fault": "unknown", "map": "global", "key": hex, "value": hex}   "input" or "output" likewise
void commit(bitcoin::Psbt& psbt, const Json& fault, const charter::Charter& charter);

} // namespace coffer::test::attacks
