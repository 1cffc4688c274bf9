#pragma once

#include "core/base/amount.h"
#include "core/base/clock.h"
#include "core/charter/quorum.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coffer::charter {

/// What a request is for (PROTOCOL 3). A rule covers `transfer` unless it names others.
enum class RequestKind {
    transfer,
    consolidate,
    message,
    call,
    approve_token,
    safe_admin,
    permission,
    stake,
    bump,
    void_,
    key_ceremony,
};

std::string_view name_of(RequestKind kind);
/// Throws Error{malformed}.
RequestKind parse_request_kind(std::string_view name);

/// A selector that is `any` (none here) or a list.
template <typename Item>
using Selector = std::optional<std::vector<Item>>;

/// Which destinations a rule is for. It holds only if every payment is in the class.
struct DestinationClass {
    enum class Kind {
        any,
        whitelist, ///< any entry of the charter's address book on that chain
        internal,  ///< a wallet of ours: of `names` (wallet ids or tiers), else of the same or a colder tier
        listed,    ///< the entries in `names`
    };
    Kind kind = Kind::any;
    std::vector<std::string> names;
    bool operator==(const DestinationClass&) const = default;
};

struct AmountRange {
    Uint256 least; ///< inclusive, base units
    Uint256 most;  ///< inclusive
    bool operator==(const AmountRange&) const = default;
};

/// One line of the charter's ordered list. The first members select, the rest restrict.
struct Rule {
    std::string id;

    Selector<std::string> wallets;
    std::vector<RequestKind> kinds;
    Selector<std::string> chains;
    Selector<std::string> assets; ///< native symbols and token ids
    std::optional<AmountRange> amount;
    DestinationClass destinations;

    Quorum approvals;
    bool requester_may_approve = false;
    std::optional<Uint256> max_fee; ///< base units of the native asset, over the whole request
    std::optional<Uint256> max_feerate;
    std::optional<Uint256> max_priority_feerate;
    std::optional<std::uint64_t> max_fee_share; ///< of the payments, in hundred-thousandths; native payments only
    Duration expires = hours(24);               ///< the longest life of a request
    Duration delay{};                           ///< from first seen by the appliance to its signature
    bool operator==(const Rule&) const = default;
};

} // namespace coffer::charter
