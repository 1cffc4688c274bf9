#pragma once

#include "core/base/error.h"
#include "core/policy/facts.h"

#include <optional>
#include <string>
#include <vector>

namespace coffer::policy {

/// One asset of a request and the rule that decides over it.
struct AssetDecision {
    AssetId asset;
    Uint256 amount;
    const charter::Rule* rule = nullptr;
};

/// Why a rule was passed over, for `policy explain`.
struct Skipped {
    std::string rule;
    AssetId asset;
    std::string reason;
};

struct Decision {
    std::vector<AssetDecision> assets;
    std::vector<Skipped> skipped;

    /// The rules that decide, each once, in the order of the charter.
    std::vector<const charter::Rule*> rules() const;
};

/// Selects the deciding rule of each asset (PROTOCOL 4). Selection is done once per asset over all
/// of its payments: the amount is their sum, a destination class holds only if every payment is in
/// it. A request without payments counts as one payment of 0 of the native asset to the wallet.
/// Throws Error{policy_denied}, or Error{dest_unknown} / Error{dest_chain} where the destination
/// alone kept every rule from being selected.
Decision select_rules(const charter::Charter& charter, const Facts& facts);

/// Applies every restriction of the selected rules that is not a vote. Throws the first that
/// fails: `policy_denied` (no approvals asked for a governed wallet), `fee_cap`, `appr_expired` (a life longer than the rule allows). The selected rule
/// decides: no later rule is tried.
void require_restrictions(const charter::Charter& charter, const Facts& facts, const Decision& decision);

/// The delay that is still to wait, as Error{delay}; none when it is over. Only an appliance counts
/// it, from when it first saw the request itself.
std::optional<Error> find_delay(const Facts& facts, const Decision& decision);

/// An approval that counts: one officer with the roles that the charter in force gives.
struct Approvals {
    bool reached = false;
    std::size_t have = 0;
    std::vector<std::string> need; ///< `1 of compliance`; a rule's id leads when several rules decide
};

/// The votes against the quorums of all deciding rules together: one officer fills one place in
/// each rule's expression. The requester counts only where the rule says so. Never reached without a rule.
Approvals tally(const Decision& decision, const std::vector<charter::Quorum::Voter>& approvers, const std::string& requester);

/// True when the quorum can no longer be reached by officers who have not rejected, or an officer of a
/// role with veto has rejected. Without a rule only a veto counts.
bool is_rejected(const charter::Charter& charter, const Decision& decision, const std::vector<std::string>& rejecters,
                 const std::string& requester);

/// True when the officer has a role that one of the deciding rules' quorums names.
bool vote_counts(const Decision& decision, const charter::Officer& officer);

} // namespace coffer::policy
