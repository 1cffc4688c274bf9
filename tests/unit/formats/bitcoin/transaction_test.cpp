#include "formats/bitcoin/transaction.h"

#include "core/encoding/hex.h"
#include "tests/support/decoding.h"
#include "tests/support/vectors.h"

#include <algorithm>

namespace coffer::bitcoin {
namespace {

std::vector<Bytes> published()
{
    std::vector<Bytes> transactions;
    for (const auto* file : {"core_tx_valid.json", "core_tx_invalid.json"})
        for (const auto& vector : test::load_vectors(file))
            transactions.push_back(vector.bytes("tx"));
    for (const auto& vector : test::load_vectors("bip143.json"))
        if (vector.kind() == "signed_tx")
            transactions.push_back(vector.bytes("signed_tx"));
    return transactions;
}

/// One input with a witness and one without.
Transaction example()
{
    Transaction transaction;
    transaction.inputs.push_back({{Txid{ByteArray<32>{1}}, 7}, {0x51}, 0xfffffffd, {{1, 2, 3}, {}}});
    transaction.inputs.push_back({{Txid{ByteArray<32>{2}}, 0}, {}, 0xffffffff, {}});
    transaction.outputs.push_back({5000, {0x00, 0x14}});
    transaction.lock_time = 800000;
    return transaction;
}

TEST(Transaction, PublishedOnesComeBackByteForByte)
{
    std::size_t read = 0;
    for (const auto& bytes : published()) {
        SCOPED_TRACE(encoding::encode_hex(bytes).substr(0, 80));
        try {
            const auto transaction = decode_transaction(bytes);
            EXPECT_EQ(encode_transaction(transaction), bytes);
            ++read;
        } catch (const Error&) {
            // Consensus rejects some by their form alone.
            EXPECT_ERROR(decode_transaction(bytes), ErrorCode::malformed);
        }
    }
    EXPECT_GE(read, 140U);
}

TEST(Transaction, RefusesEveryTruncationAndTrailingBytes)
{
    for (const auto& bytes : published())
        for (std::size_t size = 0; size < std::min<std::size_t>(bytes.size(), 600); ++size)
            EXPECT_ANY_THROW(static_cast<void>(decode_transaction(ByteView{bytes}.first(size))));
    test::expect_refuses_cut_and_trailing(encode_transaction(example()), [](ByteView bytes) { return decode_transaction(bytes); });
    test::expect_refuses_cut_and_trailing(encode_without_witness(example()), [](ByteView bytes) { return decode_transaction(bytes); });
}

TEST(Transaction, HasTheIdsOfItsTwoForms)
{
    for (const auto& vector : test::load_vectors("bip143.json")) {
        if (vector.kind() != "signed_tx")
            continue;
        SCOPED_TRACE(vector.name());
        auto transaction = decode_transaction(vector.bytes("signed_tx"));
        EXPECT_TRUE(transaction.has_witness());
        EXPECT_NE(txid_of(transaction), wtxid_of(transaction));
        EXPECT_LT(vsize_of(transaction), vector.bytes("signed_tx").size());
        for (auto& input : transaction.inputs)
            input.witness.clear();
        EXPECT_EQ(txid_of(transaction), wtxid_of(transaction));
        EXPECT_EQ(vsize_of(transaction), encode_transaction(transaction).size());
    }
}

TEST(Transaction, ShowsItsIdInReverse)
{
    // The coinbase transaction of the genesis block.
    const auto bytes = encoding::decode_hex(
        "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04ffff001d0104455468652054696d65732030332f4a616e"
        "2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f757420666f722062616e6b73ffffffff0100f2052a01000000"
        "434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d"
        "5fac00000000");
    const auto txid = txid_of(decode_transaction(bytes));
    EXPECT_EQ(format_txid(txid), "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b");
    EXPECT_EQ(parse_txid(format_txid(txid)), txid);
    EXPECT_ERROR(parse_txid("4a5e"), ErrorCode::malformed);
}

TEST(Transaction, RefusesAWitnessFormWithoutWitness)
{
    auto transaction = example();
    auto bytes = encode_transaction(transaction);
    bytes[5] = 2; // the flag
    EXPECT_ERROR(decode_transaction(bytes), ErrorCode::malformed);
    bytes[5] = 0;
    EXPECT_ERROR(decode_transaction(bytes), ErrorCode::malformed);
    transaction.inputs[0].witness.clear();
    auto without = encode_transaction(transaction);
    without.insert(without.begin() + 4, {0, 1});
    without.insert(without.end() - 4, {0, 0});
    EXPECT_ERROR(decode_transaction(without), ErrorCode::malformed);
}

TEST(Transaction, WithoutInputsIsReadWhereNoWitnessCanBe)
{
    Transaction transaction;
    transaction.outputs.push_back({1, {}});
    const auto bytes = encode_without_witness(transaction);
    EXPECT_EQ(decode_transaction(bytes, WitnessForm::never), transaction);
    EXPECT_ERROR(decode_transaction(bytes), ErrorCode::malformed);
}

TEST(Transaction, AllocatesNothingForCountsThatCannotFollow)
{
    EXPECT_ERROR(decode_transaction(encoding::decode_hex("02000000feffffffff")), ErrorCode::malformed);
    EXPECT_ERROR(decode_transaction(Bytes(most_transaction_bytes + 1)), ErrorCode::limit);
}

} // namespace
} // namespace coffer::bitcoin
