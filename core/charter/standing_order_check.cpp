#include "core/charter/standing_order_check.h"

#include "core/base/text.h"

#include <algorithm>

namespace coffer::charter {

namespace {

[[noreturn]] void refuse(const StandingOrder& order, const std::string& why)
{
    throw Error{ErrorCode::policy_invalid, "standing order " + quoted(order.id) + ": " + why};
}

void require_source(const StandingOrder& order, const Wallet& wallet)
{
    if (wallet.tier == Tier::cold)
        refuse(order, "wallet " + wallet.id + " is cold, and what leaves a cold wallet is voted on each time");
    if (wallet.mode != Mode::governed)
        refuse(order, "wallet " + wallet.id + " is personal, and needs none");
}

void require_appliance(const StandingOrder& order, const Wallet& wallet, const Charter& charter)
{
    const auto* appliance = charter.find_appliance(order.appliance);
    if (appliance == nullptr || appliance->key != order.identity)
        refuse(order, "appliance " + quoted(order.appliance) + " with this identity is not in the charter");
    if (appliance->state != Appliance::State::active)
        throw Error{ErrorCode::appliance_inactive, "standing order " + quoted(order.id) + ": appliance " + appliance->id + " is not active"};
    if (std::ranges::find(wallet.keys, order.appliance, &WalletKey::appliance) == wallet.keys.end())
        refuse(order, "appliance " + order.appliance + " holds no key of wallet " + wallet.id);
}

void require_amounts(const StandingOrder& order)
{
    if (order.per_payment.is_zero())
        refuse(order, "it allows no payment");
    if (order.per_span < order.per_payment || order.total < order.per_span)
        refuse(order, "the most a payment is over the most a span, or that over the most in all");
    if (greatest_limit_amount() < order.total || greatest_limit_amount() < order.total_fee)
        refuse(order, "an amount is more than any asset has");
    if (order.total_fee < order.fee)
        refuse(order, "the most fee of a request is over the most fees in all");
}

void require_dates(const StandingOrder& order)
{
    if (order.span < shortest_order_span || longest_order < order.span)
        refuse(order, "its span is not between a minute and 366 days");
    if (order.last <= order.first || longest_order < order.last - order.first)
        refuse(order, "it lasts from " + format_time(order.first) + " until " + format_time(order.last) + ", which is not up to 366 days");
    if (order.last <= order.time)
        refuse(order, "it ended " + format_time(order.last) + ", before it was made");
}

} // namespace

void require_valid(const StandingOrder& order, const Charter& charter)
{
    if (!is_identifier(order.id))
        refuse(order, "its id is not a small letter followed by at most 31 small letters, digits and dashes");
    const auto& wallet = charter.wallet(order.wallet);
    require_source(order, wallet);
    require_appliance(order, wallet, charter);
    static_cast<void>(charter.decimals({wallet.chain, order.asset}));
    if (std::ranges::any_of(order.destinations, &Bytes::empty))
        refuse(order, "a destination is empty");
    require_amounts(order);
    require_dates(order);
}

} // namespace coffer::charter
