#include "cli/chains/bitcoin/replacement_builder.h"

#include "cli/chains/bitcoin/coin_selection.h"
#include "core/base/error.h"
#include "formats/bitcoin/ownership.h"
#include "formats/bitcoin/payload.h"
#include "formats/bitcoin/psbt_spends.h"

#include <algorithm>

namespace coffer::cli {

namespace {

using chains::ReplacementOrder;

/// What a transaction has that may be replaced.
struct ReplacedTransfer {
    std::vector<bitcoin::Outpoint> inputs;
    std::vector<bitcoin::TxOutput> payments; ///< all outputs but change
    std::optional<bitcoin::Place> change;    ///< of the first change output
    std::uint64_t fee = 0;
};

const charter::Chain& chain_of(const ReplacementOrder& order)
{
    return order.charter.chain(order.wallet.chain);
}

/// What BIP-125 asks of the one that takes the place.
struct FeeRule {
    std::uint64_t feerate = 0;   ///< satoshi per 1000 virtual bytes
    std::uint64_t replaced = 0;  ///< satoshi of the other one
    std::uint64_t increment = 0; ///< satoshi per 1000 virtual bytes

    std::uint64_t fee(std::uint64_t weight) const { return std::max(fee_for(weight, feerate), replaced + fee_for(weight, increment)); }
};

/// The other one's weight counts the longest signatures; as they come out, the whole is up to 2 in 100 lighter.
std::uint64_t highest_feerate_of(const ReplacedTransfer& replaced, const WalletWeights& wallet)
{
    const TransactionShape shape{wallet, replaced.payments};
    const auto weight = shape.weight(replaced.inputs.size(), replaced.change ? WithChange::yes : WithChange::no);
    const auto feerate = replaced.fee * 1000 / (weight / 4);
    return feerate + feerate / 49 + 1;
}

FeeRule fee_rule(const ReplacementOrder& order, const ReplacedTransfer& replaced, const WalletWeights& weights, const BitcoinFacts& facts)
{
    const auto increment = std::max(facts.increment, facts.least_feerate);
    require_sane_feerate(increment);
    const auto least = highest_feerate_of(replaced, weights) + 1;
    // Where the node has no advice, what a replacement needs is enough.
    const auto has_rate = order.feerate || facts.feerate;
    const auto wanted = has_rate ? choose_feerate(order.feerate, facts) : facts.least_feerate;
    if (order.feerate && wanted < least)
        throw Error{ErrorCode::usage, "a feerate of " + format_sat_per_vbyte(wanted) + " replaces nothing: the transaction has up to " +
                                          format_sat_per_vbyte(least - 1)};
    return {std::max(wanted, least), replaced.fee, increment};
}

std::vector<WalletOutput> find_inputs(const ReplacedTransfer& replaced, const BitcoinFacts& facts)
{
    std::map<bitcoin::Outpoint, const WalletOutput*> known;
    for (const auto& output : facts.outputs)
        known.emplace(output.outpoint, &output);
    std::vector<WalletOutput> inputs;
    for (const auto& outpoint : replaced.inputs) {
        const auto found = known.find(outpoint);
        if (found == known.end())
            throw Error{ErrorCode::state, "output " + format_outpoint(outpoint) + " is spent at height " + std::to_string(facts.height) +
                                              ": what was to be replaced, or a rival of it, is in a block"};
        inputs.push_back(*found->second);
    }
    return inputs;
}

void sort_by_value(std::vector<WalletOutput>& outputs)
{
    std::ranges::sort(outputs, [](const WalletOutput& a, const WalletOutput& b) {
        return a.amount != b.amount ? a.amount > b.amount : a.outpoint < b.outpoint;
    });
}

/// What may come in addition, the most valuable first; the inputs of what is replaced are among the reserved slots.
std::vector<WalletOutput> further_coins(const ReplacementOrder& order, const bitcoin::Network& network, const BitcoinFacts& facts)
{
    const auto taken = outpoints_of(order.reserved, network);
    std::vector<WalletOutput> further;
    for (const auto& output : facts.outputs)
        if (!taken.contains(output.outpoint) && is_mature(output, facts.height))
            further.push_back(output);
    sort_by_value(further);
    return further;
}

std::uint64_t total_of(const auto& outputs)
{
    std::uint64_t total = 0;
    for (const auto& output : outputs)
        total += output.amount;
    return total;
}

/// Change that is left, 0 for none; nothing when it does not suffice.
std::optional<std::uint64_t> change_left(const FeeRule& rule, const TransactionShape& shape, std::size_t inputs, std::uint64_t total, std::uint64_t paid)
{
    const auto with_change = paid + rule.fee(shape.weight(inputs, WithChange::yes));
    if (total >= with_change + least_change(shape.wallet()))
        return total - with_change;
    if (total >= paid + rule.fee(shape.weight(inputs, WithChange::no)))
        return 0;
    return std::nullopt;
}

[[noreturn]] void refuse(const ReplacementOrder& order, std::uint64_t has, std::uint64_t needs)
{
    const auto& chain = chain_of(order);
    throw Error{ErrorCode::insufficient_funds, "wallet " + order.wallet.id + " has " + format_decimal(has, chain.decimals) + " " + chain.symbol +
                                                   " to spend, the replacement and its fee need " + format_decimal(needs, chain.decimals) + " " +
                                                   chain.symbol};
}

TransferPlan plan_bump(const ReplacementOrder& order, const ReplacedTransfer& replaced, const FeeRule& rule, const bitcoin::DescriptorWallet& wallet,
                       const BitcoinFacts& facts)
{
    const TransactionShape shape{weights_of(wallet.descriptor()), replaced.payments};
    const auto paid = total_of(replaced.payments);
    const auto further = further_coins(order, wallet.network(), facts);
    auto inputs = find_inputs(replaced, facts);
    auto total = total_of(inputs);
    auto next = further.begin();
    auto change = change_left(rule, shape, inputs.size(), total, paid);
    while (!change) {
        if (next == further.end() || inputs.size() >= shape.most_inputs())
            refuse(order, total, paid + rule.fee(shape.weight(inputs.size(), WithChange::no)));
        total += next->amount;
        inputs.push_back(*next++);
        change = change_left(rule, shape, inputs.size(), total, paid);
    }
    auto outputs = replaced.payments;
    std::optional<TransferPlan::OwnOutput> own;
    if (*change > 0) {
        own = TransferPlan::OwnOutput{outputs.size(), replaced.change ? *replaced.change : next_change_place(wallet, facts, order.next_change)};
        outputs.push_back({*change, wallet.script_pubkey(own->place)});
    }
    return arrange_transfer(std::move(inputs), std::move(outputs), own, facts.height);
}

TransferPlan plan_void(const ReplacementOrder& order, const ReplacedTransfer& replaced, const FeeRule& rule, const bitcoin::DescriptorWallet& wallet,
                       const BitcoinFacts& facts)
{
    const TransferPlan::OwnOutput back{0, next_change_place(wallet, facts, order.next_change)};
    const TransactionShape shape{weights_of(wallet.descriptor()), {}};
    auto inputs = find_inputs(replaced, facts); // all of them, so that what it replaced itself is excluded, too
    const auto total = total_of(inputs);
    const auto fee = rule.fee(shape.weight(inputs.size(), WithChange::yes));
    if (total < fee + shape.wallet().change_dust)
        refuse(order, total, fee + shape.wallet().change_dust);
    return arrange_transfer(std::move(inputs), {{total - fee, wallet.script_pubkey(back.place)}}, back, facts.height);
}

ReplacedTransfer read_replaced(const bitcoin::BitcoinPayload& payload, const bitcoin::DescriptorWallet& wallet)
{
    ReplacedTransfer replaced;
    replaced.fee = total_of(bitcoin::spent_outputs(payload.psbt()));
    for (const auto& input : payload.psbt().inputs)
        replaced.inputs.push_back(input.previous);
    for (std::size_t i = 0; i < payload.psbt().outputs.size(); ++i) {
        const auto& output = payload.psbt().outputs[i];
        replaced.fee -= output.output.amount;
        const auto index = bitcoin::find_change_index(output, i, wallet);
        if (!index)
            replaced.payments.push_back(output.output);
        else if (!replaced.change)
            replaced.change = bitcoin::Place{chains::Branch::change, *index};
    }
    return replaced;
}

TransferPlan plan_replacement(const ReplacementOrder& order, const ReplacedTransfer& replaced, const bitcoin::DescriptorWallet& wallet,
                              const BitcoinFacts& facts)
{
    const auto rule = fee_rule(order, replaced, weights_of(wallet.descriptor()), facts);
    const auto is_bump = order.purpose == ReplacementOrder::Purpose::bump && !replaced.payments.empty();
    auto plan = is_bump ? plan_bump(order, replaced, rule, wallet, facts) : plan_void(order, replaced, rule, wallet, facts);
    require_ceiling(order.max_fee, plan.fee, chain_of(order));
    return plan;
}

} // namespace

std::vector<TransferPlan> plan_replacements(ReplacementOrder order, const bitcoin::DescriptorWallet& wallet, const BitcoinFacts& facts)
{
    std::vector<ReplacedTransfer> replaced;
    for (const auto* payload : order.replaced) {
        const auto* own = dynamic_cast<const bitcoin::BitcoinPayload*>(payload);
        require(own != nullptr, "a payload of another family is replaced on a Bitcoin chain");
        replaced.push_back(read_replaced(*own, wallet));
        for (auto& slot : own->slots())
            order.reserved.push_back(std::move(slot));
    }
    std::vector<TransferPlan> plans;
    for (const auto& transfer : replaced) {
        plans.push_back(plan_replacement(order, transfer, wallet, facts));
        // What one has taken the next one leaves.
        for (const auto& input : plans.back().inputs)
            order.reserved.push_back(bitcoin::outpoint_slot(wallet.network(), input.outpoint));
        if (plans.back().change)
            order.next_change = std::max(order.next_change, plans.back().change->place.index + 1);
    }
    return plans;
}

} // namespace coffer::cli
