#include "cli/chains/evm/transfer_builder.h"

#include "formats/evm/calldata.h"
#include "formats/evm/decode.h"
#include "formats/evm/payload.h"
#include "tests/support/vectors.h"
#include "tests/unit/cli/chains/evm/fixture.h"

namespace coffer::cli {
namespace {

using test::ether;
using test::gwei;
using test::order_of;
using test::pay;

const charter::Charter charter = test::test_charter();

EvmFacts some_facts(std::size_t payments = 1)
{
    EvmFacts facts;
    facts.block = 1000;
    facts.nonce = 5;
    facts.base_fee = Uint256{10 * gwei};
    facts.priority_fee = Uint256{1 * gwei};
    facts.balance = Uint256{10 * ether};
    facts.token_balances["USDC"] = Uint256{100'000'000};
    facts.gas_limits.assign(payments, 21'000);
    return facts;
}

std::vector<evm::Transaction> build(const chains::TransferOrder& order, const EvmFacts& facts)
{
    std::vector<evm::Transaction> transactions;
    for (const auto& payload : build_transfer(order, facts).payloads)
        transactions.push_back(evm::decode_unsigned(payload));
    return transactions;
}

TEST(TransferBuilder, BuildsANativeTransfer)
{
    const auto built = build(order_of(charter, {pay(0xbb, "ETH", ether)}), some_facts());
    ASSERT_EQ(built.size(), 1u);
    EXPECT_EQ(built[0].type, evm::TransactionType::fee_market);
    EXPECT_EQ(built[0].chain_id, 31337u);
    EXPECT_EQ(built[0].nonce, 5u);
    EXPECT_EQ(built[0].gas_limit, 21'000u);
    EXPECT_EQ(built[0].max_fee_per_gas, Uint256{21 * gwei});
    EXPECT_EQ(built[0].max_priority_fee_per_gas, Uint256{1 * gwei});
    EXPECT_EQ(built[0].to, evm::Address::from(Bytes(20, 0xbb)));
    EXPECT_EQ(built[0].value, Uint256{ether});
    EXPECT_TRUE(built[0].data.empty());
    EXPECT_EQ(build_transfer(order_of(charter, {pay(0xbb, "ETH", ether)}), some_facts()).height, 1000u);
}

TEST(TransferBuilder, BuildsTheStepsOfALadderForOneNonce)
{
    auto order = order_of(charter, {pay(0xbb, "ETH", ether)});
    order.feerate = Uint256{20 * gwei};
    order.ladder = {Uint256{30 * gwei}, Uint256{90 * gwei}};
    const auto built = build(order, some_facts());
    ASSERT_EQ(built.size(), 3u);
    for (std::size_t i = 0; i < built.size(); ++i) {
        EXPECT_EQ(built[i].nonce, 5u);
        EXPECT_EQ(built[i].value, Uint256{ether});
        EXPECT_EQ(built[i].max_fee_per_gas, i == 0 ? *order.feerate : order.ladder[i - 1]);
        if (i > 0) {
            EXPECT_GE(built[i].max_priority_fee_per_gas, built[i - 1].max_priority_fee_per_gas * Uint256{11} / Uint256{10});
        }
    }

    order.ladder = {Uint256{22 * gwei}}; // nodes take a tenth more, and we keep clear of it
    EXPECT_ERROR(build(order, some_facts()), ErrorCode::usage);
    order.ladder = {Uint256{11'000 * gwei}};
    EXPECT_ERROR(build(order, some_facts()), ErrorCode::fee_cap);
    order.ladder = {Uint256{90 * gwei}};
    order.max_fee = Uint256{21'000} * Uint256{89 * gwei};
    EXPECT_ERROR(build(order, some_facts()), ErrorCode::fee_cap);
    auto batch = order_of(charter, {pay(0xbb, "ETH", ether), pay(0xcc, "ETH", ether)});
    batch.ladder = {Uint256{90 * gwei}};
    EXPECT_ERROR(build(batch, some_facts(2)), ErrorCode::usage);
}

TEST(TransferBuilder, PaysForTheLastStepOfALadder)
{
    auto facts = some_facts();
    auto order = order_of(charter, {pay(0xbb, "ETH", ether)});
    order.ladder = {Uint256{100 * gwei}};
    facts.balance = Uint256{ether} + Uint256{21'000 * 100 * gwei};
    EXPECT_EQ(build(order, facts).size(), 2u);
    facts.balance = facts.balance - Uint256{1};
    EXPECT_ERROR(build(order, facts), ErrorCode::insufficient_funds);
    order.spend_all = true;
    const auto all = build(order, facts);
    EXPECT_EQ(all[0].value, all[1].value);
    EXPECT_EQ(all[0].value, Uint256{ether} - Uint256{1});
}

TEST(TransferBuilder, BuildsATokenTransfer)
{
    auto facts = some_facts();
    facts.gas_limits = {60'000};
    const auto built = build(order_of(charter, {pay(0xbb, "USDC", 7)}), facts);
    EXPECT_EQ(built[0].to, evm::Address::from(Bytes(20, 0xcc)));
    EXPECT_TRUE(built[0].value.is_zero());
    EXPECT_EQ(evm::decode_transfer(built[0].data), (evm::TokenTransfer{evm::Address::from(Bytes(20, 0xbb)), Uint256{7}}));
}

TEST(TransferBuilder, NumbersABatchConsecutively)
{
    auto facts = some_facts(3);
    facts.gas_limits = {21'000, 60'000, 30'000};
    const auto built = build(order_of(charter, {pay(1, "ETH", 1), pay(2, "USDC", 2), pay(3, "ETH", 3)}), facts);
    ASSERT_EQ(built.size(), 3u);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(built[i].nonce, 5 + i);
        EXPECT_EQ(built[i].gas_limit, facts.gas_limits[i]);
    }
}

TEST(TransferBuilder, ContinuesAfterReservedNonces)
{
    auto order = order_of(charter, {pay(0xbb, "ETH", 1)});
    const auto nonce_with = [&](std::vector<payments::SpendSlot> reserved) {
        order.reserved = std::move(reserved);
        return build(order, some_facts())[0].nonce;
    };
    const auto mine = evm::slot_owner(31337, Bytes(20, 0xaa));
    EXPECT_EQ(nonce_with({}), 5u);
    EXPECT_EQ(nonce_with({{mine, 4}}), 5u);
    EXPECT_EQ(nonce_with({{mine, 5}}), 6u);
    EXPECT_EQ(nonce_with({{mine, 6}, {mine, 5}}), 7u);
    EXPECT_EQ(nonce_with({{evm::slot_owner(1, Bytes(20, 0xaa)), 8}}), 5u);
    EXPECT_EQ(nonce_with({{evm::slot_owner(31337, Bytes(20, 0xab)), 8}}), 5u);
    EXPECT_EQ(nonce_with({{mine, std::nullopt}}), 5u);
    EXPECT_EQ(nonce_with({{mine, ~std::uint64_t{0}}}), 5u);
    auto facts = some_facts();
    facts.nonce = std::uint64_t{1} << 62;
    order.reserved = {{mine, ~std::uint64_t{0}}};
    EXPECT_ERROR(build_transfer(order, facts), ErrorCode::rpc);
    facts.nonce = ~std::uint64_t{0};
    EXPECT_ERROR(build_transfer(order, facts), ErrorCode::rpc);
}

TEST(TransferBuilder, FillsWhatWasGivenBackWhereTheWholeBatchFits)
{
    const auto mine = evm::slot_owner(31337, Bytes(20, 0xaa));
    const auto nonce_of = [&](std::vector<payments::Payment> payments) {
        auto order = order_of(charter, std::move(payments));
        order.reserved = {{mine, 12}, {mine, 5}, {mine, 7}, {mine, 8}};
        return build(order, some_facts(order.payments.size()))[0].nonce;
    };
    EXPECT_EQ(nonce_of({pay(1, "ETH", 1)}), 6u);
    EXPECT_EQ(nonce_of({pay(1, "ETH", 1), pay(2, "ETH", 1)}), 9u);
    EXPECT_EQ(nonce_of({pay(1, "ETH", 1), pay(2, "ETH", 1), pay(3, "ETH", 1)}), 9u);
    EXPECT_EQ(nonce_of({pay(1, "ETH", 1), pay(2, "ETH", 1), pay(3, "ETH", 1), pay(4, "ETH", 1)}), 13u);
}

TEST(TransferBuilder, HoldsTheFeeCeiling)
{
    auto order = order_of(charter, {pay(1, "ETH", 1), pay(2, "ETH", 1)});
    const auto fee = Uint256{2 * 21'000} * Uint256{21 * gwei};
    order.max_fee = fee;
    EXPECT_NO_THROW(build(order, some_facts(2)));
    order.max_fee = fee - Uint256{1};
    EXPECT_ERROR(build(order, some_facts(2)), ErrorCode::fee_cap);
    try {
        build(order, some_facts(2));
    } catch (const Error& error) {
        EXPECT_NE(error.message().find("0.000882 ETH"), std::string::npos) << error.message();
        EXPECT_NE(error.message().find("0.000881999999999999 ETH"), std::string::npos) << error.message();
    }
}

TEST(TransferBuilder, RefusesFeesThatNoNodeShouldName)
{
    const auto order = order_of(charter, {pay(1, "ETH", 1)});
    auto facts = some_facts();
    facts.base_fee = Uint256{10'000 * gwei};
    EXPECT_NO_THROW(build(order, facts));
    facts.base_fee = Uint256{10'000 * gwei + 1};
    EXPECT_ERROR(build(order, facts), ErrorCode::fee_cap);
    facts = some_facts();
    facts.priority_fee = Uint256{10'000 * gwei + 1};
    EXPECT_ERROR(build(order, facts), ErrorCode::fee_cap);
    facts.priority_fee = Uint256::from_big_endian(Bytes(32, 0xff));
    EXPECT_ERROR(build(order, facts), ErrorCode::fee_cap);
    facts.base_fee = Uint256{};
    facts.priority_fee = Uint256{};
    EXPECT_ERROR(build(order, facts), ErrorCode::fee_cap);
    facts.priority_fee = Uint256{1};
    EXPECT_NO_THROW(build(order, facts));
}

TEST(TransferBuilder, LowersAGreedyPriorityFee)
{
    auto facts = some_facts();
    facts.priority_fee = Uint256{400 * gwei};
    const auto built = build(order_of(charter, {pay(1, "ETH", 1)}), facts);
    EXPECT_EQ(built[0].max_priority_fee_per_gas, Uint256{50 * gwei});
    EXPECT_EQ(built[0].max_fee_per_gas, Uint256{70 * gwei});
}

TEST(TransferBuilder, BoundsTheGasLimit)
{
    const auto order = order_of(charter, {pay(1, "ETH", 1)});
    auto facts = some_facts();
    for (const std::uint64_t gas : {21'000ull, 1'000'000ull}) {
        facts.gas_limits = {gas};
        EXPECT_NO_THROW(build(order, facts));
    }
    for (const std::uint64_t gas : {0ull, 20'999ull, 1'000'001ull, ~0ull}) {
        facts.gas_limits = {gas};
        EXPECT_ERROR(build(order, facts), ErrorCode::gas);
    }
}

TEST(TransferBuilder, AsksForEnoughFunds)
{
    const auto fee = Uint256{21'000} * Uint256{21 * gwei};
    auto facts = some_facts();
    EXPECT_NO_THROW(build(order_of(charter, {pay(1, "ETH", Uint256{10 * ether} - fee)}), facts));
    EXPECT_ERROR(build(order_of(charter, {pay(1, "ETH", Uint256{10 * ether} - fee + Uint256{1})}), facts),
                 ErrorCode::insufficient_funds);
    EXPECT_NO_THROW(build(order_of(charter, {pay(1, "USDC", 100'000'000)}), facts));
    EXPECT_ERROR(build(order_of(charter, {pay(1, "USDC", 100'000'001)}), facts), ErrorCode::insufficient_funds);
    facts.gas_limits = {60'000, 60'000};
    EXPECT_ERROR(build(order_of(charter, {pay(1, "USDC", 60'000'000), pay(1, "USDC", 40'000'001)}), facts),
                 ErrorCode::insufficient_funds);
    facts.balance = Uint256{1};
    facts.gas_limits = {60'000};
    EXPECT_ERROR(build(order_of(charter, {pay(1, "USDC", 1)}), facts), ErrorCode::insufficient_funds);
    facts.token_balances.clear();
    facts.balance = Uint256{ether};
    EXPECT_NO_THROW(build(order_of(charter, {pay(1, "USDC", 1)}), facts));
}

TEST(TransferBuilder, SendsEverything)
{
    auto native = order_of(charter, {pay(1, "ETH", 0)});
    native.spend_all = true;
    const auto fee = Uint256{21'000} * Uint256{21 * gwei};
    EXPECT_EQ(build(native, some_facts())[0].value, Uint256{10 * ether} - fee);
    auto facts = some_facts();
    facts.balance = fee + Uint256{1};
    EXPECT_EQ(build(native, facts)[0].value, Uint256{1});
    facts.balance = fee;
    EXPECT_ERROR(build(native, facts), ErrorCode::insufficient_funds);

    auto token = order_of(charter, {pay(1, "USDC", 0)});
    token.spend_all = true;
    EXPECT_EQ(evm::decode_transfer(build(token, some_facts())[0].data).amount, Uint256{100'000'000});
    facts = some_facts();
    facts.balance = fee - Uint256{1};
    EXPECT_ERROR(build(token, facts), ErrorCode::insufficient_funds);
    facts = some_facts();
    facts.token_balances["USDC"] = Uint256{};
    EXPECT_ERROR(build(token, facts), ErrorCode::insufficient_funds);
    facts.token_balances.clear();
    EXPECT_ERROR(build(token, facts), ErrorCode::usage);

    auto two = order_of(charter, {pay(1, "ETH", 0), pay(2, "ETH", 0)});
    two.spend_all = true;
    EXPECT_ERROR(build(two, some_facts(2)), ErrorCode::usage);
}

TEST(TransferBuilder, RefusesWhatCannotBePaid)
{
    EXPECT_ERROR(build(order_of(charter, {}), some_facts(0)), ErrorCode::usage);
    EXPECT_ERROR(build(order_of(charter, {pay(1, "ETH", 0)}), some_facts()), ErrorCode::usage);
    EXPECT_ERROR(build(order_of(charter, {pay(1, "DAI", 1)}), some_facts()), ErrorCode::token_unknown);
    const payments::Payment elsewhere{Bytes(20, 1), Amount{{"base", "ETH"}, 1}};
    EXPECT_ERROR(build(order_of(charter, {elsewhere}), some_facts()), ErrorCode::chain);
    const payments::Payment short_address{Bytes(19, 1), Amount{{"ethereum", "ETH"}, 1}};
    EXPECT_ERROR(build(order_of(charter, {short_address}), some_facts()), ErrorCode::malformed);
    auto greatest = Uint256::from_big_endian(Bytes(32, 0xff));
    EXPECT_ERROR(build(order_of(charter, {pay(1, "ETH", greatest), pay(1, "ETH", greatest)}), some_facts(2)),
                 ErrorCode::amount_range);
}

} // namespace
} // namespace coffer::cli
