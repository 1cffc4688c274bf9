// Creator, updater, signer, combiner, finalizer, extractor: on the published sets and on whole flows.

#include "core/base/error.h"
#include "core/crypto/schnorr.h"
#include "core/encoding/base58.h"
#include "core/encoding/base64.h"
#include "core/encoding/hex.h"
#include "core/keys/mnemonic.h"
#include "formats/bitcoin/psbt_combine.h"
#include "formats/bitcoin/psbt_finalize.h"
#include "formats/bitcoin/psbt_sign.h"
#include "formats/bitcoin/psbt_update.h"
#include "formats/bitcoin/script.h"
#include "formats/bitcoin/sighash.h"
#include "tests/support/vectors.h"

#include <algorithm>
#include <functional>
#include <memory>

namespace coffer::bitcoin {
namespace {

using crypto::Secp256k1PrivateKey;

/// The private key of a public one of the PSBT, from its origin; none for a key of somebody else.
using KeySearch = std::function<std::optional<Secp256k1PrivateKey>(const Bytes& public_key, const KeySource& source)>;

void sign_ecdsa(Psbt& psbt, std::size_t input, const InputDigest& digest, const KeySearch& find)
{
    for (const auto& [public_key, source] : psbt.inputs[input].derivations)
        if (const auto key = find(public_key, source))
            attach_signature(psbt, input, digest, public_key, key->sign(digest.digest).compact);
}

void sign_taproot(Psbt& psbt, std::size_t input, const InputDigest& digest, const KeySearch& find)
{
    for (const auto& [internal, source] : psbt.inputs[input].tap_derivations)
        if (const auto key = find(internal, source.source)) {
            const auto tweaked = crypto::tweak_for_taproot(*key, taproot_tweak(to_array<32>(internal, "key")));
            attach_signature(psbt, input, digest, digest.spend.keys.front(), crypto::sign_schnorr(*tweaked, digest.digest));
            return;
        }
}

/// What the inputs claim to spend: BIP-174's own example brings no previous transaction for segwit.
std::vector<TxOutput> claimed_outputs(const Psbt& psbt)
{
    std::vector<TxOutput> outputs;
    for (const auto& input : psbt.inputs)
        outputs.push_back(input.witness_utxo ? *input.witness_utxo : input.non_witness_utxo->outputs[input.previous.index]);
    return outputs;
}

Psbt sign(Psbt psbt, const std::vector<TxOutput>& spent, const KeySearch& find)
{
    const auto digests = input_digests(psbt, spent);
    for (std::size_t i = 0; i < psbt.inputs.size(); ++i) {
        if (digests[i].spend.scheme == SpendScheme::taproot)
            sign_taproot(psbt, i, digests[i], find);
        else
            sign_ecdsa(psbt, i, digests[i], find);
    }
    return psbt;
}

Psbt finalize(Psbt psbt, const std::vector<TxOutput>& spent)
{
    const auto digests = input_digests(psbt, spent);
    for (std::size_t i = 0; i < psbt.inputs.size(); ++i)
        finalize_input(psbt.inputs[i], digests[i]);
    return psbt;
}

KeySearch keys_of_mnemonic(const std::string& words)
{
    SecretBytes text{words.size()};
    std::ranges::copy(bytes_of(words), text.reveal_mutable().begin());
    const auto master = std::make_shared<keys::ExtendedPrivateKey>(keys::ExtendedPrivateKey::from_seed(keys::seed_from_mnemonic(text, SecretBytes{0})));
    return [master](const Bytes&, const KeySource& source) -> std::optional<Secp256k1PrivateKey> {
        if (source.fingerprint != master->fingerprint())
            return std::nullopt;
        return master->derive(keys::DerivationPath{source.path}).key();
    };
}

/// `m/84'/0'/0'/0/5` ends with branch and index.
std::pair<std::size_t, std::uint32_t> place_in(const std::string& path)
{
    const auto steps = keys::DerivationPath::parse(path).steps();
    return {steps[steps.size() - 2], steps.back()};
}

std::vector<test::Vector> flows()
{
    return test::load_vectors("psbt_flow.json");
}

TEST(PsbtFlow, IsSignedCombinedFinalizedAndExtractedAsPublished)
{
    for (const auto& vector : flows()) {
        SCOPED_TRACE(vector.name());
        const auto unsigned_one = decode_psbt(vector.bytes("unsigned_psbt"));
        std::vector<Psbt> answers;
        for (std::size_t i = 0; i < vector.count("signers"); ++i) {
            answers.push_back(sign(unsigned_one, spent_outputs(unsigned_one), keys_of_mnemonic(vector.text("signers." + std::to_string(i) + ".mnemonic"))));
            const auto published = decode_psbt(vector.bytes("signed_by_each." + std::to_string(i)));
            for (std::size_t n = 0; n < published.inputs.size(); ++n) {
                EXPECT_EQ(answers.back().inputs[n].tap_key_signature, published.inputs[n].tap_key_signature);
                for (const auto& [key, signature] : answers.back().inputs[n].partial_signatures)
                    EXPECT_EQ(signature, published.inputs[n].partial_signatures.at(key));
            }
        }
        auto combined = answers.front();
        for (const auto& answer : answers)
            combined = combine(combined, answer);
        auto published = decode_psbt(vector.bytes("signed_psbt"));
        if (published.modifiable)
            published.modifiable = 0; // its maker leaves the flags, which BIP-370 has a signer clear
        EXPECT_EQ(combined, published);
        const auto final_one = finalize(combined, spent_outputs(combined));
        const auto transaction = extract_transaction(final_one);
        EXPECT_EQ(encode_transaction(transaction), vector.bytes("tx"));
        EXPECT_EQ(encode_transaction(extract_transaction(decode_psbt(vector.bytes("finalized_psbt")))), vector.bytes("tx"));
        EXPECT_EQ(format_txid(txid_of(transaction)), vector.text("txid"));
        EXPECT_EQ(format_txid(wtxid_of(transaction)), vector.text("wtxid"));
        EXPECT_EQ(vsize_of(transaction), vector.number("vsize"));
        EXPECT_EQ(weight_of(transaction), vector.number("weight"));
    }
}

TEST(PsbtFlow, IsCreatedAndUpdatedFromTheDescriptor)
{
    for (const auto& vector : flows()) {
        SCOPED_TRACE(vector.name());
        const auto published = decode_psbt(vector.bytes("unsigned_psbt"));
        const auto descriptor = Descriptor::parse(vector.text("descriptor"));
        auto made = create_psbt(unsigned_transaction(published), published.version);
        for (std::size_t i = 0; i < made.inputs.size(); ++i) {
            const auto [branch, index] = place_in(vector.text("inputs." + std::to_string(i) + ".paths.0"));
            update_input(made.inputs[i], descriptor, branch, index);
            EXPECT_EQ(made.inputs[i].redeem_script, published.inputs[i].redeem_script);
            EXPECT_EQ(made.inputs[i].witness_script, published.inputs[i].witness_script);
            EXPECT_EQ(made.inputs[i].derivations, published.inputs[i].derivations);
            EXPECT_EQ(made.inputs[i].tap_derivations, published.inputs[i].tap_derivations);
            EXPECT_EQ(made.inputs[i].tap_internal_key, published.inputs[i].tap_internal_key);
            if (published.inputs[i].non_witness_utxo) {
                update_spent(made.inputs[i], *published.inputs[i].non_witness_utxo);
                EXPECT_EQ(made.inputs[i].non_witness_utxo, published.inputs[i].non_witness_utxo);
            }
        }
        if (vector.json("change_index") == "null")
            continue;
        const auto change = vector.number("change_index");
        const auto [branch, index] = place_in(vector.text("change_path"));
        update_output(made.outputs[change], descriptor, branch, index);
        EXPECT_EQ(made.outputs[change].output.script_pubkey, descriptor.derive(branch, index).script_pubkey);
        EXPECT_EQ(made.outputs[change].derivations, published.outputs[change].derivations);
        EXPECT_EQ(made.outputs[change].tap_derivations, published.outputs[change].tap_derivations);
    }
}

TEST(PsbtFlow, NoSignatureSurvivesAChangeOfWhatItSigns)
{
    for (const auto& vector : flows()) {
        SCOPED_TRACE(vector.name());
        const auto good = decode_psbt(vector.bytes("signed_psbt"));
        const auto expect_refused = [](const Psbt& psbt) { EXPECT_ERROR(finalize(psbt, spent_outputs(psbt)), ErrorCode::sig_verify); };
        for (std::size_t i = 0; i < good.outputs.size(); ++i) {
            auto other = good;
            other.outputs[i].output.amount -= 1;
            expect_refused(other);
        }
        auto later = good;
        later.fallback_lock_time = later.fallback_lock_time.value_or(0) + 1;
        expect_refused(later);
        auto sequence = good;
        sequence.inputs.front().sequence = 7;
        expect_refused(sequence);
    }
}

TEST(PsbtFlow, IsNotFinalWhileASignatureIsMissing)
{
    for (const auto& vector : flows()) {
        SCOPED_TRACE(vector.name());
        auto psbt = decode_psbt(vector.bytes("signed_by_each.0"));
        const auto digests = input_digests(psbt, spent_outputs(psbt));
        const auto count = count_signatures(psbt.inputs.front(), digests.front());
        EXPECT_EQ(count.have, 1U);
        EXPECT_EQ(count.need, vector.count("signers"));
        if (count.need > 1) {
            EXPECT_ERROR(finalize(psbt, spent_outputs(psbt)), ErrorCode::state);
        }
        EXPECT_ERROR(extract_transaction(psbt), ErrorCode::state);
        const auto unsigned_one = decode_psbt(vector.bytes("unsigned_psbt"));
        EXPECT_ERROR(finalize(unsigned_one, spent_outputs(unsigned_one)), ErrorCode::state);
    }
}

TEST(PsbtFlow, FinalFieldsOfSomebodyElseDoNotStay)
{
    for (const auto& vector : flows()) {
        SCOPED_TRACE(vector.name());
        auto psbt = decode_psbt(vector.bytes("signed_psbt"));
        for (auto& input : psbt.inputs) {
            input.final_script_sig = Bytes{0x51};
            input.final_script_witness = std::vector<Bytes>{{0x51}};
        }
        EXPECT_EQ(encode_transaction(extract_transaction(finalize(psbt, spent_outputs(psbt)))), vector.bytes("tx"));
    }
}

TEST(PsbtSigner, ForbidsToAddToWhatItSigned)
{
    const auto vector = flows().front();
    auto psbt = to_version_2(decode_psbt(vector.bytes("unsigned_psbt")));
    psbt.modifiable = 0x07;
    const auto signed_one = sign(psbt, spent_outputs(psbt), keys_of_mnemonic(vector.text("signers.0.mnemonic")));
    EXPECT_EQ(signed_one.modifiable, 0x04);
    EXPECT_EQ(combine(psbt, signed_one).modifiable, 0x04);
    EXPECT_EQ(combine(signed_one, psbt).modifiable, 0x04);
    EXPECT_EQ(combine(psbt, psbt).modifiable, 0x07);
    psbt.modifiable.reset();
    EXPECT_EQ(sign(psbt, spent_outputs(psbt), keys_of_mnemonic(vector.text("signers.0.mnemonic"))).modifiable, std::nullopt);
}

TEST(PsbtUpdater, TakesThePreviousTransactionOnly)
{
    const auto psbt = decode_psbt(flows().front().bytes("unsigned_psbt"));
    const auto& input = psbt.inputs.front();
    const auto previous = *input.non_witness_utxo;
    auto made = create_psbt(unsigned_transaction(psbt)).inputs.front();
    auto other = previous;
    other.lock_time += 1;
    EXPECT_ERROR(update_spent(made, other), ErrorCode::psbt_prevtx_hash);
    made.previous.index = static_cast<std::uint32_t>(previous.outputs.size());
    EXPECT_ERROR(update_spent(made, previous), ErrorCode::psbt_prevtx_index);
}

TEST(PsbtHostile, IsRefusedForItsReason)
{
    const std::map<std::string, ErrorCode> expected{{"prevtx_mismatch", ErrorCode::psbt_prevtx_hash}, // A04
                                                    {"amount_lie", ErrorCode::psbt_utxo_amount},      // A01
                                                    {"utxo_script_lie", ErrorCode::psbt_utxo_conflict}, // A05
                                                    {"witness_only_v0", ErrorCode::psbt_no_prevtx},   // A02
                                                    {"sighash_none", ErrorCode::sighash},             // A13
                                                    {"sighash_single", ErrorCode::sighash},
                                                    {"sighash_none_acp", ErrorCode::sighash},
                                                    {"sighash_all_acp", ErrorCode::sighash},
                                                    {"sighash_unknown", ErrorCode::sighash},
                                                    {"sighash_zero", ErrorCode::sighash},
                                                    {"outputs_exceed_inputs", ErrorCode::amount_range}, // A23
                                                    {"duplicate_outpoint", ErrorCode::psbt_dupinput}}; // A18
    std::size_t refused = 0;
    for (const auto& vector : test::load_vectors("psbt_hostile.json")) {
        const auto known = expected.find(vector.text("case"));
        if (known == expected.end())
            continue; // what depends on the wallet is judged with it
        SCOPED_TRACE(vector.name() + " " + vector.text("case"));
        const auto psbt = decode_psbt(vector.bytes("psbt"));
        EXPECT_ERROR(input_digests(psbt, spent_outputs(psbt)), known->second);
        ++refused;
    }
    EXPECT_EQ(refused, expected.size());
}

class PsbtSpends : public testing::Test {
protected:
    /// A flow of this kind, before it is signed.
    static Psbt flow(const std::string& kind)
    {
        for (const auto& vector : flows())
            if (vector.kind() == kind && vector.text("psbt_version") == "0")
                return decode_psbt(vector.bytes("unsigned_psbt"));
        return {};
    }
    static void expect_error(const Psbt& psbt, ErrorCode code) { EXPECT_ERROR(input_digests(psbt, spent_outputs(psbt)), code); }
};

TEST_F(PsbtSpends, TakesAmountsFromTheRightPlaceOnly)
{
    auto legacy = flow("p2pkh");
    legacy.inputs[0].witness_utxo = legacy.inputs[0].non_witness_utxo->outputs[legacy.inputs[0].previous.index];
    EXPECT_NO_THROW(static_cast<void>(spent_outputs(legacy)));
    legacy.inputs[0].non_witness_utxo.reset();
    expect_error(legacy, ErrorCode::psbt_legacy_wutxo); // A03
    legacy.inputs[0].witness_utxo.reset();
    expect_error(legacy, ErrorCode::psbt_no_prevtx);

    auto nested = flow("p2sh-p2wpkh");
    nested.inputs[0].witness_utxo = nested.inputs[0].non_witness_utxo->outputs[nested.inputs[0].previous.index];
    nested.inputs[0].non_witness_utxo.reset();
    expect_error(nested, ErrorCode::psbt_no_prevtx); // A02

    auto beyond = flow("p2wpkh");
    beyond.inputs[0].non_witness_utxo->outputs.resize(1);
    beyond.inputs[0].previous = {txid_of(*beyond.inputs[0].non_witness_utxo), 1};
    beyond.inputs[0].witness_utxo.reset();
    expect_error(beyond, ErrorCode::psbt_prevtx_index); // A04

    auto taproot = flow("p2tr");
    taproot.inputs[0].non_witness_utxo.reset();
    EXPECT_NO_THROW(static_cast<void>(spent_outputs(taproot)));
}

TEST_F(PsbtSpends, ScriptsHashToWhatIsSpent) // A11, A12
{
    for (const auto* kind : {"p2sh-p2wpkh", "p2sh-p2wsh", "p2wsh"}) {
        SCOPED_TRACE(kind);
        const auto good = flow(kind);
        for (auto script : {&PsbtInput::redeem_script, &PsbtInput::witness_script}) {
            if (!(good.inputs[0].*script))
                continue;
            auto missing = good;
            (missing.inputs[0].*script).reset();
            EXPECT_ERROR(spend_of(missing.inputs[0], spent_outputs(good)[0]), ErrorCode::psbt_script_mismatch);
            auto other = good;
            (other.inputs[0].*script)->back() ^= 1;
            EXPECT_ERROR(spend_of(other.inputs[0], spent_outputs(good)[0]), ErrorCode::psbt_script_mismatch);
        }
    }
    auto superfluous = flow("p2wpkh");
    superfluous.inputs[0].redeem_script = Bytes{0x51};
    expect_error(superfluous, ErrorCode::psbt_script_mismatch);
    superfluous = flow("p2wpkh");
    superfluous.inputs[0].witness_script = Bytes{0x51};
    expect_error(superfluous, ErrorCode::psbt_script_mismatch);
}

TEST_F(PsbtSpends, SignsNoRedeemScriptThatIsTooLong)
{
    const auto descriptor = Descriptor::parse("sh(multi(1,02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5))");
    auto multisig = *find_multisig(descriptor.derive(0, 0).redeem_script);
    for (const std::size_t count : {15U, 16U}) {
        multisig.keys.resize(count, multisig.keys.front());
        PsbtInput input;
        input.redeem_script = multisig_script(multisig);
        const TxOutput spent{1, p2sh_script_of(*input.redeem_script)};
        if (count == 15) {
            EXPECT_EQ(spend_of(input, spent).keys.size(), count);
        } else {
            EXPECT_ERROR(spend_of(input, spent), ErrorCode::output_script);
        }
    }
}

TEST_F(PsbtSpends, BoundsAmounts) // A23
{
    auto psbt = flow("p2tr");
    psbt.inputs[0].non_witness_utxo.reset();
    psbt.inputs[0].witness_utxo->amount = most_money + 1;
    expect_error(psbt, ErrorCode::amount_range);
    psbt.inputs[0].witness_utxo->amount = most_money;
    EXPECT_NO_THROW(static_cast<void>(spent_outputs(psbt)));
    psbt.outputs[0].output.amount = most_money;
    expect_error(psbt, ErrorCode::amount_range);
    psbt.outputs[0].output.amount = 0xffffffffffffffff;
    expect_error(psbt, ErrorCode::amount_range);
}

TEST(PsbtCombiner, CombinesAsPublished)
{
    for (const auto& vector : test::load_vectors("bip174_roles.json")) {
        if (vector.kind() != "combine")
            continue;
        SCOPED_TRACE(vector.name());
        const auto first = decode_psbt(vector.bytes("psbts.0"));
        const auto second = decode_psbt(vector.bytes("psbts.1"));
        EXPECT_EQ(combine(first, second), decode_psbt(vector.bytes("expect")));
        EXPECT_EQ(encode_psbt(combine(first, second)), encode_psbt(combine(second, first)));
    }
}

TEST(PsbtCombiner, RefusesAnotherTransaction)
{
    const auto psbt = decode_psbt(flows().front().bytes("unsigned_psbt"));
    auto other = psbt;
    other.outputs[0].output.amount -= 1;
    EXPECT_ERROR(combine(psbt, other), ErrorCode::tx_changed);
    EXPECT_ERROR(combine(to_version_2(psbt), to_version_2(other)), ErrorCode::tx_changed);
    EXPECT_EQ(combine(psbt, to_version_2(psbt)), psbt);
}

TEST(PsbtCombiner, LeavesVersion0WithoutFieldsOfVersion2)
{
    auto second = to_version_2(decode_psbt(flows().front().bytes("unsigned_psbt")));
    second.inputs[0].required_height_lock = 700'000;
    const auto first = to_version_0(second);
    const auto combined = combine(first, second);
    EXPECT_EQ(combined, first);
    EXPECT_EQ(decode_psbt(encode_psbt(combined)), combined);
}

TEST(PsbtCombiner, LetsNoLockTimeOrSequenceChangeBelowASignature)
{
    const auto vector = flows().front();
    auto unsigned_one = to_version_2(decode_psbt(vector.bytes("unsigned_psbt")));
    auto signed_one = to_version_2(decode_psbt(vector.bytes("signed_psbt")));
    for (auto* psbt : {&unsigned_one, &signed_one})
        psbt->inputs[0].sequence.reset();
    auto later = unsigned_one;
    later.inputs[0].required_height_lock = 700'000;
    auto replaceable = unsigned_one;
    replaceable.inputs[0].sequence = 0xfffffffd;
    for (const auto& other : {later, replaceable}) {
        EXPECT_NO_THROW(static_cast<void>(combine(unsigned_one, other)));
        EXPECT_ERROR(combine(signed_one, other), ErrorCode::tx_changed);
        EXPECT_ERROR(combine(other, signed_one), ErrorCode::tx_changed);
    }
    EXPECT_EQ(combine(unsigned_one, signed_one).inputs, signed_one.inputs);
}

TEST(PsbtRoles, AreThePublishedOnes)
{
    for (const auto& vector : test::load_vectors("bip174_roles.json")) {
        SCOPED_TRACE(vector.name());
        if (vector.kind() == "sign") {
            const auto find = [&](const Bytes& public_key, const KeySource&) -> std::optional<Secp256k1PrivateKey> {
                for (std::size_t i = 0; i < vector.count("keys"); ++i) {
                    const auto wif = encoding::decode_base58check(vector.text("keys." + std::to_string(i) + ".wif"));
                    SecretBytes scalar{32};
                    std::ranges::copy(ByteView{wif}.subspan(1, 32), scalar.reveal_mutable().begin());
                    Secp256k1PrivateKey key{std::move(scalar)};
                    if (equal(key.public_key().compressed(), public_key))
                        return key;
                }
                return std::nullopt;
            };
            const auto psbt = decode_psbt(vector.bytes("psbt"));
            EXPECT_EQ(sign(psbt, claimed_outputs(psbt), find), decode_psbt(vector.bytes("expect")));
        } else if (vector.kind() == "finalize") {
            const auto psbt = decode_psbt(vector.bytes("psbt"));
            EXPECT_EQ(finalize(psbt, claimed_outputs(psbt)), decode_psbt(vector.bytes("expect")));
        } else if (vector.kind() == "extract") {
            EXPECT_EQ(encode_transaction(extract_transaction(decode_psbt(vector.bytes("psbt")))), vector.bytes("expect"));
        } else if (vector.kind() == "create") {
            Transaction transaction;
            for (std::size_t i = 0; i < vector.count("inputs"); ++i) {
                const auto place = "inputs." + std::to_string(i) + ".";
                transaction.inputs.push_back(
                    {{parse_txid(vector.text(place + "txid")), static_cast<std::uint32_t>(vector.number(place + "vout"))}, {}, 0xffffffff, {}});
            }
            for (std::size_t i = 0; i < vector.count("outputs"); ++i) {
                const auto place = "outputs." + std::to_string(i) + ".";
                transaction.outputs.push_back({vector.number(place + "amount"), vector.bytes(place + "script")});
            }
            EXPECT_EQ(encode_psbt(create_psbt(transaction)), vector.bytes("expect"));
        }
    }
}

} // namespace
} // namespace coffer::bitcoin
