#pragma once

#include "core/base/document.h"
#include "core/charter/policy_chain.h"
#include "core/policy/order_uses.h"

#include <string>
#include <vector>

namespace coffer::cli {

/// By the name that it was given. Throws Error{not_found}.
EntryHash find_order(const charter::PolicyChain& chain, const std::string& id);

/// All that a standing order allows, a sentence a line, with whole addresses.
std::vector<std::string> order_in_words(const charter::Charter& charter, const charter::StandingOrder& order);

/// The same for scripts: amounts in base units.
Document describe_standing_order(const charter::Charter& charter, const charter::StandingOrder& order, const EntryHash& entry);

} // namespace coffer::cli
