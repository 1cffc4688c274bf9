#pragma once

#include "formats/bitcoin/psbt_spends.h"

namespace coffer::bitcoin {

/// How many of the needed signatures of an input are there, each verified.
struct SignatureCount {
    unsigned have = 0;
    unsigned need = 0;
};
SignatureCount count_signatures(const PsbtInput& input, const InputDigest& digest);

/// The finalizer: builds script_sig and witness of an input from verified signatures, exactly as many as its script wants and in
/// the order of its keys, and drops what only served that (BIP-174). Throws Error{state} while signatures are
/// missing, Error{sig_verify} for one that does not verify.
void finalize_input(PsbtInput& input, const InputDigest& digest);

/// The extractor: the signed transaction. Throws Error{state} for an input that is not final.
Transaction extract_transaction(const Psbt& psbt);

} // namespace coffer::bitcoin
