#include "cli/chains/bitcoin/weight.h"

#include "formats/bitcoin/script.h"
#include "tests/support/vectors.h"
#include "tests/support/bitcoin_wallets.h"

namespace coffer::cli {
namespace {

using coffer::test::wallet_descriptor;

const Bytes p2pkh = bitcoin::p2pkh_script({});
const Bytes p2wpkh = bitcoin::p2wpkh_script({});
const Bytes p2tr = bitcoin::p2tr_script({});

TEST(Weight, CountsInputsOfEveryWallet)
{
    const auto weight = [](std::string_view form) { return weights_of(wallet_descriptor(form)).input; };
    EXPECT_EQ(weight("pkh(K0)"), 4u * 148);
    EXPECT_EQ(weight("wpkh(K0)"), 272u);
    EXPECT_EQ(weight("sh(wpkh(K0))"), 364u);
    EXPECT_EQ(weight("tr(K0)"), 230u);
    EXPECT_EQ(weight("wsh(sortedmulti(2,K0,K1,K2))"), 418u);          // 104.5 virtual bytes
    EXPECT_EQ(weight("sh(sortedmulti(2,K0,K1,K2))"), 4u * 297);       // 3 bytes of length, 0, 2 signatures, 107 of script
    EXPECT_EQ(weight("sh(wsh(sortedmulti(2,K0,K1,K2)))"), 418u + 4 * 35);
    EXPECT_EQ(weight("wsh(sortedmulti(1,K0))"), 164u + 1 + 1 + 73 + 38);
}

TEST(Weight, CountsUncompressedKeys)
{
    const std::string key = "0450863ad64a87ae8a2fe83c1af1a8403cb53f53e486d8511dad8a04887e5b23522cd470243453a299fa9e77237716103abc11a1df38855ed6f2ee187e9c582ba6";
    EXPECT_EQ(weights_of(bitcoin::Descriptor::parse("pkh(" + key + ")")).input, 4u * 180);
}

TEST(Weight, KnowsNoneOfWhatNobodyCanSpend)
{
    EXPECT_ERROR(weights_of(bitcoin::Descriptor::parse("raw(51)")), ErrorCode::output_script);
}

TEST(Weight, AddsUpTransactions)
{
    const auto shape = [](std::string_view form, const std::vector<bitcoin::TxOutput>& outputs) {
        return TransactionShape{weights_of(wallet_descriptor(form)), outputs};
    };
    const auto vsize = [](std::uint64_t weight) { return (weight + 3) / 4; };
    EXPECT_EQ(vsize(shape("wpkh(K0)", {{1, p2wpkh}}).weight(1, WithChange::yes)), 141u);
    EXPECT_EQ(vsize(shape("pkh(K0)", {{1, p2pkh}}).weight(1, WithChange::yes)), 226u);
    EXPECT_EQ(vsize(shape("tr(K0)", {{1, p2tr}}).weight(1, WithChange::yes)), 154u);
    EXPECT_EQ(shape("wpkh(K0)", {{1, p2wpkh}}).weight(252, WithChange::no) + 272 + 8,
              shape("wpkh(K0)", {{1, p2wpkh}}).weight(253, WithChange::no));
    const std::vector<bitcoin::TxOutput> many(252, {1, p2wpkh});
    EXPECT_EQ(shape("wpkh(K0)", many).weight(1, WithChange::no) + 4 * 31 + 8, shape("wpkh(K0)", many).weight(1, WithChange::yes));
}

TEST(Weight, StaysBelowWhatIsRelayed)
{
    for (const auto& form : coffer::test::wallet_forms) {
        SCOPED_TRACE(form);
        const TransactionShape shape{weights_of(wallet_descriptor(form)), std::vector<bitcoin::TxOutput>{{1, p2tr}}};
        EXPECT_LE(shape.weight(shape.most_inputs(), WithChange::yes), most_standard_weight);
        EXPECT_GT(shape.weight(shape.most_inputs() + 1, WithChange::yes), most_standard_weight);
    }
    const TransactionShape full{weights_of(wallet_descriptor("wpkh(K0)")), std::vector<bitcoin::TxOutput>(4000, {1, p2tr})};
    EXPECT_EQ(full.most_inputs(), 0u);
}

TEST(Weight, RoundsFeesUp)
{
    EXPECT_EQ(fee_for(564, 1000), 141u);
    EXPECT_EQ(fee_for(561, 1000), 141u);
    EXPECT_EQ(fee_for(560, 1000), 140u);
    EXPECT_EQ(fee_for(4, 1), 1u);
    EXPECT_EQ(fee_for(4, 0), 0u);
}

} // namespace
} // namespace coffer::cli
