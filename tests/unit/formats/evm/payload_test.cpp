#include "formats/evm/payload.h"

#include "core/artefacts/artefact.h"
#include "core/crypto/hash.h"
#include "core/encoding/cbor.h"
#include "core/encoding/hex.h"
#include "formats/evm/encode.h"
#include "formats/evm/sighash.h"
#include "tests/support/decoding.h"
#include "tests/support/vectors.h"
#include "tests/unit/formats/evm/random_transaction.h"
#include "tests/unit/formats/evm/treasury.h"

#include <set>

namespace coffer::evm {
namespace {

using payments::TaskSignature;

crypto::Secp256k1PrivateKey private_key(std::string_view hex)
{
    return crypto::Secp256k1PrivateKey{SecretBytes::copy_of(encoding::decode_hex(hex))};
}

class EvmPayloadTest : public testing::Test {
protected:
    std::unique_ptr<const EvmPayload> decode(ByteView bytes, std::string_view wallet = "cold") const
    {
        return EvmPayload::decode(bytes, test::context_of(charter, wallet), accounts);
    }
    std::unique_ptr<const EvmPayload> decode(const Transaction& transaction, std::string_view wallet = "cold") const
    {
        return decode(ByteView{encode_unsigned(transaction)}, wallet);
    }

    static TaskSignature sign(const EvmPayload& payload, std::string_view key = test::private_key_0)
    {
        const auto task = payload.signing_tasks().front();
        return {task.input, task.public_key, to_bytes(private_key(key).sign(task.digest).compact)};
    }

    charter::Charter charter = test::make_charter();
    AccountCache accounts;
    Transaction native = build_transfer(test::native_plan());
    Transaction token = build_transfer(test::token_plan());
    Transaction legacy = build_transfer(test::native_plan(), TransactionType::legacy);
};

TEST_F(EvmPayloadTest, KeepsItsBytes)
{
    for (const auto& transaction : {native, token, legacy}) {
        const auto bytes = encode_unsigned(transaction);
        const auto payload = decode(bytes);
        EXPECT_EQ(payload->bytes(), bytes);
        EXPECT_EQ(payload->transaction(), transaction);
        EXPECT_EQ(payload->chain_hash(), to_bytes(signing_hash(transaction)));
        EXPECT_EQ(format_address(payload->sender()), test::address_0);
    }
}

TEST_F(EvmPayloadTest, RefusesEveryCutAndEveryTrailingByte)
{
    for (const auto& transaction : {native, token, legacy})
        coffer::test::expect_refuses_cut_and_trailing(encode_unsigned(transaction),
                                                      [&](ByteView bytes) { return decode(bytes); });
}

TEST_F(EvmPayloadTest, RefusesTypesByTheirFirstByte)
{
    auto bytes = encode_unsigned(native);
    EXPECT_NO_THROW(decode(bytes));
    for (const std::uint8_t type : Bytes{0x00, 0x05, 0x7f}) {
        bytes[0] = type;
        EXPECT_ERROR(decode(bytes), ErrorCode::txtype);
    }
}

TEST_F(EvmPayloadTest, RefusesWhatEthersBuildsOfOtherTypes)
{
    charter.chains[1].chain_id = 10;
    for (const auto& vector : coffer::test::load_vectors("eth_tx_generated.json")) {
        if (vector.is_invalid())
            continue;
        SCOPED_TRACE(vector.name());
        const auto type = vector.number("fields.type");
        const auto chain_id = vector.number("fields.chainId");
        charter.chains[0].chain_id = chain_id == 0 ? 1 : chain_id;
        if (type == 1) {
            EXPECT_ERROR(decode(vector.bytes("unsigned")), ErrorCode::txtype);
        } else if (type == 4) {
            EXPECT_ERROR(decode(vector.bytes("unsigned")), ErrorCode::eip7702);
        } else if (chain_id == 0) {
            EXPECT_ERROR(decode(vector.bytes("unsigned")), ErrorCode::chain);
        }
        EXPECT_THROW(decode(vector.bytes("signed")), Error);
    }
}

TEST_F(EvmPayloadTest, DigestsWhatTheProtocolNames)
{
    const auto payload = decode(native);
    const auto& sender = payload->sender().bytes();
    // CBOR by hand: array(4), text(3) "evm", 1, bytes(20), bytes(32)
    Bytes body = encoding::decode_hex("846365766d0154");
    append(body, sender);
    append(body, Bytes{0x58, 0x20});
    append(body, signing_hash(native));
    Bytes message = to_bytes(bytes_of("coffer/v1/payload"));
    message.push_back(0x00);
    append(message, body);
    EXPECT_EQ(payload->digest(), PayloadDigest{crypto::sha256(message)});
}

TEST_F(EvmPayloadTest, ChangesItsDigestWithEveryField)
{
    std::set<PayloadDigest> seen;
    const auto expect_new = [&](const Transaction& transaction, std::string_view wallet = "cold") {
        EXPECT_TRUE(seen.insert(decode(transaction, wallet)->digest()).second);
    };
    for (const auto& base : {native, token, legacy}) {
        expect_new(base);
        auto changed = base;
        ++changed.nonce;
        expect_new(changed);
        changed = base;
        ++changed.gas_limit;
        expect_new(changed);
        changed = base;
        (base.has_gas_price() ? changed.gas_price : changed.max_fee_per_gas) = base.fee_ceiling() + Uint256{1};
        expect_new(changed);
        if (!base.has_gas_price()) {
            changed = base;
            changed.max_priority_fee_per_gas = 1;
            expect_new(changed);
        }
    }
    auto changed = native;
    changed.value = 1;
    expect_new(changed);
    changed = native;
    changed.to = Address{};
    expect_new(changed);
    changed = native;
    changed.chain_id = 8453;
    expect_new(changed, "cold-base");
    changed = token;
    changed.data.back() ^= 0x01;
    expect_new(changed);
    changed = token;
    changed.data[20] ^= 0x01;
    expect_new(changed);
    expect_new(native, "ops"); // the sender is not in the signed bytes
}

TEST_F(EvmPayloadTest, ChangesItsDigestWithEveryBitThatStillDecodes)
{
    const auto original = decode(native)->digest();
    std::size_t decoded = 0;
    const auto bytes = encode_unsigned(native);
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
        auto changed = bytes;
        changed[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        try {
            EXPECT_NE(decode(changed)->digest(), original);
            ++decoded;
        } catch (const Error&) {
        }
    }
    EXPECT_GT(decoded, 160U);
}

TEST_F(EvmPayloadTest, OwnsItsAccountAndNonce)
{
    const auto slots = decode(native)->slots();
    ASSERT_EQ(slots.size(), 1U);
    Bytes owner = to_bytes(bytes_of("evm"));
    append(owner, encoding::decode_hex("0000000000000001"));
    append(owner, parse_address(test::address_0, Checksum::required).bytes());
    EXPECT_EQ(slots.front().owner, owner);
    EXPECT_EQ(slots.front().sequence, 7U);
    EXPECT_EQ(decode(token)->slots(), slots);
    EXPECT_NE(decode(native, "ops")->slots(), slots);
    auto on_base = native;
    on_base.chain_id = 8453;
    EXPECT_NE(decode(on_base, "cold-base")->slots(), slots);
}

TEST_F(EvmPayloadTest, AsksForOneSignature)
{
    const auto tasks = decode(native)->signing_tasks();
    ASSERT_EQ(tasks.size(), 1U);
    const auto& task = tasks.front();
    EXPECT_EQ(task.input, 0U);
    EXPECT_EQ(task.algorithm, payments::SignatureAlgorithm::ecdsa_secp256k1);
    EXPECT_EQ(task.digest, signing_hash(native));
    EXPECT_EQ(task.appliance, "vault-a");
    EXPECT_EQ(task.key, "k1");
    EXPECT_EQ(task.path, "0/0");
    EXPECT_EQ(task.public_key, to_bytes(private_key(test::private_key_0).public_key().compressed()));
}

TEST_F(EvmPayloadTest, BecomesATransactionOfItsSender)
{
    test::RandomTransactions random;
    for (auto transaction : {native, token, legacy})
        for (int round = 0; round < 8; ++round) { // both parities
            transaction.nonce = random.number(1000);
            const auto payload = decode(transaction);
            const auto signature = sign(*payload);
            EXPECT_NO_THROW(payload->verify(signature));
            const auto result = payload->finalize({{signature}});
            const auto read = decode_signed(result.bytes);
            EXPECT_EQ(read.transaction, transaction);
            EXPECT_EQ(format_address(recover_sender(read)), test::address_0);
            EXPECT_EQ(result.txid, "0x" + encoding::encode_hex(transaction_hash(read)));
        }
}

TEST_F(EvmPayloadTest, RefusesSignaturesOfOthers)
{
    const auto payload = decode(native);
    const auto good = sign(*payload);
    EXPECT_NO_THROW(payload->verify(good));

    EXPECT_ERROR(payload->verify(sign(*payload, test::private_key_1)), ErrorCode::sig_verify);
    auto other_transaction = native;
    ++other_transaction.nonce;
    EXPECT_ERROR(payload->verify(sign(*decode(other_transaction))), ErrorCode::sig_verify);
    auto other_key = good;
    other_key.public_key = to_bytes(private_key(test::private_key_1).public_key().compressed());
    EXPECT_ERROR(payload->verify(other_key), ErrorCode::sig_verify);
    auto other_input = good;
    other_input.input = 1;
    EXPECT_ERROR(payload->verify(other_input), ErrorCode::sig_verify);
    for (const std::size_t size : {std::size_t{0}, std::size_t{63}, std::size_t{65}}) {
        auto other_size = good;
        other_size.signature.resize(size);
        EXPECT_ERROR(payload->verify(other_size), ErrorCode::sig_verify);
    }
    for (std::size_t byte = 0; byte < 64; byte += 7) {
        auto flipped = good;
        flipped.signature[byte] ^= 0x01;
        EXPECT_ERROR(payload->verify(flipped), ErrorCode::sig_verify);
        EXPECT_ERROR(payload->finalize({{flipped}}), ErrorCode::sig_verify);
    }
}

TEST_F(EvmPayloadTest, RefusesAHighS)
{
    const auto payload = decode(native);
    auto signature = sign(*payload);
    EXPECT_NO_THROW(payload->verify(signature));
    // n - s: the same signature to ecrecover, but not to the network (EIP-2).
    const auto order =
        Uint256::from_big_endian(encoding::decode_hex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"));
    const auto s = order - Uint256::from_big_endian(ByteView{signature.signature}.last(32));
    std::ranges::copy(s.big_endian(), signature.signature.begin() + 32);
    EXPECT_ERROR(payload->verify(signature), ErrorCode::sig_verify);
    EXPECT_ERROR(payload->finalize({{signature}}), ErrorCode::sig_verify);
}

TEST_F(EvmPayloadTest, WaitsForExactlyOneSignature)
{
    const auto payload = decode(native);
    const auto signature = sign(*payload);
    EXPECT_NO_THROW(payload->finalize({{signature}}));
    EXPECT_ERROR(payload->finalize({}), ErrorCode::state);
    const std::vector twice{signature, signature};
    EXPECT_ERROR(payload->finalize(twice), ErrorCode::sig_verify);
}

TEST_F(EvmPayloadTest, RefusesAWalletThatIsNotItsKeysAccount)
{
    EXPECT_NO_THROW(decode(native));
    charter.wallets[0].address[19] ^= 0x01;
    EXPECT_ERROR(decode(native), ErrorCode::policy_invalid);
}

} // namespace
} // namespace coffer::evm
