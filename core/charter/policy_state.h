#pragma once

#include "core/charter/entry.h"
#include "core/charter/restrictions.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace coffer::charter {

/// An entry dated more than this past the clock of the side that adopts it is refused.
constexpr Duration tolerated_entry_ahead = minutes(10);

/// A cancel, and the roles that its officer had in the charter that was then in force.
struct AcceptedCancel {
    Cancel cancel;
    std::vector<std::string> roles;
};

/// A destination that an entry put into the address book.
struct Added {
    EntryHash entry;
    UtcTime time; ///< that its signers wrote
};

/// How many standing orders can be in force.
constexpr std::size_t most_orders = 1000;

/// A standing order that an entry put in force. Whether the votes of its officers suffice is judged with each payment.
struct OrderInForce {
    StandingOrder order;
    artefacts::Artefact artefact;
};

/// What the links of one branch of the policy chain have put in force so far: the newest charter and what entries changed since.
/// Depends on those links and on nothing else, so that every side that holds them has the same.
class PolicyState {
public:
    /// An entry as it was linked; without `adopted_at` its date is not judged.
    struct Linked {
        const artefacts::Artefact& artefact;
        EntryHash hash;
        std::optional<UtcTime> adopted_at;
    };

    explicit PolicyState(Charter first, CharterHash hash);

    /// The newest charter with what entries changed: suspended keys are no keys of their officers, the address book and the appliances
    /// are those of today.
    const Charter& charter() const { return m_charter; }
    const CharterHash& charter_hash() const { return m_charter_hash; }

    /// Puts an amendment in force that has been verified. Throws Error{policy_invalid} when those whom nothing suspends could not
    /// amend it.
    void amend(Charter amended, CharterHash hash);
    /// The one place that verifies an entry. When it throws nothing has changed. Errors: `env`, `appr_role` (no officer of the charter
    /// in force, a role that may not, or a suspended one), `appr_missing` (signatures), `appr_future`, `policy_mismatch` (it names
    /// another charter), `policy_invalid`, `policy_dupkey`, `wallet_unknown`, `token_unknown`, `appliance_inactive`, `chain`,
    /// `limit` (over most_orders), `state` (it changes nothing, or a freeze was renewed before).
    void apply(const Entry& entry, const Linked& linked);

    const Restrictions& restrictions() const { return m_restrictions; }
    const std::vector<AcceptedCancel>& cancels_of(const RequestDigest& request) const;
    /// Destinations of the address book that the charter itself does not name, by id.
    const std::map<std::string, Added>& added() const { return m_added; }
    const std::map<EntryHash, OrderInForce>& orders() const { return m_orders; }
    /// True when an unfreeze or an amendment lifted what this entry took away.
    bool is_lifted(const EntryHash& entry) const { return m_lifted.contains(entry); }

    /// Cancels of another branch that this one lacks.
    void keep_cancels(const PolicyState& other);

private:
    void apply(const Cancel& cancel, const Linked& linked);
    void apply(const Freeze& freeze, const Linked& linked);
    void apply(const Unfreeze& unfreeze, const Linked& linked);
    void apply(const Suspension& suspension, const Linked& linked);
    void apply(const DestinationAdded& added, const Linked& linked);
    void apply(const DestinationRemoved& removed, const Linked& linked);
    void apply(const ApplianceEnrolled& enrolled, const Linked& linked);
    void apply(const ApplianceRetired& retired, const Linked& linked);
    void apply(const StandingOrder& order, const Linked& linked);
    void apply(const StandingOrderEnded& ended, const Linked& linked);

    void require_maker(const Freeze& freeze, const Linked& linked) const;
    Frozen freeze_of(const std::string& wallet, const Freeze& freeze, const EntryHash& hash) const;
    Charter with_identity(const ApplianceEnrolled& enrolled) const;

    Charter m_charter;
    CharterHash m_charter_hash;
    Restrictions m_restrictions;
    std::map<std::string, Added> m_added;
    std::map<EntryHash, OrderInForce> m_orders;
    std::set<EntryHash> m_ended_orders; ///< whether or not they had been in force
    std::set<EntryHash> m_lifted;
    std::map<RequestDigest, std::vector<AcceptedCancel>> m_cancels;
};

} // namespace coffer::charter
