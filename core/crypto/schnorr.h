#pragma once

#include "core/crypto/hash.h"
#include "core/crypto/secp256k1.h"

#include <string_view>

namespace coffer::crypto {

/// SHA-256(SHA-256(tag) ‖ SHA-256(tag) ‖ …), to be fed with the message (BIP-340).
Sha256 tagged_hash(std::string_view tag);

/// The x coordinate of a point with even y (BIP-340).
class XOnlyPublicKey {
public:
    /// 32 bytes. Throws Error{pubkey} when no point has this x coordinate.
    static XOnlyPublicKey decode(ByteView bytes);
    /// Drops the parity.
    static XOnlyPublicKey of(const Secp256k1PublicKey& key);

    const ByteArray<32>& bytes() const { return m_bytes; }
    /// The point with even y plus `tweak` times G: an output key (BIP-341). None when the tweak is
    /// not below n or the sum is the identity.
    std::optional<XOnlyPublicKey> tweak_add(ByteView tweak32) const;

    bool operator==(const XOnlyPublicKey&) const = default;

private:
    explicit XOnlyPublicKey(const ByteArray<32>& bytes) : m_bytes{bytes} {}
    ByteArray<32> m_bytes;
};

/// BIP-340 over a 32-byte message. `auxiliary` only hardens against side channels: zeros make the
/// signature repeatable. Not verified, as Secp256k1PrivateKey::sign() is not.
ByteArray<64> sign_schnorr(const Secp256k1PrivateKey& key, const ByteArray<32>& message, const ByteArray<32>& auxiliary = {});
bool verify_schnorr(const XOnlyPublicKey& key, const ByteArray<32>& message, const ByteArray<64>& signature);

/// The private key of a taproot output: negated where its point has an odd y, then tweaked (BIP-341).
/// None when the tweak is not below n or the sum is zero.
std::optional<Secp256k1PrivateKey> tweak_for_taproot(const Secp256k1PrivateKey& key, ByteView tweak32);

} // namespace coffer::crypto
