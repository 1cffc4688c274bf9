#include "formats/bitcoin/sighash.h"

#include "core/crypto/schnorr.h"
#include "core/encoding/hex.h"
#include "tests/support/vectors.h"

#include <algorithm>

namespace coffer::bitcoin {
namespace {

Bytes bytes_in(const ByteArray<32>& hash)
{
    return to_bytes(hash);
}

/// What the old scheme hashes of a script: OP_CODESEPARATOR is left out, as far as the script can be read.
Bytes without_code_separators(const Bytes& script)
{
    constexpr std::uint8_t op_codeseparator = 0xab;
    Bytes kept;
    std::size_t i = 0;
    while (i < script.size()) {
        const auto opcode = script[i];
        std::size_t length = 1;
        if (opcode <= 0x4b)
            length += opcode;
        else if (opcode == 0x4c && i + 1 < script.size())
            length += 1U + script[i + 1];
        else if (opcode == 0x4d && i + 2 < script.size())
            length += 2U + script[i + 1] + script[i + 2] * 256U;
        else if (opcode == 0x4e)
            break;
        if (length > script.size() - i)
            break;
        if (opcode != op_codeseparator)
            kept.insert(kept.end(), script.begin() + static_cast<std::ptrdiff_t>(i), script.begin() + static_cast<std::ptrdiff_t>(i + length));
        i += length;
    }
    kept.insert(kept.end(), script.begin() + static_cast<std::ptrdiff_t>(i), script.end());
    return kept;
}

TEST(LegacySighash, GivesThePublishedOnes)
{
    for (const auto& vector : test::load_vectors("core_sighash.json")) {
        SCOPED_TRACE(vector.name());
        const auto transaction = decode_transaction(vector.bytes("raw_transaction"));
        const SignatureHasher hasher{transaction, {}};
        const auto type = static_cast<std::uint32_t>(std::stoll(vector.text("hash_type")));
        auto hash = hasher.legacy(vector.number("input_index"), without_code_separators(vector.bytes("script")), type);
        std::ranges::reverse(hash);
        EXPECT_EQ(bytes_in(hash), vector.bytes("sighash"));
    }
}

TEST(LegacySighash, OfASingleOutputThatIsNotThereIsOne)
{
    Transaction transaction;
    transaction.inputs.resize(2);
    transaction.outputs.resize(1);
    EXPECT_EQ(SignatureHasher(transaction, {}).legacy(1, {}, sighash_single), ByteArray<32>{1});
    EXPECT_NE(SignatureHasher(transaction, {}).legacy(0, {}, sighash_single), ByteArray<32>{1});
}

TEST(SegwitSighash, GivesThePublishedOnes)
{
    for (const auto& vector : test::load_vectors("bip143.json")) {
        if (vector.kind() != "sighash_v0")
            continue;
        SCOPED_TRACE(vector.name());
        const auto transaction = decode_transaction(vector.bytes("unsigned_tx"));
        const SignatureHasher hasher{transaction, {}};
        EXPECT_EQ(bytes_in(hasher.segwit_v0(vector.number("input_index"), vector.bytes("script_code"), vector.number("amount"),
                                            static_cast<std::uint32_t>(vector.number("hash_type")))),
                  vector.bytes("sighash"));
    }
}

class TaprootVector : public testing::Test {
protected:
    TaprootVector()
    {
        for (const auto& vector : test::load_vectors("bip341.json"))
            if (vector.kind() == "keypath_spending")
                m_vector = vector;
        transaction = decode_transaction(m_vector->bytes("given.rawUnsignedTx"));
        for (std::size_t i = 0; i < m_vector->count("given.utxosSpent"); ++i) {
            const auto place = "given.utxosSpent." + std::to_string(i) + ".";
            spent.push_back({m_vector->number(place + "amountSats"), m_vector->bytes(place + "scriptPubKey")});
        }
    }

    std::optional<test::Vector> m_vector;
    Transaction transaction;
    std::vector<TxOutput> spent;
};

TEST_F(TaprootVector, KeyPathHashesTweaksAndSignaturesAreThePublishedOnes)
{
    const SignatureHasher hasher{transaction, spent};
    ASSERT_EQ(m_vector->count("inputSpending"), 7U);
    for (std::size_t i = 0; i < 7; ++i) {
        const auto place = "inputSpending." + std::to_string(i) + ".";
        SCOPED_TRACE(place);
        const auto type = static_cast<std::uint8_t>(m_vector->number(place + "given.hashType"));
        const auto hash = hasher.taproot_key_path(m_vector->number(place + "given.txinIndex"), type);
        EXPECT_EQ(bytes_in(hash), m_vector->bytes(place + "intermediary.sigHash"));

        SecretBytes scalar{32};
        std::ranges::copy(m_vector->bytes(place + "given.internalPrivkey"), scalar.reveal_mutable().begin());
        const crypto::Secp256k1PrivateKey key{std::move(scalar)};
        const auto internal = crypto::XOnlyPublicKey::of(key.public_key()).bytes();
        const auto root = m_vector->json(place + "given.merkleRoot");
        const auto tweak = root == "null" ? taproot_tweak(internal)
                                          : taproot_tweak(internal, to_array<32>(m_vector->bytes(place + "given.merkleRoot"), "root"));
        EXPECT_EQ(bytes_in(tweak), m_vector->bytes(place + "intermediary.tweak"));
        const auto signature = crypto::sign_schnorr(*crypto::tweak_for_taproot(key, tweak), hash);
        Bytes witness{signature.begin(), signature.end()};
        if (type != sighash_default)
            witness.push_back(type);
        EXPECT_EQ(witness, m_vector->bytes(place + "expected.witness.0"));
    }
}

TEST_F(TaprootVector, ATypeThatTheSpecificationDoesNotDefineIsRefused)
{
    const SignatureHasher hasher{transaction, spent};
    for (unsigned type = 0; type < 256; ++type) {
        const bool is_defined = type <= 3 || (type >= 0x81 && type <= 0x83);
        if (is_defined)
            EXPECT_NO_THROW(static_cast<void>(hasher.taproot_key_path(0, static_cast<std::uint8_t>(type)))) << type;
        else
            EXPECT_ERROR(hasher.taproot_key_path(0, static_cast<std::uint8_t>(type)), ErrorCode::sighash);
    }
    EXPECT_ERROR(hasher.taproot_key_path(transaction.outputs.size(), sighash_single), ErrorCode::sighash);
}

TEST(Taproot, OutputKeysAreThePublishedOnes)
{
    for (const auto& vector : test::load_vectors("bip341.json")) {
        if (vector.kind() != "script_pubkey")
            continue;
        SCOPED_TRACE(vector.name());
        const auto internal = crypto::XOnlyPublicKey::decode(vector.bytes("given.internalPubkey"));
        const auto tweak = vector.json("intermediary.merkleRoot") == "null"
                               ? taproot_tweak(internal.bytes())
                               : taproot_tweak(internal.bytes(), to_array<32>(vector.bytes("intermediary.merkleRoot"), "root"));
        EXPECT_EQ(bytes_in(tweak), vector.bytes("intermediary.tweak"));
        EXPECT_EQ(bytes_in(internal.tweak_add(tweak)->bytes()), vector.bytes("intermediary.tweakedPubkey"));
    }
}

} // namespace
} // namespace coffer::bitcoin
