#include "formats/bitcoin/message.h"

#include "core/crypto/schnorr.h"
#include "core/encoding/base58.h"
#include "core/encoding/base64.h"
#include "core/encoding/hex.h"
#include "formats/bitcoin/address.h"
#include "formats/bitcoin/bip322.h"
#include "formats/bitcoin/format.h"
#include "formats/bitcoin/psbt_finalize.h"
#include "formats/bitcoin/psbt_sign.h"
#include "formats/bitcoin/psbt_map.h"
#include "formats/bitcoin/psbt_update.h"
#include "formats/bitcoin/script.h"
#include "tests/support/vectors.h"
#include "tests/unit/formats/bitcoin/treasury.h"

#include <algorithm>
#include <map>
#include <set>

namespace coffer::bitcoin {
namespace {

using coffer::test::load_vectors;
using coffer::test::Vector;

Bytes script_of(const Vector& vector)
{
    return parse_address(vector.text("address"), *find_network("mainnet"));
}

std::vector<crypto::Secp256k1PrivateKey> keys_of(const Vector& vector)
{
    std::vector<crypto::Secp256k1PrivateKey> keys;
    for (std::size_t i = 0; i < vector.count("private_keys"); ++i) {
        const auto wif = encoding::decode_base58check(vector.text("private_keys." + std::to_string(i)));
        keys.emplace_back(SecretBytes::copy_of(ByteView{wif}.subspan(1, 32)));
    }
    return keys;
}

/// The to_sign transaction of a vector, with what its one input is spent by.
Psbt psbt_of(const Vector& vector, const std::vector<crypto::Secp256k1PrivateKey>& keys)
{
    const auto to_spend = bip322_to_spend(script_of(vector), bytes_of(vector.text("message")));
    auto psbt = create_psbt(bip322_to_sign(to_spend));
    auto& input = psbt.inputs.front();
    if (const auto script = vector.bytes("witness_script"); !script.empty())
        input.witness_script = script;
    for (const auto& key : keys)
        input.derivations[to_bytes(key.public_key().compressed())] = {};
    update_spent(input, to_spend);
    return psbt;
}

Bytes simple_signature(const Vector& vector)
{
    const auto keys = keys_of(vector);
    auto psbt = psbt_of(vector, keys);
    const auto digest = input_digests(psbt, spent_outputs(psbt)).front();
    for (const auto& key : keys)
        attach_signature(psbt, 0, digest, to_bytes(key.public_key().compressed()), key.sign(digest.digest).compact);
    finalize_input(psbt.inputs.front(), digest);
    return encode_witness(*psbt.inputs.front().final_script_witness);
}

TEST(Bip322, HashesLikeItsVectors)
{
    std::size_t count = 0;
    for (const auto& vector : load_vectors("bip322.json")) {
        if (vector.kind() != "tx_hashes")
            continue;
        SCOPED_TRACE(vector.name());
        const auto text = vector.text("message");
        EXPECT_EQ(encoding::encode_hex(bip322_hash(bytes_of(text))), vector.text("message_hash"));
        const auto to_spend = bip322_to_spend(script_of(vector), bytes_of(text));
        EXPECT_EQ(format_txid(txid_of(to_spend)), vector.text("to_spend_tx_hash"));
        EXPECT_EQ(format_txid(txid_of(bip322_to_sign(to_spend))), vector.text("to_sign_tx_hash"));
        ++count;
    }
    EXPECT_EQ(count, 2U);
}

TEST(Bip322, SignsTheSimpleVectors)
{
    std::size_t count = 0;
    for (const auto& vector : load_vectors("bip322.json")) {
        if (vector.kind() != "simple" || vector.text("type") == "p2tr")
            continue;
        SCOPED_TRACE(vector.name());
        std::set<std::string> expected; // signers that grind r away from its upper half give others
        for (std::size_t i = 0; i < vector.count("bip322_signatures"); ++i)
            expected.insert(vector.text("bip322_signatures." + std::to_string(i)));
        EXPECT_TRUE(expected.contains(format_simple_signature(simple_signature(vector)))) << format_simple_signature(simple_signature(vector));
        ++count;
    }
    EXPECT_EQ(count, 4U);
}

TEST(Bip322, AcceptsTheSchnorrSignatureOfItsVector)
{
    for (const auto& vector : load_vectors("bip322.json")) {
        if (vector.kind() != "simple" || vector.text("type") != "p2tr")
            continue;
        const auto psbt = psbt_of(vector, {});
        const auto digest = input_digests(psbt, spent_outputs(psbt)).front();
        const auto witness = encoding::decode_base64(vector.text("bip322_signatures.0")); // made before prefixes
        ASSERT_EQ(witness.size(), 66U);
        const auto signature = to_array<64>(ByteView{witness}.subspan(2), "signature");
        EXPECT_TRUE(verify_input(digest, digest.spend.keys.front(), signature));
        EXPECT_EQ(encode_witness({to_bytes(signature)}), witness);
    }
}

/// One flow of each form of wallet, with the words of its signers.
std::map<std::string, Vector> wallets()
{
    std::map<std::string, Vector> found;
    for (const auto& vector : load_vectors("psbt_flow.json"))
        if (!vector.is_invalid())
            found.emplace(vector.kind(), vector);
    return found;
}

TEST(BitcoinMessageForms, SignText)
{
    const BitcoinFormat format;
    const auto text = bytes_of("We hold these coins.\n2026-11-02");
    std::size_t signed_ones = 0;
    for (const auto& [form, vector] : wallets()) {
        SCOPED_TRACE(form);
        const auto charter = test::charter_of(vector.text("descriptor"));
        const auto context = test::context_of(charter);
        const auto script = format.derive_address(charter, charter.wallets.front(), Branch::receive, 3);
        if (!witness_version(script)) {
            EXPECT_ERROR(format.decode(format.make_message(text, context, 3), context), ErrorCode::output_script);
            continue;
        }
        const auto message = format.decode(format.make_message(text, context, 3), context);
        EXPECT_FALSE(message->goes_to_chain());
        EXPECT_EQ(message->message()->address, script);
        EXPECT_TRUE(message->slots().empty());
        EXPECT_TRUE(message->description().payments.empty());
        EXPECT_TRUE(message->description().fee.maximum.base_units().is_zero());
        EXPECT_EQ(message->details().back().value, format.format_address(script, charter.chains.front()));
        EXPECT_NE(message->digest(), format.decode(format.make_message(text, context, 4), context)->digest());

        std::vector<payments::TaskSignature> signatures;
        for (std::size_t i = 0; i < vector.count("signers"); ++i)
            for (auto& signature : test::sign_with(vector.text("signers." + std::to_string(i) + ".mnemonic"), *message, charter)) {
                EXPECT_NO_THROW(message->verify(signature));
                EXPECT_ERROR(message->finalize(signatures), ErrorCode::state);
                signatures.push_back(std::move(signature));
            }
        EXPECT_EQ(message->count_signers(signatures), message->signers_needed());
        const auto final = message->finalize(signatures);
        EXPECT_EQ(final.txid, "smp" + encoding::encode_base64(final.bytes));
        ++signed_ones;

        auto damaged = signatures.front();
        damaged.signature.front() ^= 1;
        EXPECT_ERROR(message->verify(damaged), ErrorCode::sig_verify);
    }
    EXPECT_GE(signed_ones, 3U);
}

class BitcoinMessageTest : public testing::Test {
protected:
    Bytes payload(ByteView text) const { return format.make_message(text, context, 0); }

    BitcoinFormat format;
    charter::Charter charter = test::charter_of(wallets().at("p2wpkh").text("descriptor"));
    chains::PayloadContext context = test::context_of(charter);
};

TEST_F(BitcoinMessageTest, RefusesThirtyTwoRawBytes)
{
    EXPECT_ERROR(format.decode(payload(Bytes(32, 0xab)), context), ErrorCode::blind);
}

TEST_F(BitcoinMessageTest, SignsText)
{
    const auto message = format.decode(payload(bytes_of("exactly thirty-two bytes of text")), context);
    auto signatures = test::sign_with(wallets().at("p2wpkh").text("signers.0.mnemonic"), *message, charter);
    EXPECT_NO_THROW(message->finalize(signatures));
}

TEST_F(BitcoinMessageTest, RefusesOtherAddressesStandardsAndPlaces)
{
    const auto good = payments::decode_message(payload(bytes_of("hello")));
    EXPECT_NO_THROW(format.decode(encode_message(good), context));
    auto message = good;
    message.address.back() ^= 1;
    EXPECT_ERROR(format.decode(encode_message(message), context), ErrorCode::input_owner);
    message = good;
    message.place->index = 1;
    EXPECT_ERROR(format.decode(encode_message(message), context), ErrorCode::input_owner);
    message.place = {2, 0};
    EXPECT_ERROR(format.decode(encode_message(message), context), ErrorCode::malformed);
    message.place = {0, keys::hardened};
    EXPECT_ERROR(format.decode(encode_message(message), context), ErrorCode::malformed);
    message.place.reset();
    EXPECT_ERROR(format.decode(encode_message(message), context), ErrorCode::malformed);
    message = good;
    message.standard = "eip191";
    EXPECT_ERROR(format.decode(encode_message(message), context), ErrorCode::malformed);
    EXPECT_ERROR(format.make_message(bytes_of("hello"), context, keys::hardened), ErrorCode::malformed);
}

TEST_F(BitcoinMessageTest, HandsMessagesToNoOtherWallet)
{
    const auto message = format.decode(payload(bytes_of("hello")), context);
    EXPECT_ERROR(format.export_foreign("psbt", *message, {}), ErrorCode::state);
    EXPECT_FALSE(format.find_signatures(wallets().at("p2wpkh").bytes("signed_psbt"), *message));
}

} // namespace
} // namespace coffer::bitcoin
