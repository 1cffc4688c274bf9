#pragma once

#include "core/crypto/secp256k1.h"

#include <secp256k1.h>

/// For source files of this folder only: libsecp256k1's types do not leave it.
namespace coffer::crypto {

/// One context for the process, blinded once at the first use and constant from then on, so that
/// threads may share it.
const secp256k1_context* secp256k1_shared();

/// The way between our types and the library's.
struct Secp256k1Point {
    static secp256k1_pubkey parsed(const Secp256k1PublicKey& key);
    static Secp256k1PublicKey wrapped(const secp256k1_pubkey& point);
};

} // namespace coffer::crypto
