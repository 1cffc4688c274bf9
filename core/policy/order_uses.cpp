#include "core/policy/order_uses.h"

#include "core/base/text.h"

#include <algorithm>

namespace coffer::policy {

namespace {

using charter::Charter;
using charter::StandingOrder;

std::string in_words(const Charter& charter, const StandingOrder& order, const Uint256& amount)
{
    return format_decimal(amount, charter.decimals({charter.wallet(order.wallet).chain, order.asset})) + " " + order.asset;
}

/// `3 of 10 ETH`, from `3 ETH` and `10 ETH`.
std::string part(const std::string& some, const std::string& most)
{
    return some.substr(0, some.find(' ')) + " of " + most;
}

std::string fee_in_words(const Charter& charter, const StandingOrder& order, const Uint256& fee)
{
    const auto& chain = charter.chain(charter.wallet(order.wallet).chain);
    return format_decimal(fee, chain.decimals) + " " + chain.symbol;
}

} // namespace

bool OrderUse::holds() const
{
    return !(order->total < in_all) && !(order->total_fee < fees) && !(order->per_span < in_span);
}

std::string used_in_words(const Charter& charter, const OrderUse& use)
{
    const auto& order = *use.order;
    return part(in_words(charter, order, use.in_span), in_words(charter, order, order.per_span)) + " in " + format_duration(order.span) + ", " +
           part(in_words(charter, order, use.in_all), in_words(charter, order, order.total)) + " in all, " +
           part(fee_in_words(charter, order, use.fees), fee_in_words(charter, order, order.total_fee)) + " in fees";
}

std::string left_in_words(const Charter& charter, const OrderUse& use)
{
    const auto& order = *use.order;
    if (!use.holds())
        return "no room for this now (" + order.id + ")";
    const auto left = [&](const Uint256& most, const Uint256& used) {
        return part(in_words(charter, order, most - used), in_words(charter, order, most));
    };
    return "after this " + left(order.per_span, use.in_span) + " in " + format_duration(order.span) + " and " + left(order.total, use.in_all) +
           " in all, " + part(fee_in_words(charter, order, order.total_fee - use.fees), fee_in_words(charter, order, order.total_fee)) + " in fees (" +
           order.id + ")";
}

void OrderUses::add(UtcTime time, const EntryHash& order, const OrderCharge& charge)
{
    if (!m_orders.contains(order))
        return;
    auto& series = m_series[order];
    const auto place = std::ranges::upper_bound(series, time, {}, &Entry::time);
    const auto below = place == series.begin() ? Entry{} : *(place - 1);
    for (auto later = series.insert(place, {time, below.amount, below.fee}); later != series.end(); ++later) {
        later->amount = later->amount + charge.amount;
        later->fee = later->fee + charge.fee;
    }
}

void OrderUses::remove(UtcTime time, const EntryHash& order, const OrderCharge& charge)
{
    if (!m_orders.contains(order))
        return;
    auto& series = m_series[order];
    auto place = std::ranges::lower_bound(series, time, {}, &Entry::time);
    const auto is_it = [&] {
        const auto below = place == series.begin() ? Entry{} : *(place - 1);
        return place->amount == below.amount + charge.amount && place->fee == below.fee + charge.fee;
    };
    while (place != series.end() && place->time == time && !is_it())
        ++place;
    require(place != series.end() && place->time == time, "a payment under an order is taken out that was never added");
    for (auto later = series.erase(place); later != series.end(); ++later) {
        later->amount = later->amount - charge.amount;
        later->fee = later->fee - charge.fee;
    }
}

OrderUse OrderUses::use(const EntryHash& hash, const OrderCharge& charge, UtcTime now) const
{
    const auto known = m_orders.find(hash);
    if (known == m_orders.end())
        throw Error{ErrorCode::policy_denied, "the standing order that the request names is not in force"};
    OrderUse use{&known->second->order, charge.amount, charge.amount, charge.fee};
    const auto found = m_series.find(hash);
    if (found == m_series.end() || found->second.empty())
        return use;
    const auto& series = found->second;
    const auto first = std::ranges::lower_bound(series, now - use.order->span, {}, &Entry::time);
    const auto gone = first == series.begin() ? Uint256{} : (first - 1)->amount;
    use.in_span = use.in_span + (series.back().amount - gone);
    use.in_all = use.in_all + series.back().amount;
    use.fees = use.fees + series.back().fee;
    return use;
}

void OrderUses::require_within(const EntryHash& hash, const OrderCharge& charge, UtcTime now) const
{
    const auto used = use(hash, charge, now);
    const auto& order = *used.order;
    const auto over = [&](const std::string& would, const std::string& allowed, const std::string& hint) {
        return Error{ErrorCode::limit_velocity, "standing order \"" + order.id + "\": with this " + would + " would have left, it allows " + allowed, hint};
    };
    const std::string vote = "propose it without the order, so that officers vote on it";
    if (order.total < used.in_all)
        throw over(in_words(m_charter, order, used.in_all), in_words(m_charter, order, order.total) + " in all", vote);
    if (order.total_fee < used.fees)
        throw over(fee_in_words(m_charter, order, used.fees) + " of fees", fee_in_words(m_charter, order, order.total_fee) + " in all", vote);
    if (order.per_span < used.in_span)
        throw over(in_words(m_charter, order, used.in_span), in_words(m_charter, order, order.per_span) + " in " + format_duration(order.span),
                   "wait, or " + vote);
}

} // namespace coffer::policy
