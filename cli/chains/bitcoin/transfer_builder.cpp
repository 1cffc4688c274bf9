#include "cli/chains/bitcoin/transfer_builder.h"

#include "cli/chains/bitcoin/coin_selection.h"
#include "core/base/text.h"
#include "formats/bitcoin/payload.h"

#include <algorithm>
#include <set>

namespace coffer::cli {

namespace {

using chains::TransferOrder;


const charter::Chain& chain_of(const TransferOrder& order)
{
    return order.charter.chain(order.wallet.chain);
}

std::string in_unit(const TransferOrder& order, std::uint64_t satoshi)
{
    const auto& chain = chain_of(order);
    return format_decimal(satoshi, chain.decimals) + " " + chain.symbol;
}

void require_asset(const TransferOrder& order, const AssetId& asset)
{
    if (asset.chain != order.wallet.chain)
        throw Error{ErrorCode::chain, "asset " + quoted(asset.symbol, 40) + " is on chain " + quoted(asset.chain, 40) +
                                          ", wallet " + quoted(order.wallet.id, 40) + " on " + quoted(order.wallet.chain, 40)};
    if (asset != chain_of(order).native())
        throw Error{ErrorCode::token_unknown, "chain " + quoted(asset.chain, 40) + " has no token " + quoted(asset.symbol, 40)};
}

bitcoin::TxOutput output_of(const TransferOrder& order, std::size_t i)
{
    const auto& payment = order.payments[i];
    const auto place = "payment " + std::to_string(i + 1) + ": ";
    require_asset(order, payment.amount.asset());
    bitcoin::TxOutput output;
    output.script_pubkey = payment.destination;
    if (order.spend_all)
        return output;
    const auto satoshi = payment.amount.base_units().to_u64();
    if (!satoshi || *satoshi > bitcoin::most_money)
        throw Error{ErrorCode::amount_range, place + "the amount is over 21 million " + chain_of(order).symbol};
    output.amount = *satoshi;
    const auto least = std::max<std::uint64_t>(bitcoin::dust_limit(output.script_pubkey), 1);
    if (output.amount < least)
        throw Error{ErrorCode::usage, place + in_unit(order, output.amount) + " is below " + in_unit(order, least) +
                                          ", under which nothing is relayed"};
    return output;
}

std::vector<bitcoin::TxOutput> outputs_of(const TransferOrder& order)
{
    if (order.payments.empty())
        throw Error{ErrorCode::usage, "there is nothing to pay"};
    if (order.spend_all && order.payments.size() != 1)
        throw Error{ErrorCode::usage, "everything can go to one destination only, not to " + std::to_string(order.payments.size())};
    std::vector<bitcoin::TxOutput> outputs;
    for (std::size_t i = 0; i < order.payments.size(); ++i)
        outputs.push_back(output_of(order, i));
    return outputs;
}

std::vector<WalletOutput> named_outputs(const TransferOrder& order, const BitcoinFacts& facts,
                                        const std::set<bitcoin::Outpoint>& held)
{
    std::map<bitcoin::Outpoint, const WalletOutput*> known;
    for (const auto& output : facts.outputs)
        known.emplace(output.outpoint, &output);
    std::set<bitcoin::Outpoint> seen;
    std::vector<WalletOutput> named;
    for (const auto& text : order.inputs) {
        const auto outpoint = parse_outpoint(text);
        const auto name = format_outpoint(outpoint);
        if (!seen.insert(outpoint).second)
            throw Error{ErrorCode::usage, "output " + name + " is named twice"};
        const auto found = known.find(outpoint);
        if (found == known.end())
            throw Error{ErrorCode::not_found, "wallet " + order.wallet.id + " has no unspent output " + name + " at height " + std::to_string(facts.height)};
        if (held.contains(outpoint))
            throw Error{ErrorCode::state, "output " + name + " is held by an open request"};
        if (!is_mature(*found->second, facts.height))
            throw Error{ErrorCode::state, "output " + name + " is newly mined and cannot be spent before height " +
                                              std::to_string(found->second->height + coinbase_maturity)};
        named.push_back(*found->second);
    }
    return named;
}

/// What may be chosen from, or with coin control what is to be spent.
std::vector<WalletOutput> spendable_outputs(const TransferOrder& order, const bitcoin::Network& network, const BitcoinFacts& facts)
{
    const auto held = outpoints_of(order.reserved, network);
    if (!order.inputs.empty())
        return named_outputs(order, facts, held);
    std::vector<WalletOutput> spendable;
    for (const auto& output : facts.outputs)
        if (!held.contains(output.outpoint) && is_mature(output, facts.height))
            spendable.push_back(output);
    return spendable;
}

[[noreturn]] void refuse(const TransferOrder& order, const Shortfall& missing)
{
    const auto message = "wallet " + order.wallet.id + " has " + in_unit(order, missing.have) +
                         (missing.is_too_heavy ? " in the largest outputs that fit into one transaction" : " to spend") +
                         ", the payments and the fee need " + in_unit(order, missing.need);
    if (missing.is_too_heavy)
        throw Error{ErrorCode::insufficient_funds, message, "spend part of it first, with --utxo to the wallet itself"};
    throw Error{ErrorCode::insufficient_funds, message};
}

template <typename Choice>
Choice accepted(const TransferOrder& order, const std::variant<Choice, Shortfall>& choice)
{
    if (const auto* missing = std::get_if<Shortfall>(&choice))
        refuse(order, *missing);
    return std::get<Choice>(choice);
}

/// Sets the one amount of a sweep; otherwise leaves the outputs as they are.
CoinSelection fund(const TransferOrder& order, std::vector<bitcoin::TxOutput>& outputs, const Funding& funding,
                   const std::vector<Coin>& coins)
{
    const auto has_control = !order.inputs.empty();
    if (!order.spend_all)
        return accepted(order, has_control ? spend_exactly(funding, coins) : choose_coins(funding, coins));
    const auto least = std::max<std::uint64_t>(bitcoin::dust_limit(outputs.front().script_pubkey), 1);
    auto sweep = accepted(order, has_control ? sweep_exactly(funding, coins, least) : sweep_coins(funding, coins, least));
    outputs.front().amount = sweep.paid;
    return std::move(sweep.selection);
}

} // namespace

TransferPlan plan_transfer(const TransferOrder& order, const bitcoin::DescriptorWallet& wallet, const BitcoinFacts& facts)
{
    auto outputs = outputs_of(order);
    const auto spendable = spendable_outputs(order, wallet.network(), facts);
    std::vector<Coin> coins;
    for (const auto& output : spendable)
        coins.push_back({output.outpoint, output.amount});
    Funding funding{TransactionShape{weights_of(wallet.descriptor()), outputs}, 0, choose_feerate(order.feerate, facts)};
    for (const auto& output : outputs)
        funding.paid += output.amount;
    if (funding.paid > bitcoin::most_money)
        throw Error{ErrorCode::amount_range, "the payments add up to over 21 million " + chain_of(order).symbol};

    const auto selection = fund(order, outputs, funding, coins);
    require_ceiling(order.max_fee, selection.fee, chain_of(order));
    std::vector<WalletOutput> inputs;
    for (const auto i : selection.coins)
        inputs.push_back(spendable[i]);
    std::optional<TransferPlan::OwnOutput> change;
    if (selection.change) {
        change = TransferPlan::OwnOutput{outputs.size(), next_change_place(wallet, facts, order.next_change)};
        outputs.push_back({*selection.change, wallet.script_pubkey(change->place)});
    }
    return arrange_transfer(std::move(inputs), std::move(outputs), change, facts.height);
}

} // namespace coffer::cli
