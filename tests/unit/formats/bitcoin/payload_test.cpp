#include "formats/bitcoin/payload.h"

#include "core/encoding/hex.h"
#include "formats/bitcoin/format.h"
#include "formats/bitcoin/psbt_adopt.h"
#include "formats/bitcoin/psbt_sign.h"
#include "tests/support/vectors.h"
#include "tests/unit/formats/bitcoin/treasury.h"

#include <algorithm>
#include <map>

namespace coffer::bitcoin {
namespace {

using coffer::test::load_vectors;
using coffer::test::Vector;

/// Whole flows whose results two other libraries agree on.
std::vector<Vector> flows()
{
    auto vectors = load_vectors("psbt_flow.json");
    std::erase_if(vectors, [](const Vector& vector) { return vector.is_invalid(); });
    return vectors;
}

TEST(BitcoinPayload, SignsWholeFlowsLikeOtherLibraries)
{
    const BitcoinFormat format;
    for (const auto& vector : flows()) {
        SCOPED_TRACE(vector.name() + " " + vector.kind());
        const auto charter = test::charter_of(vector.text("descriptor"));
        const auto payload = format.decode(format.adopt(vector.bytes("unsigned_psbt")), test::context_of(charter));
        const auto description = payload->description();
        EXPECT_EQ(description.fee.maximum.base_units(), Uint256{vector.number("fee")});
        const auto has_change = vector.text("change_path") != "null";
        ASSERT_EQ(description.change.size(), has_change ? 1U : 0U);
        if (has_change)
            EXPECT_EQ("1/" + std::to_string(description.change.front().index), vector.text("change_path"));

        std::vector<payments::TaskSignature> signatures;
        std::size_t signers = 0;
        for (std::size_t i = 0; i < vector.count("signers"); ++i) {
            const auto made = test::sign_with(vector.text("signers." + std::to_string(i) + ".mnemonic"), *payload, charter);
            for (const auto& signature : made)
                EXPECT_NO_THROW(payload->verify(signature));
            signatures.insert(signatures.end(), made.begin(), made.end());
            EXPECT_EQ(payload->count_signers(signatures), ++signers);
            if (signers < payload->signers_needed())
                EXPECT_ERROR(payload->finalize(signatures), ErrorCode::state);
        }
        const auto final = payload->finalize(signatures);
        EXPECT_EQ(encoding::encode_hex(final.bytes), vector.text("tx"));
        EXPECT_EQ(final.txid, vector.text("txid"));
        // The rate is of the largest signatures that may come.
        const auto vsize = vector.number("vsize");
        const auto inputs = vector.count("inputs");
        const auto assumed = (Uint256{vector.number("fee")} * Uint256{1000} / description.fee.rate).to_u64().value();
        EXPECT_GE(assumed + 1, vsize);
        EXPECT_LE(assumed, vsize + 6 * inputs);
    }
}

TEST(BitcoinPayload, KeepsItsDigestWhateverEvidenceCarries)
{
    const BitcoinFormat format;
    for (const auto& vector : flows()) {
        SCOPED_TRACE(vector.name());
        const auto charter = test::charter_of(vector.text("descriptor"));
        const auto context = test::context_of(charter);
        const auto digest_of = [&](const Psbt& psbt) { return format.decode(encode_psbt(psbt), context)->digest(); };
        const auto psbt = adopt(decode_psbt(vector.bytes("unsigned_psbt")));
        const auto digest = digest_of(psbt);
        auto signed_one = decode_psbt(vector.bytes("signed_psbt"));
        signed_one.modifiable.reset();
        EXPECT_EQ(digest_of(signed_one), digest);
        EXPECT_EQ(digest_of(to_version_2(psbt)), digest);
        auto other = psbt;
        other.unknown[{0xfc, 0x01}] = {1, 2, 3};
        other.inputs.front().unknown[{0xfc, 0x02}] = {4};
        EXPECT_EQ(digest_of(other), digest);
        other = psbt;
        other.outputs.front().output.amount -= 1;
        EXPECT_NE(digest_of(other), digest);
    }
}

TEST(BitcoinPayload, AdoptsWhatOthersHaveSigned)
{
    const BitcoinFormat format;
    for (const auto& vector : flows()) {
        SCOPED_TRACE(vector.name());
        const auto charter = test::charter_of(vector.text("descriptor"));
        const auto context = test::context_of(charter);
        auto foreign = decode_psbt(vector.bytes("signed_psbt"));
        if (foreign.modifiable.value_or(0) != 0) {
            EXPECT_ERROR(format.decode(encode_psbt(foreign), context), ErrorCode::psbt_modifiable); // A22
            foreign.modifiable.reset();
        }
        const auto inside = format.decode(encode_psbt(foreign), context)->signatures_inside();
        const auto payload = format.decode(format.adopt(vector.bytes("signed_psbt")), context);
        EXPECT_TRUE(payload->signatures_inside().empty());
        EXPECT_EQ(payload->digest(), format.decode(format.adopt(vector.bytes("unsigned_psbt")), context)->digest());
        EXPECT_EQ(encoding::encode_hex(payload->finalize(inside).bytes), vector.text("tx"));
    }
}

TEST(BitcoinPayload, RefusesHostilePsbtsForTheirReason)
{
    const std::map<std::string, ErrorCode> expected{{"change_wrong_path", ErrorCode::change_fraud}, // A06
                                                    {"multisig_change_foreign_key", ErrorCode::multisig_unknown}, // A09
                                                    {"taproot_no_internal_key", ErrorCode::input_owner},
                                                    {"taproot_unknown_script_tree", ErrorCode::tap_commit}};
    const BitcoinFormat format;
    std::size_t refused = 0;
    for (const auto& vector : load_vectors("psbt_hostile.json")) {
        SCOPED_TRACE(vector.text("case"));
        const auto charter = test::charter_of(vector.text("descriptor"));
        if (vector.text("case") == "change_foreign_fingerprint") {
            // Nothing says that the output is ours, so it is shown as a payment to a stranger.
            const auto description = format.decode(vector.bytes("psbt"), test::context_of(charter))->description();
            EXPECT_TRUE(description.change.empty());
            EXPECT_EQ(description.payments.size(), 2U);
            continue;
        }
        try {
            static_cast<void>(format.decode(vector.bytes("psbt"), test::context_of(charter)));
            ADD_FAILURE() << "not refused";
        } catch (const Error& error) {
            const auto known = expected.find(vector.text("case"));
            if (known == expected.end())
                continue; // psbt_roles_test.cpp names the code of what does not depend on the wallet
            EXPECT_EQ(name_of(error.code()), name_of(known->second)) << error.message();
            ++refused;
        }
    }
    EXPECT_EQ(refused, expected.size());
}

} // namespace
} // namespace coffer::bitcoin
