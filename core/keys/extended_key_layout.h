#pragma once

#include "core/keys/derivation.h"

/// For source files of this folder: what the two kinds of extended key share.
namespace coffer::keys {

constexpr std::size_t extended_key_size = 78;
constexpr std::size_t extended_key_prefix_size = 13; // version, depth, fingerprint, child number

enum class KeyKind { public_key, private_key };

/// The first 13 bytes of an extended key.
ByteArray<extended_key_prefix_size> encode_position(const ExtendedKeyPosition& position, KeyKind kind);
/// Throws Error{malformed} for a version of another kind or none, and for a master key with a
/// parent or a child number.
ExtendedKeyPosition decode_position(ByteView prefix, KeyKind kind);

Fingerprint fingerprint_of(const crypto::Secp256k1PublicKey& key);

/// Throws Error{pubkey} when the depth would pass 255.
ExtendedKeyPosition child_position(const ExtendedKeyPosition& parent, const Fingerprint& fingerprint,
                                   std::uint32_t step);
/// Throws Error{pubkey} unless `path` may be applied to a key at this position.
void require_applicable(const DerivationPath& path, const ExtendedKeyPosition& position);

} // namespace coffer::keys
