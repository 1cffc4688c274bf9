#include "formats/evm/transaction.h"

#include "core/base/error.h"

#include <algorithm>

namespace coffer::evm {

namespace {

constexpr std::uint64_t base_gas = 21000;
constexpr std::uint64_t zero_byte_gas = 4;
constexpr std::uint64_t nonzero_byte_gas = 16;
constexpr std::uint64_t creation_gas = 32000;
constexpr std::uint64_t init_code_word_gas = 2;
constexpr std::uint64_t access_address_gas = 2400;
constexpr std::uint64_t access_key_gas = 1900;
constexpr std::uint64_t authorization_gas = 25000;

} // namespace

std::string_view name_of(TransactionType type)
{
    switch (type) {
    case TransactionType::legacy: return "legacy";
    case TransactionType::access_list: return "access list (EIP-2930)";
    case TransactionType::fee_market: return "fee market (EIP-1559)";
    case TransactionType::blob: return "blob (EIP-4844)";
    case TransactionType::set_code: return "set code (EIP-7702)";
    }
    fatal("transaction type without a name");
}

bool Transaction::has_gas_price() const
{
    return type == TransactionType::legacy || type == TransactionType::access_list;
}

std::uint64_t intrinsic_gas(const Transaction& transaction)
{
    const auto& data = transaction.data;
    const auto zeros = static_cast<std::uint64_t>(std::ranges::count(data, std::uint8_t{0}));
    auto gas = base_gas + zeros * zero_byte_gas + (data.size() - zeros) * nonzero_byte_gas;
    if (!transaction.to)
        gas += creation_gas + (data.size() + 31) / 32 * init_code_word_gas;
    for (const auto& entry : transaction.access_list)
        gas += access_address_gas + entry.storage_keys.size() * access_key_gas;
    return gas + transaction.authorization_list.size() * authorization_gas;
}

void require_payable_gas(const Transaction& transaction)
{
    if (transaction.gas_limit < intrinsic_gas(transaction))
        throw Error{ErrorCode::gas, "gas limit " + std::to_string(transaction.gas_limit) + " is below the " +
                                        std::to_string(intrinsic_gas(transaction)) + " that the transaction needs"};
    if (transaction.priority_ceiling() > transaction.fee_ceiling())
        throw Error{ErrorCode::gas, "priority fee of " + transaction.priority_ceiling().decimal() +
                                        " wei a gas is over the whole fee of " + transaction.fee_ceiling().decimal()};
    static_cast<void>(transaction.fee_ceiling() * Uint256{transaction.gas_limit}); // throws amount_range
}

} // namespace coffer::evm
