#include "formats/evm/describe.h"

#include "core/encoding/hex.h"
#include "formats/evm/calldata.h"
#include "tests/support/vectors.h"
#include "tests/unit/formats/evm/treasury.h"

namespace coffer::evm {
namespace {

using payments::Payment;

/// Each hostile case changes one thing in a transaction that is described without it.
class EvmDescribe : public testing::Test {
protected:
    payments::Description describe_for(const Transaction& transaction, std::string_view wallet = "cold") const
    {
        return describe(transaction, test::context_of(charter, wallet));
    }

    template <typename Change>
    void expect_refusal(const Transaction& benign, Change change, ErrorCode code) const
    {
        EXPECT_NO_THROW(describe_for(benign));
        auto hostile = benign;
        change(hostile);
        EXPECT_ERROR(describe_for(hostile), code);
    }

    charter::Charter charter = test::make_charter();
    Transaction native = build_transfer(test::native_plan());
    Transaction token = build_transfer(test::token_plan());
    Transaction legacy = build_transfer(test::native_plan(), TransactionType::legacy);
};

TEST_F(EvmDescribe, ExplainsATransferOfTheNativeAsset)
{
    const auto description = describe_for(native);
    EXPECT_EQ(description.payer, "cold");
    const AssetId eth{"ethereum", "ETH"};
    EXPECT_EQ(description.payments, (std::vector{Payment{to_bytes(test::stranger.bytes()), {eth, native.value}}}));
    EXPECT_TRUE(description.change.empty());
    EXPECT_EQ(description.fee.maximum, Amount(eth, Uint256{21000} * Uint256{50'000'000'000}));
    EXPECT_EQ(description.fee.rate, Uint256{50'000'000'000});
    EXPECT_EQ(description.fee.priority_rate, Uint256{2'000'000'000});
}

TEST_F(EvmDescribe, ExplainsATransferOfAToken)
{
    const auto description = describe_for(token);
    const AssetId usdc{"ethereum", "USDC"};
    EXPECT_EQ(description.payments, (std::vector{Payment{to_bytes(test::stranger.bytes()), {usdc, Uint256{1'000'000}}}}));
    EXPECT_EQ(description.fee.maximum.asset(), (AssetId{"ethereum", "ETH"}));
    EXPECT_EQ(description.fee.maximum.base_units(), Uint256{65000} * Uint256{50'000'000'000});
}

TEST_F(EvmDescribe, ExplainsALegacyTransfer)
{
    const auto description = describe_for(legacy);
    EXPECT_EQ(description.payments, describe_for(native).payments);
    EXPECT_EQ(description.fee.rate, Uint256{50'000'000'000});
    EXPECT_EQ(description.fee.priority_rate, Uint256{50'000'000'000});
}

TEST_F(EvmDescribe, TakesAnEmptyTransferToOneselfForAPaymentOfNothing)
{
    auto nothing = native;
    nothing.value = 0;
    nothing.to = parse_address(test::address_0, Checksum::required);
    const auto description = describe_for(nothing);
    ASSERT_EQ(description.payments.size(), 1U);
    EXPECT_TRUE(description.payments.front().amount.base_units().is_zero());
}

TEST_F(EvmDescribe, RefusesAnotherChain)
{
    for (const auto& benign : {native, legacy, token}) {
        expect_refusal(benign, [](auto& tx) { tx.chain_id = 8453; }, ErrorCode::chain);
        EXPECT_ERROR(describe_for(benign, "cold-base"), ErrorCode::chain);
    }
    expect_refusal(legacy, [](auto& tx) { tx.chain_id.reset(); }, ErrorCode::chain);
    auto on_base = native;
    on_base.chain_id = 8453;
    EXPECT_NO_THROW(describe_for(on_base, "cold-base"));
}

TEST_F(EvmDescribe, RefusesTypesThatAreNeverSigned)
{
    for (const auto type : {TransactionType::access_list, TransactionType::blob}) {
        expect_refusal(native, [&](auto& tx) {
            tx.type = type;
            tx.gas_price = tx.max_fee_per_gas;
        }, ErrorCode::txtype);
    }
    expect_refusal(native, [](auto& tx) { tx.type = TransactionType::set_code; }, ErrorCode::eip7702);
    expect_refusal(native, [](auto& tx) {
        tx.type = TransactionType::set_code;
        tx.authorization_list.resize(1);
        tx.gas_limit = 100000;
    }, ErrorCode::eip7702);
}

TEST_F(EvmDescribe, RefusesAnAccessList)
{
    auto benign = native;
    benign.gas_limit = 30000;
    expect_refusal(benign, [](auto& tx) { tx.access_list.resize(1); }, ErrorCode::txtype);
}

TEST_F(EvmDescribe, RefusesToCreateAContract)
{
    auto benign = native;
    benign.gas_limit = 100000;
    expect_refusal(benign, [](auto& tx) { tx.to.reset(); }, ErrorCode::create);
    expect_refusal(token, [](auto& tx) { tx.to.reset(); }, ErrorCode::create);
}

TEST_F(EvmDescribe, RefusesGasThatCannotBe)
{
    expect_refusal(native, [](auto& tx) { tx.gas_limit = 0; }, ErrorCode::gas);
    expect_refusal(native, [](auto& tx) { tx.gas_limit = 20999; }, ErrorCode::gas);
    expect_refusal(token, [](auto& tx) { tx.gas_limit = 21000; }, ErrorCode::gas);
    expect_refusal(native, [](auto& tx) { tx.max_priority_fee_per_gas = tx.max_fee_per_gas + Uint256{1}; }, ErrorCode::gas);
    auto most = native;
    most.gas_limit = most_gas;
    expect_refusal(most, [](auto& tx) { ++tx.gas_limit; }, ErrorCode::gas);
}

TEST_F(EvmDescribe, RefusesAFeeOver256Bits)
{
    expect_refusal(native, [](auto& tx) { tx.max_fee_per_gas = Uint256::from_big_endian(Bytes(32, 0xff)); },
                   ErrorCode::amount_range);
    expect_refusal(legacy, [](auto& tx) { tx.gas_price = Uint256::from_big_endian(Bytes(32, 0xff)); },
                   ErrorCode::amount_range);
}

TEST_F(EvmDescribe, RefusesDataThatIsNotUnderstood)
{
    auto benign = native;
    benign.gas_limit = 100000;
    expect_refusal(benign, [](auto& tx) { tx.data = {0x00}; }, ErrorCode::blind);
    expect_refusal(benign, [](auto& tx) { tx.data = {0xd0, 0xe3, 0x0d, 0xb0}; }, ErrorCode::blind); // deposit()
    expect_refusal(token, [](auto& tx) { tx.data[0] ^= 0x01; }, ErrorCode::blind);
    expect_refusal(token, [](auto& tx) { tx.data.resize(3); }, ErrorCode::blind);
}

TEST_F(EvmDescribe, RefusesWhateverLetsSomebodyElseSpend)
{
    for (const auto& method : known_methods())
        if (method.purpose == MethodPurpose::approval)
            expect_refusal(token, [&](auto& tx) { std::ranges::copy(method.selector, tx.data.begin()); }, ErrorCode::approve);
}

TEST_F(EvmDescribe, RefusesTokensOfOthers)
{
    expect_refusal(token, [](auto& tx) { std::ranges::copy(Bytes{0x23, 0xb8, 0x72, 0xdd}, tx.data.begin()); },
                   ErrorCode::token_unknown);
}

TEST_F(EvmDescribe, RefusesALookalikeToken)
{
    expect_refusal(token, [](auto& tx) {
        auto address = tx.to->bytes();
        address[10] ^= 0x01;
        tx.to = Address{address};
    }, ErrorCode::token_unknown);
    // The same contract is no token of another chain.
    auto on_base = token;
    on_base.chain_id = 8453;
    EXPECT_ERROR(describe_for(on_base, "cold-base"), ErrorCode::token_unknown);
    charter.tokens.push_back({"USDC", "base", to_bytes(test::usdc.bytes()), 6});
    EXPECT_NO_THROW(describe_for(on_base, "cold-base"));
}

TEST_F(EvmDescribe, RefusesCalldataThatIsNotExact)
{
    expect_refusal(token, [](auto& tx) { tx.data.push_back(0x00); }, ErrorCode::calldata);
    expect_refusal(token, [](auto& tx) { tx.data.pop_back(); }, ErrorCode::calldata);
    expect_refusal(token, [](auto& tx) { tx.data[4] = 0x01; }, ErrorCode::calldata);
    expect_refusal(token, [](auto& tx) { tx.data[15] = 0x01; }, ErrorCode::calldata);
    expect_refusal(token, [](auto& tx) { tx.data.resize(4); }, ErrorCode::calldata);
}

TEST_F(EvmDescribe, RefusesCoinsBesideATokenTransfer)
{
    expect_refusal(token, [](auto& tx) { tx.value = 1; }, ErrorCode::value);
}

TEST_F(EvmDescribe, RefusesWhatWouldBeStuckInATokensContract)
{
    expect_refusal(native, [](auto& tx) { tx.to = test::usdc; }, ErrorCode::value);
    auto to_itself = test::token_plan();
    to_itself.recipient = test::usdc;
    EXPECT_ERROR(describe_for(build_transfer(to_itself)), ErrorCode::value);
    // On a chain where it is no token of ours, it is an address like any other.
    auto on_base = native;
    on_base.chain_id = 8453;
    on_base.to = test::usdc;
    EXPECT_NO_THROW(describe_for(on_base, "cold-base"));
}

} // namespace
} // namespace coffer::evm
