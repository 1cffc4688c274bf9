#pragma once

#include "core/chains/payload_format.h"
#include "formats/evm/transaction.h"

namespace coffer::evm {

/// No block of the networks in use holds more.
constexpr std::uint64_t most_gas = 30'000'000;

/// What a transaction does, for a wallet of a charter: one payment in the native asset or a pinned
/// token. Refuses whatever it cannot explain whole, in this order:
/// `eip7702` type 4 · `txtype` types 1 and 3, an access list · `chain` no chain id, another than
/// the charter's · `create` no recipient · `gas` a limit over `most_gas` or too low, a priority fee
/// over the fee · `amount_range` a fee over 256 bits · `blind` calldata that is not understood ·
/// `approve` that lets somebody else spend · `token_unknown` transferFrom, a contract that is not a
/// token of the charter · `calldata` a transfer that is not encoded exactly · `value` coins beside
/// calldata, coins or tokens for a token's contract, where they would be stuck.
payments::Description describe(const Transaction& transaction, const chains::PayloadContext& context);

} // namespace coffer::evm
