#pragma once

#include "formats/evm/decode.h"

namespace coffer::evm {

/// Keccak-256 of the unsigned form.
ByteArray<32> signing_hash(const Transaction& transaction);

/// Keccak-256 of the signed form: the id under which nodes know the transaction.
ByteArray<32> transaction_hash(const SignedTransaction& transaction);

/// Who signed. Throws Error{sig_verify} when no key fits.
Address recover_sender(const SignedTransaction& transaction);

} // namespace coffer::evm
