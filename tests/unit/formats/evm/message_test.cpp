#include "formats/evm/message.h"

#include "core/encoding/hex.h"
#include "formats/evm/format.h"
#include "tests/support/vectors.h"
#include "tests/unit/formats/evm/treasury.h"

namespace coffer::evm {
namespace {

crypto::Secp256k1PrivateKey private_key(std::string_view hex)
{
    return crypto::Secp256k1PrivateKey{SecretBytes::copy_of(encoding::decode_hex(hex))};
}

class EvmMessageTest : public testing::Test {
protected:
    /// As wallet "ops" would sign it.
    Bytes payload(ByteView text) const { return format.make_message(text, test::context_of(charter, "ops"), 0); }
    auto decode(ByteView bytes, std::string_view wallet = "ops") const { return format.decode(bytes, test::context_of(charter, wallet)); }
    static payments::TaskSignature sign(const payments::Payload& payload, std::string_view key = test::private_key_1)
    {
        const auto task = payload.signing_tasks().front();
        return {task.input, task.public_key, to_bytes(private_key(key).sign(task.digest).compact)};
    }

    charter::Charter charter = test::make_charter();
    EvmFormat format;
};

TEST_F(EvmMessageTest, HashesAndSignsLikeOtherLibraries)
{
    for (const auto& vector : coffer::test::load_vectors("eip191.json")) {
        SCOPED_TRACE(vector.name());
        const auto hash = message_hash(vector.bytes("message_hex"));
        EXPECT_EQ(encoding::encode_hex(hash), vector.text("hash"));
        const auto key = private_key(vector.text("private_key"));
        const auto signature = key.sign(hash);
        EXPECT_EQ(encoding::encode_hex(signature.compact) + (signature.recovery_id == 0 ? "1b" : "1c"), vector.text("signature"));
        EXPECT_EQ(format_address(address_of(key.public_key())), vector.text("address"));
    }
}

TEST_F(EvmMessageTest, SignsText)
{
    const auto text = bytes_of("We hold this account.\n2026-11-02");
    const auto message = decode(payload(text));
    EXPECT_FALSE(message->goes_to_chain());
    EXPECT_EQ(message->message()->text, to_bytes(text));
    EXPECT_EQ(message->digest(), payments::message_digest(*message->message(), std::uint64_t{1}));
    EXPECT_EQ(message->chain_hash(), to_bytes(message_hash(text)));
    EXPECT_TRUE(message->slots().empty());
    const auto description = message->description();
    EXPECT_EQ(description.payer, "ops");
    EXPECT_TRUE(description.payments.empty());
    EXPECT_TRUE(description.fee.maximum.base_units().is_zero());
    EXPECT_EQ(message->details().back().value, std::string{test::address_1});

    EXPECT_ERROR(message->finalize({}), ErrorCode::state);
    const auto signature = sign(*message);
    const auto final = message->finalize({&signature, 1});
    ASSERT_EQ(final.bytes.size(), 65U);
    EXPECT_EQ(final.txid, "0x" + encoding::encode_hex(final.bytes));
    const std::uint8_t v = final.bytes.back();
    ASSERT_TRUE(v == 27 || v == 28);
    const auto found = crypto::recover_ecdsa(message_hash(text), {to_array<64>(ByteView{final.bytes}.first(64), "r and s"), static_cast<std::uint8_t>(v - 27)});
    ASSERT_TRUE(found);
    EXPECT_EQ(format_address(address_of(*found)), test::address_1);

    const auto foreign = sign(*message, test::private_key_0);
    EXPECT_ERROR(message->verify(foreign), ErrorCode::sig_verify);
    EXPECT_ERROR(message->finalize({&foreign, 1}), ErrorCode::sig_verify);
}

TEST_F(EvmMessageTest, RefusesThirtyTwoRawBytes)
{
    std::size_t refused = 0;
    for (const auto& vector : coffer::test::load_vectors("eip191.json"))
        if (const auto bytes = vector.bytes("message_hex"); bytes.size() == 32) {
            EXPECT_ERROR(decode(payload(bytes)), ErrorCode::blind);
            ++refused;
        }
    EXPECT_GT(refused, 0U);
    EXPECT_ERROR(decode(payload(Bytes{0x19, 0x01})), ErrorCode::blind); // nor the prefix of typed data
}

TEST_F(EvmMessageTest, RefusesAnAccountOfSeveralChains)
{
    EXPECT_ERROR(decode(format.make_message(bytes_of("hello"), test::context_of(charter, "cold"), 0), "cold"), ErrorCode::policy_sharedkey);
    std::erase_if(charter.wallets, [](const auto& wallet) { return wallet.id == "cold-base"; });
    EXPECT_NO_THROW(decode(format.make_message(bytes_of("hello"), test::context_of(charter, "cold"), 0), "cold"));
}

TEST_F(EvmMessageTest, RefusesOtherAddressesStandardsAndPlaces)
{
    auto message = payments::decode_message(payload(bytes_of("hello")));
    EXPECT_NO_THROW(decode(encode_message(message)));
    message.address.back() ^= 1;
    EXPECT_ERROR(decode(encode_message(message)), ErrorCode::input_owner);
    message.address.back() ^= 1;
    message.place = {0, 0};
    EXPECT_ERROR(decode(encode_message(message)), ErrorCode::malformed);
    message.place.reset();
    message.standard = "bip322-simple";
    EXPECT_ERROR(decode(encode_message(message)), ErrorCode::malformed);
    EXPECT_ERROR(format.make_message(bytes_of("hello"), test::context_of(charter, "ops"), 1), ErrorCode::malformed);
}

} // namespace
} // namespace coffer::evm
