#include "core/base/byte_writer.h"
#include "core/encoding/compact_size.h"
#include "formats/bitcoin/psbt_map.h"

namespace coffer::bitcoin {

namespace {

using encoding::write_compact_bytes;

Bytes key_of(std::uint64_t type, ByteView data = {})
{
    ByteWriter writer;
    encoding::write_compact_size(writer, type);
    writer.write(data);
    return std::move(writer).bytes();
}

Bytes u32(std::uint32_t value)
{
    return std::move(ByteWriter{}.write_u32_le(value)).bytes();
}

Bytes compact(std::uint64_t value)
{
    ByteWriter writer;
    encoding::write_compact_size(writer, value);
    return std::move(writer).bytes();
}

/// Collects the fields of one map; they are written in the order of their keys.
class MapWriter {
public:
    explicit MapWriter(const UnknownFields& unknown) : m_fields{unknown} {}

    void add(std::uint64_t type, Bytes value) { m_fields.insert_or_assign(key_of(type), std::move(value)); }
    void add(std::uint64_t type, ByteView data, Bytes value) { m_fields.insert_or_assign(key_of(type, data), std::move(value)); }
    void add(std::uint64_t type, const std::optional<Bytes>& value)
    {
        if (value)
            add(type, *value);
    }
    void add(std::uint64_t type, const std::optional<std::uint32_t>& value)
    {
        if (value)
            add(type, u32(*value));
    }
    void add(std::uint64_t type, const std::optional<ByteArray<32>>& value)
    {
        if (value)
            add(type, to_bytes(*value));
    }
    void add(std::uint64_t type, const std::map<Bytes, KeySource>& sources)
    {
        for (const auto& [key, source] : sources)
            add(type, key, encode_key_source(source));
    }
    void add(std::uint64_t type, const std::map<Bytes, TaprootKeySource>& sources)
    {
        for (const auto& [key, source] : sources)
            add(type, key, encode_taproot_key_source(source));
    }

    void write_to(ByteWriter& writer) const
    {
        for (const auto& [key, value] : m_fields) {
            write_compact_bytes(writer, key);
            write_compact_bytes(writer, value);
        }
        writer.write_u8(0);
    }

private:
    std::map<Bytes, Bytes> m_fields;
};

void write_global(ByteWriter& writer, const Psbt& psbt)
{
    MapWriter map{psbt.unknown};
    map.add(global_type::extended_key, psbt.extended_keys);
    if (psbt.version == 0) {
        map.add(global_type::unsigned_tx, encode_without_witness(unsigned_transaction(psbt)));
    } else {
        map.add(global_type::version, u32(psbt.version));
        map.add(global_type::transaction_version, u32(psbt.transaction_version));
        map.add(global_type::fallback_lock_time, psbt.fallback_lock_time);
        map.add(global_type::input_count, compact(psbt.inputs.size()));
        map.add(global_type::output_count, compact(psbt.outputs.size()));
        if (psbt.modifiable)
            map.add(global_type::modifiable, Bytes{*psbt.modifiable});
    }
    map.write_to(writer);
}

void write_input(ByteWriter& writer, const PsbtInput& input, std::uint32_t version)
{
    MapWriter map{input.unknown};
    if (input.non_witness_utxo)
        map.add(input_type::non_witness_utxo, encode_transaction(*input.non_witness_utxo));
    if (input.witness_utxo)
        map.add(input_type::witness_utxo, encode_output(*input.witness_utxo));
    for (const auto& [key, signature] : input.partial_signatures)
        map.add(input_type::partial_signature, key, signature);
    map.add(input_type::sighash_type, input.sighash_type);
    map.add(input_type::redeem_script, input.redeem_script);
    map.add(input_type::witness_script, input.witness_script);
    map.add(input_type::derivation, input.derivations);
    map.add(input_type::final_script_sig, input.final_script_sig);
    if (input.final_script_witness)
        map.add(input_type::final_script_witness, encode_witness(*input.final_script_witness));
    map.add(input_type::tap_key_signature, input.tap_key_signature);
    map.add(input_type::tap_derivation, input.tap_derivations);
    map.add(input_type::tap_internal_key, input.tap_internal_key);
    map.add(input_type::tap_merkle_root, input.tap_merkle_root);
    if (version == 2) {
        map.add(input_type::previous_txid, to_bytes(input.previous.txid.bytes()));
        map.add(input_type::output_index, u32(input.previous.index));
        map.add(input_type::sequence, input.sequence);
        map.add(input_type::required_time_lock, input.required_time_lock);
        map.add(input_type::required_height_lock, input.required_height_lock);
    }
    map.write_to(writer);
}

void write_output(ByteWriter& writer, const PsbtOutput& output, std::uint32_t version)
{
    MapWriter map{output.unknown};
    map.add(output_type::redeem_script, output.redeem_script);
    map.add(output_type::witness_script, output.witness_script);
    map.add(output_type::derivation, output.derivations);
    map.add(output_type::tap_internal_key, output.tap_internal_key);
    map.add(output_type::tap_derivation, output.tap_derivations);
    if (version == 2) {
        map.add(output_type::amount, std::move(ByteWriter{}.write_u64_le(output.output.amount)).bytes());
        map.add(output_type::script, output.output.script_pubkey);
    }
    map.write_to(writer);
}

} // namespace

Bytes encode_psbt(const Psbt& psbt)
{
    ByteWriter writer;
    writer.write(psbt_magic);
    write_global(writer, psbt);
    for (const auto& input : psbt.inputs)
        write_input(writer, input, psbt.version);
    for (const auto& output : psbt.outputs)
        write_output(writer, output, psbt.version);
    return std::move(writer).bytes();
}

} // namespace coffer::bitcoin
