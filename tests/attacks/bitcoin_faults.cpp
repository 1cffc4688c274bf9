#include "tests/attacks/bitcoin_faults.h"

#include "core/crypto/schnorr.h"
#include "core/encoding/base58.h"
#include "formats/bitcoin/psbt_map.h"
#include "formats/bitcoin/psbt_sign.h"
#include "formats/bitcoin/script.h"
#include "tests/attacks/bitcoin_keys.h"
#include "tests/attacks/bitcoin_maker.h"

#include <algorithm>
#include <functional>
#include <map>
#include <stdexcept>

namespace coffer::test::attacks {

namespace {

using bitcoin::Psbt;
using bitcoin::PsbtInput;
using bitcoin::Transaction;

PsbtInput& input_of(Psbt& psbt, const Json& fault)
{
    return psbt.inputs.at(get<std::size_t>(fault, "input", 0));
}

/// The previous transaction with another output where this input spends, and the outpoint that fits.
void spend_other_output(PsbtInput& input, const bitcoin::TxOutput& output)
{
    auto& previous = input.non_witness_utxo.value();
    previous.outputs.at(input.previous.index) = output;
    input.previous.txid = bitcoin::txid_of(previous);
    input.witness_utxo = output;
}

std::optional<Bytes> script_of(const Json& fault)
{
    return fault.contains("hex") ? std::optional{hex_bytes(fault.at("hex").get<std::string>())} : std::nullopt;
}

/// The origins of an input's or output's keys, whichever the fault names.
std::map<Bytes, bitcoin::KeySource>& derivations_of(Psbt& psbt, const Json& fault)
{
    return fault.contains("output") ? psbt.outputs.at(fault.at("output").get<std::size_t>()).derivations
                                    : input_of(psbt, fault).derivations;
}

std::map<Bytes, bitcoin::KeySource>::iterator held_by(std::map<Bytes, bitcoin::KeySource>& derivations,
                                                      const Json& fault)
{
    const auto fingerprint = fingerprint_of(fault.at("holder").get<std::string>());
    const auto found = std::ranges::find_if(
        derivations, [&](const auto& derivation) { return derivation.second.fingerprint == fingerprint; });
    if (found == derivations.end())
        throw std::runtime_error{"nothing is derived from a key of " + fault.at("holder").dump()};
    return found;
}

std::vector<std::uint32_t> steps_of(const Json& fault)
{
    return keys::DerivationPath::parse("m/" + fault.at("path").get<std::string>()).steps();
}

void witness_utxo_only(Psbt& psbt, const Json& fault)
{
    auto& input = input_of(psbt, fault);
    input.witness_utxo = input.non_witness_utxo.value().outputs.at(input.previous.index);
    input.non_witness_utxo.reset();
}

void no_utxo(Psbt& psbt, const Json& fault)
{
    input_of(psbt, fault).witness_utxo.reset();
    input_of(psbt, fault).non_witness_utxo.reset();
}

void claim(Psbt& psbt, const Json& fault, const charter::Charter& charter)
{
    auto& input = input_of(psbt, fault);
    auto claimed =
        input.witness_utxo ? *input.witness_utxo : input.non_witness_utxo.value().outputs.at(input.previous.index);
    claimed.amount = get(fault, "amount", claimed.amount);
    if (fault.contains("script"))
        claimed.script_pubkey = bitcoin_script(charter, fault.at("script").get<std::string>());
    input.witness_utxo = claimed;
}

void other_previous(Psbt& psbt, const Json& fault)
{
    auto& input = input_of(psbt, fault);
    const auto amount = fault.at("amount").get<std::uint64_t>();
    input.non_witness_utxo.value().outputs.at(input.previous.index).amount = amount;
    if (input.witness_utxo)
        input.witness_utxo->amount = amount;
}

void spends_script(Psbt& psbt, const Json& fault)
{
    auto& input = input_of(psbt, fault);
    input.witness_script = hex_bytes(fault.at("witness_script").get<std::string>());
    auto output = input.non_witness_utxo.value().outputs.at(input.previous.index);
    output.script_pubkey = bitcoin::p2wsh_script_of(*input.witness_script);
    spend_other_output(input, output);
}

void path(Psbt& psbt, const Json& fault)
{
    held_by(derivations_of(psbt, fault), fault)->second.path = steps_of(fault);
}

void key(Psbt& psbt, const Json& fault)
{
    auto& derivations = derivations_of(psbt, fault);
    auto node = derivations.extract(held_by(derivations, fault));
    node.key() = public_key_of(fault.at("of").get<std::string>(), fault.at("path").get<std::string>());
    derivations.insert(std::move(node));
}

void extended_key(Psbt& psbt, const Json& fault)
{
    const auto holder = fault.at("holder").get<std::string>();
    const auto steps = steps_of(fault);
    const auto extended = bitcoin_master(holder).derive(keys::DerivationPath{steps}).extended_public_key();
    const auto network = fault.at("network") == "main" ? keys::KeyNetwork::main : keys::KeyNetwork::test;
    psbt.extended_keys[encoding::decode_base58check(extended.on(network).format())] = {fingerprint_of(holder), steps};
}

void partial_signature(Psbt& psbt, const Json& fault)
{
    const auto holder = fault.at("holder").get<std::string>();
    const auto number = get<std::size_t>(fault, "input", 0);
    const auto digest = bitcoin::input_digests(psbt, bitcoin::spent_outputs(psbt)).at(number);
    auto& input = psbt.inputs.at(number);
    const auto& spend = digest.spend;
    const auto own = std::ranges::find_if(input.derivations, [&](const auto& derivation) {
        return derivation.second.fingerprint == fingerprint_of(holder);
    });
    if (own == input.derivations.end()) { // of somebody whom the script does not name
        const auto signature = Bytes(71, 0x30);
        input.partial_signatures[public_key_of(holder, "0/0")] = signature;
        return;
    }
    const auto private_key = bitcoin_master(holder).derive(keys::DerivationPath{own->second.path}).key();
    auto signed_digest = digest.digest;
    if (get(fault, "spoil", false))
        signed_digest[0] ^= 1;
    auto made = bitcoin::InputDigest{spend, signed_digest, digest.sighash_type};
    bitcoin::attach_signature(psbt, number, made, own->first, private_key.sign(signed_digest).compact);
}

void final(Psbt& psbt, const Json& fault)
{
    auto& input = input_of(psbt, fault);
    input.final_script_witness = std::vector<Bytes>{Bytes(64, 0x30), input.witness_script.value_or(Bytes{1})};
    if (get(fault, "annex", false))
        input.final_script_witness->back() = {0x50, 0x01}; // BIP-341: what begins so is an annex
}

/// Committed to, what is spent becomes an output with that script tree.
void tap_merkle_root(Psbt& psbt, const Json& fault)
{
    auto& input = input_of(psbt, fault);
    input.tap_merkle_root = to_array<32>(hex_bytes(fault.at("root").get<std::string>()), "root");
    if (!get(fault, "committed", false))
        return;
    const auto tweak = bitcoin::taproot_tweak(input.tap_internal_key.value(), *input.tap_merkle_root);
    const auto output_key = crypto::XOnlyPublicKey::decode(*input.tap_internal_key).tweak_add(tweak).value();
    auto output = input.witness_utxo.value();
    output.script_pubkey = bitcoin::p2tr_script(output_key.bytes());
    spend_other_output(input, output);
}

/// Change whose output key commits to a script tree beside our key.
void tap_change_root(Psbt& psbt, const Json& fault)
{
    auto& output = psbt.outputs.at(fault.at("output").get<std::size_t>());
    const auto root = to_array<32>(hex_bytes(fault.at("root").get<std::string>()), "root");
    const auto tweak = bitcoin::taproot_tweak(output.tap_internal_key.value(), root);
    const auto output_key = crypto::XOnlyPublicKey::decode(*output.tap_internal_key).tweak_add(tweak).value();
    output.output.script_pubkey = bitcoin::p2tr_script(output_key.bytes());
}

void tap_leaf(Psbt& psbt, const Json& fault)
{
    auto& input = input_of(psbt, fault);
    Bytes field{bitcoin::input_type::tap_leaf_script};
    field.push_back(get<std::uint8_t>(fault, "version", 0xc0)); // of the control block
    coffer::append(field, *input.tap_internal_key);
    input.unknown[field] = {0x51, get<std::uint8_t>(fault, "version", 0xc0)};
}

void modifiable(Psbt& psbt, const Json& fault)
{
    psbt = bitcoin::to_version_2(psbt);
    psbt.modifiable = fault.at("flags").get<std::uint8_t>();
}

void unknown(Psbt& psbt, const Json& fault)
{
    const auto map = fault.at("map").get<std::string>();
    auto& fields = map == "global"  ? psbt.unknown
                   : map == "input" ? psbt.inputs.at(0).unknown
                                    : psbt.outputs.at(0).unknown;
    fields[hex_bytes(fault.at("key").get<std::string>())] = hex_bytes(fault.at("value").get<std::string>());
}

} // namespace

void commit(Psbt& psbt, const Json& fault, const charter::Charter& charter)
{
    require_known(fault, {"fault", "input",   "output", "amount", "script",  "index", "hex",  "witness_script",
                          "type",  "holder",  "path",   "of",     "network", "spoil", "root", "committed",
                          "annex", "version", "flags",  "map",    "key",     "value"},
                  "fault");
    using Fault = std::function<void(Psbt&, const Json&)>;
    const std::map<std::string, Fault> faults{
        {"witness_utxo_only", witness_utxo_only},
        {"no_utxo", no_utxo},
        {"claim", [&](Psbt& of, const Json& how) { claim(of, how, charter); }},
        {"other_previous", other_previous},
        {"outpoint", [](Psbt& of, const Json& how) { input_of(of, how).previous.index = how.at("index"); }},
        {"same_input_twice", [](Psbt& of, const Json&) { of.inputs.push_back(of.inputs.front()); }},
        {"witness_script", [](Psbt& of, const Json& how) { input_of(of, how).witness_script = script_of(how); }},
        {"redeem_script", [](Psbt& of, const Json& how) { input_of(of, how).redeem_script = script_of(how); }},
        {"spends_script", spends_script},
        {"sighash_type", [](Psbt& of, const Json& how) { input_of(of, how).sighash_type = how.at("type"); }},
        {"path", path},
        {"key", key},
        {"extended_key", extended_key},
        {"partial_signature", partial_signature},
        {"final", final},
        {"tap_merkle_root", tap_merkle_root},
        {"tap_change_root", tap_change_root},
        {"tap_leaf", tap_leaf},
        {"modifiable", modifiable},
        {"unknown", unknown},
    };
    faults.at(fault.at("fault").get<std::string>())(psbt, fault);
}

} // namespace coffer::test::attacks
