#include "core/policy/windows.h"

#include "core/base/text.h"
#include "core/charter/limit_check.h"

#include <algorithm>

namespace coffer::policy {

namespace {

constexpr Duration clock_tolerance = hours(1); // among machines; the sums of an order begin with it

using charter::Limit;
using charter::LimitPer;

bool admits(const charter::Selector<std::string>& selector, const std::string& item)
{
    return !selector || std::ranges::find(*selector, item) != selector->end();
}

bool is_per(const Limit& limit, LimitPer per)
{
    return std::ranges::find(limit.per, per) != limit.per.end();
}

/// No limit is higher, so that a larger amount refuses just the same, and the sums stay within 256 bits whatever a token's amounts are.
Uint256 counted(const Uint256& amount)
{
    return std::min(amount, charter::greatest_limit_amount() + Uint256{1});
}

WindowKey key_of(const Limit& limit, const Outflow& outflow, ByteView destination)
{
    WindowKey key;
    if (is_per(limit, LimitPer::wallet))
        key.wallet = outflow.wallet;
    if (is_per(limit, LimitPer::requester))
        key.requester = outflow.requester;
    if (is_per(limit, LimitPer::destination)) {
        key.chain = outflow.fee.asset().chain;
        key.destination = to_bytes(destination);
    }
    return key;
}

std::string requests(std::uint64_t count)
{
    return std::to_string(count) + (count == 1 ? " request" : " requests");
}

/// `500 ETH`, in the unit of the limit's one asset.
std::string amount_in_words(const charter::Charter& charter, const Limit& limit, const Uint256& amount)
{
    const auto assets = charter::assets_of(charter, limit);
    require(assets.size() == 1, "a limit of an amount that a charter was checked with names one asset");
    return format_decimal(amount, charter.decimals(assets.front())) + " " + assets.front().symbol;
}

/// ` for wallet eth-cold and destination exchange`; empty for a limit of one window.
std::string key_in_words(const charter::Charter& charter, const WindowUse& use)
{
    std::vector<std::string> parts;
    for (const auto per : use.limit->per)
        switch (per) {
        case LimitPer::wallet: parts.push_back("wallet " + use.key.wallet); break;
        case LimitPer::destination: {
            const auto* entry = charter.find_destination_at(use.key.chain, use.key.destination);
            parts.push_back(entry == nullptr ? "this destination" : "destination " + entry->id);
            break;
        }
        case LimitPer::requester: parts.push_back(use.key.requester.empty() ? "one requester" : "requester " + use.key.requester); break;
        }
    return join(parts, " and ");
}

OrderCharge charge_of(const Outflow& outflow)
{
    OrderCharge charge{{}, counted(outflow.fee.base_units())};
    for (const auto& payment : outflow.payments)
        charge.amount = counted(charge.amount + counted(payment.amount.base_units()));
    return charge;
}

bool is_amount_over(const WindowUse& use)
{
    return use.limit->amount && *use.limit->amount < use.amount_before + use.amount;
}

bool is_count_over(const WindowUse& use)
{
    return use.limit->count && *use.limit->count < use.count_before + use.count;
}

} // namespace

bool WindowUse::holds() const
{
    return !full_until && !is_amount_over(*this) && !is_count_over(*this);
}

std::string left_in_words(const charter::Charter& charter, const WindowUse& use)
{
    const auto& limit = *use.limit;
    const auto key = key_in_words(charter, use);
    const auto which = " (" + limit.id + (key.empty() ? "" : ", " + key) + ")";
    if (!use.holds())
        return "no room for this now in " + charter::ceiling_in_words(charter, limit) + which;
    std::vector<std::string> left;
    if (limit.amount) {
        const auto rest = amount_in_words(charter, limit, *limit.amount - use.amount_before - use.amount);
        left.push_back(rest.substr(0, rest.find(' ')) + " of " + amount_in_words(charter, limit, *limit.amount));
    }
    if (limit.count)
        left.push_back(std::to_string(*limit.count - use.count_before - use.count) + " of " + requests(*limit.count));
    return "after this " + join(left, " and ") + " in " + format_duration(limit.span) + which;
}

bool Windows::admits_destination(const Limit& limit, const std::string& chain, ByteView address) const
{
    if (!limit.destinations)
        return true;
    const auto* entry = m_charter.find_destination_at(chain, address);
    return entry != nullptr && admits(limit.destinations, entry->id);
}

/// What the outflow adds to each window of the limit that it falls into.
Windows::Contributions Windows::contributions(const Limit& limit, const Outflow& outflow) const
{
    Contributions sums;
    if (!admits(limit.wallets, outflow.wallet) || !admits(limit.requesters, outflow.requester))
        return sums;
    const auto& native = outflow.fee.asset();
    const bool is_of_native = limit.amount && admits(limit.assets, native.symbol);
    const auto count = outflow.counts && limit.count ? std::uint64_t{1} : std::uint64_t{0};
    if (outflow.payments.empty() && !limit.assets && !limit.destinations)
        sums[key_of(limit, outflow, {})].count = count; // a message moves no asset and goes nowhere
    for (const auto& payment : outflow.payments) {
        if (!admits_destination(limit, native.chain, payment.destination))
            continue;
        auto key = key_of(limit, outflow, payment.destination);
        if (is_of_native) // once a window: it is the request's
            sums.try_emplace(key, Sums{counted(outflow.fee.base_units()), 0});
        if (!admits(limit.assets, payment.amount.asset().symbol))
            continue;
        auto& sum = sums[std::move(key)];
        sum.count = count;
        if (limit.amount)
            sum.amount = counted(sum.amount + counted(payment.amount.base_units()));
    }
    std::erase_if(sums, [](const auto& one) { return one.second.amount.is_zero() && one.second.count == 0; });
    return sums;
}

void Windows::add(UtcTime time, const Outflow& outflow)
{
    if (outflow.order)
        m_orders.add(time, *outflow.order, charge_of(outflow));
    for (const auto& limit : m_charter.limits)
        for (const auto& [key, sum] : contributions(limit, outflow)) {
            auto& series = m_series[{&limit, key}];
            const auto place = std::ranges::upper_bound(series, time, {}, &Entry::time);
            const auto below = before(series, static_cast<std::size_t>(place - series.begin()));
            for (auto later = series.insert(place, {time, below.amount, below.count}); later != series.end(); ++later) {
                later->amount = later->amount + sum.amount;
                later->count += sum.count;
            }
        }
}

void Windows::remove(UtcTime time, const Outflow& outflow)
{
    if (outflow.order)
        m_orders.remove(time, *outflow.order, charge_of(outflow));
    for (const auto& limit : m_charter.limits)
        for (const auto& [key, sum] : contributions(limit, outflow)) {
            auto& series = m_series[{&limit, key}];
            auto place = std::ranges::lower_bound(series, time, {}, &Entry::time);
            const auto is_it = [&, &sum = sum] { // clang 14 captures no structured binding by itself
                const auto below = before(series, static_cast<std::size_t>(place - series.begin()));
                return place->amount == below.amount + sum.amount && place->count == below.count + sum.count;
            };
            while (place != series.end() && place->time == time && !is_it())
                ++place;
            require(place != series.end() && place->time == time, "an outflow is taken out that was never added");
            for (auto later = series.erase(place); later != series.end(); ++later) {
                later->amount = later->amount - sum.amount;
                later->count -= sum.count;
            }
        }
}

void Windows::fill(UtcTime time)
{
    m_filled = m_filled ? std::max(*m_filled, time) : time;
}

Windows::Sums Windows::before(const Series& series, std::size_t end) const
{
    return end == 0 ? Sums{} : Sums{series[end - 1].amount, series[end - 1].count};
}

std::size_t Windows::first_within(const Series& series, const Limit& limit, UtcTime now) const
{
    return static_cast<std::size_t>(std::ranges::lower_bound(series, now - limit.span, {}, &Entry::time) - series.begin());
}

const Windows::Series* Windows::find_series(const WindowUse& use) const
{
    const auto found = m_series.find({use.limit, use.key});
    return found == m_series.end() || found->second.empty() ? nullptr : &found->second;
}

std::vector<WindowUse> Windows::uses(const Outflow& outflow, UtcTime now) const
{
    std::vector<WindowUse> uses;
    for (const auto& limit : m_charter.limits)
        for (const auto& [key, sum] : contributions(limit, outflow)) {
            WindowUse use{.limit = &limit, .key = key, .amount_before = {}, .amount = sum.amount, .count = sum.count};
            if (const auto* series = find_series(use)) {
                const auto gone = before(*series, first_within(*series, limit, now));
                use.amount_before = series->back().amount - gone.amount;
                use.count_before = series->back().count - gone.count;
            }
            if (m_filled && now <= *m_filled + limit.span)
                use.full_until = *m_filled + limit.span;
            uses.push_back(std::move(use));
        }
    return uses;
}

/// The first second at which it fits, if nothing else leaves until then; none if it never does.
std::optional<UtcTime> Windows::free_at(const WindowUse& use, UtcTime now) const
{
    constexpr Duration just_after{1};
    auto then = use;
    then.full_until.reset();
    const auto free = use.full_until ? *use.full_until + just_after : now;
    if (then.holds())
        return free;
    const auto* series = find_series(use);
    const auto fits_after = [&](const Entry& gone) {
        then.amount_before = series->back().amount - gone.amount;
        then.count_before = series->back().count - gone.count;
        return then.holds();
    };
    if (series == nullptr || !fits_after(series->back()))
        return std::nullopt;
    const auto last = std::ranges::partition_point(*series, [&](const Entry& entry) { return !fits_after(entry); });
    return std::max(free, last->time + use.limit->span + just_after);
}

std::string Windows::refusal(const WindowUse& use, UtcTime now) const
{
    const auto& limit = *use.limit;
    const auto which = key_in_words(m_charter, use);
    const auto name = "limit \"" + limit.id + "\" allows " + charter::ceiling_in_words(m_charter, limit) +
                      (which.empty() ? "" : " for " + which) + ": ";
    std::string reason;
    if (is_amount_over(use))
        reason = (use.amount_before.is_zero() ? "" : amount_in_words(m_charter, limit, use.amount_before) + " went out already, and ") +
                 "this takes " + amount_in_words(m_charter, limit, use.amount) + " with its fee";
    else if (is_count_over(use))
        reason = "there were " + requests(use.count_before) + " already";
    else
        reason = "the clock was set back, so nothing counts as old";
    const auto free = free_at(use, now);
    return name + reason + (free ? "; enough is free again " + format_time(*free) : "; more than the whole limit");
}

void Windows::require_within(const Outflow& outflow, UtcTime now) const
{
    for (const auto& use : uses(outflow, now))
        if (!use.holds())
            throw Error{ErrorCode::limit_velocity, refusal(use, now), "wait, or ask for less; an amendment changes a limit"};
    if (outflow.order)
        m_orders.require_within(*outflow.order, charge_of(outflow), now);
}

std::optional<OrderUse> Windows::order_use(const Outflow& outflow, UtcTime now) const
{
    return outflow.order ? std::optional{m_orders.use(*outflow.order, charge_of(outflow), now)} : std::nullopt;
}

void Windows::require_ever_within(const Outflow& outflow) const
{
    Windows{m_charter, m_orders.orders()}.require_within(outflow, {});
}

Duration Windows::memory(UtcTime now) const
{
    Duration longest{};
    for (const auto& limit : m_charter.limits)
        longest = std::max(longest, limit.span);
    for (const auto& [entry, in_force] : m_orders.orders())
        longest = std::max(longest, (now + clock_tolerance) - std::min(in_force->order.first, in_force->order.time));
    return longest;
}

} // namespace coffer::policy
