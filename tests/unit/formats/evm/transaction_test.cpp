#include "formats/evm/transaction.h"

#include "tests/support/vectors.h"

namespace coffer::evm {
namespace {

Transaction transfer()
{
    Transaction transaction;
    transaction.chain_id = 1;
    transaction.to = Address{};
    transaction.gas_limit = 21000;
    transaction.max_fee_per_gas = 100;
    transaction.max_priority_fee_per_gas = 100;
    return transaction;
}

TEST(EvmGas, CountsWhatEveryNodeCharges)
{
    auto transaction = transfer();
    EXPECT_EQ(intrinsic_gas(transaction), 21000U);
    transaction.data = {0x00, 0x01};
    EXPECT_EQ(intrinsic_gas(transaction), 21020U);
    transaction.access_list = {{Address{}, {ByteArray<32>{}, ByteArray<32>{}}}};
    EXPECT_EQ(intrinsic_gas(transaction), 21020U + 2400U + 2 * 1900U);
    transaction.access_list.clear();
    transaction.authorization_list.resize(2);
    EXPECT_EQ(intrinsic_gas(transaction), 21020U + 2 * 25000U);
    transaction.authorization_list.clear();
    transaction.to.reset();
    EXPECT_EQ(intrinsic_gas(transaction), 21020U + 32000U + 2U);
}

TEST(EvmGas, RefusesALimitBelowTheIntrinsicGas)
{
    auto transaction = transfer();
    EXPECT_NO_THROW(require_payable_gas(transaction));
    transaction.gas_limit = 20999;
    EXPECT_ERROR(require_payable_gas(transaction), ErrorCode::gas);
}

TEST(EvmGas, RefusesAPriorityFeeOverTheFee)
{
    auto transaction = transfer();
    EXPECT_NO_THROW(require_payable_gas(transaction));
    transaction.max_priority_fee_per_gas = 101;
    EXPECT_ERROR(require_payable_gas(transaction), ErrorCode::gas);
}

TEST(EvmGas, RefusesAFeeOver256Bits)
{
    const auto most = Uint256::from_big_endian(Bytes(32, 0xff));
    auto transaction = transfer();
    transaction.max_fee_per_gas = most / Uint256{21000};
    EXPECT_NO_THROW(require_payable_gas(transaction));
    transaction.max_fee_per_gas = transaction.max_fee_per_gas + Uint256{1};
    EXPECT_ERROR(require_payable_gas(transaction), ErrorCode::amount_range);
}

TEST(EvmGas, TakesTheWholeLegacyPriceForThePriorityFee)
{
    auto transaction = transfer();
    transaction.type = TransactionType::legacy;
    transaction.gas_price = 7;
    EXPECT_EQ(transaction.fee_ceiling(), Uint256{7});
    EXPECT_EQ(transaction.priority_ceiling(), Uint256{7});
    EXPECT_EQ(transfer().fee_ceiling(), Uint256{100});
}

} // namespace
} // namespace coffer::evm
