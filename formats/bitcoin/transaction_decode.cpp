#include "formats/bitcoin/transaction.h"

#include "core/base/error.h"
#include "core/encoding/compact_size.h"

#include <algorithm>

namespace coffer::bitcoin {

namespace {

using encoding::read_compact_bytes;
using encoding::read_compact_count;

// The least that one of them takes.
constexpr std::size_t input_size = 41;
constexpr std::size_t output_size = 9;
constexpr std::size_t witness_item_size = 1;

TxInput read_input(ByteReader& reader)
{
    TxInput input;
    input.previous.txid = Txid{reader.read_array<32>()};
    input.previous.index = reader.read_u32_le();
    input.script_sig = to_bytes(read_compact_bytes(reader));
    input.sequence = reader.read_u32_le();
    return input;
}

TxOutput read_output(ByteReader& reader)
{
    TxOutput output;
    output.amount = reader.read_u64_le();
    output.script_pubkey = to_bytes(read_compact_bytes(reader));
    return output;
}

void read_witness(ByteReader& reader, TxInput& input)
{
    auto count = read_compact_count(reader, witness_item_size);
    while (count-- > 0)
        input.witness.push_back(to_bytes(read_compact_bytes(reader)));
}

/// Marker 00 and flag 01 stand where the count of inputs would.
bool read_marker(ByteReader& reader, WitnessForm form)
{
    if (form == WitnessForm::never || reader.peek_u8() != 0)
        return false;
    reader.read_u8();
    if (const auto flag = reader.read_u8(); flag != 1)
        throw malformed("witness flag is " + std::to_string(flag) + ", not 1", reader.offset() - 1);
    return true;
}

} // namespace

Transaction decode_transaction(ByteView bytes, WitnessForm form)
{
    if (bytes.size() > most_transaction_bytes)
        throw Error{ErrorCode::limit, "transaction has " + std::to_string(bytes.size()) + " bytes, over 4,000,000"};
    ByteReader reader{bytes};
    Transaction transaction;
    transaction.version = reader.read_u32_le();
    const bool has_witness = read_marker(reader, form);
    for (auto count = read_compact_count(reader, input_size); count > 0; --count)
        transaction.inputs.push_back(read_input(reader));
    for (auto count = read_compact_count(reader, output_size); count > 0; --count)
        transaction.outputs.push_back(read_output(reader));
    if (has_witness) {
        for (auto& input : transaction.inputs)
            read_witness(reader, input);
        if (!transaction.has_witness())
            throw malformed("transaction is marked to have witnesses and has none", reader.offset());
    }
    transaction.lock_time = reader.read_u32_le();
    reader.expect_end();
    return transaction;
}

} // namespace coffer::bitcoin
