#include "formats/evm/decode.h"

#include "core/encoding/hex.h"
#include "formats/evm/encode.h"
#include "formats/evm/rlp.h"
#include "formats/evm/sighash.h"
#include "tests/support/decoding.h"
#include "tests/support/vectors.h"
#include "tests/unit/formats/evm/random_transaction.h"

#include <limits>

namespace coffer::evm {
namespace {

using coffer::test::Vector;

constexpr std::uint64_t suite_chain_id = 1; // ethereum/tests run as mainnet

Bytes hash(const ByteArray<32>& value)
{
    return to_bytes(value);
}

Uint256 integer(const Vector& vector, const std::string& field)
{
    return Uint256::from_decimal(vector.text(field));
}

void expect_fields(const Transaction& transaction, const Vector& vector)
{
    EXPECT_EQ(static_cast<std::uint64_t>(transaction.type), vector.number("fields.type"));
    EXPECT_EQ(transaction.chain_id.value_or(0), vector.number("fields.chainId"));
    EXPECT_EQ(transaction.nonce, vector.number("fields.nonce"));
    EXPECT_EQ(transaction.gas_limit, vector.number("fields.gasLimit"));
    EXPECT_EQ(transaction.to ? format_address(*transaction.to) : "null", vector.text("fields.to"));
    EXPECT_EQ(transaction.value, integer(vector, "fields.value"));
    EXPECT_EQ(transaction.data, vector.bytes("fields.data"));
    if (transaction.has_gas_price()) {
        EXPECT_EQ(transaction.gas_price, integer(vector, "fields.gasPrice"));
    } else {
        EXPECT_EQ(transaction.max_fee_per_gas, integer(vector, "fields.maxFeePerGas"));
        EXPECT_EQ(transaction.max_priority_fee_per_gas, integer(vector, "fields.maxPriorityFeePerGas"));
    }
    if (vector.text("fields.accessList") == "null")
        return;
    ASSERT_EQ(transaction.access_list.size(), vector.count("fields.accessList"));
    for (std::size_t i = 0; i < transaction.access_list.size(); ++i) {
        const auto entry = "fields.accessList." + std::to_string(i);
        EXPECT_EQ(format_address(transaction.access_list[i].address), vector.text(entry + ".address"));
        ASSERT_EQ(transaction.access_list[i].storage_keys.size(), vector.count(entry + ".storageKeys"));
        for (std::size_t k = 0; k < vector.count(entry + ".storageKeys"); ++k)
            EXPECT_EQ(hash(transaction.access_list[i].storage_keys[k]),
                      vector.bytes(entry + ".storageKeys." + std::to_string(k)));
    }
}

TEST(EvmTransaction, AgreesWithEthersOnEveryType)
{
    for (const auto& vector : coffer::test::load_vectors("eth_tx_generated.json")) {
        SCOPED_TRACE(vector.name());
        if (vector.is_invalid()) {
            EXPECT_ERROR(decode_signed(vector.bytes("signed")), vector.error_code());
            continue;
        }
        const auto unsigned_bytes = vector.bytes("unsigned");
        const auto unsigned_one = decode_unsigned(unsigned_bytes);
        expect_fields(unsigned_one, vector);
        EXPECT_EQ(encode_unsigned(unsigned_one), unsigned_bytes);
        EXPECT_EQ(hash(signing_hash(unsigned_one)), vector.bytes("signing_hash"));
        EXPECT_FALSE(is_signed(unsigned_bytes));

        const auto signed_bytes = vector.bytes("signed");
        const auto signed_one = decode_signed(signed_bytes);
        EXPECT_EQ(signed_one.transaction, unsigned_one);
        EXPECT_EQ(signed_one.signature.recovery_id, vector.number("y_parity"));
        EXPECT_EQ(encode_signed(signed_one), signed_bytes);
        EXPECT_EQ(hash(transaction_hash(signed_one)), vector.bytes("tx_hash"));
        EXPECT_EQ(format_address(recover_sender(signed_one)), vector.text("from"));
        EXPECT_TRUE(is_signed(signed_bytes));
        EXPECT_THROW(decode_unsigned(signed_bytes), Error);
        EXPECT_THROW(decode_signed(unsigned_bytes), Error);
    }
}

TEST(EvmTransaction, RefusesEveryCutAndEveryTrailingByte)
{
    for (const auto& vector : coffer::test::load_vectors("eth_tx_generated.json")) {
        if (vector.is_invalid())
            continue;
        SCOPED_TRACE(vector.name());
        coffer::test::expect_refuses_cut_and_trailing(vector.bytes("unsigned"), decode_unsigned);
        coffer::test::expect_refuses_cut_and_trailing(vector.bytes("signed"), decode_signed);
    }
}

/// Everything that a reader without the chain's state can tell.
SignedTransaction decode_for_suite(ByteView bytes)
{
    auto transaction = decode_signed(bytes);
    if (transaction.transaction.chain_id.value_or(suite_chain_id) != suite_chain_id)
        throw Error{ErrorCode::chain, "not the suite's chain"};
    require_payable_gas(transaction.transaction);
    static_cast<void>(recover_sender(transaction));
    return transaction;
}

TEST(EvmTransaction, AgreesWithEthereumTests)
{
    for (const auto& vector : coffer::test::load_vectors("eth_tx_ethereum_tests.json")) {
        SCOPED_TRACE(vector.name() + " " + vector.text("case"));
        const auto bytes = vector.bytes("tx");
        if (vector.is_invalid()) {
            EXPECT_ERROR(decode_for_suite(bytes), vector.error_code());
            continue;
        }
        const auto transaction = decode_for_suite(bytes);
        EXPECT_EQ(encode_signed(transaction), bytes);
        EXPECT_EQ(hash(transaction_hash(transaction)), vector.bytes("hash"));
        EXPECT_EQ(to_bytes(recover_sender(transaction).bytes()), vector.bytes("sender"));
        EXPECT_EQ(intrinsic_gas(transaction.transaction), std::stoull(vector.text("intrinsic_gas"), nullptr, 16));
        coffer::test::expect_refuses_cut_and_trailing(bytes, decode_signed);
    }
}

TEST(EvmTransaction, DecodesWhatItEncodes)
{
    test::RandomTransactions random;
    for (int round = 0; round < 2000; ++round) {
        const auto transaction = random.next_of_any_type();
        ASSERT_EQ(decode_unsigned(encode_unsigned(transaction)), transaction);
        const auto signed_one = random.next_signed();
        const auto again = decode_signed(encode_signed(signed_one));
        ASSERT_EQ(again.transaction, signed_one.transaction);
        ASSERT_EQ(again.signature, signed_one.signature);
    }
}

TEST(EvmTransaction, KeepsEveryFieldOfASetCodeTransaction)
{
    const auto transaction = decode_unsigned(encoding::decode_hex(
        "04f87e0108010383030d40947b84af6b6277d15f035e5da336216432a5f063b58080c0f85cf85a01947b84af6b6277d15f035e5da33621"
        "6432a5f063b50901a057dd8ffed3bba3afb5aae3ab25fb6e05c37b11659df684c205645548e2415658a066c38dc3fbbef6348fe06dc1f6"
        "5171b970c6da12cc30294a306082c12821a6ca"));
    ASSERT_EQ(transaction.authorization_list.size(), 1U);
    const auto& authorization = transaction.authorization_list.front();
    EXPECT_EQ(authorization.chain_id, Uint256{1});
    EXPECT_EQ(format_address(authorization.address), "0x7B84af6B6277d15f035e5da336216432A5f063b5");
    EXPECT_EQ(authorization.nonce, 9U);
    EXPECT_EQ(authorization.y_parity, 1U);
}

TEST(EvmTransaction, TellsTheTypeByTheFirstByte)
{
    EXPECT_EQ(type_of(Bytes{0xc0}), TransactionType::legacy);
    EXPECT_EQ(type_of(Bytes{0x02}), TransactionType::fee_market);
    EXPECT_EQ(type_of(Bytes{0x04}), TransactionType::set_code);
    EXPECT_ERROR(type_of(Bytes{}), ErrorCode::rlp);
    EXPECT_ERROR(type_of(Bytes{0x00}), ErrorCode::txtype);
    EXPECT_ERROR(type_of(Bytes{0x05}), ErrorCode::txtype);
    EXPECT_ERROR(type_of(Bytes{0x7f}), ErrorCode::txtype);
    EXPECT_ERROR(type_of(Bytes{0x80}), ErrorCode::rlp);
    EXPECT_ERROR(type_of(Bytes{0xbf}), ErrorCode::rlp);
    EXPECT_ERROR(decode_unsigned(Bytes{0x02, 0x80}), ErrorCode::rlp);
}

Transaction plain(TransactionType type)
{
    Transaction transaction;
    transaction.type = type;
    transaction.chain_id = 1;
    transaction.to = Address{};
    return transaction;
}

TEST(EvmTransaction, RefusesAChainIdThatIsNone)
{
    for (const auto type : {TransactionType::legacy, TransactionType::fee_market}) {
        auto transaction = plain(type);
        EXPECT_NO_THROW(decode_unsigned(encode_unsigned(transaction)));
        transaction.chain_id = 0;
        EXPECT_ERROR(decode_unsigned(encode_unsigned(transaction)), ErrorCode::chain);
    }
    auto bytes = encode_unsigned(plain(TransactionType::fee_market));
    bytes[2] = 0x89; // chain id of 9 bytes
    bytes[1] = static_cast<std::uint8_t>(bytes[1] + 9);
    bytes.insert(bytes.begin() + 3, 9, 0x01);
    EXPECT_ERROR(decode_unsigned(bytes), ErrorCode::chain);
}

TEST(EvmTransaction, TakesALegacyOneWithoutAChainIdForOneFromBeforeEip155)
{
    auto transaction = plain(TransactionType::legacy);
    transaction.chain_id.reset();
    EXPECT_EQ(decode_unsigned(encode_unsigned(transaction)), transaction);
}

TEST(EvmTransaction, TakesASignedOneForNoUnsignedOne)
{
    const auto bytes = encode_unsigned(plain(TransactionType::legacy));
    ASSERT_EQ(bytes.back(), 0x80);
    EXPECT_NO_THROW(decode_unsigned(bytes));
    for (const auto place : {bytes.size() - 2, bytes.size() - 1}) { // r, s
        auto changed = bytes;
        changed[place] = 0x01;
        EXPECT_ERROR(decode_unsigned(changed), ErrorCode::rlp);
    }
}

TEST(EvmTransaction, BoundsTheNonce)
{
    auto transaction = plain(TransactionType::fee_market);
    transaction.nonce = std::numeric_limits<std::uint64_t>::max() - 1;
    EXPECT_NO_THROW(decode_unsigned(encode_unsigned(transaction)));
    ++transaction.nonce;
    EXPECT_ERROR(decode_unsigned(encode_unsigned(transaction)), ErrorCode::rlp);
}

/// A transaction of type 1 or 4 whose last list is this one.
Bytes with_last_list(TransactionType type, const rlp::ListWriter& last)
{
    rlp::ListWriter list;
    list.add(Uint256{1}).add(Uint256{}).add(Uint256{1});
    if (type == TransactionType::set_code)
        list.add(Uint256{1});
    list.add(Uint256{21000}).add(Address{}.bytes()).add(Uint256{}).add(ByteView{});
    if (type == TransactionType::set_code)
        list.add(rlp::ListWriter{});
    auto bytes = list.add(last).encode();
    bytes.insert(bytes.begin(), static_cast<std::uint8_t>(type));
    return bytes;
}

TEST(EvmTransaction, ReadsAccessListEntriesOfTwoItems)
{
    const auto decode_entry = [](const rlp::ListWriter& entry) {
        return decode_unsigned(with_last_list(TransactionType::access_list, rlp::ListWriter{}.add(entry)));
    };
    const auto pair = rlp::ListWriter{}.add(Address{}.bytes()).add(rlp::ListWriter{});
    EXPECT_EQ(decode_entry(pair).access_list.size(), 1U);
    EXPECT_ERROR(decode_entry(rlp::ListWriter{pair}.add(rlp::ListWriter{})), ErrorCode::rlp);
    EXPECT_ERROR(decode_entry(rlp::ListWriter{}.add(Address{}.bytes())), ErrorCode::rlp);
}

TEST(EvmTransaction, ReadsAuthorizationsOfSixItems)
{
    const auto decode_item = [](const rlp::ListWriter& item) {
        return decode_unsigned(with_last_list(TransactionType::set_code, rlp::ListWriter{}.add(item)));
    };
    const auto five = [](std::uint64_t y_parity) {
        return rlp::ListWriter{}.add(Uint256{1}).add(Address{}.bytes()).add(Uint256{9}).add(Uint256{y_parity}).add(Uint256{1});
    };
    const auto six = five(255).add(Uint256{2});
    ASSERT_EQ(decode_item(six).authorization_list.size(), 1U);
    EXPECT_EQ(decode_item(six).authorization_list.front().y_parity, 255U);
    EXPECT_ERROR(decode_item(five(255)), ErrorCode::rlp);
    EXPECT_ERROR(decode_item(rlp::ListWriter{six}.add(Uint256{2})), ErrorCode::rlp);
    EXPECT_ERROR(decode_item(five(256).add(Uint256{2})), ErrorCode::rlp);
}

TEST(EvmTransaction, ReadsTheChainIdOfALegacyV)
{
    const auto decode_v = [](const Uint256& v) {
        rlp::ListWriter list;
        list.add(Uint256{}).add(Uint256{1}).add(Uint256{21000}).add(Address{}.bytes()).add(Uint256{}).add(ByteView{});
        return decode_signed(list.add(v).add(Uint256{1}).add(Uint256{1}).encode());
    };
    EXPECT_EQ(decode_v(27).transaction.chain_id, std::nullopt);
    EXPECT_EQ(decode_v(28).signature.recovery_id, 1U);
    EXPECT_EQ(decode_v(37).transaction.chain_id, 1U);
    EXPECT_EQ(decode_v(38).signature.recovery_id, 1U);
    for (const std::uint64_t v : {0U, 1U, 26U, 29U, 34U})
        EXPECT_ERROR(decode_v(v), ErrorCode::sig_verify);
    EXPECT_ERROR(decode_v(35), ErrorCode::chain);
    EXPECT_ERROR(decode_v(36), ErrorCode::chain);
    const auto largest = Uint256{~std::uint64_t{0}} * Uint256{2} + Uint256{36};
    EXPECT_EQ(decode_v(largest).transaction.chain_id, ~std::uint64_t{0});
    EXPECT_ERROR(decode_v(largest + Uint256{1}), ErrorCode::chain);
}

TEST(EvmTransaction, DemandsARecipientOfBlobsAndAuthorizations)
{
    for (const auto type : {TransactionType::blob, TransactionType::set_code}) {
        auto transaction = plain(type);
        EXPECT_NO_THROW(decode_unsigned(encode_unsigned(transaction)));
        transaction.to.reset();
        EXPECT_ERROR(decode_unsigned(encode_unsigned(transaction)), ErrorCode::rlp);
    }
}

TEST(EvmTransaction, RefusesAHighS)
{
    test::RandomTransactions random;
    auto transaction = random.next_signed();
    transaction.signature.compact[32] = 0x7f;
    transaction.signature.compact[33] = 0xfe; // below n/2 = 7fffffff…
    EXPECT_NO_THROW(decode_signed(encode_signed(transaction)));
    transaction.signature.compact[32] = 0x80;
    EXPECT_ERROR(decode_signed(encode_signed(transaction)), ErrorCode::sig_verify);
}

} // namespace
} // namespace coffer::evm
