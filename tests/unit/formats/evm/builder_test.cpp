#include "formats/evm/builder.h"

#include "formats/evm/calldata.h"
#include "formats/evm/encode.h"
#include "tests/support/vectors.h"
#include "tests/unit/formats/evm/treasury.h"

namespace coffer::evm {
namespace {

TEST(EvmBuilder, BuildsANativeTransfer)
{
    const auto plan = test::native_plan();
    const auto transaction = build_transfer(plan);
    EXPECT_EQ(transaction.type, TransactionType::fee_market);
    EXPECT_EQ(transaction.chain_id, plan.chain_id);
    EXPECT_EQ(transaction.nonce, plan.nonce);
    EXPECT_EQ(transaction.gas_limit, plan.gas_limit);
    EXPECT_EQ(transaction.max_fee_per_gas, plan.max_fee_per_gas);
    EXPECT_EQ(transaction.max_priority_fee_per_gas, plan.max_priority_fee_per_gas);
    EXPECT_EQ(transaction.to, plan.recipient);
    EXPECT_EQ(transaction.value, plan.amount);
    EXPECT_TRUE(transaction.data.empty());
    EXPECT_EQ(decode_unsigned(encode_unsigned(transaction)), transaction);
}

TEST(EvmBuilder, BuildsATokenTransfer)
{
    const auto plan = test::token_plan();
    const auto transaction = build_transfer(plan);
    EXPECT_EQ(transaction.to, plan.token);
    EXPECT_TRUE(transaction.value.is_zero());
    EXPECT_EQ(decode_transfer(transaction.data), (TokenTransfer{plan.recipient, plan.amount}));
}

TEST(EvmBuilder, BuildsALegacyTransfer)
{
    const auto plan = test::native_plan();
    const auto transaction = build_transfer(plan, TransactionType::legacy);
    EXPECT_EQ(transaction.type, TransactionType::legacy);
    EXPECT_EQ(transaction.gas_price, plan.max_fee_per_gas);
    EXPECT_TRUE(transaction.max_fee_per_gas.is_zero());
    EXPECT_EQ(decode_unsigned(encode_unsigned(transaction)), transaction);
}

} // namespace
} // namespace coffer::evm
