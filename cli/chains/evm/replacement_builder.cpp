#include "cli/chains/evm/replacement_builder.h"

#include "core/base/error.h"
#include "formats/evm/encode.h"
#include "formats/evm/feerate.h"
#include "formats/evm/payload.h"

#include <algorithm>

namespace coffer::cli {

namespace {

constexpr std::uint64_t least_gas = 21'000;

const evm::Transaction& transaction_of(const payments::Payload& payload)
{
    const auto* evm = dynamic_cast<const evm::EvmPayload*>(&payload);
    require(evm != nullptr, "a payload of another family is replaced on an EVM chain");
    return evm->transaction();
}

void raise_fees(evm::Transaction& transaction, const chains::ReplacementOrder& order, const EvmFeeFacts& facts)
{
    const auto wanted = order.feerate.value_or(Uint256{2} * facts.base_fee + facts.priority_fee);
    if (transaction.has_gas_price()) {
        transaction.gas_price = std::max(least_replacing_fee(transaction.gas_price), wanted);
        return;
    }
    transaction.max_fee_per_gas = std::max(least_replacing_fee(transaction.max_fee_per_gas), wanted);
    transaction.max_priority_fee_per_gas =
        std::min(std::max(least_replacing_fee(transaction.max_priority_fee_per_gas), facts.priority_fee), transaction.max_fee_per_gas);
}

} // namespace

Uint256 least_replacing_fee(const Uint256& fee)
{
    return fee + (fee + Uint256{7}) / Uint256{8} + Uint256{fee.is_zero() ? 1U : 0U};
}

chains::BuiltTransfer build_replacement(const chains::ReplacementOrder& order, const EvmFeeFacts& facts)
{
    chains::BuiltTransfer built;
    built.height = facts.block;
    Uint256 fee;
    for (const auto* payload : order.replaced) {
        auto transaction = transaction_of(*payload);
        raise_fees(transaction, order, facts);
        if (order.purpose == chains::ReplacementOrder::Purpose::make_void) {
            transaction.to = evm::Address::from(order.wallet.address);
            transaction.value = Uint256{};
            transaction.data.clear();
            transaction.access_list.clear();
            transaction.gas_limit = least_gas;
        }
        fee = fee + transaction.fee_ceiling() * Uint256{transaction.gas_limit};
        built.payloads.push_back(evm::encode_unsigned(transaction));
    }
    if (order.max_fee && fee > *order.max_fee)
        throw Error{ErrorCode::fee_cap, "the fee could reach " + fee.decimal() + " wei, over the ceiling of " + order.max_fee->decimal() + " wei"};
    return built;
}

} // namespace coffer::cli
