#include "core/requests/ladder.h"

#include "core/base/error.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace coffer::requests {

namespace {

/// Destination and amount of everything that leaves, in one order.
std::vector<std::tuple<Bytes, AssetId, Uint256>> payments_of(const payments::Payload& payload)
{
    std::vector<std::tuple<Bytes, AssetId, Uint256>> sorted;
    for (const auto& payment : payload.description().payments)
        sorted.emplace_back(payment.destination, payment.amount.asset(), payment.amount.base_units());
    std::ranges::sort(sorted);
    return sorted;
}

std::set<payments::SpendSlot> slots_of(const payments::Payload& payload)
{
    const auto slots = payload.slots();
    return {slots.begin(), slots.end()};
}

bool are_apart(const Payloads& payloads)
{
    std::set<payments::SpendSlot> used;
    for (const auto& payload : payloads)
        for (auto& slot : slots_of(*payload))
            if (!used.insert(slot).second)
                return false;
    return true;
}

} // namespace

void require_only_fee_grows(const payments::Payload& payload, const payments::Payload& lower, const std::string& name)
{
    if (payments_of(payload) != payments_of(lower))
        throw Error{ErrorCode::rbf_output, name + " pays something else than the one before it; only its fee may differ"};
    const auto fee = payload.description().fee.maximum.base_units();
    const auto before = lower.description().fee.maximum.base_units();
    if (fee <= before)
        throw Error{ErrorCode::rbf_output, name + " has a fee of " + fee.decimal() + ", no higher than the " + before.decimal() +
                                               " of the one before it"};
}

bool require_ladder_or_apart(const Payloads& payloads)
{
    if (are_apart(payloads))
        return false;
    const auto slots = slots_of(*payloads.front());
    for (std::size_t i = 1; i < payloads.size(); ++i) {
        const auto name = "payload " + std::to_string(i);
        if (slots_of(*payloads[i]) != slots)
            throw Error{ErrorCode::replaces, name + " does not use exactly what payload 0 uses, and some payloads use the same: a request pays "
                                                    "all of its payloads, or one step of a fee ladder"};
        require_only_fee_grows(*payloads[i], *payloads[i - 1], name);
    }
    if (payloads.size() > most_ladder_steps)
        throw Error{ErrorCode::limit, std::to_string(payloads.size()) + " steps of a fee ladder are over the limit of " +
                                          std::to_string(most_ladder_steps)};
    return true;
}

payments::Description describe(const Payloads& payloads, bool is_ladder)
{
    if (is_ladder)
        return payloads.back()->description();
    std::vector<payments::Description> parts;
    for (const auto& payload : payloads)
        parts.push_back(payload->description());
    return payments::combine(parts);
}

} // namespace coffer::requests
