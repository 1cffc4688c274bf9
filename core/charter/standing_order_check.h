#pragma once

#include "core/charter/charter.h"
#include "core/charter/standing_order.h"

namespace coffer::charter {

constexpr Duration shortest_order_span = minutes(1);
constexpr Duration longest_order = days(366);

/// What can be told of a standing order by the charter in force alone; whether enough officers signed it is told with each payment
/// under it. Errors: `policy_invalid`, `wallet_unknown`, `token_unknown`, `appliance_inactive`.
void require_valid(const StandingOrder& order, const Charter& charter);

} // namespace coffer::charter
