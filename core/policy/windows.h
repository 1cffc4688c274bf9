#pragma once

#include "core/base/clock.h"
#include "core/charter/charter.h"
#include "core/payments/payment.h"
#include "core/policy/order_uses.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace coffer::policy {

/// What a request takes out of its wallet, as limits count it (coffer-charter(5), HOW LIMITS COUNT). Raw facts and no sums: so the limits
/// of a later charter count the past, too.
struct Outflow {
    std::string wallet;
    std::string requester;
    /// What leaves the wallet: change and payments to itself do not. A transaction that pays nobody else has one payment of 0 of the
    /// native asset to the wallet's address; a message has none.
    std::vector<payments::Payment> payments;
    Amount fee; ///< the most that it can be; native asset, so that it names the chain
    bool counts = true; ///< as a request: a replacement of what was counted does not
    std::optional<EntryHash> order{}; ///< the standing order that it is paid under
    bool operator==(const Outflow&) const = default;
};

struct PastOutflow {
    UtcTime time;
    Outflow outflow;
    bool operator==(const PastOutflow&) const = default;
};

/// Which window of a limit: what the limit has no windows of its own for is empty.
struct WindowKey {
    std::string wallet;
    std::string requester;
    std::string chain; ///< of the destination
    Bytes destination;
    auto operator<=>(const WindowKey&) const = default;
};

/// One window that an outflow falls into: what it holds, and what the outflow adds.
struct WindowUse {
    const charter::Limit* limit = nullptr;
    WindowKey key;
    Uint256 amount_before;
    Uint256 amount;
    std::uint64_t count_before = 0;
    std::uint64_t count = 0;
    std::optional<UtcTime> full_until{}; ///< the clock was set back: nothing fits until then

    bool holds() const;
};

/// `after this 380 of 500 ETH and 9 of 10 requests in 7 days (week)`, or that it does not fit.
std::string left_in_words(const charter::Charter& charter, const WindowUse& use);

/// The sliding windows of a charter's limits over what left before, and the sums of standing orders. What left up to exactly one span ago counts, and so does
/// what is dated after now. Evaluation takes time logarithmic in the past, adding at the end constant time.
/// Points into the charter.
class Windows {
public:
    explicit Windows(const charter::Charter& charter, OrderUses::Orders orders = {}) : m_charter{charter}, m_orders{charter, std::move(orders)} {}

    /// True when nothing limits anything, so that the past need not be added.
    bool is_empty() const { return m_charter.limits.empty() && m_orders.orders().empty(); }

    void add(UtcTime time, const Outflow& outflow);
    /// Takes out what was added with exactly these arguments.
    void remove(UtcTime time, const Outflow& outflow);
    /// The clock stepped back to this: every window is full until one span after it.
    void fill(UtcTime time);

    /// How far back what left counts: by a limit, or by a standing order since it began.
    Duration memory(UtcTime now) const;

    /// The windows that it falls into, in the order of the limits.
    std::vector<WindowUse> uses(const Outflow& outflow, UtcTime now) const;
    const OrderUses& orders() const { return m_orders; }
    /// None unless it is paid under a standing order.
    std::optional<OrderUse> order_use(const Outflow& outflow, UtcTime now) const;
    /// Throws Error{limit_velocity} for the first limit that does not hold: which, used and wanted, and when enough is free again; and
    /// what OrderUses::require_within() does.
    void require_within(const Outflow& outflow, UtcTime now) const;
    /// Error{limit_velocity} only for what alone is over a limit, so that no waiting helps.
    void require_ever_within(const Outflow& outflow) const;

private:
    /// Sums up to and with an entry, so that those of a span are a difference.
    struct Entry {
        UtcTime time;
        Uint256 amount;
        std::uint64_t count = 0;
    };
    struct Sums {
        Uint256 amount;
        std::uint64_t count = 0;
    };
    using Series = std::vector<Entry>;
    using Contributions = std::map<WindowKey, Sums>;

    Contributions contributions(const charter::Limit& limit, const Outflow& outflow) const;
    bool admits_destination(const charter::Limit& limit, const std::string& chain, ByteView address) const;
    const Series* find_series(const WindowUse& use) const;
    Sums before(const Series& series, std::size_t end) const;
    std::size_t first_within(const Series& series, const charter::Limit& limit, UtcTime now) const;
    std::optional<UtcTime> free_at(const WindowUse& use, UtcTime now) const;
    std::string refusal(const WindowUse& use, UtcTime now) const;

    const charter::Charter& m_charter;
    OrderUses m_orders;
    std::map<std::pair<const charter::Limit*, WindowKey>, Series> m_series;
    std::optional<UtcTime> m_filled;
};

} // namespace coffer::policy
