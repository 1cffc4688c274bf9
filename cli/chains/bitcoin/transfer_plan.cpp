#include "cli/chains/bitcoin/transfer_plan.h"

#include "core/base/error.h"
#include "formats/bitcoin/payload.h"
#include "formats/bitcoin/psbt_update.h"

#include <algorithm>

namespace coffer::cli {

namespace {

/// No node relays above it without being told to (Bitcoin Core's default maxfeerate, 0.1 BTC a kvB).
constexpr std::uint64_t most_feerate = 10'000'000;
/// Above it nothing was ever needed; who means it gives the feerate.
constexpr std::uint64_t most_advised_feerate = 2'000'000;
constexpr std::uint32_t replaceable_sequence = 0xfffffffd;
constexpr std::uint32_t most_address_index = 0x7fffffff;

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

std::uint64_t advised_feerate(const BitcoinFacts& facts)
{
    if (!facts.feerate)
        throw Error{ErrorCode::rpc, "the node has seen too little to advise a feerate", "give one with --feerate"};
    const auto feerate = std::max(*facts.feerate, facts.least_feerate);
    require_sane_feerate(feerate);
    return feerate;
}

} // namespace

void require_sane_feerate(std::uint64_t said)
{
    if (said > most_advised_feerate)
        throw Error{ErrorCode::fee_cap, "the node asks for " + format_sat_per_vbyte(said) + ", over " + format_sat_per_vbyte(most_advised_feerate),
                    "where it is meant, give it with --feerate"};
}

std::uint64_t choose_feerate(const std::optional<Uint256>& given, const BitcoinFacts& facts)
{
    if (!given)
        return advised_feerate(facts);
    const auto feerate = given->to_u64();
    if (!feerate || *feerate > most_feerate)
        throw Error{ErrorCode::fee_cap, "a feerate over " + format_sat_per_vbyte(most_feerate) + " is relayed by nobody"};
    if (*feerate == 0 || *feerate < facts.least_feerate)
        throw Error{ErrorCode::usage, "a feerate of " + format_sat_per_vbyte(*feerate) + " is below " +
                                          format_sat_per_vbyte(facts.least_feerate) + ", which nodes ask for at least"};
    return *feerate;
}

std::set<bitcoin::Outpoint> outpoints_of(const std::vector<payments::SpendSlot>& slots, const bitcoin::Network& network)
{
    std::set<bitcoin::Outpoint> outpoints;
    for (const auto& slot : slots)
        if (const auto outpoint = bitcoin::find_outpoint(slot, network))
            outpoints.insert(*outpoint);
    return outpoints;
}

bitcoin::Place next_change_place(const bitcoin::DescriptorWallet& wallet, const BitcoinFacts& facts, std::uint32_t next_change)
{
    bitcoin::Place place{chains::Branch::change, next_change};
    for (const auto& output : facts.outputs)
        if (output.place.branch == chains::Branch::change)
            place.index = std::max(place.index, output.place.index + 1);
    if (place.index > most_address_index)
        throw Error{ErrorCode::state, "wallet " + wallet.id() + " has no change address left"};
    return place;
}

void require_ceiling(const std::optional<Uint256>& ceiling, std::uint64_t fee, const charter::Chain& chain)
{
    if (ceiling && Uint256{fee} > *ceiling)
        throw Error{ErrorCode::fee_cap, "the fee would be " + format_decimal(fee, chain.decimals) + " " + chain.symbol + ", over the ceiling of " +
                                            format_decimal(*ceiling, chain.decimals) + " " + chain.symbol};
}

std::string format_sat_per_vbyte(std::uint64_t feerate)
{
    return format_decimal(feerate, 3) + " sat/vB";
}

TransferPlan arrange_transfer(std::vector<WalletOutput> inputs, std::vector<bitcoin::TxOutput> outputs,
                              const std::optional<TransferPlan::OwnOutput>& change, std::uint64_t tip)
{
    TransferPlan plan;
    plan.transaction.lock_time = static_cast<std::uint32_t>(tip);
    for (const auto& input : inputs)
        plan.fee += input.amount;
    for (const auto& output : outputs)
        plan.fee -= output.amount;
    plan.inputs = std::move(inputs);
    add_inputs(plan);
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
