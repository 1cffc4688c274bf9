#pragma once

#include "core/crypto/secp256k1.h"
#include "formats/evm/transaction.h"

namespace coffer::evm {

/// A transaction as the network carries it.
struct SignedTransaction {
    Transaction transaction;
    /// r and s in range, s in the lower half (EIP-2); the recovery id is the y parity, 0 or 1.
    crypto::EcdsaSignature signature;
};

/// The type that the first byte names: 0xc0 and above begin the list of a legacy transaction
/// (EIP-2718). Throws Error{txtype} for types that are not known, Error{rlp} when there is none.
TransactionType type_of(ByteView bytes);

/// Reads an unsigned transaction of any known type whole. A legacy one has 6 items, or 9 with
/// chain id, 0, 0 (EIP-155). Throws Error{rlp}, Error{limit}, Error{txtype}; Error{chain} for
/// chain id 0 or over 64 bits.
Transaction decode_unsigned(ByteView bytes);

/// The same with its signature; Error{sig_verify} for v, y parity, r or s out of range or high s.
SignedTransaction decode_signed(ByteView bytes);

/// Tells the two apart by the number of items, and legacy ones of 9 items by r and s, which an
/// unsigned one leaves empty.
bool is_signed(ByteView bytes);

} // namespace coffer::evm
