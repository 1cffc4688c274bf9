#pragma once

#include "core/charter/rule.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coffer::charter {

/// What a limit keeps windows of their own for.
enum class LimitPer { wallet, destination, requester };

std::string_view name_of(LimitPer per);
/// Throws Error{malformed}.
LimitPer parse_limit_per(std::string_view name);

/// A sliding window: the most that may leave, or the most requests, within any span. Limits stand beside the rules: every
/// one that a request falls under must hold, whichever rule decides.
struct Limit {
    std::string id;

    Selector<std::string> wallets;
    Selector<std::string> assets; ///< native symbols and token ids; exactly one where there is an amount
    Selector<std::string> destinations; ///< entries of the address book
    Selector<std::string> requesters;
    std::vector<LimitPer> per; ///< in the order of the enumerators, each once

    Duration span;
    std::optional<Uint256> amount; ///< base units of the one asset
    std::optional<std::uint64_t> count; ///< requests
    bool operator==(const Limit&) const = default;
};

/// More than any asset has: the sums of a million amounts of this stay far below 2^256.
Uint256 greatest_limit_amount();

} // namespace coffer::charter
