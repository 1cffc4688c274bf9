#pragma once

#include "formats/evm/decode.h"

namespace coffer::evm {

/// The bytes whose Keccak-256 is signed: a legacy transaction with a chain id has it and two
/// zeros behind its fields (EIP-155), a typed one its type before the list (EIP-2718).
Bytes encode_unsigned(const Transaction& transaction);

/// The bytes that the network takes.
Bytes encode_signed(const SignedTransaction& transaction);

} // namespace coffer::evm
