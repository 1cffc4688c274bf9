#include "formats/bitcoin/psbt_map.h"

#include "core/crypto/secp256k1.h"
#include "core/encoding/compact_size.h"

#include <algorithm>

namespace coffer::bitcoin {

namespace {

/// What the global map says, before the maps of inputs and outputs are read.
struct Global {
    Psbt psbt;
    std::optional<Transaction> unsigned_tx;
    std::optional<std::uint32_t> transaction_version;
    std::optional<std::uint64_t> input_count;
    std::optional<std::uint64_t> output_count;
};

std::uint64_t compact_value(const PsbtField& field)
{
    ByteReader reader{field.value};
    const auto value = encoding::read_compact_size(reader);
    reader.expect_end();
    return value;
}

Transaction decode_unsigned(ByteView bytes)
{
    auto transaction = decode_transaction(bytes, WitnessForm::never);
    if (std::ranges::any_of(transaction.inputs, [](const TxInput& input) { return !input.script_sig.empty(); }))
        throw bad_psbt("the unsigned transaction has a script_sig");
    return transaction;
}

/// BIP-174, PSBT_GLOBAL_XPUB: as many steps as the extended key is deep.
KeySource decode_extended_key_source(const PsbtField& field)
{
    constexpr std::size_t depth_at = 4;
    constexpr std::size_t point_size = 33;
    const ByteView key{field.data_of({78})};
    static_cast<void>(crypto::Secp256k1PublicKey::decode(key.last(point_size)));
    auto source = decode_key_source(field.value);
    if (source.path.size() != key[depth_at])
        throw bad_psbt("extended key of depth " + std::to_string(key[depth_at]) + " with a path of " + std::to_string(source.path.size()) + " steps");
    return source;
}

void take_global_field(Global& global, const PsbtField& field)
{
    auto& psbt = global.psbt;
    if (field.type == global_type::extended_key) {
        psbt.extended_keys.emplace(field.data, decode_extended_key_source(field));
        return;
    }
    if (field.type > global_type::modifiable && field.type != global_type::version) {
        psbt.unknown.emplace(field.key, field.value);
        return;
    }
    field.require_no_data();
    switch (field.type) {
    case global_type::unsigned_tx:
        global.unsigned_tx = decode_unsigned(field.value);
        break;
    case global_type::transaction_version:
        global.transaction_version = field.value_u32();
        break;
    case global_type::fallback_lock_time:
        psbt.fallback_lock_time = field.value_u32();
        break;
    case global_type::input_count:
        global.input_count = compact_value(field);
        break;
    case global_type::output_count:
        global.output_count = compact_value(field);
        break;
    case global_type::modifiable:
        psbt.modifiable = field.value_of({1})[0];
        break;
    default:
        psbt.version = field.value_u32();
        break;
    }
}

void settle_version_0(Global& global)
{
    if (!global.unsigned_tx)
        throw bad_psbt("version 0 without its unsigned transaction");
    if (global.transaction_version || global.psbt.fallback_lock_time || global.input_count || global.output_count || global.psbt.modifiable)
        throw Error{ErrorCode::psbt_version, "version 0 has global fields of version 2"};
    global.psbt.transaction_version = global.unsigned_tx->version;
    global.psbt.fallback_lock_time = global.unsigned_tx->lock_time;
    global.input_count = global.unsigned_tx->inputs.size();
    global.output_count = global.unsigned_tx->outputs.size();
}

void settle_version_2(Global& global)
{
    if (global.unsigned_tx)
        throw Error{ErrorCode::psbt_version, "version 2 has the unsigned transaction of version 0"};
    if (!global.transaction_version || !global.input_count || !global.output_count)
        throw bad_psbt("version 2 without transaction version, input count or output count");
    global.psbt.transaction_version = *global.transaction_version;
}

/// Counts what takes far more memory than bytes.
class Items {
public:
    std::vector<PsbtField> read_map(ByteReader& reader)
    {
        auto fields = bitcoin::read_map(reader);
        add(fields.size());
        return fields;
    }

    void add_witnesses(const PsbtInput& input)
    {
        if (input.final_script_witness)
            add(input.final_script_witness->size());
        if (input.non_witness_utxo)
            for (const auto& spending : input.non_witness_utxo->inputs)
                add(spending.witness.size());
    }

private:
    void add(std::size_t count)
    {
        m_count += count;
        if (m_count > most_psbt_items)
            throw Error{ErrorCode::limit, "over 1,000,000 fields and witness items"};
    }

    std::size_t m_count = 0;
};

/// Version 2 gives its transaction in pieces, which together are no longer than the whole of version 0.
void require_possible_size(const Psbt& psbt)
{
    constexpr std::size_t input_size = 41;
    constexpr std::size_t output_size = 9;
    auto size = input_size * psbt.inputs.size();
    for (const auto& output : psbt.outputs)
        size += output_size + output.output.script_pubkey.size();
    if (size > most_unsigned_bytes)
        throw Error{ErrorCode::limit, "unsigned transaction has over " + std::to_string(size) + " bytes, at most 1,000,000 fit into a block"};
}

/// Values are read by themselves: what is wrong with one is told by the map and where that starts.
template <typename Decode>
auto in_map(const std::string& place, std::size_t start, Decode decode)
{
    try {
        return decode();
    } catch (const Error& error) {
        throw error.at_offset(start).in(place);
    }
}

Global read_global(ByteReader& reader, Items& items)
{
    Global global;
    const auto start = reader.offset();
    const auto fields = items.read_map(reader);
    in_map("global map", start, [&] { std::ranges::for_each(fields, [&](const PsbtField& field) { take_global_field(global, field); }); });
    switch (global.psbt.version) {
    case 0:
        settle_version_0(global);
        break;
    case 2:
        settle_version_2(global);
        break;
    default:
        throw Error{ErrorCode::psbt_version, "version " + std::to_string(global.psbt.version) + " is not known, 0 and 2 are"};
    }
    if (*global.input_count > most_psbt_inputs || *global.output_count > most_psbt_inputs)
        throw Error{ErrorCode::limit, "over 10,000 inputs or outputs"};
    return global;
}

Psbt read_psbt(ByteReader& reader)
{
    if (!equal(reader.read(psbt_magic.size()), psbt_magic))
        throw bad_psbt("it does not begin with the magic of a PSBT").at_offset(0);
    Items items;
    auto global = read_global(reader, items);
    auto psbt = std::move(global.psbt);
    for (std::size_t i = 0; i < *global.input_count; ++i) {
        const auto start = reader.offset();
        const auto fields = items.read_map(reader);
        auto input = in_map("input " + std::to_string(i), start, [&] { return decode_input_map(fields, psbt.version); });
        items.add_witnesses(input);
        if (global.unsigned_tx) {
            input.previous = global.unsigned_tx->inputs[i].previous;
            input.sequence = global.unsigned_tx->inputs[i].sequence;
        }
        psbt.inputs.push_back(std::move(input));
    }
    for (std::size_t i = 0; i < *global.output_count; ++i) {
        const auto start = reader.offset();
        const auto fields = items.read_map(reader);
        auto output = in_map("output " + std::to_string(i), start, [&] { return decode_output_map(fields, psbt.version); });
        if (global.unsigned_tx)
            output.output = global.unsigned_tx->outputs[i];
        psbt.outputs.push_back(std::move(output));
    }
    reader.expect_end();
    require_possible_size(psbt);
    return psbt;
}

} // namespace

Psbt decode_psbt(ByteView bytes)
{
    if (bytes.size() > most_psbt_bytes)
        throw Error{ErrorCode::limit, "PSBT has " + std::to_string(bytes.size()) + " bytes, over 64 MiB"};
    ByteReader reader{bytes};
    try {
        return read_psbt(reader);
    } catch (const Error& error) {
        // Readers of integers, scripts and keys do not know what they read for.
        if (error.code() != ErrorCode::malformed && error.code() != ErrorCode::pubkey)
            throw;
        throw Error{ErrorCode::psbt_parse, error.message()}.at_offset(error.offset().value_or(reader.offset()));
    }
}

} // namespace coffer::bitcoin
