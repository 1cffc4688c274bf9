#pragma once

#include "core/charter/policy_state.h"

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace coffer::charter {

/// The verified policy chain: the newest charter and what entries said since.
///
/// Where a fork was decided, restrictions of the branch that was left stay in force here: what took power away may have been meant for
/// whatever branch. They bear on what charter() says and on freezes, and never on whether a link is valid: a side that has not seen the
/// other branch must come to the same links.
class PolicyChain {
public:
    /// Link 0. Throws Error{appr_missing} unless all its officers signed, and what open() and check() throw.
    static PolicyChain found(ByteView sealed_first_charter);

    /// The newest charter with what entries changed since (PolicyState::charter()): what is judged by.
    const Charter& charter() const { return m_restricted ? *m_restricted : m_state.charter(); }
    /// The newest charter as it was signed.
    const Charter& sealed_charter() const { return m_charters.back().charter; }
    const CharterHash& charter_hash() const { return m_charters.back().hash; }
    const std::vector<Link>& links() const { return m_links; }
    Position position() const { return m_positions.back(); }
    /// True when this exact link is part of the chain.
    bool contains(const Position& position) const;
    bool has_charter(const CharterHash& hash) const;
    bool has_entry(const EntryHash& entry) const { return m_entries.contains(entry); }
    /// True when a link after this number is anything but a cancel: what is judged by may be another.
    bool has_changed_since(std::uint64_t number) const { return number < m_last_change; }

    /// True when an amendment newer than this charter, which is part of the chain, ended a fork: who
    /// trusts the charter follows the chain, whichever branch it has seen.
    bool has_ended_fork_since(const CharterHash& charter) const;

    /// The link that would append this artefact.
    Link next(Bytes artefact) const;
    /// Verifies and appends. A link already held is a no-op. Errors: `policy_gap` (a number is
    /// skipped or the previous hash differs), `charter_fork` (another link at a number that is
    /// held, or a second successor), `policy_rollback` (an entry that is already linked, a version not
    /// above the one in force), `charter_stale` (adopted after `adopt_before`), `policy_invalid` and
    /// `policy_sharedkey` (also for a wallet that changes its mode), `appr_missing`, and those of PolicyState::apply().
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
    ///   Cancels and restrictions of the branch that is left stay in force.
    Followed follow(std::span<const Link> links, std::optional<UtcTime> adopted_at);

    const std::vector<AcceptedCancel>& cancels_of(const RequestDigest& request) const { return m_state.cancels_of(request); }
    /// The freeze of this wallet that has not ended; the one that ends last. Null: it is not frozen.
    const Frozen* find_freeze(const std::string& wallet, UtcTime now) const;
    /// Null unless this key of this officer is suspended.
    const Suspended* find_suspension(const std::string& officer, const artefacts::ApprovalKey& key) const;
    /// Null unless the appliance with this identity is retired.
    const Retired* find_retirement(const artefacts::ApprovalKey& identity) const;
    /// Destinations of the address book that an entry added, by id.
    const std::map<std::string, Added>& added() const { return m_state.added(); }
    /// Standing orders that nothing ended but perhaps their date, by their entries.
    std::map<EntryHash, const OrderInForce*> orders() const;
    /// Null unless it is one of them.
    const OrderInForce* find_order(const EntryHash& entry) const;
    bool is_lifted(const EntryHash& entry) const { return m_state.is_lifted(entry); }
    /// Everything that takes power away today, of both branches where a fork was decided.
    Restrictions restrictions() const;

private:
    struct Held {
        Charter charter;
        CharterHash hash;
    };
    PolicyChain(Charter first, CharterHash hash) : m_charters{{first, hash}}, m_state{std::move(first), hash} {}
    void apply_in_order(std::span<const Link> links, std::optional<UtcTime> adopted_at);
    PolicyChain up_to(std::uint64_t number) const;
    bool is_decided_by(const Link& link) const;
    void apply_amendment(const artefacts::Artefact& artefact, std::optional<UtcTime> adopted_at);
    void keep_restrictions(const PolicyChain& left);
    void restrict_charter();

    std::vector<Held> m_charters;
    std::vector<Link> m_links;
    std::vector<Position> m_positions;
    std::set<EntryHash> m_entries;
    PolicyState m_state;
    std::uint64_t m_last_change = 0;
    Restrictions m_kept;                 ///< of branches that were left
    std::optional<Charter> m_restricted; ///< the charter with what was kept; none where nothing was
};

} // namespace coffer::charter
