#pragma once

#include "core/crypto/ed25519.h"
#include "core/keys/derivation_path.h"

/// SLIP-10 over Ed25519. For secp256k1 it is BIP-32.
namespace coffer::keys {

/// A private key of the tree. All steps are hardened: nobody derives addresses from a public key of it.
class Slip10Key {
public:
    /// The key at a path from the master key of a seed of 16 to 64 bytes. Throws Error{malformed} for another size and for a
    /// path that does not start at `m`, Error{pubkey} for a step that is not hardened.
    static Slip10Key derive(const SecretBytes& seed, const DerivationPath& path);

    crypto::Ed25519PrivateKey key() const;
    /// 32 bytes, as secret as the key.
    ByteView chain_code() const { return m_secret.reveal().last(32); }
    /// The seed of RFC 8032, 32 bytes: what SLIP-10 calls the private key.
    ByteView private_key() const { return m_secret.reveal().first(32); }

private:
    explicit Slip10Key(SecretBytes secret) : m_secret{std::move(secret)} {}

    SecretBytes m_secret; // private key ‖ chain code
};

} // namespace coffer::keys
