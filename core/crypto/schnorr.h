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
    friend bool verify_schnorr(const XOnlyPublicKey& key, const ByteArray<32>& message, const ByteArray<64>& signature);
    explicit XOnlyPublicKey(const Secp256k1PublicKey& even);

    Secp256k1PublicKey m_even; // so that no use lifts the coordinate again
    ByteArray<32> m_bytes{};
};

/// A key pair for the length of one computation: on the stack, wiped when it dies.
class SchnorrKeyPair {
public:
    /// A scalar that is not 32 bytes in 1 … n-1 is a broken invariant.
    explicit SchnorrKeyPair(ByteView scalar32);

    XOnlyPublicKey public_key() const;
    /// As sign_schnorr().
    ByteArray<64> sign(const ByteArray<32>& message, const ByteArray<32>& auxiliary = {}) const;

private:
    WipedArray<96> m_pair; // libsecp256k1's form
};

/// BIP-340 over a 32-byte message. `auxiliary` only hardens against side channels: zeros make the
/// signature repeatable. Not verified, as Secp256k1PrivateKey::sign() is not.
ByteArray<64> sign_schnorr(const Secp256k1PrivateKey& key, const ByteArray<32>& message, const ByteArray<32>& auxiliary = {});
bool verify_schnorr(const XOnlyPublicKey& key, const ByteArray<32>& message, const ByteArray<64>& signature);

/// The private key of a taproot output: negated where its point has an odd y, then tweaked (BIP-341).
/// None when the tweak is not below n or the sum is zero.
std::optional<Secp256k1PrivateKey> tweak_for_taproot(const Secp256k1PrivateKey& key, ByteView tweak32);
/// The same in place, for a scalar in memory that the caller wipes and its point; false, with the scalar wiped, where that gives none.
bool tweak_scalar_for_taproot(std::span<std::uint8_t, 32> scalar, const Secp256k1PublicKey& point, ByteView tweak32);

} // namespace coffer::crypto
