#include "core/requests/outflow.h"

#include "core/encoding/cbor.h"
#include "core/keys/seed_signer.h"
#include "tests/support/decoding.h"
#include "tests/support/drafts.h"
#include "tests/support/vectors.h"

namespace coffer::requests {
namespace {

using charter::RequestKind;
using test::ether;
using test::working_day;

const AssetId eth{"ethereum", "ETH"};
const AssetId usdc{"ethereum", "USDC"};
const Uint256 usual_fee = Uint256{20'000'000'000} * Uint256{60'000};

class Outflows : public testing::Test {
protected:
    OpenRequest open(const Submission& submission) const { return open_request(chain, submission, working_day + hours(1)); }
    policy::Outflow of(const Submission& submission, Replaced replaced = Replaced::not_counted) const
    {
        return outflow_of(open(submission), chain.charter(), replaced);
    }
    policy::Outflow of(const test::Draft& draft) const { return of(test::submission(chain, draft)); }

    /// A replacement of this kind, proved by what it replaces, which the appliance's key has signed.
    Submission replacing(const Submission& replaced, RequestKind kind, const std::vector<test::Transfer>& transfers) const
    {
        auto made = test::submission(chain, {.transfers = transfers, .edit = [&](Request& request) {
                                                 request.kind = kind;
                                                 request.replaces = test::digest_of(replaced);
                                                 request.id = make_request_id(working_day, {9});
                                             }});
        made.predecessors = {{replaced.request, replaced.payloads, {}}};
        for (const auto& payload : replaced.payloads)
            made.predecessors.front().signatures.push_back(signatures_of(payload));
        return made;
    }

    charter::PolicyChain chain = test::founded(test::example_charter());

private:
    std::vector<payments::TaskSignature> signatures_of(const Bytes& bytes) const
    {
        const auto& charter = chain.charter();
        const auto payload = chains::format_of(charter.chain("ethereum")).decode(bytes, {charter, charter.wallet("eth-cold")});
        std::vector<payments::TaskSignature> signatures;
        for (const auto& task : payload->signing_tasks())
            for (auto& signature : keys::SeedSigner{test::wallet_key_named(task.appliance)}.sign({&task, 1}))
                signatures.push_back(std::move(signature));
        return signatures;
    }
};

TEST_F(Outflows, HoldWhatLeavesAndTheHighestFee)
{
    const auto outflow = of(test::Draft{.transfers = {{.amount = ether(5)}, {.to = "supplier", .amount = 7, .token = "USDC", .nonce = 1}}});
    EXPECT_EQ(outflow, (policy::Outflow{.wallet = "eth-cold",
                                        .requester = "alice",
                                        .payments = {{test::address_named("exchange"), {eth, ether(5)}}, {test::address_named("supplier"), {usdc, 7}}},
                                        .fee = Amount{eth, usual_fee * Uint256{2}},
                                        .counts = true}));
}

TEST_F(Outflows, LeaveOutWhatPaysTheWalletItself)
{
    const auto& own = chain.charter().wallet("eth-cold").address;
    const auto mixed = of(test::Draft{.transfers = {{.to = "eth-cold", .amount = ether(5)}, {.amount = ether(1), .nonce = 1}}});
    EXPECT_EQ(mixed.payments, (std::vector<payments::Payment>{{test::address_named("exchange"), {eth, ether(1)}}}));
    const auto nothing = of(test::Draft{.transfers = {{.to = "eth-cold", .amount = ether(5)}}});
    EXPECT_EQ(nothing.payments, (std::vector<payments::Payment>{{own, {eth, 0}}}));
    EXPECT_TRUE(nothing.counts);
    const auto another_wallet = of(test::Draft{.transfers = {{.to = "eth-warm", .amount = ether(5)}}});
    EXPECT_EQ(another_wallet.payments.front().amount, (Amount{eth, ether(5)}));
}

TEST_F(Outflows, OfABumpAddTheIncreaseOfTheFeeWhereTheReplacedWasCounted)
{
    const auto replaced = test::submission(chain, {.transfers = {{.amount = ether(5)}}});
    const auto bump = replacing(replaced, RequestKind::bump, {{.amount = ether(5), .fee_per_gas = 50'000'000'000}});
    const auto fee = Uint256{50'000'000'000} * Uint256{60'000};
    EXPECT_EQ(of(bump, Replaced::counted), (policy::Outflow{.wallet = "eth-cold",
                                                            .requester = "alice",
                                                            .payments = {{test::address_named("exchange"), {eth, 0}}},
                                                            .fee = Amount{eth, fee - usual_fee},
                                                            .counts = false}));
    EXPECT_EQ(of(bump), (policy::Outflow{.wallet = "eth-cold",
                                         .requester = "alice",
                                         .payments = {{test::address_named("exchange"), {eth, ether(5)}}},
                                         .fee = Amount{eth, fee},
                                         .counts = true}));
}

TEST_F(Outflows, OfABumpOfOnePayloadCompareItsFeeAlone)
{
    const auto replaced = test::submission(chain, {.transfers = {{.amount = ether(5)}, {.to = "supplier", .amount = ether(5), .nonce = 1}}});
    const auto bump = replacing(replaced, RequestKind::bump, {{.amount = ether(5), .fee_per_gas = 30'000'000'000}});
    EXPECT_EQ(of(bump, Replaced::counted).fee.base_units(), Uint256{10'000'000'000} * Uint256{60'000});
}

TEST_F(Outflows, OfALadderPayOnceAndCostItsLastStep)
{
    const auto outflow = of(test::Draft{.transfers = {{.amount = ether(5)}, {.amount = ether(5), .fee_per_gas = 40'000'000'000}}});
    EXPECT_EQ(outflow.payments, (std::vector<payments::Payment>{{test::address_named("exchange"), {eth, ether(5)}}}));
    EXPECT_EQ(outflow.fee.base_units(), usual_fee * Uint256{2});
}

TEST_F(Outflows, OfAVoidAreItsFeeAndNoRequest)
{
    const auto replaced = test::submission(chain, {.transfers = {{.amount = ether(5)}}});
    const auto made = replacing(replaced, RequestKind::void_, {{.to = "eth-cold", .amount = 0, .fee_per_gas = 50'000'000'000}});
    for (const auto counted : {Replaced::counted, Replaced::not_counted}) {
        const auto outflow = of(made, counted);
        EXPECT_EQ(outflow.payments, (std::vector<payments::Payment>{{chain.charter().wallet("eth-cold").address, {eth, 0}}}));
        EXPECT_EQ(outflow.fee.base_units(), Uint256{50'000'000'000} * Uint256{60'000});
        EXPECT_FALSE(outflow.counts);
    }
}

TEST_F(Outflows, ComeBackFromTheirEncodingAsTheyWere)
{
    const auto outflow = of(test::Draft{.transfers = {{.amount = ether(5)}, {.to = "supplier", .amount = 7, .token = "USDC", .nonce = 1}}});
    const auto bytes = cbor::encode(encode_outflow(outflow));
    EXPECT_EQ(decode_outflow(cbor::decode(bytes)), outflow);
    auto message = outflow;
    message.payments.clear();
    message.counts = false;
    EXPECT_EQ(decode_outflow(encode_outflow(message)), message);
    auto ordered = outflow;
    ordered.order = EntryHash{crypto::sha256(bytes_of("standing order"))};
    EXPECT_EQ(decode_outflow(encode_outflow(ordered)), ordered);
}

TEST_F(Outflows, WithPartsOfAnotherCountAreMalformed)
{
    const auto whole = encode_outflow(of(test::Draft{})).array("outflow");
    for (std::size_t part = 0; part <= whole.size(); ++part) {
        auto cut = whole;
        if (part < whole.size())
            cut[part] = 7;
        else
            cut.emplace_back(7);
        EXPECT_ERROR(decode_outflow(cbor::Value{std::move(cut)}), ErrorCode::malformed);
    }
    auto payment = whole;
    payment[2] = cbor::Value::Array{cbor::Value::Array{Bytes{1}}};
    EXPECT_ERROR(decode_outflow(cbor::Value{payment}), ErrorCode::malformed);
    auto amount = whole;
    amount[3] = cbor::Value::Array{"ethereum", "ETH"};
    EXPECT_ERROR(decode_outflow(cbor::Value{amount}), ErrorCode::malformed);
    amount[3] = cbor::Value::Array{"ethereum", "ETH", Bytes{0, 1}};
    EXPECT_ERROR(decode_outflow(cbor::Value{amount}), ErrorCode::canon);
}

} // namespace
} // namespace coffer::requests
