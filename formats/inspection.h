#pragma once

#include "core/artefacts/artefact.h"
#include "core/base/document.h"
#include "core/charter/charter.h"

#include <optional>
#include <string>
#include <vector>

/// What an artefact is and does, for `inspect` of both programs: pure functions over bytes.
namespace coffer::inspection {

/// The keys by which signatures are judged: those of charters that are at hand, and those that the
/// artefact itself brings along. Whoever made the artefact may have made the latter up, names included, so that
/// they never take the place of the former.
class KnownKeys {
public:
    /// A charter that the user named or that is in force here.
    void add(const charter::Charter& charter);
    /// What the artefact brings along.
    void add_carried(const charter::Charter& charter);
    void add_carried(const artefacts::ApprovalKey& key, std::string owner);

    /// The newest charter at hand, else the newest that was brought along, or null.
    const charter::Charter* charter() const;
    /// [{key, by, verifies, trusted}] of every signature. `by` and `verifies` are null for a key that is not
    /// known; `trusted` says that it is of a charter at hand.
    Document verdicts(const artefacts::Artefact& artefact) const;

private:
    struct Known {
        artefacts::ApprovalKey key;
        std::string owner;
        bool is_trusted;
    };
    void add_keys(const charter::Charter& charter, bool is_trusted);
    void add_key(const artefacts::ApprovalKey& key, std::string owner, bool is_trusted);

    std::vector<Known> m_keys;
    std::optional<charter::Charter> m_trusted;
    std::optional<charter::Charter> m_carried;
};

/// The kinds that --as may name.
std::vector<std::string> kinds();

/// Says what the input is: raw bytes, or text that is an address, a descriptor, an extended key, the words of
/// a share (of which only the header is shown), hex or base64. `kind`
/// is what the user named with --as, else empty. `known` gains what the input carries.
///
/// Throws Error{malformed} when it is nothing that is understood, Error{type} when it is of another kind
/// than the one named, Error{usage} for a kind that does not exist, and what the decoders throw.
Document inspect(ByteView input, const std::string& kind, KnownKeys& known);

} // namespace coffer::inspection
