#include "core/requests/standing_orders.h"

#include "core/base/text.h"
#include "core/encoding/hex.h"
#include "core/requests/recipient.h"

#include <algorithm>

namespace coffer::requests {

namespace {

using charter::Charter;
using charter::StandingOrder;

std::string name(const StandingOrder& order)
{
    return "standing order \"" + escaped(order.id) + "\"";
}

Error uncovered(const StandingOrder& order, const std::string& why)
{
    return Error{ErrorCode::policy_denied, name(order) + " " + why, "propose it without the order, so that officers vote on it"};
}

void require_appliance(const StandingOrder& order, const Charter& charter, const OrderCircumstances& circumstances)
{
    const auto* appliance = charter.find_appliance(order.appliance);
    if (appliance == nullptr || appliance->key != order.identity)
        throw uncovered(order, "is for appliance " + order.appliance + " as it was, whose sums no other one knows");
    if (appliance->state != charter::Appliance::State::active)
        throw uncovered(order, "is for appliance " + order.appliance + ", which is not active");
    if (circumstances.appliance && *circumstances.appliance != order.identity)
        throw uncovered(order, "is for appliance " + order.appliance + " alone, and this is another one");
}

void require_dates(const StandingOrder& order, const Request& request)
{
    if (request.created < order.first)
        throw uncovered(order, "begins " + format_time(order.first) + ", the request is of " + format_time(request.created));
    if (order.last < request.expires)
        throw uncovered(order, "ends " + format_time(order.last) + ", the request " + format_time(request.expires));
}

void require_payments(const StandingOrder& order, const Charter& charter, const payments::Description& description)
{
    const auto words = words_of(charter, charter.wallet(order.wallet));
    if (description.payments.empty())
        throw uncovered(order, "is for payments, and this pays nobody");
    for (const auto& payment : description.payments) {
        const auto& asset = payment.amount.asset();
        if (asset.symbol != order.asset)
            throw uncovered(order, "is for " + order.asset + ", not for " + asset.symbol);
        if (!std::ranges::binary_search(order.destinations, payment.destination))
            throw uncovered(order, "does not name destination " + words.address(payment.destination));
        if (order.per_payment < payment.amount.base_units())
            throw uncovered(order, "allows " + format_decimal(order.per_payment, charter.decimals(asset)) + " " + asset.symbol +
                                       " a payment, this is one of " + format_decimal(payment.amount.base_units(), charter.decimals(asset)));
    }
    const auto& fee = description.fee.maximum;
    if (order.fee < fee.base_units())
        throw Error{ErrorCode::fee_cap, name(order) + ": fee of at most " + format_decimal(fee.base_units(), charter.decimals(fee.asset())) + " " +
                                            fee.asset().symbol + " is over the ceiling of " + format_decimal(order.fee, charter.decimals(fee.asset()))};
}

policy::Decision decide(const Charter& charter, const StandingOrder& order, const policy::Facts& facts)
{
    try {
        return policy::select_rules(charter, facts);
    } catch (const Error& error) {
        throw Error{error.code(), name(order) + ", its whole sum: " + error.message(), error.hint()};
    }
}

/// Each destination by itself, so that one in a milder class does not decide for another.
policy::Decision decide_whole_sum(const Charter& charter, const StandingOrder& order, const std::set<std::string>& cooling)
{
    const auto& wallet = charter.wallet(order.wallet);
    const AssetId asset{wallet.chain, order.asset};
    const payments::Fee fee{.maximum = {charter.chain(wallet.chain).native(), order.fee}, .rate = {}, .priority_rate = {}};
    policy::Decision whole;
    for (const auto& destination : order.destinations) {
        const payments::Description description{.payer = wallet.id, .payments = {{destination, {asset, order.total}}}, .change = {}, .fee = fee};
        const auto decision = decide(charter, order,
                                     {.kind = charter::RequestKind::transfer,
                                      .wallet = &wallet,
                                      .description = &description,
                                      .created = order.first,
                                      .expires = order.last,
                                      .known_for = {},
                                      .cooling = cooling,
                                      .words = words_of(charter, wallet)});
        whole.assets.insert(whole.assets.end(), decision.assets.begin(), decision.assets.end());
    }
    for (const auto* rule : whole.rules())
        if (rule->approvals.is_none())
            throw uncovered(order, "would need no votes by rule \"" + rule->id + "\", and wallet " + wallet.id + " is governed");
    return whole;
}

std::optional<Error> find_delay(const StandingOrder& order, const policy::Decision& decision, Duration known_for)
{
    for (const auto* rule : decision.rules())
        if (known_for < rule->delay)
            return Error{ErrorCode::delay, "rule \"" + rule->id + "\" asks for " + format_duration(rule->delay) + " since this appliance first saw " +
                                               name(order) + "; " + format_duration(rule->delay - known_for) + " are left",
                         "`coffer-cold verify` at a terminal starts the delay; come back when it is over"};
    return std::nullopt;
}

} // namespace

OrderCover judge_order(const Charter& charter, const charter::OrderInForce& in_force, const std::set<std::string>& cooling,
                       const std::string& requester, const policy::Decision& payment)
{
    auto voters = signers(in_force.artefact, charter);
    std::erase_if(voters, [&](const auto& voter) { return !std::ranges::binary_search(in_force.order.officers, voter.officer); });
    OrderCover cover{.order = &in_force.order, .decision = decide_whole_sum(charter, in_force.order, cooling), .approvers = {}, .approvals = {}};
    cover.decision.assets.insert(cover.decision.assets.end(), payment.assets.begin(), payment.assets.end());
    cover.approvals = policy::tally(cover.decision, voters, requester);
    const bool requester_counts = std::ranges::any_of(cover.decision.rules(), [](const auto* rule) { return rule->requester_may_approve; });
    for (const auto& voter : voters)
        if (voter.officer != requester || requester_counts)
            cover.approvers.push_back(voter.officer);
    return cover;
}

OrderCover require_covered(const charter::PolicyChain& chain, const Request& request, const payments::Description& description,
                           const policy::Decision& payment, const OrderCircumstances& circumstances)
{
    require(request.order.has_value(), "a request without a standing order is judged by votes");
    const auto* in_force = chain.find_order(*request.order);
    if (in_force == nullptr)
        throw Error{ErrorCode::policy_denied, "standing order " + encoding::encode_hex(request.order->bytes()) +
                                                  ", which the request names, is not in force: it ended, or an amendment did",
                    "propose it without the order, so that officers vote on it"};
    const auto& order = in_force->order;
    if (request.kind != charter::RequestKind::transfer)
        throw uncovered(order, "is for transfers, not for the kind " + std::string{name_of(request.kind)});
    if (request.replaces)
        throw uncovered(order, "is for payments that take the place of no other");
    if (request.wallet != order.wallet)
        throw uncovered(order, "is for wallet " + order.wallet + ", not for " + request.wallet);
    require_appliance(order, chain.charter(), circumstances);
    require_dates(order, request);
    require_payments(order, chain.charter(), description);
    auto cover = judge_order(chain.charter(), *in_force, circumstances.cooling, request.requester, payment);
    if (circumstances.known_for)
        cover.delayed = find_delay(order, cover.decision, *circumstances.known_for);
    return cover;
}

void require_votes(const OrderCover& cover)
{
    if (!cover.approvals.reached)
        throw Error{ErrorCode::appr_missing, name(*cover.order) + " lacks votes: " + join(cover.approvals.need, ", "),
                    "who proposes a payment does not count for its order, nor does who is suspended"};
}

} // namespace coffer::requests
