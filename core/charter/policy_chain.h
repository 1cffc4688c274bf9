#pragma once

#include "core/charter/entry.h"

#include <map>
#include <optional>
#include <vector>

namespace coffer::charter {

/// The verified policy chain: the newest charter and what entries said since.
class PolicyChain {
public:
    /// Link 0. Throws Error{appr_missing} unless all its officers signed, and what open() and check() throw.
    static PolicyChain found(ByteView sealed_first_charter);

    const Charter& charter() const { return m_charters.back().charter; }
    const CharterHash& charter_hash() const { return m_charters.back().hash; }
    const std::vector<Link>& links() const { return m_links; }
    Position position() const { return m_positions.back(); }
    /// True when this exact link is part of the chain.
    bool contains(const Position& position) const;
    bool has_charter(const CharterHash& hash) const;

    /// The link that would append this artefact.
    Link next(Bytes artefact) const;
    /// Verifies and appends. A link already held is a no-op. Errors: `policy_gap` (a number is
    /// skipped or the previous hash differs), `charter_fork` (another link at a number that is
    /// held, or a second successor), `policy_rollback` (version not one above), `charter_stale`
    /// (adopted after `adopt_before`), `appr_missing`, `appr_role`, `env`. `adopted_at` is none for
    /// a side that only follows what another has adopted: an officer's own machine.
    void apply(const Link& link, std::optional<UtcTime> adopted_at);

    const std::vector<Cancel>& cancels_of(const RequestDigest& request) const;

private:
    struct Held {
        Charter charter;
        CharterHash hash;
    };
    void apply_amendment(const artefacts::Artefact& artefact, std::optional<UtcTime> adopted_at);
    void apply_cancel(const artefacts::Artefact& artefact);

    std::vector<Held> m_charters;
    std::vector<Link> m_links;
    std::vector<Position> m_positions;
    std::map<RequestDigest, std::vector<Cancel>> m_cancels;
};

} // namespace coffer::charter
