#pragma once

#include "core/base/secret.h"

namespace coffer::crypto {

/// An Ed25519 public key (RFC 8032, 5.1.5): canonical and not of small order.
class Ed25519PublicKey {
public:
    /// Throws Error{pubkey} for another length, a non-canonical or a small-order point.
    static Ed25519PublicKey decode(ByteView bytes);

    const ByteArray<32>& bytes() const { return m_bytes; }
    auto operator<=>(const Ed25519PublicKey&) const = default;

private:
    friend class Ed25519PrivateKey;
    explicit Ed25519PublicKey(const ByteArray<32>& bytes) : m_bytes{bytes} {}
    ByteArray<32> m_bytes;
};

/// A seed with its public key: no signature is made under a public key from elsewhere.
class Ed25519PrivateKey {
public:
    /// Throws Error{malformed} unless 32 bytes.
    explicit Ed25519PrivateKey(const SecretBytes& seed);

    const Ed25519PublicKey& public_key() const { return m_public_key; }
    ByteArray<64> sign(ByteView message) const;

private:
    SecretBytes m_expanded; // seed ‖ public key
    Ed25519PublicKey m_public_key;
};

/// Strict: s below the group order, R canonical and not of small order, cofactorless equation.
bool verify_ed25519(const Ed25519PublicKey& key, ByteView message, const ByteArray<64>& signature);

} // namespace coffer::crypto
