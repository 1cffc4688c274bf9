#include "cli/chains/evm/transfer_builder.h"

#include "cli/chains/evm/replacement_builder.h"
#include "core/base/text.h"
#include "formats/evm/builder.h"
#include "formats/evm/encode.h"
#include "formats/evm/feerate.h"
#include "formats/evm/payload.h"

#include <algorithm>
#include <set>

namespace coffer::cli {

namespace {

constexpr std::uint64_t gwei = 1'000'000'000;
constexpr std::uint64_t most_priority_fee = 50 * gwei;
constexpr std::uint64_t most_sane_fee = 10'000 * gwei;
constexpr std::uint64_t least_gas = 21'000;
constexpr std::uint64_t most_gas = 1'000'000;
/// Far below the end of the range (EIP-2681), far above any account's life.
constexpr std::uint64_t most_nonce = std::uint64_t{1} << 62;

const charter::Chain& chain_of(const chains::TransferOrder& order)
{
    return order.charter.chain(order.wallet.chain);
}

/// Null for the native asset.
const charter::Token* token_of(const chains::TransferOrder& order, const AssetId& asset)
{
    if (asset.chain != order.wallet.chain)
        throw Error{ErrorCode::chain, "asset " + quoted(asset.symbol, 40) + " is on chain " + quoted(asset.chain, 40) +
                                          ", wallet " + quoted(order.wallet.id, 40) + " on " +
                                          quoted(order.wallet.chain, 40)};
    if (asset == chain_of(order).native())
        return nullptr;
    const auto* token = order.charter.find_token(asset);
    if (token == nullptr)
        throw Error{ErrorCode::token_unknown, "chain " + quoted(asset.chain, 40) + " has no token " +
                                                  quoted(asset.symbol, 40) + " in the charter"};
    return token;
}

std::string in_unit(const chains::TransferOrder& order, const AssetId& asset, const Uint256& amount)
{
    return format_decimal(amount, order.charter.decimals(asset)) + " " + asset.symbol;
}

/// `extra` is what the network takes besides.
void require_funds(const chains::TransferOrder& order, const AssetId& asset, const Uint256& has, const Uint256& needs,
                   std::string_view extra)
{
    if (needs > has)
        throw Error{ErrorCode::insufficient_funds, "wallet " + order.wallet.id + " has " + in_unit(order, asset, has) +
                                                       ", the payments" + std::string{extra} + " need " +
                                                       in_unit(order, asset, needs)};
}

Uint256 total_of(const chains::TransferOrder& order, const AssetId& asset)
{
    Uint256 total;
    for (const auto& payment : order.payments)
        if (payment.amount.asset() == asset)
            total = total + payment.amount.base_units();
    return total;
}

struct FeeRates {
    Uint256 most;     ///< max_fee_per_gas
    Uint256 priority; ///< max_priority_fee_per_gas
};

void require_sane(const Uint256& fee, std::string_view name)
{
    if (fee > Uint256{most_sane_fee})
        throw Error{ErrorCode::fee_cap, "the " + std::string{name} + " of " + evm::format_feerate(fee) + " a gas is over " +
                                            evm::format_feerate(Uint256{most_sane_fee})};
}

FeeRates first_fee_rates(const chains::TransferOrder& order, const EvmFacts& facts)
{
    require_sane(facts.base_fee, "node's base fee");
    require_sane(facts.priority_fee, "node's priority fee");
    const auto priority = std::min(facts.priority_fee, Uint256{most_priority_fee});
    if (order.feerate) {
        require_sane(*order.feerate, "chosen fee rate");
        return {*order.feerate, std::min(priority, *order.feerate)};
    }
    const auto most = Uint256{2} * facts.base_fee + priority;
    if (most.is_zero())
        throw Error{ErrorCode::fee_cap, "base fee and priority fee are 0, so no block would take the transaction"};
    return {most, priority};
}

/// Those of every step of the order's ladder, rising.
std::vector<FeeRates> fee_rates(const chains::TransferOrder& order, const EvmFacts& facts)
{
    std::vector<FeeRates> steps{first_fee_rates(order, facts)};
    if (!order.ladder.empty() && order.payments.size() != 1)
        throw Error{ErrorCode::usage, "a fee ladder is for one transaction, and this would be " + std::to_string(order.payments.size())};
    for (const auto& most : order.ladder) {
        const auto& before = steps.back();
        const auto least = least_replacing_fee(before.most);
        if (most < least)
            throw Error{ErrorCode::usage, "the ladder's step of " + evm::format_feerate(most) + " is below " + evm::format_feerate(least) +
                                              ": nodes take nothing less in the place of " + evm::format_feerate(before.most)};
        require_sane(most, "ladder's fee rate");
        steps.push_back({most, std::min(least_replacing_fee(before.priority), most)});
    }
    return steps;
}

/// The first of as many free nonces in a row as there are payments. What a request gave back is filled first: the chain takes
/// nothing above a nonce that nobody uses.
std::uint64_t first_nonce(const chains::TransferOrder& order, const EvmFacts& facts)
{
    const auto owner = evm::slot_owner(chain_of(order).chain_id, order.wallet.address);
    std::set<std::uint64_t> held;
    for (const auto& slot : order.reserved)
        if (slot.owner == owner && slot.sequence && *slot.sequence >= facts.nonce)
            held.insert(std::min(*slot.sequence, most_nonce));
    auto nonce = facts.nonce;
    for (const auto taken : held) {
        if (taken - nonce >= order.payments.size())
            break;
        nonce = taken + 1;
    }
    if (nonce > most_nonce)
        throw Error{ErrorCode::rpc, "account nonce " + std::to_string(nonce) + " is none that an account reaches"};
    return nonce;
}

void require_order(const chains::TransferOrder& order, const EvmFacts& facts)
{
    if (order.payments.empty())
        throw Error{ErrorCode::usage, "there is nothing to pay"};
    if (order.spend_all && order.payments.size() != 1)
        throw Error{ErrorCode::usage, "everything can go to one destination only, not to " +
                                          std::to_string(order.payments.size())};
    require(facts.gas_limits.size() == order.payments.size(), "one gas limit a payment");
    for (std::size_t i = 0; i < order.payments.size(); ++i) {
        static_cast<void>(token_of(order, order.payments[i].amount.asset()));
        const auto place = "payment " + std::to_string(i + 1);
        if (!order.spend_all && order.payments[i].amount.base_units().is_zero())
            throw Error{ErrorCode::usage, place + ": the amount is 0"};
        const auto gas = facts.gas_limits[i];
        if (gas < least_gas || gas > most_gas)
            throw Error{ErrorCode::gas, place + ": a gas limit of " + std::to_string(gas) + " is not between " +
                                            std::to_string(least_gas) + " and " + std::to_string(most_gas)};
    }
}

/// The whole fee at its highest, within the proposer's ceiling.
Uint256 highest_fee(const chains::TransferOrder& order, const EvmFacts& facts, const Uint256& max_fee_per_gas)
{
    Uint256 fee;
    for (const auto gas : facts.gas_limits)
        fee = fee + Uint256{gas} * max_fee_per_gas;
    if (order.max_fee && fee > *order.max_fee) {
        const auto native = chain_of(order).native();
        throw Error{ErrorCode::fee_cap, "the fee could reach " + in_unit(order, native, fee) + ", over the ceiling of " +
                                            in_unit(order, native, *order.max_fee)};
    }
    return fee;
}

Uint256 whole_balance(const chains::TransferOrder& order, const EvmFacts& facts, const Uint256& fee)
{
    const auto& asset = order.payments.front().amount.asset();
    if (token_of(order, asset) == nullptr) {
        if (facts.balance <= fee)
            require_funds(order, asset, facts.balance, fee + Uint256{1}, " and the highest fee");
        return facts.balance - fee;
    }
    const auto balance = facts.token_balances.find(asset.symbol);
    if (balance == facts.token_balances.end())
        throw Error{ErrorCode::usage, "how much " + quoted(asset.symbol, 40) + " there is, is not known without a node",
                    "name the amount"};
    if (balance->second.is_zero())
        require_funds(order, asset, balance->second, Uint256{1}, "");
    return balance->second;
}

} // namespace

void require_covered(const chains::TransferOrder& order, const Uint256& balance,
                     const std::map<std::string, Uint256>& token_balances)
{
    if (order.spend_all)
        return;
    const auto native = chain_of(order).native();
    require_funds(order, native, balance, total_of(order, native), "");
    for (const auto& [symbol, has] : token_balances) {
        const AssetId asset{order.wallet.chain, symbol};
        require_funds(order, asset, has, total_of(order, asset), "");
    }
}

chains::BuiltTransfer build_transfer(const chains::TransferOrder& order, const EvmFacts& facts)
{
    require_order(order, facts);
    const auto steps = fee_rates(order, facts);
    const auto fee = highest_fee(order, facts, steps.back().most);
    require_covered(order, facts.balance, facts.token_balances);
    const auto& chain = chain_of(order);
    if (!order.spend_all || token_of(order, order.payments.front().amount.asset()) != nullptr) {
        const auto paid = order.spend_all ? Uint256{} : total_of(order, chain.native());
        require_funds(order, chain.native(), facts.balance, paid + fee, " and the highest fee");
    }

    chains::BuiltTransfer built;
    built.height = facts.block;
    auto nonce = first_nonce(order, facts);
    for (std::size_t i = 0; i < order.payments.size(); ++i) {
        const auto& payment = order.payments[i];
        evm::TransferPlan plan;
        plan.chain_id = chain.chain_id;
        plan.nonce = nonce++;
        plan.gas_limit = facts.gas_limits[i];
        plan.recipient = evm::Address::from(payment.destination);
        plan.amount = order.spend_all ? whole_balance(order, facts, fee) : payment.amount.base_units();
        if (const auto* token = token_of(order, payment.amount.asset()))
            plan.token = evm::Address::from(token->address);
        for (const auto& [most, priority] : steps) {
            plan.max_fee_per_gas = most;
            plan.max_priority_fee_per_gas = priority;
            built.payloads.push_back(evm::encode_unsigned(evm::build_transfer(plan)));
        }
    }
    return built;
}

} // namespace coffer::cli
