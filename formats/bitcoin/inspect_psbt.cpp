#include "core/base/byte_reader.h"
#include "core/base/error.h"
#include "core/encoding/hex.h"
#include "formats/bitcoin/inspect_parts.h"
#include "formats/bitcoin/inspect_psbt_inputs.h"
#include "formats/bitcoin/script.h"

#include <algorithm>
#include <set>

namespace coffer::bitcoin {

namespace {

// PSBT_GLOBAL_TX_MODIFIABLE (BIP-370).
constexpr unsigned modifiable_inputs = 1;
constexpr unsigned modifiable_outputs = 2;
constexpr unsigned has_sighash_single = 4;

/// The second step of a path whose first one is a purpose with coin types (BIP-43: 44, 48, 49, 84, 86).
std::optional<std::uint32_t> coin_type_of(const std::vector<std::uint32_t>& path)
{
    const auto is_purpose = [](std::uint32_t step) { return step == 44 || step == 48 || step == 49 || step == 84 || step == 86; };
    if (path.size() < 2 || path[0] < keys::hardened || path[1] < keys::hardened || !is_purpose(path[0] - keys::hardened))
        return std::nullopt;
    return path[1] - keys::hardened;
}

template <typename Map>
void add_coin_types(std::set<std::uint32_t>& found, const Map& map)
{
    for (const auto& [key, source] : map.derivations)
        if (const auto coin_type = coin_type_of(source.path))
            found.insert(*coin_type);
    for (const auto& [key, source] : map.tap_derivations)
        if (const auto coin_type = coin_type_of(source.source.path))
            found.insert(*coin_type);
}

/// By extended keys and key origins, where they agree. Nothing else in a PSBT tells.
std::vector<const Network*> networks_of(const Psbt& psbt)
{
    std::set<std::uint32_t> coin_types;
    for (const auto& [key, source] : psbt.extended_keys)
        for (const auto* network : networks_of_version(ByteReader{key}.read_u32_be()))
            coin_types.insert(network->coin_type);
    for (const auto& input : psbt.inputs)
        add_coin_types(coin_types, input);
    for (const auto& output : psbt.outputs)
        add_coin_types(coin_types, output);
    return coin_types.size() == 1 ? networks_of_coin_type(*coin_types.begin()) : std::vector<const Network*>{};
}

std::string key_expression(const KeySource& source, ByteView key)
{
    return keys::KeyOrigin{source.fingerprint, keys::DerivationPath{source.path}}.format() + encoding::encode_hex(key);
}

/// With their origins, where there are any.
template <typename Map>
void set_keys(Document& document, const Map& map)
{
    auto keys = Document::list();
    for (const auto& [key, source] : map.derivations)
        keys.add(key_expression(source, key));
    for (const auto& [key, source] : map.tap_derivations)
        keys.add(key_expression(source.source, key));
    if (!keys.items().empty())
        document.set("keys", std::move(keys));
}

void set_unknown(Document& document, const UnknownFields& fields)
{
    auto unknown = Document::list();
    for (const auto& [key, value] : fields)
        unknown.add(Document::object().set("key", Document::hex(key)).set("value", Document::hex(value)));
    if (!unknown.items().empty())
        document.set("unknown", std::move(unknown));
}

Document number_of(std::optional<unsigned> number)
{
    return number ? Document{*number} : Document{};
}

Document input_document(const PsbtInput& input, const InputFindings& found, const Network& network)
{
    auto document = Document::object();
    document.set("txid", format_txid(input.previous.txid))
        .set("vout", std::uint64_t{input.previous.index})
        .set("sequence", std::uint64_t{input.sequence.value_or(0xffffffff)})
        .set("amount", found.proved ? satoshi(found.proved->amount) : Document{})
        .set("address", found.proved ? address_of(found.proved->script_pubkey, network) : Document{});
    if (found.proved)
        document.set("type", type_name(found.proved->script_pubkey));
    if (found.claimed)
        document.set("claimed", output_document(*found.claimed, network));
    document.set("sighash", found.sighash.empty() ? Document{} : Document{found.sighash})
        .set("signatures", Document::object().set("have", number_of(found.have)).set("need", number_of(found.need)))
        .set("complete", found.is_complete);
    set_keys(document, input);
    set_unknown(document, input.unknown);
    return document;
}

Document psbt_output_document(const PsbtOutput& output, const Network& network)
{
    auto document = output_document(output.output, network);
    set_keys(document, output);
    set_unknown(document, output.unknown);
    return document;
}

/// Inputs less outputs where every amount is proved; what is wrong with the sums is a warning.
std::optional<std::uint64_t> fee_of(const Psbt& psbt, const std::vector<InputFindings>& found, Document& warnings)
{
    if (std::ranges::any_of(found, [](const InputFindings& input) { return !input.proved; })) {
        warnings.add("the fee is not known: not every amount is proved");
        return std::nullopt;
    }
    try {
        std::uint64_t in = 0;
        for (const auto& output : spent_outputs(psbt))
            in += output.amount;
        std::uint64_t fee = in;
        for (const auto& output : psbt.outputs)
            fee -= output.output.amount;
        if (fee > in / 10)
            warnings.add("the fee of " + std::to_string(fee) + " sat is over 10 % of the inputs");
        return fee;
    } catch (const Error& error) {
        if (error.code() != ErrorCode::psbt_dupinput) // said by add_transaction_warnings()
            warnings.add(error.message());
        return std::nullopt;
    }
}

void add_unknown_warning(Document& warnings, const std::string& place, const UnknownFields& fields)
{
    if (!fields.empty())
        warnings.add(place + ": fields that are not understood here: " + std::to_string(fields.size()));
}

void add_unknown_warnings(Document& warnings, const Psbt& psbt)
{
    add_unknown_warning(warnings, "global map", psbt.unknown);
    for (std::size_t i = 0; i < psbt.inputs.size(); ++i)
        add_unknown_warning(warnings, "input " + std::to_string(i), psbt.inputs[i].unknown);
    for (std::size_t i = 0; i < psbt.outputs.size(); ++i)
        add_unknown_warning(warnings, "output " + std::to_string(i), psbt.outputs[i].unknown);
}

void add_modifiable_warnings(Document& warnings, unsigned flags)
{
    if ((flags & modifiable_inputs) != 0)
        warnings.add("inputs may still be added or removed (BIP-370)");
    if ((flags & modifiable_outputs) != 0)
        warnings.add("outputs may still be added or removed (BIP-370)");
    if ((flags & has_sighash_single) != 0)
        warnings.add("a signature is said to cover a single output (BIP-370)");
}

/// A script_sig is part of the txid, and P2SH needs one.
bool is_txid_final(const Psbt& psbt, const std::vector<InputFindings>& found)
{
    return (psbt.modifiable.value_or(0) & (modifiable_inputs | modifiable_outputs)) == 0 && !found.empty() &&
           std::ranges::all_of(found, [](const InputFindings& input) { return input.proved && witness_version(input.proved->script_pubkey); });
}

} // namespace

Document inspect_psbt(ByteView bytes)
{
    const auto psbt = decode_psbt(bytes);
    const auto transaction = unsigned_transaction(psbt);
    const auto found = find_inputs(psbt, transaction);
    const auto networks = networks_of(psbt);
    const auto& network = network_shown(networks);
    auto warnings = Document::list();
    auto inputs = Document::list();
    for (std::size_t i = 0; i < found.size(); ++i) {
        inputs.add(input_document(psbt.inputs[i], found[i], network));
        for (const auto& warning : found[i].warnings)
            warnings.add(warning);
    }
    auto outputs = Document::list();
    for (const auto& output : psbt.outputs)
        outputs.add(psbt_output_document(output, network));
    const auto fee = fee_of(psbt, found, warnings);
    add_modifiable_warnings(warnings, psbt.modifiable.value_or(0));
    add_unknown_warnings(warnings, psbt);
    add_transaction_warnings(warnings, transaction);
    add_network_warning(warnings, networks);

    auto document = Document::object();
    document.set("kind", "psbt").set("chain", "bitcoin");
    set_networks(document, networks);
    document.set("version", std::uint64_t{psbt.version})
        .set("txid", format_txid(txid_of(transaction)))
        .set("txid_final", is_txid_final(psbt, found))
        .set("transaction_version", std::uint64_t{transaction.version})
        .set("lock_time", std::uint64_t{transaction.lock_time})
        .set("replaceable", is_replaceable(transaction))
        .set("decimals", 8)
        .set("inputs", std::move(inputs))
        .set("outputs", std::move(outputs))
        .set("fee", fee ? satoshi(*fee) : Document{})
        .set("complete", !found.empty() && std::ranges::all_of(found, &InputFindings::is_complete));
    set_unknown(document, psbt.unknown);
    return document.set("warnings", std::move(warnings));
}

} // namespace coffer::bitcoin
