#pragma once

#include "core/keys/derivation.h"
#include "formats/bitcoin/slip132.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace coffer::bitcoin {

/// What a descriptor function lets its keys be.
struct KeyRules {
    enum class Form { any, compressed, x_only };
    Form form = Form::any;
    Slip132Script script = Slip132Script::any; ///< the one that a SLIP-132 prefix has to fit
};

/// A public key of a descriptor: `[d34db33f/84h/0h/0h]xpub…/<0;1>/*` (BIP-380, BIP-389).
struct KeyExpression {
    std::optional<keys::KeyOrigin> origin;
    /// An extended key, or a bare one: 33 or 65 bytes (SEC 1), or 32 in `tr`.
    std::variant<keys::ExtendedPublicKey, Bytes> key;
    /// Steps from the extended key, none hardened; a step with several values is the multipath one.
    std::vector<std::vector<std::uint32_t>> path;
    bool is_ranged = false; ///< ends with `/*`

    /// Throws Error{malformed}; Error{secret_source} for a private key; Error{pubkey} for what is no point, a hardened step
    /// behind a public key, and a form that the rules do not let it be. What it accepts derives: it leads no deeper than 255 levels.
    static KeyExpression parse(std::string_view text, const KeyRules& rules);
    /// With `h`, and `xpub` or `tpub`.
    std::string format() const;

    /// How many descriptors it stands for: 1 without a multipath step.
    std::size_t branches() const;
    /// The key of a branch at an index, in the form of `key`: 33, 65 or 32 bytes.
    /// A branch that is not there is a broken invariant; so is an index from 2^31 on.
    Bytes derive(std::size_t branch, std::uint32_t index) const;
    /// The expression of one branch: the extended key at the end of the path, and its origin. Such a branch is there, as above.
    KeyExpression branch(std::size_t branch) const;
    /// The steps from the extended key there; empty for a bare key.
    std::vector<std::uint32_t> steps(std::size_t branch, std::uint32_t index) const;
};

} // namespace coffer::bitcoin
