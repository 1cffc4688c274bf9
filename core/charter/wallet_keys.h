#pragma once

#include "core/charter/charter.h"

#include <optional>

namespace coffer::charter {

/// What a wallet key is, whoever holds it and however the charter writes it.
struct KeyIdentity {
    Bytes root;               ///< compressed public key and chain code of the extended key
    std::optional<Bytes> key; ///< the compressed public key at the path; none for a whole branch (a descriptor's)

    /// One public key, or one extended key of which either uses a branch.
    bool overlaps(const KeyIdentity& other) const;
};

/// None for an outside key and for one that the charter does not describe. Throws Error{malformed},
/// Error{pubkey} for a path that no public derivation can take.
std::optional<KeyIdentity> identity_of(const Charter& charter, const WalletKey& key);

/// A wallet is governed or personal for ever, and a key that was once in a governed wallet is never
/// accepted in a personal one (PROTOCOL 5). Throws Error{policy_invalid}, Error{policy_sharedkey}.
void require_keeps_modes(const Charter& earlier, const Charter& later);

} // namespace coffer::charter
