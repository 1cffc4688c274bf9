#include "formats/evm/builder.h"

#include "core/base/error.h"
#include "formats/evm/calldata.h"

namespace coffer::evm {

Transaction build_transfer(const TransferPlan& plan, TransactionType type)
{
    require(type == TransactionType::legacy || type == TransactionType::fee_market, "a type that is signed");
    require(plan.chain_id != 0, "a transfer names its chain");
    Transaction transaction;
    transaction.type = type;
    transaction.chain_id = plan.chain_id;
    transaction.nonce = plan.nonce;
    transaction.gas_limit = plan.gas_limit;
    if (type == TransactionType::legacy) {
        transaction.gas_price = plan.max_fee_per_gas;
    } else {
        transaction.max_fee_per_gas = plan.max_fee_per_gas;
        transaction.max_priority_fee_per_gas = plan.max_priority_fee_per_gas;
    }
    if (plan.token) {
        transaction.to = plan.token;
        transaction.data = encode_transfer({plan.recipient, plan.amount});
    } else {
        transaction.to = plan.recipient;
        transaction.value = plan.amount;
    }
    return transaction;
}

} // namespace coffer::evm
