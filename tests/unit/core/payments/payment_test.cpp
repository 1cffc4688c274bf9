#include "core/payments/payment.h"

#include "core/artefacts/artefact.h"
#include "core/crypto/hash.h"
#include "core/encoding/cbor.h"
#include "tests/support/vectors.h"

#include <functional>

namespace coffer::payments {
namespace {

const AssetId eth{"ethereum", "ETH"};
const AssetId usdc{"ethereum", "USDC"};

Description example()
{
    return {.payer = "eth-cold",
            .payments = {{Bytes(20, 0x11), {eth, 500}}, {Bytes(20, 0x22), {usdc, 7}}},
            .change = {{Bytes(20, 0x33), {eth, 9}, 4}},
            .fee = {{eth, 21000}, 2, 1}};
}

TEST(PaymentDigest, CoversFormatPayerPaymentsChangeAndFee)
{
    using cbor::Value;
    const Value value{Value::Array{
        1, "eth-cold",
        Value::Array{Value::Array{Value::Array{"ethereum", "ETH"}, Bytes(20, 0x11), Bytes{0x01, 0xf4}},
                     Value::Array{Value::Array{"ethereum", "USDC"}, Bytes(20, 0x22), Bytes{0x07}}},
        Value::Array{Value::Array{Value::Array{"ethereum", "ETH"}, Bytes(20, 0x33), Bytes{0x09}}},
        Value::Array{Value::Array{"ethereum", "ETH"}, Bytes{0x52, 0x08}}}};
    EXPECT_EQ(payment_digest(example()).bytes(), crypto::sha256(artefacts::domain_separated("payment", cbor::encode(value))));
}

TEST(PaymentDigest, ChangesWithEverythingItCovers)
{
    const std::vector<std::function<void(Description&)>> changes{
        [](auto& d) { d.payer = "eth-warm"; },
        [](auto& d) { d.payments[0].destination[19] ^= 1; },
        [](auto& d) { d.payments[0].amount = {eth, 501}; },
        [](auto& d) { d.payments[0].amount = {usdc, 500}; },
        [](auto& d) { d.payments[0].amount = {{"polygon", "ETH"}, 500}; },
        [](auto& d) { std::swap(d.payments[0], d.payments[1]); },
        [](auto& d) { d.payments.pop_back(); },
        [](auto& d) { d.payments.push_back(d.payments[1]); },
        [](auto& d) { d.change[0].amount = {eth, 8}; },
        [](auto& d) { d.change[0].destination[0] ^= 1; },
        [](auto& d) { d.change.clear(); },
        [](auto& d) { d.fee.maximum = {eth, 21001}; },
        [](auto& d) { d.payments.push_back({d.change[0].destination, d.change[0].amount}), d.change.clear(); },
    };
    std::vector<PaymentDigest> digests{payment_digest(example())};
    for (const auto& change : changes) {
        auto description = example();
        change(description);
        const auto digest = payment_digest(description);
        EXPECT_EQ(std::find(digests.begin(), digests.end(), digest), digests.end()) << "change " << digests.size();
        digests.push_back(digest);
    }
}

TEST(Combine, JoinsPaymentsInOrderAndAddsFees)
{
    auto second = example();
    second.payments = {{Bytes(20, 0x44), {eth, 1}}};
    second.fee = {{eth, 9}, 1, 8};
    const auto whole = combine({example(), second});
    EXPECT_EQ(whole.payer, "eth-cold");
    ASSERT_EQ(whole.payments.size(), 3U);
    EXPECT_EQ(whole.payments[0], example().payments[0]);
    EXPECT_EQ(whole.payments[2], second.payments[0]);
    EXPECT_EQ(whole.change.size(), 2U);
    EXPECT_EQ(whole.fee.maximum, (Amount{eth, 21009}));
    EXPECT_EQ(whole.fee.rate, Uint256{2});          // the highest, not the sum
    EXPECT_EQ(whole.fee.priority_rate, Uint256{8});
    EXPECT_EQ(combine({example()}), example());
}

TEST(Combine, RefusesFeesThatDoNotFit)
{
    auto one = example();
    one.fee.maximum = {eth, Uint256::from_big_endian(Bytes(32, 0xff))};
    EXPECT_ERROR(combine({one, example()}), ErrorCode::amount_range);
}

TEST(CombineDeathTest, NothingAndTwoPayersAreBrokenInvariants)
{
    auto other = example();
    other.payer = "eth-warm";
    EXPECT_DEATH(static_cast<void>(combine({})), "at least one payload");
    EXPECT_DEATH(static_cast<void>(combine({example(), other})), "one wallet");
}

} // namespace
} // namespace coffer::payments
