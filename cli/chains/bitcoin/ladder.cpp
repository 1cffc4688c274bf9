#include "cli/chains/bitcoin/ladder.h"

#include "cli/chains/bitcoin/coin_selection.h"
#include "cli/chains/bitcoin/transfer_builder.h"
#include "core/base/error.h"

#include <algorithm>

namespace coffer::cli {

namespace {

using chains::TransferOrder;

/// Rising, the order's own first.
std::vector<std::uint64_t> feerates_of(const TransferOrder& order, const BitcoinFacts& facts)
{
    std::vector<std::uint64_t> feerates{choose_feerate(order.feerate, facts)};
    for (const auto& step : order.ladder) {
        feerates.push_back(choose_feerate(step, facts));
        const auto before = feerates[feerates.size() - 2];
        if (feerates.back() <= before)
            throw Error{ErrorCode::usage, "the ladder's step of " + format_sat_per_vbyte(feerates.back()) + " is no higher than the one before, " +
                                              format_sat_per_vbyte(before)};
    }
    return feerates;
}

/// The steps of one ladder below its last one.
class LowerSteps {
public:
    LowerSteps(const TransferPlan& last, const TransferOrder& order, const bitcoin::DescriptorWallet& wallet, const BitcoinFacts& facts)
        : m_inputs{last.inputs}, m_payments{payments_of(last)}, m_shape{weights_of(wallet.descriptor()), m_payments}, m_wallet{wallet},
          m_change{last.change ? last.change->place : next_change_place(wallet, facts, order.next_change)}, m_height{facts.height}
    {
        for (const auto& input : m_inputs)
            m_left += input.amount;
        for (const auto& payment : m_payments)
            m_left -= payment.amount;
    }

    TransferPlan plan(std::uint64_t feerate) const
    {
        auto outputs = m_payments;
        std::optional<TransferPlan::OwnOutput> own;
        if (const auto fee = fee_for(m_shape.weight(m_inputs.size(), WithChange::yes), feerate); m_left >= fee + least_change(m_shape.wallet())) {
            own = TransferPlan::OwnOutput{outputs.size(), m_change};
            outputs.push_back({m_left - fee, m_wallet.script_pubkey(m_change)});
        }
        return arrange_transfer(m_inputs, std::move(outputs), own, m_height);
    }

    /// What nodes ask of a step beyond the fee of the one before.
    std::uint64_t relay_fee(std::uint64_t increment) const { return fee_for(m_shape.weight(m_inputs.size(), WithChange::yes), increment); }

private:
    static std::vector<bitcoin::TxOutput> payments_of(const TransferPlan& plan)
    {
        auto outputs = plan.transaction.outputs;
        if (plan.change)
            outputs.erase(outputs.begin() + static_cast<std::ptrdiff_t>(plan.change->position));
        return outputs;
    }

    std::vector<WalletOutput> m_inputs;
    std::vector<bitcoin::TxOutput> m_payments;
    TransactionShape m_shape;
    const bitcoin::DescriptorWallet& m_wallet;
    bitcoin::Place m_change;
    std::uint64_t m_height;
    std::uint64_t m_left = 0; ///< for fee and change
};

} // namespace

std::vector<TransferPlan> plan_ladder(const TransferOrder& order, const bitcoin::DescriptorWallet& wallet, const BitcoinFacts& facts)
{
    if (order.ladder.empty())
        return {plan_transfer(order, wallet, facts)};
    const auto feerates = feerates_of(order, facts);
    auto highest = order;
    highest.feerate = Uint256{feerates.back()};
    auto last = plan_transfer(highest, wallet, facts);
    const LowerSteps lower{last, order, wallet, facts};
    const auto relay = lower.relay_fee(std::max(facts.increment, facts.least_feerate));
    std::vector<TransferPlan> plans;
    for (std::size_t i = 0; i < feerates.size(); ++i) {
        plans.push_back(i + 1 < feerates.size() ? lower.plan(feerates[i]) : std::move(last));
        if (i > 0 && plans[i].fee < plans[i - 1].fee + relay)
            throw Error{ErrorCode::usage, "the ladder's step of " + format_sat_per_vbyte(feerates[i]) + " would pay " + std::to_string(plans[i].fee) +
                                              " sat, the one before " + std::to_string(plans[i - 1].fee) + "; nodes ask for " + std::to_string(relay) +
                                              " sat more, the transaction's own relay",
                        "leave more between the steps, or with --utxo room for change"};
    }
    return plans;
}

} // namespace coffer::cli
