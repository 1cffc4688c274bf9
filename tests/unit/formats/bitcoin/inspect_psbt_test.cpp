#include "core/encoding/base64.h"
#include "core/encoding/hex.h"
#include "formats/bitcoin/inspect.h"
#include "formats/bitcoin/psbt.h"
#include "formats/bitcoin/script.h"
#include "tests/support/vectors.h"
#include "tests/unit/formats/bitcoin/documents.h"

#include <map>

namespace coffer::bitcoin {
namespace {

using test::member;
using test::warns;

Document inspect_bytes(ByteView bytes)
{
    return *inspect(bytes, {}, {});
}

Psbt flow_psbt(std::size_t number, const std::string& field)
{
    return decode_psbt(test::load_vectors("psbt_flow.json").at(number).bytes(field));
}

std::string place(std::size_t input, std::string_view field)
{
    return "inputs." + std::to_string(input) + "." + std::string{field};
}

bool is_native_segwit(const test::Vector& vector)
{
    return vector.kind() == "p2wpkh" || vector.kind() == "p2wsh" || vector.kind() == "p2tr";
}

void expect_payment(const Document& document, const test::Vector& vector)
{
    EXPECT_EQ(member(document, "kind"), "psbt");
    EXPECT_EQ(member(document, "version"), vector.text("psbt_version"));
    EXPECT_EQ(member(document, "fee"), vector.text("fee"));
    EXPECT_EQ(member(document, "txid_final"), is_native_segwit(vector) && !warns(document, "added") ? "yes" : "no");
    EXPECT_EQ(member(document, "txid") == vector.text("txid"), is_native_segwit(vector));
    for (std::size_t i = 0; i < vector.count("inputs"); ++i) {
        const auto input = "inputs." + std::to_string(i);
        for (const auto* field : {"txid", "vout", "amount", "address"})
            EXPECT_EQ(member(document, place(i, field)), vector.text(input + "." + field));
        const bool is_default = vector.kind() == "p2tr" && !decode_psbt(vector.bytes("unsigned_psbt")).inputs[i].sighash_type;
        EXPECT_EQ(member(document, place(i, "sighash")), is_default ? "DEFAULT" : "ALL");
    }
}

void expect_signatures(const Document& document, const test::Vector& vector, unsigned have)
{
    const bool is_complete = have == vector.count("signers");
    EXPECT_EQ(member(document, "complete"), is_complete ? "yes" : "no");
    for (std::size_t i = 0; i < vector.count("inputs"); ++i) {
        EXPECT_EQ(member(document, place(i, "signatures.have")), std::to_string(have));
        EXPECT_EQ(member(document, place(i, "signatures.need")), std::to_string(vector.count("signers")));
        EXPECT_EQ(member(document, place(i, "complete")), is_complete ? "yes" : "no");
    }
}

TEST(BitcoinInspectPsbt, FollowsAPaymentThroughEveryRole)
{
    for (const auto& vector : test::load_vectors("psbt_flow.json")) {
        SCOPED_TRACE(vector.name());
        const auto unsigned_one = inspect_bytes(vector.bytes("unsigned_psbt"));
        expect_payment(unsigned_one, vector);
        expect_signatures(unsigned_one, vector, 0);
        EXPECT_EQ(member(unsigned_one, "network"), "mainnet");
        for (std::size_t i = 0; i < vector.count("signers"); ++i) {
            const auto partly = inspect_bytes(vector.bytes("signed_by_each." + std::to_string(i)));
            expect_payment(partly, vector);
            expect_signatures(partly, vector, 1);
        }
        for (const auto* field : {"signed_psbt", "finalized_psbt"}) {
            SCOPED_TRACE(field);
            const auto whole = inspect_bytes(vector.bytes(field));
            expect_payment(whole, vector);
            expect_signatures(whole, vector, static_cast<unsigned>(vector.count("signers")));
        }
    }
}

/// What signed and final PSBTs hold, one byte of each signature changed.
std::vector<Psbt> spoiled(const Psbt& psbt)
{
    std::vector<Psbt> made;
    for (std::size_t i = 0; i < psbt.inputs.size(); ++i) {
        auto copy = psbt;
        auto& input = copy.inputs[i];
        if (input.tap_key_signature)
            input.tap_key_signature->at(20) ^= 1;
        if (!input.partial_signatures.empty())
            input.partial_signatures.begin()->second.at(20) ^= 1;
        if (input.final_script_witness)
            for (auto& item : *input.final_script_witness)
                if (item.size() > 62 && item.size() < 74) {
                    item.at(20) ^= 1;
                    break;
                }
        if (input.final_script_sig && !input.final_script_witness)
            input.final_script_sig->at(20) ^= 1;
        made.push_back(std::move(copy));
    }
    return made;
}

TEST(BitcoinInspectPsbt, CountsOnlySignaturesThatVerify)
{
    for (const auto& vector : test::load_vectors("psbt_flow.json"))
        for (const auto* field : {"signed_psbt", "finalized_psbt"}) {
            SCOPED_TRACE(vector.name() + " " + field);
            const auto made = spoiled(decode_psbt(vector.bytes(field)));
            for (std::size_t i = 0; i < made.size(); ++i) {
                const auto document = inspect_bytes(encode_psbt(made[i]));
                EXPECT_EQ(member(document, place(i, "complete")), "no");
                EXPECT_EQ(member(document, "complete"), "no");
                EXPECT_TRUE(warns(document, "input " + std::to_string(i) + ": "));
            }
        }
}

TEST(BitcoinInspectPsbt, CallsNoOtherFinalScriptsComplete)
{
    const auto psbt = flow_psbt(12, "finalized_psbt"); // wsh, two signatures
    const auto is_complete = [&](auto change) {
        auto copy = psbt;
        change(*copy.inputs[0].final_script_witness);
        return member(inspect_bytes(encode_psbt(copy)), "inputs.0.complete") == "yes";
    };
    EXPECT_TRUE(is_complete([](std::vector<Bytes>&) {}));
    EXPECT_FALSE(is_complete([](std::vector<Bytes>& stack) { stack.insert(stack.begin() + 2, stack[2]); })); // one too many
    EXPECT_FALSE(is_complete([](std::vector<Bytes>& stack) { stack.erase(stack.begin() + 2); }));
    EXPECT_FALSE(is_complete([](std::vector<Bytes>& stack) { std::swap(stack[1], stack[2]); }));
    EXPECT_FALSE(is_complete([](std::vector<Bytes>& stack) { stack[0] = {1}; })); // BIP-147
    EXPECT_FALSE(is_complete([](std::vector<Bytes>& stack) { stack.back().back() ^= 1; }));
    EXPECT_FALSE(is_complete([](std::vector<Bytes>& stack) { stack.clear(); }));
}

TEST(BitcoinInspectPsbt, TakesBytesHexAndBase64)
{
    const auto vector = test::load_vectors("psbt_flow.json").back();
    const auto bytes = vector.bytes("signed_psbt");
    const auto expected = inspect_bytes(bytes).to_json();
    const auto hex = encoding::encode_hex(bytes);
    const auto base64 = encoding::encode_base64(bytes);
    for (const auto& text : {hex, base64, base64 + "\n", base64.substr(0, 64) + "\n" + base64.substr(64)}) {
        EXPECT_EQ(inspect(bytes_of(text), text, {})->to_json(), expected);
        EXPECT_EQ(inspect(bytes_of(text), text, "psbt")->to_json(), expected);
    }
    EXPECT_EQ(inspect(bytes, {}, "psbt")->to_json(), expected);
}

void expect_refused_with_offset(ByteView bytes, std::string_view text, std::string_view kind)
{
    try {
        static_cast<void>(inspect(bytes, text, kind));
        FAIL() << "inspected " << bytes.size() << " bytes";
    } catch (const Error& error) {
        EXPECT_EQ(error.exit_status(), ExitStatus::malformed) << error.message();
        EXPECT_TRUE(error.offset().has_value()) << bytes.size() << " bytes: " << error.message();
    }
}

TEST(BitcoinInspectPsbt, SaysWhereEveryTruncationBreaks)
{
    constexpr std::size_t magic_size = 5;
    const auto vectors = test::load_vectors("psbt_flow.json");
    for (const auto& bytes : {vectors[3].bytes("signed_psbt"), vectors[13].bytes("unsigned_psbt")}) {
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            const auto cut = ByteView{bytes}.first(size);
            expect_refused_with_offset(cut, {}, "psbt");
            if (size >= magic_size)
                expect_refused_with_offset(cut, {}, {});
        }
        auto other = bytes;
        other[4] ^= 1;
        expect_refused_with_offset(other, {}, "psbt");
        const auto base64 = encoding::encode_base64(bytes);
        const auto hex = encoding::encode_hex(bytes);
        for (const auto& text : {base64, hex})
            for (std::size_t size = 2 * magic_size; size < text.size(); ++size) {
                const auto cut = std::string_view{text}.substr(0, size);
                expect_refused_with_offset(bytes_of(cut), cut, {});
            }
    }
}

TEST(BitcoinInspectPsbt, DescribesWhateverDecodes)
{
    std::size_t described = 0;
    for (const auto* file : {"bip174_parse.json", "bip370.json", "bip371.json"})
        for (const auto& vector : test::load_vectors(file)) {
            SCOPED_TRACE(vector.name());
            const auto bytes = vector.bytes("hex");
            if (vector.kind() == "locktime" && vector.is_invalid()) {
                EXPECT_ERROR(inspect(bytes, {}, "psbt"), ErrorCode::psbt_parse); // there is no transaction
            } else if (vector.is_invalid() && vector.kind() == "parse") {
                EXPECT_THROW(static_cast<void>(inspect(bytes, {}, "psbt")), Error);
            } else {
                EXPECT_EQ(member(inspect(bytes, {}, {}), "kind"), "psbt");
                ++described;
            }
        }
    EXPECT_EQ(described, 30U);
}

TEST(BitcoinInspectPsbt, DescribesHostileOnesWithWarnings)
{
    const std::map<std::string, std::string> expected = {
        {"prevtx_mismatch", "the previous transaction is"},
        {"amount_lie", "the previous transaction says"},
        {"utxo_script_lie", "claims to spend another script"},
        {"witness_only_v0", "its amount could be a lie"},
        {"sighash_none", "its signature hash type is NONE,"},
        {"sighash_single", "its signature hash type is SINGLE,"},
        {"sighash_none_acp", "its signature hash type is NONE|ANYONECANPAY,"},
        {"sighash_all_acp", "its signature hash type is ALL|ANYONECANPAY,"},
        {"sighash_unknown", "its signature hash type is 0x00000041,"},
        {"sighash_zero", "its signature hash type is 0x00000000,"},
        {"outputs_exceed_inputs", "sat are above inputs of"},
        {"duplicate_outpoint", "a second time"},
    };
    std::size_t found = 0;
    for (const auto& vector : test::load_vectors("psbt_hostile.json")) {
        SCOPED_TRACE(vector.name() + " " + vector.text("case"));
        const auto document = inspect_bytes(vector.bytes("psbt"));
        const auto warning = expected.find(vector.text("case"));
        if (warning == expected.end())
            continue;
        ++found;
        EXPECT_TRUE(warns(document, warning->second)) << document.to_json();
    }
    EXPECT_EQ(found, expected.size());
}

TEST(BitcoinInspectPsbt, ShowsWhatIsClaimedApartFromWhatIsProved)
{
    for (const auto& vector : test::load_vectors("psbt_hostile.json")) {
        if (vector.text("case") != "witness_only_v0" && vector.text("case") != "amount_lie")
            continue;
        SCOPED_TRACE(vector.text("case"));
        const auto document = inspect_bytes(vector.bytes("psbt"));
        EXPECT_EQ(member(document, "inputs.0.amount"), "null");
        EXPECT_EQ(member(document, "inputs.0.address"), "null");
        EXPECT_NE(member(document, "inputs.0.claimed.amount"), "none");
        EXPECT_EQ(member(document, "fee"), "null");
        EXPECT_EQ(member(document, "txid_final"), "no");
        EXPECT_TRUE(warns(document, "the fee is not known"));
    }
}

TEST(BitcoinInspectPsbt, ShowsUnknownFields)
{
    auto psbt = flow_psbt(6, "unsigned_psbt");
    EXPECT_FALSE(warns(inspect_bytes(encode_psbt(psbt)), "not understood"));
    psbt.unknown[{0xfc, 0x01}] = {0xaa};
    psbt.inputs[0].unknown[{0xf0}] = {0xbb};
    psbt.outputs[1].unknown[{0xf1}] = {};
    const auto document = inspect_bytes(encode_psbt(psbt));
    EXPECT_EQ(member(document, "unknown.0.key"), "fc01");
    EXPECT_EQ(member(document, "unknown.0.value"), "aa");
    EXPECT_EQ(member(document, "inputs.0.unknown.0.value"), "bb");
    EXPECT_EQ(member(document, "outputs.1.unknown.0.key"), "f1");
    for (const auto* where : {"global map: fields that", "input 0: fields that", "output 1: fields that"})
        EXPECT_TRUE(warns(document, where));
}

TEST(BitcoinInspectPsbt, WarnsOfModifiableFlagsAndHighFees)
{
    auto psbt = to_version_2(flow_psbt(6, "unsigned_psbt"));
    EXPECT_EQ(member(inspect_bytes(encode_psbt(psbt)), "txid_final"), "yes");
    psbt.modifiable = 1;
    EXPECT_TRUE(warns(inspect_bytes(encode_psbt(psbt)), "inputs may still be added"));
    psbt.modifiable = 2;
    EXPECT_TRUE(warns(inspect_bytes(encode_psbt(psbt)), "outputs may still be added"));
    EXPECT_EQ(member(inspect_bytes(encode_psbt(psbt)), "txid_final"), "no");
    psbt.modifiable = 4;
    EXPECT_TRUE(warns(inspect_bytes(encode_psbt(psbt)), "a single output"));
    EXPECT_FALSE(warns(inspect_bytes(encode_psbt(psbt)), "over 10 %"));
    psbt.outputs.pop_back();
    EXPECT_TRUE(warns(inspect_bytes(encode_psbt(psbt)), "over 10 %"));
}

TEST(BitcoinInspectPsbt, CountsNoSignatureOfAnotherTypeOrKey)
{
    auto psbt = flow_psbt(6, "signed_psbt");
    auto& signature = psbt.inputs[0].partial_signatures.begin()->second;
    signature.back() = 0x83;
    auto document = inspect_bytes(encode_psbt(psbt));
    EXPECT_TRUE(warns(document, "is of the type SINGLE|ANYONECANPAY"));
    EXPECT_EQ(member(document, "inputs.0.signatures.have"), "0");
    const auto stranger = encoding::decode_hex("02f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9");
    psbt.inputs[0].partial_signatures = {{stranger, signature}};
    document = inspect_bytes(encode_psbt(psbt));
    EXPECT_TRUE(warns(document, "keys that its script does not have: 1"));
    EXPECT_EQ(member(document, "inputs.0.complete"), "no");
}

TEST(BitcoinInspectPsbt, ShowsTestNetworksByTheirKeyOrigins)
{
    auto psbt = flow_psbt(6, "unsigned_psbt");
    const auto set_coin_type = [](auto& map) {
        for (auto& [key, source] : map.derivations)
            source.path[1] = keys::hardened + 1;
    };
    std::ranges::for_each(psbt.inputs, set_coin_type);
    auto document = inspect_bytes(encode_psbt(psbt));
    EXPECT_EQ(member(document, "network"), "null"); // an output says otherwise
    EXPECT_TRUE(warns(document, "nothing says which network"));
    std::ranges::for_each(psbt.outputs, set_coin_type);
    document = inspect_bytes(encode_psbt(psbt));
    EXPECT_EQ(member(document, "network"), "testnet");
    EXPECT_EQ(member(document, "inputs.0.address").substr(0, 3), "tb1");
    EXPECT_NE(member(document, "inputs.0.keys.0").find("/84h/1h/"), std::string::npos);
}

TEST(BitcoinInspectPsbt, SaysWhatItCannotTell)
{
    auto psbt = flow_psbt(12, "signed_psbt"); // wsh
    psbt.inputs[0].witness_script->back() ^= 1;
    auto document = inspect_bytes(encode_psbt(psbt));
    EXPECT_EQ(member(document, "inputs.0.signatures.need"), "null");
    EXPECT_EQ(member(document, "inputs.0.signatures.have"), "null");
    EXPECT_EQ(member(document, "inputs.0.complete"), "no");
    EXPECT_TRUE(warns(document, "the witness script does not hash"));

    psbt = flow_psbt(11, "signed_psbt"); // tr
    ASSERT_GT(psbt.inputs.size(), 1U);
    psbt.inputs[1].witness_utxo.reset();
    psbt.inputs[1].non_witness_utxo.reset();
    document = inspect_bytes(encode_psbt(psbt));
    EXPECT_TRUE(warns(document, "input 0: its signature covers what every input spends"));
    EXPECT_EQ(member(document, "inputs.0.signatures.have"), "null");
    EXPECT_EQ(member(document, "inputs.1.address"), "null");

    psbt = flow_psbt(0, "finalized_psbt"); // pkh
    psbt.inputs[0].final_script_sig = Bytes{0x4d, 0xff};
    EXPECT_TRUE(warns(inspect_bytes(encode_psbt(psbt)), "not of a form that is understood"));
    psbt.inputs[0].final_script_sig = Bytes{0xac};
    EXPECT_TRUE(warns(inspect_bytes(encode_psbt(psbt)), "not of a form that is understood"));
}

} // namespace
} // namespace coffer::bitcoin
