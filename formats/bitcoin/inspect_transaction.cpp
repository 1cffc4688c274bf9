#include "core/base/byte_reader.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "formats/bitcoin/inspect_parts.h"
#include "formats/bitcoin/script.h"

#include <algorithm>
#include <set>

namespace coffer::bitcoin {

namespace {

constexpr std::uint32_t final_sequence = 0xffffffff;
constexpr std::uint32_t first_time_lock = 500'000'000;
// BIP-68.
constexpr std::uint32_t no_relative_lock = 1U << 31;
constexpr std::uint32_t relative_lock_is_time = 1U << 22;
constexpr std::uint32_t relative_lock_value = 0xffff;

std::string input_name(std::size_t number)
{
    return "input " + std::to_string(number) + ": ";
}

/// What stands behind OP_RETURN: of one push what is pushed, else all of it.
Bytes returned_data(ByteView script)
{
    constexpr std::uint8_t longest_direct_push = 75;
    constexpr std::uint8_t op_pushdata1 = 0x4c;
    const auto rest = script.subspan(1);
    if (!rest.empty() && rest[0] <= longest_direct_push && rest.size() == rest[0] + std::size_t{1})
        return to_bytes(rest.subspan(1));
    if (rest.size() >= 2 && rest[0] == op_pushdata1 && rest.size() == rest[1] + std::size_t{2})
        return to_bytes(rest.subspan(2));
    return to_bytes(rest);
}

void set_returned_data(Document& document, ByteView script)
{
    const auto data = returned_data(script);
    document.set("data", Document::hex(data));
    const auto is_control = [](std::uint8_t byte) { return byte < 0x20 || byte == 0x7f; };
    if (!data.empty() && is_valid_utf8(text_of(data)) && std::ranges::none_of(data, is_control))
        document.set("text", text_of(data));
}

/// Below what spending it costs at 3 sat/vB, as Bitcoin Core reckons: nodes do not pass it on.
std::uint64_t dust_limit(ByteView script)
{
    constexpr std::uint64_t output_overhead = 9;
    constexpr std::uint64_t input_size = 148;
    constexpr std::uint64_t witness_input_size = 67;
    constexpr std::uint64_t sat_per_vbyte = 3;
    return sat_per_vbyte * (output_overhead + script.size() + (witness_version(script) ? witness_input_size : input_size));
}

void add_output_warnings(Document& warnings, const TxOutput& output, std::size_t number)
{
    const auto name = "output " + std::to_string(number) + ": ";
    const auto amount = std::to_string(output.amount) + " sat";
    switch (script_type(output.script_pubkey)) {
    case ScriptType::null_data:
        if (output.amount > 0)
            warnings.add(name + amount + " are lost: nobody can spend OP_RETURN");
        return;
    case ScriptType::witness_unknown:
        warnings.add(name + "no rule protects this witness version yet: anyone can spend it (BIP-141)");
        break;
    case ScriptType::other:
        warnings.add(name + "its script has no address");
        break;
    default:
        break;
    }
    if (output.amount > most_money)
        warnings.add(name + amount + " are above 21 million bitcoins");
    else if (const auto limit = dust_limit(output.script_pubkey); output.amount < limit)
        warnings.add(name + amount + " are dust, below " + std::to_string(limit) + ": nodes do not pass it on");
}

void add_lock_time_warnings(Document& warnings, const Transaction& transaction)
{
    if (transaction.lock_time == 0)
        return;
    const auto lock = std::to_string(transaction.lock_time);
    if (std::ranges::all_of(transaction.inputs, [](const TxInput& input) { return input.sequence == final_sequence; }))
        warnings.add("the lock time " + lock + " has no effect: every sequence is final");
    else if (transaction.lock_time < first_time_lock)
        warnings.add("no block up to height " + lock + " can hold it (lock time)");
    else
        warnings.add("no block before " + format_time(UtcTime{transaction.lock_time}) + " can hold it (lock time)");
}

/// BIP-68: only version 2 and above.
void add_relative_lock_warning(Document& warnings, const TxInput& input, std::size_t number)
{
    const auto value = input.sequence & relative_lock_value;
    if ((input.sequence & no_relative_lock) != 0 || value == 0)
        return;
    const bool is_time = (input.sequence & relative_lock_is_time) != 0;
    warnings.add(input_name(number) + "waits " + std::to_string(is_time ? value * 512 : value) + (is_time ? " seconds" : " blocks") +
                 " behind what it spends (BIP-68)");
}

void add_input_warnings(Document& warnings, const Transaction& transaction)
{
    std::set<Outpoint> seen;
    for (std::size_t i = 0; i < transaction.inputs.size(); ++i) {
        const auto& input = transaction.inputs[i];
        if (!seen.insert(input.previous).second)
            warnings.add(input_name(i) + "spends " + format_txid(input.previous.txid) + ":" + std::to_string(input.previous.index) +
                         " a second time: no node takes that");
        if (transaction.version >= 2)
            add_relative_lock_warning(warnings, input, i);
    }
}

bool is_coinbase(const TxInput& input)
{
    return input.previous == Outpoint{.txid = Txid{}, .index = final_sequence};
}

Document input_document(const TxInput& input)
{
    auto witness = Document::list();
    for (const auto& item : input.witness)
        witness.add(Document::hex(item));
    auto document = Document::object();
    if (is_coinbase(input))
        document.set("coinbase", true);
    return document.set("txid", format_txid(input.previous.txid))
        .set("vout", std::uint64_t{input.previous.index})
        .set("sequence", std::uint64_t{input.sequence})
        .set("script_sig", Document::hex(input.script_sig))
        .set("witness", std::move(witness));
}

} // namespace

Document satoshi(std::uint64_t amount)
{
    return std::to_string(amount);
}

Document output_document(const TxOutput& output, const Network& network)
{
    auto document = Document::object();
    document.set("amount", satoshi(output.amount))
        .set("address", address_of(output.script_pubkey, network))
        .set("type", type_name(output.script_pubkey))
        .set("script_pubkey", Document::hex(output.script_pubkey));
    if (script_type(output.script_pubkey) == ScriptType::null_data)
        set_returned_data(document, output.script_pubkey);
    return document;
}

bool is_replaceable(const Transaction& transaction)
{
    return std::ranges::any_of(transaction.inputs, [](const TxInput& input) { return input.sequence < final_sequence - 1; });
}

void add_transaction_warnings(Document& warnings, const Transaction& transaction)
{
    if (is_replaceable(transaction))
        warnings.add("until it is confirmed it may be replaced by one with a higher fee (BIP-125)");
    add_lock_time_warnings(warnings, transaction);
    add_input_warnings(warnings, transaction);
    for (std::size_t i = 0; i < transaction.outputs.size(); ++i)
        add_output_warnings(warnings, transaction.outputs[i], i);
}

Document inspect_transaction(const Transaction& transaction)
{
    const auto& network = network_shown({});
    auto inputs = Document::list();
    for (const auto& input : transaction.inputs)
        inputs.add(input_document(input));
    auto outputs = Document::list();
    for (const auto& output : transaction.outputs)
        outputs.add(output_document(output, network));
    auto warnings = Document::list();
    add_transaction_warnings(warnings, transaction);
    add_network_warning(warnings, {});
    auto document = Document::object();
    document.set("kind", "bitcoin_transaction").set("chain", "bitcoin");
    set_networks(document, {});
    return document.set("txid", format_txid(txid_of(transaction)))
        .set("wtxid", format_txid(wtxid_of(transaction)))
        .set("version", std::uint64_t{transaction.version})
        .set("size", std::uint64_t{encode_transaction(transaction).size()})
        .set("vsize", std::uint64_t{vsize_of(transaction)})
        .set("weight", std::uint64_t{weight_of(transaction)})
        .set("lock_time", std::uint64_t{transaction.lock_time})
        .set("replaceable", is_replaceable(transaction))
        .set("decimals", 8)
        .set("inputs", std::move(inputs))
        .set("outputs", std::move(outputs))
        .set("warnings", std::move(warnings));
}

} // namespace coffer::bitcoin
