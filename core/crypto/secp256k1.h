#pragma once

#include "core/base/secret.h"

#include <memory>
#include <optional>

namespace coffer::crypto {

/// A point of secp256k1 (SEC 2), never the identity.
class Secp256k1PublicKey {
public:
    /// 33 or 65 bytes (SEC 1, 2.3.4; no hybrid form). Throws Error{pubkey} when it is not a point.
    static Secp256k1PublicKey decode(ByteView bytes);

    const ByteArray<33>& compressed() const { return m_compressed; }
    /// 04 ‖ x ‖ y.
    ByteArray<65> uncompressed() const;
    /// This point plus `tweak` times G; none when the tweak is not below n or the sum is the identity.
    std::optional<Secp256k1PublicKey> tweak_add(ByteView tweak32) const;

    bool operator==(const Secp256k1PublicKey& other) const { return m_compressed == other.m_compressed; }
    /// In the order of the compressed encoding, as BIP-67 sorts.
    auto operator<=>(const Secp256k1PublicKey& other) const { return m_compressed <=> other.m_compressed; }

private:
    friend struct Secp256k1Point;
    Secp256k1PublicKey() = default;
    ByteArray<33> m_compressed{};
    ByteArray<64> m_point{}; // libsecp256k1's parsed form, so that no use decompresses again
};

/// r ‖ s, big-endian, s in the lower half.
struct EcdsaSignature {
    ByteArray<64> compact;
    /// 0 to 3 (SEC 1, 4.1.6); bit 0 is the parity of R's y.
    std::uint8_t recovery_id = 0;
    bool operator==(const EcdsaSignature&) const = default;
};

/// A scalar in 1 … n-1.
class Secp256k1PrivateKey {
public:
    /// Throws Error{pubkey} unless 32 bytes in range.
    explicit Secp256k1PrivateKey(SecretBytes scalar);

    const Secp256k1PublicKey& public_key() const { return m_public_key; }
    /// RFC 6979 with SHA-256 and no extra entropy, low s. Not verified: a fault between nonce and s
    /// hands out the key, so the caller verifies against the key that it expects before the
    /// signature goes anywhere (keys::Signer).
    EcdsaSignature sign(const ByteArray<32>& digest) const;
    /// None when the tweak is not below n or the sum is zero.
    std::optional<Secp256k1PrivateKey> tweak_add(ByteView tweak32) const;
    const SecretBytes& scalar() const { return m_scalar; }

private:
    SecretBytes m_scalar;
    Secp256k1PublicKey m_public_key;
};

/// For BIP-32, whose levels and many children would cost more in guarded memory than in arithmetic: scalars in memory
/// that the caller wipes. None when the scalar is not in 1 … n-1.
std::optional<Secp256k1PublicKey> public_key_of_scalar(ByteView scalar32);
/// Adds the tweak in place, modulo n; false, with the scalar wiped, where tweak_add gives none.
bool add_to_scalar(std::span<std::uint8_t, 32> scalar, ByteView tweak32);
/// As Secp256k1PrivateKey::sign(); a scalar that is not in 1 … n-1 is a broken invariant.
EcdsaSignature sign_ecdsa(ByteView scalar32, const ByteArray<32>& digest);

/// Verifies r ‖ s; a high s is refused.
bool verify_ecdsa(const Secp256k1PublicKey& key, const ByteArray<32>& digest, const ByteArray<64>& compact);
/// The same signature with s in the lower half. Throws Error{sig_verify} when r or s is zero or not below n.
ByteArray<64> normalize_low_s(const ByteArray<64>& compact);
/// The DER form that Bitcoin's scripts take (BIP-66), without a sighash type.
Bytes encode_der(const ByteArray<64>& compact);
/// Throws Error{sig_verify} for anything but strict DER of two numbers below n.
ByteArray<64> decode_der(ByteView der);
/// The signer's key; none when there is no such point or the recovery id is above 3. A high s is
/// not refused here, as the chains that recover do not refuse it either: verify_ecdsa judges.
std::optional<Secp256k1PublicKey> recover_ecdsa(const ByteArray<32>& digest, const EcdsaSignature& signature);

} // namespace coffer::crypto
