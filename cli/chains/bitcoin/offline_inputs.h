#pragma once

#include "cli/chains/bitcoin/transfer_plan.h"

#include <string_view>

namespace coffer::cli {

/// What the JSON of `--offline-inputs` says, which nobody else vouches for.
struct OfflineBitcoinInputs {
    BitcoinFacts facts;
    PreviousTransactions previous;
};

/// `{height, feerate, utxos: [{txid, vout, amount, path, previous_transaction}]}`: the feerate in sat/vB with up to 3
/// decimals, amounts in satoshi, both as numbers or decimal text; the path ends with branch and index, `0/5`; the previous
/// transaction is hex.
///
/// Throws Error{malformed} for anything else, naming the field, and where a previous transaction contradicts
/// what stands beside it; Error{limit}.
OfflineBitcoinInputs parse_offline_inputs(std::string_view json, const bitcoin::DescriptorWallet& wallet);

} // namespace coffer::cli
