#pragma once

#include "core/artefacts/artefact.h"
#include "core/base/ids.h"
#include "core/crypto/random.h"
#include "core/encoding/cbor.h"
#include "core/keys/slip39.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace coffer::requests {

/// What the appliance keeps of a set of SLIP-39 shares, and never a share: who has which, and by what each is known again.
struct ShareSet {
    struct Holding {
        Hash256 share; ///< hash_of() the share
        std::string label;
        bool operator==(const Holding&) const = default;
    };
    struct Group {
        unsigned threshold = 0;
        std::vector<Holding> holdings; ///< in the order of the member index
        bool operator==(const Group&) const = default;
    };

    std::string key;
    std::uint16_t identifier = 0;
    unsigned group_threshold = 0;
    std::vector<Group> groups;
    bool has_passphrase = false; ///< of its own, without which the shares make another key
    std::optional<RequestDigest> request{}; ///< the ceremony that allowed it; none of a key that no charter named yet

    std::size_t size() const;
    bool operator==(const ShareSet&) const = default;
};

/// `3 of 5`; of several groups `2 of 3 groups: 2 of 3, 3 of 5, 1 of 1`.
std::string describe_shape(const ShareSet& set);

/// CBOR [key, identifier, group threshold, [[threshold, [[share, label]…]]…], has passphrase, request or null].
cbor::Value encode(const ShareSet& set);
/// Errors: `malformed` for another shape, thresholds that the counts do not reach, more than 16 groups or members.
ShareSet decode_share_set(const cbor::Value& value);
/// Rehearsals have identifiers of their own, so that their shares are told from others wherever they turn up: the lower ten bits are
/// 0x152. One in 1,024 sets that others make looks like one.
bool is_of_rehearsal(std::uint16_t identifier);
/// Random, and of a rehearsal in that environment alone.
std::uint16_t make_share_set_identifier(artefacts::Environment environment, crypto::Random& random);
/// Throws Error{env} for a share of a rehearsal anywhere else, and for any other share in a rehearsal.
void require_environment(const keys::Share& share, artefacts::Environment environment);

/// By which a share is known again without being kept: SHA-256("coffer/v1/share" 00 CBOR of its header, its value).
Hash256 hash_of(const keys::Share& share);
/// By which later records name it: SHA-256("coffer/v1/share-set" 00 its encoding).
Hash256 hash_of(const ShareSet& set);

} // namespace coffer::requests
