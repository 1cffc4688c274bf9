#include "cli/chains/bitcoin/transfer_builder.h"

#include "cli/chains/bitcoin/coin_selection.h"
#include "core/base/text.h"
#include "formats/bitcoin/payload.h"
#include "formats/bitcoin/psbt_update.h"

#include <algorithm>
#include <set>

namespace coffer::cli {

namespace {

using chains::TransferOrder;

/// No node relays above it without being told to (Bitcoin Core's default maxfeerate, 0.1 BTC a kvB).
constexpr std::uint64_t most_feerate = 10'000'000;
/// Above it nothing was ever needed; who means it gives the feerate.
constexpr std::uint64_t most_advised_feerate = 2'000'000;
constexpr std::uint32_t replaceable_sequence = 0xfffffffd;
constexpr std::uint32_t most_address_index = 0x7fffffff;

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

std::uint64_t advised_feerate(const BitcoinFacts& facts)
{
    if (!facts.feerate)
        throw Error{ErrorCode::rpc, "no feerate is advised", "give one with --feerate"};
    if (*facts.feerate > most_advised_feerate)
        throw Error{ErrorCode::fee_cap, "the node advises " + format_sat_per_vbyte(*facts.feerate) + ", over " +
                                            format_sat_per_vbyte(most_advised_feerate),
                    "where it is meant, give it with --feerate"};
    return std::max(*facts.feerate, facts.least_feerate);
}

std::uint64_t feerate_of(const TransferOrder& order, const BitcoinFacts& facts)
{
    if (!order.feerate)
        return advised_feerate(facts);
    const auto feerate = order.feerate->to_u64();
    if (!feerate || *feerate > most_feerate)
        throw Error{ErrorCode::fee_cap, "a feerate over " + format_sat_per_vbyte(most_feerate) + " is relayed by nobody"};
    if (*feerate == 0 || *feerate < facts.least_feerate)
        throw Error{ErrorCode::usage, "a feerate of " + format_sat_per_vbyte(*feerate) + " is below " +
                                          format_sat_per_vbyte(facts.least_feerate) + ", which nodes ask for at least"};
    return *feerate;
}

std::set<bitcoin::Outpoint> held_outpoints(const TransferOrder& order, const bitcoin::Network& network)
{
    std::set<bitcoin::Outpoint> held;
    for (const auto& slot : order.reserved)
        if (const auto outpoint = bitcoin::find_outpoint(slot, network))
            held.insert(*outpoint);
    return held;
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
    const auto held = held_outpoints(order, network);
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

bitcoin::Place change_place(const TransferOrder& order, const BitcoinFacts& facts)
{
    bitcoin::Place place{chains::Branch::change, order.next_change};
    for (const auto& output : facts.outputs)
        if (output.place.branch == chains::Branch::change)
            place.index = std::max(place.index, output.place.index + 1);
    if (place.index > most_address_index)
        throw Error{ErrorCode::state, "wallet " + order.wallet.id + " has no change address left"};
    return place;
}

/// BIP-69 compares transaction ids as they are shown, which is backwards.
auto input_order(const WalletOutput& output)
{
    const auto& txid = output.outpoint.txid.bytes();
    return std::pair{Bytes{txid.rbegin(), txid.rend()}, output.outpoint.index};
}

void add_inputs(TransferPlan& plan)
{
    std::ranges::sort(plan.inputs, {}, input_order);
    for (const auto& input : plan.inputs) {
        bitcoin::TxInput made;
        made.previous = input.outpoint;
        made.sequence = replaceable_sequence;
        plan.transaction.inputs.push_back(std::move(made));
    }
}

void add_outputs(TransferPlan& plan, std::vector<bitcoin::TxOutput> outputs, const std::optional<TransferPlan::OwnOutput>& change)
{
    // Positions move with the sorting; the change is found again by where it started.
    std::vector<std::size_t> order(outputs.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return std::pair{outputs[i].amount, outputs[i].script_pubkey}; });
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (change && order[i] == change->position)
            plan.change = TransferPlan::OwnOutput{i, change->place};
        plan.transaction.outputs.push_back(std::move(outputs[order[i]]));
    }
}

void require_ceiling(const TransferOrder& order, std::uint64_t fee)
{
    if (order.max_fee && Uint256{fee} > *order.max_fee)
        throw Error{ErrorCode::fee_cap, "the fee would be " + in_unit(order, fee) + ", over the ceiling of " +
                                            format_decimal(*order.max_fee, chain_of(order).decimals) + " " + chain_of(order).symbol};
}

Error lying(const WalletOutput& output, const std::string& what)
{
    return Error{ErrorCode::rpc, "output " + format_outpoint(output.outpoint) + ": " + what};
}

bool is_coinbase(const bitcoin::Transaction& transaction)
{
    const bitcoin::Outpoint none{{}, 0xffffffff};
    return transaction.inputs.size() == 1 && transaction.inputs.front().previous == none;
}

/// The previous transaction of an input, which proves what the plan was made from.
const bitcoin::Transaction& proof_of(const WalletOutput& input, const bitcoin::DescriptorWallet& wallet,
                                     const PreviousTransactions& previous, std::uint64_t tip)
{
    const auto found = previous.find(input.outpoint.txid);
    if (found == previous.end())
        throw lying(input, "its transaction is missing");
    const auto& transaction = found->second;
    if (const auto txid = bitcoin::txid_of(transaction); txid != input.outpoint.txid)
        throw lying(input, "the transaction that came for it is " + bitcoin::format_txid(txid));
    if (input.outpoint.index >= transaction.outputs.size())
        throw lying(input, "its transaction has " + std::to_string(transaction.outputs.size()) + " outputs only");
    const auto& spent = transaction.outputs[input.outpoint.index];
    if (spent.amount != input.amount)
        throw lying(input, "its amount is " + std::to_string(spent.amount) + " sat, not the " + std::to_string(input.amount) +
                               " sat that were claimed");
    if (spent.script_pubkey != wallet.script_pubkey(input.place))
        throw lying(input, "it is not the wallet's, as was claimed");
    auto claimed = input;
    claimed.is_coinbase = is_coinbase(transaction);
    if (!is_mature(claimed, tip))
        throw lying(input, "it is newly mined, which was concealed");
    return transaction;
}

} // namespace

std::string format_sat_per_vbyte(std::uint64_t feerate)
{
    return format_decimal(feerate, 3) + " sat/vB";
}

TransferPlan plan_transfer(const TransferOrder& order, const bitcoin::DescriptorWallet& wallet, const BitcoinFacts& facts)
{
    auto outputs = outputs_of(order);
    const auto spendable = spendable_outputs(order, wallet.network(), facts);
    std::vector<Coin> coins;
    for (const auto& output : spendable)
        coins.push_back({output.outpoint, output.amount});
    Funding funding{TransactionShape{weights_of(wallet.descriptor()), outputs}, 0, feerate_of(order, facts)};
    for (const auto& output : outputs)
        funding.paid += output.amount;
    if (funding.paid > bitcoin::most_money)
        throw Error{ErrorCode::amount_range, "the payments add up to over 21 million " + chain_of(order).symbol};

    const auto selection = fund(order, outputs, funding, coins);
    require_ceiling(order, selection.fee);
    TransferPlan plan;
    plan.fee = selection.fee;
    plan.transaction.lock_time = static_cast<std::uint32_t>(facts.height);
    for (const auto i : selection.coins)
        plan.inputs.push_back(spendable[i]);
    add_inputs(plan);
    std::optional<TransferPlan::OwnOutput> change;
    if (selection.change) {
        change = TransferPlan::OwnOutput{outputs.size(), change_place(order, facts)};
        outputs.push_back({*selection.change, wallet.script_pubkey(change->place)});
    }
    add_outputs(plan, std::move(outputs), change);
    return plan;
}

Bytes encode_plan(const TransferPlan& plan, const bitcoin::DescriptorWallet& wallet, const PreviousTransactions& previous)
{
    const auto require_size = [](std::size_t bytes) {
        if (bytes > bitcoin::most_psbt_bytes)
            throw Error{ErrorCode::limit, "the transactions that it spends from are over 64 MiB together", "spend fewer outputs at once"};
    };
    auto psbt = bitcoin::create_psbt(plan.transaction);
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < psbt.inputs.size(); ++i) {
        const auto& input = plan.inputs[i];
        const auto& transaction = proof_of(input, wallet, previous, plan.transaction.lock_time);
        bytes += bitcoin::vsize_of(transaction); // at most what it takes
        require_size(bytes);
        bitcoin::update_input(psbt.inputs[i], wallet.descriptor(), static_cast<std::size_t>(input.place.branch), input.place.index);
        bitcoin::update_spent(psbt.inputs[i], transaction);
    }
    if (plan.change)
        bitcoin::update_output(psbt.outputs[plan.change->position], wallet.descriptor(),
                               static_cast<std::size_t>(plan.change->place.branch), plan.change->place.index);
    auto encoded = bitcoin::encode_psbt(psbt);
    require_size(encoded.size());
    return encoded;
}

} // namespace coffer::cli
