#pragma once

#include "core/charter/policy_chain.h"
#include "core/policy/evaluator.h"
#include "core/requests/request.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace coffer::requests {

/// The standing order that a request is paid under, and what approves that order. Points into the policy chain.
struct OrderCover {
    const charter::StandingOrder* order = nullptr;
    /// Of the rules over one payment of its whole sum to each of its destinations, and over this payment.
    policy::Decision decision;
    std::vector<std::string> approvers; ///< those of its officers whose signatures count
    policy::Approvals approvals;
    /// By a rule, from when this appliance first saw the order.
    std::optional<Error> delayed{};
};

/// What the side that judges adds to the charter.
struct OrderCircumstances {
    std::set<std::string> cooling{}; ///< entries of the address book that count not yet
    /// The appliance that judges; none online, where it is enough that the order's appliance is still the charter's.
    std::optional<artefacts::ApprovalKey> appliance{};
    std::optional<Duration> known_for{}; ///< since the appliance first saw the order; none online
};

/// What the rules and the votes of its officers make of one payment of the whole sum of the order to each of its destinations (PROTOCOL 4),
/// and of what `payment` decides over. The requester counts only where a rule says so. Errors: those of policy::select_rules();
/// `policy_denied` for a rule that asks for no votes.
OrderCover judge_order(const charter::Charter& charter, const charter::OrderInForce& order, const std::set<std::string>& cooling,
                       const std::string& requester, const policy::Decision& payment = {});

/// The order that the request names, which covers all that it pays; `payment` is what the rules decide over that. Sums are another matter (policy::OrderUses).
/// Errors: `policy_denied` for an order that is not in force or is not for this payment, wallet, date or appliance; `fee_cap`; those
/// of judge_order(). That votes are missing stands in the result.
OrderCover require_covered(const charter::PolicyChain& chain, const Request& request, const payments::Description& description,
                           const policy::Decision& payment, const OrderCircumstances& circumstances);

/// Throws Error{appr_missing} unless the votes of its officers suffice.
void require_votes(const OrderCover& cover);

} // namespace coffer::requests
