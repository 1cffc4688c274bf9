#pragma once

#include "core/artefacts/artefact.h"
#include "core/base/document.h"
#include "core/charter/charter.h"

#include <optional>
#include <string>
#include <vector>

namespace coffer::cli {

/// The keys by which signatures are judged: those of charters that are at hand.
class KnownKeys {
public:
    void add(const charter::Charter& charter);
    void add(const artefacts::ApprovalKey& key, std::string owner);

    /// The newest of the charters that were added, or null.
    const charter::Charter* charter() const { return m_charter ? &*m_charter : nullptr; }
    /// [{key, by, verifies}] of every signature: `verifies` is null for a key that is not known.
    Document verdicts(const artefacts::Artefact& artefact) const;

private:
    struct Known {
        artefacts::ApprovalKey key;
        std::string owner;
    };
    std::vector<Known> m_keys;
    std::optional<charter::Charter> m_charter;
};

/// Says what an artefact of our own is and holds. `known` gains the charters that it carries itself.
Document inspect_artefact(const artefacts::Artefact& artefact, KnownKeys& known);

/// An extended key of BIP-32, or none when the text does not look like one.
std::optional<Document> inspect_extended_key(std::string_view text, std::string_view kind);

} // namespace coffer::cli
