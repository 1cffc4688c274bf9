#pragma once

#include "core/artefacts/artefact.h"

#include <string>
#include <vector>

namespace coffer::artefacts {

/// Who showed which shares of a key at its yearly check: a `coffer-transcript`, signed by the appliance's identity key, which it names.
///
/// Body: 2: `share-drill`, 3: the identity key as text, 4: id of the key, 5: SLIP-39 identifier, 6: hash of the share set, 7: time, 8: how many
/// shares the set has, 9: [[hash of a share, person]…]. The treasury is zero before the appliance is pinned.
struct ShareDrill {
    static constexpr std::size_t most_name_size = 64;

    struct Shown {
        Hash256 share;
        std::string person;
        bool operator==(const Shown&) const = default;
    };

    BodyHeader header;
    ApprovalKey appliance;
    std::string key;
    std::uint16_t identifier = 0;
    Hash256 set;
    UtcTime time;
    std::uint32_t shares = 0;
    std::vector<Shown> shown;
    bool operator==(const ShareDrill&) const = default;
};

/// Unsigned; the identity key signs it.
Artefact encode(const ShareDrill& drill);
/// Without judging the signature. Errors: those of Artefact; `type` for another transcript; `malformed`, `pubkey` for fields, more shares than there are, one twice, and names that are
/// empty or over 64 bytes.
ShareDrill decode_share_drill(const Artefact& artefact);

} // namespace coffer::artefacts
