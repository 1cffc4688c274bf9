#pragma once

#include "core/charter/entry.h"
#include "tests/support/treasury.h"

#include <functional>
#include <string>
#include <vector>

/// Standing orders of the example treasury, whose hot wallet may pay the address book: small sums by one of finance, larger ones by two and
/// compliance.
namespace coffer::test {

inline void allow_hot_payments(charter::Charter& charter)
{
    auto small = rule("hot-small", {"eth-hot"}, "1 of finance");
    small.assets = {{"ETH"}};
    small.amount = charter::AmountRange{0, ether(10)};
    small.destinations.kind = charter::DestinationClass::Kind::whitelist;
    auto large = rule("hot-large", {"eth-hot"}, "2 of finance and 1 of compliance");
    large.assets = {{"ETH"}};
    large.amount = charter::AmountRange{0, ether(1000)};
    large.destinations.kind = charter::DestinationClass::Kind::whitelist;
    charter.rules.insert(charter.rules.begin(), {small, large});
}

inline charter::Charter charter_with_hot_payments()
{
    auto charter = example_charter();
    allow_hot_payments(charter);
    return charter;
}

/// Those whose votes one payment of its whole sum needs.
inline std::vector<std::string> order_signers()
{
    return {"bob", "carol", "dave"};
}

/// Of ETH to `exchange`: 4 a payment, 10 in 24 hours, 100 in all; fees of 0.01 and 0.1. From now on, for 30 days.
inline charter::StandingOrder order_of(const charter::PolicyChain& chain, UtcTime now = founding_day,
                                       const std::function<void(charter::StandingOrder&)>& change = {})
{
    charter::StandingOrder order{.header = example_header,
                                 .id = "payroll",
                                 .wallet = "eth-hot",
                                 .appliance = "vault-a",
                                 .identity = chain.charter().find_appliance("vault-a")->key,
                                 .asset = "ETH",
                                 .destinations = {address_named("exchange")},
                                 .per_payment = ether(4),
                                 .span = hours(24),
                                 .per_span = ether(10),
                                 .total = ether(100),
                                 .fee = ether(1) / Uint256{100},
                                 .total_fee = ether(1) / Uint256{10},
                                 .first = now,
                                 .last = now + days(30),
                                 .officers = order_signers(),
                                 .charter = chain.charter_hash(),
                                 .time = now,
                                 .reason = "salaries"};
    if (change)
        change(order);
    std::ranges::sort(order.destinations);
    std::ranges::sort(order.officers);
    return order;
}

inline EntryHash entry_hash_of(const charter::Entry& entry)
{
    return EntryHash{encode(entry).hash()};
}

/// Makes it the next link; returns the entry's hash.
inline EntryHash link_entry(charter::PolicyChain& chain, const charter::Entry& entry, const std::vector<std::string>& names, UtcTime now = founding_day)
{
    chain.apply(chain.next(signed_by(encode(entry), names).encode()), now);
    return entry_hash_of(entry);
}

inline charter::StandingOrderEnded end_of(const charter::PolicyChain& chain, const EntryHash& order, const std::string& officer, UtcTime now = founding_day)
{
    return {.header = example_header, .order = order, .officer = officer, .charter = chain.charter_hash(), .time = now, .reason = ""};
}

} // namespace coffer::test
