#pragma once

#include "core/charter/entry.h"

#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

namespace coffer::charter {

/// The verified policy chain: the newest charter and what entries said since.
class PolicyChain {
public:
    /// A cancel, and the roles that its officer had in the charter that was then in force.
    struct AcceptedCancel {
        Cancel cancel;
        std::vector<std::string> roles;
    };

    /// Link 0. Throws Error{appr_missing} unless all its officers signed, and what open() and check() throw.
    static PolicyChain found(ByteView sealed_first_charter);

    const Charter& charter() const { return m_charters.back().charter; }
    const CharterHash& charter_hash() const { return m_charters.back().hash; }
    const std::vector<Link>& links() const { return m_links; }
    Position position() const { return m_positions.back(); }
    /// True when this exact link is part of the chain.
    bool contains(const Position& position) const;
    bool has_charter(const CharterHash& hash) const;

    /// True when an amendment newer than this charter, which is part of the chain, ended a fork: who
    /// trusts the charter follows the chain, whichever branch it has seen.
    bool has_ended_fork_since(const CharterHash& charter) const;

    /// The link that would append this artefact.
    Link next(Bytes artefact) const;
    /// Verifies and appends. A link already held is a no-op. Errors: `policy_gap` (a number is
    /// skipped or the previous hash differs), `charter_fork` (another link at a number that is
    /// held, or a second successor), `policy_rollback` (an entry that is already linked, a version not
    /// above the one in force), `charter_stale` (adopted after `adopt_before`), `policy_invalid` and
    /// `policy_sharedkey` (also for a wallet that changes its mode), `appr_missing`, `appr_role`, `env`.
    /// `adopted_at` is none for a side that only follows what another has adopted: an officer's own
    /// machine. Pointers into an earlier charter() are void afterwards.
    void apply(const Link& link, std::optional<UtcTime> adopted_at);

    /// What follow() did.
    struct Followed {
        std::vector<Link> links; ///< those that were not held before
        bool is_other_branch = false; ///< they replace held ones, from the number of the first on
    };
    /// Applies links that came together, in order; when it throws nothing has changed. Beyond apply():
    /// - An amendment that an adoptable one among the links follows is not judged by its own term: it
    ///   was adopted elsewhere, as whoever signed its successor says.
    /// - Where they differ from what is held they are another branch. It replaces the held one when an
    ///   amendment in it says which link it `continues`, is newer than the charter in force here, and
    ///   descends from that charter or carries its amendment quorum; else Error{charter_fork}.
    ///   Cancels of the branch that is left stay in force.
    Followed follow(std::span<const Link> links, std::optional<UtcTime> adopted_at);

    const std::vector<AcceptedCancel>& cancels_of(const RequestDigest& request) const;

private:
    struct Held {
        Charter charter;
        CharterHash hash;
    };
    void apply_in_order(std::span<const Link> links, std::optional<UtcTime> adopted_at);
    PolicyChain up_to(std::uint64_t number) const;
    bool is_decided_by(const Link& link) const;
    void apply_amendment(const artefacts::Artefact& artefact, std::optional<UtcTime> adopted_at);
    void apply_cancel(const artefacts::Artefact& artefact);

    std::vector<Held> m_charters;
    std::vector<Link> m_links;
    std::vector<Position> m_positions;
    std::map<RequestDigest, std::vector<AcceptedCancel>> m_cancels;
    std::set<EntryHash> m_entries;
};

} // namespace coffer::charter
