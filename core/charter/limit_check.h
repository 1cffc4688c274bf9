#pragma once

#include "core/charter/charter.h"

#include <vector>

namespace coffer::charter {

/// What is wrong with the charter's limits: names that are not in it, nothing that is limited, an amount whose unit is unclear.
std::vector<Problem> check_limits(const Charter& charter);

/// The assets that the limit counts in, each on a chain of one of its wallets.
std::vector<AssetId> assets_of(const Charter& charter, const Limit& limit);

} // namespace coffer::charter
