#pragma once

#include "core/base/error.h"
#include "core/keys/derivation.h"
#include "formats/ur/key_path.h"

/// A public key with where it comes from: `hdkey`, `crypto-hdkey` (BCR-2020-007).
namespace coffer::ur {

/// For which coin and network a key is meant; without it Bitcoin's main network.
struct CoinInfo {
    std::uint32_t coin_type = 0; ///< SLIP-44
    std::uint32_t network = 0;   ///< 0 the main one; what others mean depends on the coin
    bool operator==(const CoinInfo&) const = default;
};

struct HdKey {
    explicit HdKey(const crypto::Secp256k1PublicKey& public_key) : key{public_key} {}
    /// An extended key and where it comes from.
    HdKey(const keys::ExtendedPublicKey& extended, const std::optional<keys::KeyOrigin>& key_origin);

    crypto::Secp256k1PublicKey key;
    std::optional<ByteArray<32>> chain_code; ///< none of a key that has no children
    CoinInfo use;
    std::optional<KeyPath> origin;
    std::optional<KeyPath> children;
    std::optional<keys::Fingerprint> parent;
    std::string name;
    std::string note;

    bool operator==(const HdKey&) const = default;

    /// The extended key as BIP-32 has it, its depth and last step those of the origin. Throws Error{malformed} without a
    /// chain code, for a network of Bitcoin that is none, and for a master key with a parent; `xpub` for other coins.
    keys::ExtendedPublicKey extended_key() const;
    /// As in a descriptor: `[d34db33f/84h/0h/0h]xpub…/<0;1>/*`, or 33 bytes in hex without a chain code. `master` stands
    /// for an origin that does not name where its path begins. Throws as extended_key() does.
    std::string key_expression(const std::optional<keys::Fingerprint>& master = std::nullopt) const;
};

/// Error{secret_source}, and what to do about it.
Error private_key_shown();

/// Layout, a map: 1 is master, 2 is private, 3 key of 33 bytes, 4 chain code, 5 use, 6 origin, 7 children, 8 parent's
/// fingerprint, 9 name, 10 note; 5 to 7 under tags of either version. Only public keys are taken.
///
/// Throws Error{secret_source} for a private or master key, Error{pubkey} when it is not a point, Error{malformed} for
/// another shape, unknown fields and an origin of several paths, and what decode_key_path throws.
HdKey decode_hd_key(const cbor::Value& value);
/// With the tags of the naming. What is at its default is left out.
cbor::Value encode_hd_key(const HdKey& key, Naming naming);

/// A whole message.
HdKey decode_hd_key_message(ByteView message);
Bytes encode_hd_key_message(const HdKey& key, Naming naming);

} // namespace coffer::ur
