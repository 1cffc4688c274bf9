#pragma once

#include "core/base/amount.h"

#include <string>
#include <string_view>

namespace coffer::evm {

/// Wei a gas from `50 gwei`, `1.5 gwei` or `7 wei`. Throws Error{malformed}, Error{amount_range}.
Uint256 parse_feerate(std::string_view text);

/// In gwei, below a millionth of one in wei; parse_feerate() reads it back exactly.
std::string format_feerate(const Uint256& wei);

} // namespace coffer::evm
