#pragma once

#include "core/crypto/secp256k1.h"
#include "core/keys/derivation_path.h"

#include <string>
#include <string_view>

/// BIP-32 over secp256k1.
namespace coffer::keys {

/// Which version bytes: xpub and xprv, or tpub and tprv. The other prefixes of SLIP-132 are refused,
/// since what they say about scripts belongs into a descriptor.
enum class KeyNetwork { main, test };

/// What an extended key says beside its key: the chain code and where it stands in the tree.
struct ExtendedKeyPosition {
    KeyNetwork network = KeyNetwork::main;
    std::uint8_t depth = 0;
    Fingerprint parent_fingerprint;
    std::uint32_t child_number = 0;
    bool operator==(const ExtendedKeyPosition&) const = default;
};

class ExtendedPublicKey {
public:
    /// Layout (BIP-32, "Serialization format"): base58check of 4 version bytes, 1 depth, 4 parent
    /// fingerprint, 4 child number, 32 chain code, 33 compressed point.
    /// Throws Error{malformed} for length, version and a depth of 0 with a parent or child number,
    /// Error{addr_checksum}, Error{pubkey} when it is not a point.
    static ExtendedPublicKey parse(std::string_view text);
    std::string format() const;
    /// The same key under the version bytes of a network.
    ExtendedPublicKey on(KeyNetwork network) const;

    const ExtendedKeyPosition& position() const { return m_position; }
    const ByteArray<32>& chain_code() const { return m_chain_code; }
    const crypto::Secp256k1PublicKey& key() const { return m_key; }
    Fingerprint fingerprint() const;

    /// CKDpub. Throws Error{pubkey} for a hardened step, which needs the private key, for a depth
    /// above 255 and in the case, of probability 2^-127, that there is no such child.
    ExtendedPublicKey derive(std::uint32_t step) const;
    /// Step by step; a path from `m` is refused, by Error{pubkey}, unless this is a master key.
    ExtendedPublicKey derive(const DerivationPath& path) const;

    bool operator==(const ExtendedPublicKey&) const = default;

private:
    friend class ExtendedPrivateKey;
    ExtendedPublicKey(const ExtendedKeyPosition& position, const ByteArray<32>& chain_code,
                      const crypto::Secp256k1PublicKey& key)
        : m_position{position}, m_chain_code{chain_code}, m_key{key}
    {
    }

    ExtendedKeyPosition m_position;
    ByteArray<32> m_chain_code;
    crypto::Secp256k1PublicKey m_key;
};

class ExtendedPrivateKey {
public:
    /// The master key of a seed of 16 to 64 bytes. Throws Error{malformed} for another size and
    /// Error{pubkey} in the case, of probability 2^-127, that the seed has none.
    static ExtendedPrivateKey from_seed(const SecretBytes& seed, KeyNetwork network = KeyNetwork::main);
    /// As above with a zero byte and the scalar. Throws also Error{pubkey} when it is not in 1 … n-1.
    static ExtendedPrivateKey parse(const SecretBytes& text);
    SecretBytes format() const;

    const ExtendedKeyPosition& position() const { return m_position; }
    crypto::Secp256k1PrivateKey key() const;
    ExtendedPublicKey extended_public_key() const;
    Fingerprint fingerprint() const;

    /// CKDpriv. Throws Error{pubkey} for a depth above 255 and when there is no such child.
    ExtendedPrivateKey derive(std::uint32_t step) const;
    /// Step by step; a path from `m` is refused, by Error{pubkey}, unless this is a master key.
    ExtendedPrivateKey derive(const DerivationPath& path) const;
    /// The scalar of a child alone, where guarded memory for each of many would cost more than their signatures. `point`
    /// is this key's own, extended_public_key().key(). Throws as derive().
    WipedArray<32> child_scalar(std::uint32_t step, const crypto::Secp256k1PublicKey& point) const;

private:
    ExtendedPrivateKey(const ExtendedKeyPosition& position, SecretBytes secret)
        : m_position{position}, m_secret{std::move(secret)}
    {
    }
    ByteView scalar() const { return m_secret.reveal().first(32); }
    ByteView chain_code() const { return m_secret.reveal().last(32); }

    ExtendedKeyPosition m_position;
    SecretBytes m_secret; // scalar ‖ chain code
};

} // namespace coffer::keys
