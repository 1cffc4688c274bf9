#pragma once

#include "core/charter/policy_state.h"

#include <map>
#include <string>
#include <vector>

namespace coffer::policy {

/// What a request takes from the sums of its standing order: of its asset, and of the native asset for the fee.
struct OrderCharge {
    Uint256 amount;
    Uint256 fee;
};

/// What a standing order has paid with this request.
struct OrderUse {
    const charter::StandingOrder* order = nullptr;
    Uint256 in_span;
    Uint256 in_all;
    Uint256 fees;

    bool holds() const;
};

/// `120 of 500 USDC in 7 days, 1200 of 2000 USDC in all, 0.1 of 1 ETH in fees`.
std::string used_in_words(const charter::Charter& charter, const OrderUse& use);
/// `after this 380 of 500 USDC in 7 days and 800 of 2000 USDC in all (payroll)`, or that it does not fit.
std::string left_in_words(const charter::Charter& charter, const OrderUse& use);

/// What was paid under standing orders, and what may be. What was paid up to exactly one span ago counts, and so does what is dated after
/// now. Points into the orders.
class OrderUses {
public:
    using Orders = std::map<EntryHash, const charter::OrderInForce*>;

    OrderUses(const charter::Charter& charter, Orders orders) : m_charter{charter}, m_orders{std::move(orders)} {}

    const Orders& orders() const { return m_orders; }
    /// Of an order that is not in force a no-op.
    void add(UtcTime time, const EntryHash& order, const OrderCharge& charge);
    /// Takes out what was added with exactly these arguments.
    void remove(UtcTime time, const EntryHash& order, const OrderCharge& charge);

    /// Throws Error{policy_denied} unless the order is in force.
    OrderUse use(const EntryHash& order, const OrderCharge& charge, UtcTime now) const;
    /// Throws Error{limit_velocity} for the first sum that would be exceeded, and what use() does.
    void require_within(const EntryHash& order, const OrderCharge& charge, UtcTime now) const;

private:
    /// Sums up to and with an entry, so that those of a span are a difference.
    struct Entry {
        UtcTime time;
        Uint256 amount;
        Uint256 fee;
    };
    using Series = std::vector<Entry>;

    const charter::Charter& m_charter;
    Orders m_orders;
    std::map<EntryHash, Series> m_series;
};

} // namespace coffer::policy
