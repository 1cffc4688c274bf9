#pragma once

#include "core/artefacts/artefact.h"
#include "core/base/document.h"
#include "core/charter/charter.h"

#include <optional>
#include <string>
#include <vector>

/// What an artefact is and does, for `inspect` of both programs: pure functions over bytes.
namespace coffer::inspection {

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

/// The kinds that --as may name.
std::vector<std::string> kinds();

/// Says what the input is: raw bytes, or text that is an address, an extended key, hex or base64. `kind`
/// is what the user named with --as, else empty. `known` gains the charters that the input carries.
///
/// Throws Error{malformed} when it is nothing that is understood, Error{type} when it is of another kind
/// than the one named, Error{usage} for a kind that does not exist, and what the decoders throw.
Document inspect(ByteView input, const std::string& kind, KnownKeys& known);

} // namespace coffer::inspection
