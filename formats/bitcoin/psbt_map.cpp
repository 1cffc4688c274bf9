#include "formats/bitcoin/psbt_map.h"

#include "core/base/byte_writer.h"
#include "core/encoding/compact_size.h"
#include "core/encoding/hex.h"

#include <algorithm>
#include <set>

namespace coffer::bitcoin {

namespace {

using encoding::read_compact_bytes;

bool is_one_of(std::size_t size, std::initializer_list<std::size_t> sizes)
{
    return std::ranges::find(sizes, size) != sizes.end();
}

std::string type_name(std::uint64_t type)
{
    const auto value = static_cast<std::uint8_t>(type);
    return type <= 0xff ? "0x" + encoding::encode_hex(ByteArray<1>{value}) : std::to_string(type);
}

PsbtField read_field(ByteReader& reader, ByteView key)
{
    ByteReader key_reader{key};
    PsbtField field;
    field.type = encoding::read_compact_size(key_reader);
    field.data = to_bytes(key_reader.read(key_reader.remaining()));
    field.key = to_bytes(key);
    field.value = to_bytes(read_compact_bytes(reader));
    return field;
}

} // namespace

Error bad_psbt(std::string message)
{
    return Error{ErrorCode::psbt_parse, std::move(message)};
}

void PsbtField::require_no_data() const
{
    if (!data.empty())
        throw bad_psbt("field of type " + type_name(type) + " has " + std::to_string(data.size()) + " bytes behind its type, not 0");
}

const Bytes& PsbtField::data_of(std::initializer_list<std::size_t> sizes) const
{
    if (!is_one_of(data.size(), sizes))
        throw bad_psbt("key of a field of type " + type_name(type) + " has " + std::to_string(data.size()) + " bytes of data");
    return data;
}

const Bytes& PsbtField::value_of(std::initializer_list<std::size_t> sizes) const
{
    if (!is_one_of(value.size(), sizes))
        throw bad_psbt("field of type " + type_name(type) + " has a value of " + std::to_string(value.size()) + " bytes");
    return value;
}

std::uint32_t PsbtField::value_u32() const
{
    return ByteReader{value_of({4})}.read_u32_le();
}

ByteArray<32> PsbtField::value_hash() const
{
    return to_array<32>(value_of({32}), "value");
}

std::vector<PsbtField> read_map(ByteReader& reader)
{
    std::vector<PsbtField> fields;
    std::set<Bytes> seen;
    while (true) {
        const auto start = reader.offset();
        const auto key = read_compact_bytes(reader);
        if (key.empty())
            return fields;
        if (fields.size() == most_map_fields)
            throw Error{ErrorCode::limit, "over 100,000 fields in one map"}.at_offset(start);
        fields.push_back(read_field(reader, key));
        if (!seen.insert(fields.back().key).second)
            throw Error{ErrorCode::psbt_dupkey, "key of type " + type_name(fields.back().type) + " with " +
                                                    std::to_string(fields.back().data.size()) + " bytes of data stands twice in one map"}
                .at_offset(start);
    }
}

KeySource decode_key_source(ByteView value)
{
    if (value.size() < 4 || value.size() % 4 != 0 || value.size() / 4 > 1 + keys::most_path_steps)
        throw bad_psbt("key origin has " + std::to_string(value.size()) + " bytes, not 4 and 4 for each step");
    ByteReader reader{value};
    KeySource source{keys::Fingerprint{reader.read_array<4>()}, {}};
    while (!reader.at_end())
        source.path.push_back(reader.read_u32_le());
    return source;
}

Bytes encode_key_source(const KeySource& source)
{
    ByteWriter writer;
    writer.write(source.fingerprint.bytes());
    for (const auto step : source.path)
        writer.write_u32_le(step);
    return std::move(writer).bytes();
}

TaprootKeySource decode_taproot_key_source(ByteView value)
{
    ByteReader reader{value};
    TaprootKeySource source;
    for (auto count = encoding::read_compact_count(reader, 32); count > 0; --count)
        source.leaf_hashes.push_back(reader.read_array<32>());
    source.source = decode_key_source(reader.read(reader.remaining()));
    return source;
}

Bytes encode_taproot_key_source(const TaprootKeySource& source)
{
    ByteWriter writer;
    encoding::write_compact_size(writer, source.leaf_hashes.size());
    for (const auto& hash : source.leaf_hashes)
        writer.write(hash);
    writer.write(encode_key_source(source.source));
    return std::move(writer).bytes();
}

std::vector<Bytes> decode_witness(ByteView value)
{
    if (value.size() > most_transaction_bytes)
        throw Error{ErrorCode::limit, "final witness has " + std::to_string(value.size()) + " bytes, over 4,000,000"};
    ByteReader reader{value};
    std::vector<Bytes> witness;
    for (auto count = encoding::read_compact_count(reader, 1); count > 0; --count)
        witness.push_back(to_bytes(read_compact_bytes(reader)));
    reader.expect_end();
    return witness;
}

Bytes encode_witness(const std::vector<Bytes>& witness)
{
    ByteWriter writer;
    encoding::write_compact_size(writer, witness.size());
    for (const auto& item : witness)
        encoding::write_compact_bytes(writer, item);
    return std::move(writer).bytes();
}

} // namespace coffer::bitcoin
