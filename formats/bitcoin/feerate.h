#pragma once

#include "core/base/amount.h"

#include <string>
#include <string_view>

namespace coffer::bitcoin {

/// Satoshi per 1000 virtual bytes from `12.5 sat/vB` or `12500 sat/kvB`. Throws Error{malformed}, Error{amount_range}.
Uint256 parse_feerate(std::string_view text);
/// `12.5 sat/vB`.
std::string format_feerate(const Uint256& rate);

} // namespace coffer::bitcoin
