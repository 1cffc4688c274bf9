#pragma once

#include "core/base/secret.h"

#include <string_view>

namespace coffer::keys {

/// How the secret that is backed up becomes the seed of a key tree.
enum class SeedScheme {
    bip39,  ///< PBKDF2 over the words that stand for it, without a passphrase (BIP-39)
    slip39, ///< the secret is the seed, as every wallet restores it from shares (SLIP-39, "master secret")
};

/// `bip39`, `slip39`.
std::string_view name_of(SeedScheme scheme);
/// Throws Error{malformed}.
SeedScheme parse_seed_scheme(std::string_view name);

/// 64 bytes of `bip39`, the secret itself of `slip39`. A size that BIP-39 does not have is a broken invariant there.
SecretBytes seed_of(const SecretBytes& secret, SeedScheme scheme);

} // namespace coffer::keys
