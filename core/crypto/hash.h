#pragma once

#include "core/base/bytes.h"

#include <memory>

namespace coffer::crypto {

/// One-shot digests (FIPS 180-4; RIPEMD-160 as in ISO/IEC 10118-3).
ByteArray<32> sha256(ByteView message);
/// SHA-256 of SHA-256, Bitcoin's Hash256.
ByteArray<32> sha256d(ByteView message);
ByteArray<64> sha512(ByteView message);
ByteArray<20> ripemd160(ByteView message);
/// RIPEMD-160 of SHA-256 (BIP-32 identifiers, P2PKH).
ByteArray<20> hash160(ByteView message);

/// SHA-256 fed in pieces. finish() ends it; using it afterwards is a broken invariant.
class Sha256 {
public:
    Sha256();
    Sha256(const Sha256& other);
    Sha256(Sha256&&) noexcept;
    ~Sha256();
    Sha256& update(ByteView part);
    ByteArray<32> finish();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace coffer::crypto
