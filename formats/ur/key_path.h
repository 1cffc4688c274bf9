#pragma once

#include "core/encoding/cbor.h"
#include "core/keys/derivation_path.h"
#include "formats/ur/registry.h"

#include <optional>
#include <vector>

/// How a key was derived, or which keys shall be derived from it: `keypath` (BCR-2020-007).
namespace coffer::ur {

/// One level of a path. The numbers carry keys::hardened.
struct PathStep {
    enum class Kind {
        index,
        pair,     ///< one child for receiving and one for change, `<0;1>`
        wildcard, ///< every child, `*`; `number` is 0 or keys::hardened
    };
    Kind kind = Kind::index;
    std::uint32_t number = 0;
    std::uint32_t change_number = 0; ///< of a pair

    bool operator==(const PathStep&) const = default;
};

struct KeyPath {
    std::vector<PathStep> steps;
    std::optional<keys::Fingerprint> source; ///< of the key where the path begins; never zeros
    std::optional<std::uint8_t> depth;       ///< of the key at its end

    static KeyPath of(const keys::KeyOrigin& origin);

    bool operator==(const KeyPath&) const = default;
    /// Where a key is that the path leads to; a path that does not name where it begins begins at `master`, and none
    /// without either. Of a path of one key.
    std::optional<keys::KeyOrigin> key_origin(const std::optional<keys::Fingerprint>& master = std::nullopt) const;
    /// As in a descriptor (BIP-380, BIP-389), a `/` before each: `/84h/0h/<0;1>/*`.
    std::string format_steps() const;
};

/// Layout, a map: 1 the steps; 2 fingerprint, as a number; 3 depth. The array of steps has two items for each, a number or `[]`
/// for a wildcard, and whether it is hardened; a pair is one item, an array of two such steps.
///
/// Throws Error{malformed} for another shape, an unknown field, a number of 2^31 or more, a fingerprint of zeros, a depth
/// over 255, and a range of children, which no descriptor can express; Error{limit} over keys::most_path_steps.
KeyPath decode_key_path(const cbor::Value& value);
/// The same of a path that leads to one key: Error{malformed} also for a pair or a wildcard.
KeyPath decode_path_of_key(const cbor::Value& value);
cbor::Value encode_key_path(const KeyPath& path);

/// The fingerprint that a number stands for. Throws Error{malformed} for zero and beyond 32 bits.
keys::Fingerprint decode_fingerprint(const cbor::Value& value);
cbor::Value encode_fingerprint(const keys::Fingerprint& fingerprint);

} // namespace coffer::ur
