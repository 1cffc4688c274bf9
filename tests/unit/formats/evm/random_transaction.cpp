#include "tests/unit/formats/evm/random_transaction.h"

namespace coffer::evm::test {

Bytes RandomTransactions::bytes(std::size_t size)
{
    Bytes result(size);
    for (auto& byte : result)
        byte = static_cast<std::uint8_t>(m_engine());
    return result;
}

Transaction RandomTransactions::next(TransactionType type)
{
    Transaction transaction;
    transaction.type = type;
    if (type != TransactionType::legacy || number(4) != 0)
        transaction.chain_id = u64() | 1U;
    transaction.nonce = u64() >> 1;
    transaction.gas_limit = u64();
    if (transaction.has_gas_price()) {
        transaction.gas_price = integer();
    } else {
        transaction.max_fee_per_gas = integer();
        transaction.max_priority_fee_per_gas = integer();
    }
    const bool may_create = type != TransactionType::blob && type != TransactionType::set_code;
    if (!may_create || number(4) != 0)
        transaction.to = Address{array<20>()};
    transaction.value = integer();
    transaction.data = bytes(number(2) * number(300));
    for (auto count = type == TransactionType::legacy ? 0 : number(3); count > 0; --count) {
        AccessListEntry entry{Address{array<20>()}, {}};
        for (auto keys = number(3); keys > 0; --keys)
            entry.storage_keys.push_back(array<32>());
        transaction.access_list.push_back(entry);
    }
    if (type == TransactionType::blob) {
        transaction.max_fee_per_blob_gas = integer();
        for (auto count = number(3); count > 0; --count)
            transaction.blob_versioned_hashes.push_back(array<32>());
    }
    if (type == TransactionType::set_code)
        for (auto count = number(3); count > 0; --count)
            transaction.authorization_list.push_back({integer(), Address{array<20>()}, u64(),
                                                      static_cast<std::uint8_t>(number(2)), integer(), integer()});
    return transaction;
}

Transaction RandomTransactions::next_of_any_type()
{
    return next(static_cast<TransactionType>(number(5)));
}

SignedTransaction RandomTransactions::next_signed()
{
    SignedTransaction result{next_of_any_type(), {}};
    result.signature.recovery_id = static_cast<std::uint8_t>(number(2));
    result.signature.compact = array<64>();
    // Below the order and its half; both may be short.
    result.signature.compact[number(2) * number(31)] = 0;
    result.signature.compact[0] &= 0x7f;
    result.signature.compact[32] &= 0x3f;
    return result;
}

} // namespace coffer::evm::test
