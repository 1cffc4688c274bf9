#include "formats/bitcoin/transaction.h"

#include "core/encoding/compact_size.h"

namespace coffer::bitcoin {

namespace {

using encoding::write_compact_bytes;
using encoding::write_compact_size;

void write_input(ByteWriter& writer, const TxInput& input)
{
    writer.write(input.previous.txid.bytes()).write_u32_le(input.previous.index);
    write_compact_bytes(writer, input.script_sig);
    writer.write_u32_le(input.sequence);
}

void write_output(ByteWriter& writer, const TxOutput& output)
{
    writer.write_u64_le(output.amount);
    write_compact_bytes(writer, output.script_pubkey);
}

void write_witness(ByteWriter& writer, const TxInput& input)
{
    write_compact_size(writer, input.witness.size());
    for (const auto& item : input.witness)
        write_compact_bytes(writer, item);
}

Bytes encode(const Transaction& transaction, bool with_witness)
{
    ByteWriter writer;
    writer.write_u32_le(transaction.version);
    if (with_witness)
        writer.write_u8(0).write_u8(1);
    write_compact_size(writer, transaction.inputs.size());
    for (const auto& input : transaction.inputs)
        write_input(writer, input);
    write_compact_size(writer, transaction.outputs.size());
    for (const auto& output : transaction.outputs)
        write_output(writer, output);
    if (with_witness)
        for (const auto& input : transaction.inputs)
            write_witness(writer, input);
    writer.write_u32_le(transaction.lock_time);
    return std::move(writer).bytes();
}

} // namespace

Bytes encode_transaction(const Transaction& transaction)
{
    return encode(transaction, transaction.has_witness());
}

Bytes encode_without_witness(const Transaction& transaction)
{
    return encode(transaction, false);
}

Bytes encode_output(const TxOutput& output)
{
    ByteWriter writer;
    write_output(writer, output);
    return std::move(writer).bytes();
}

} // namespace coffer::bitcoin
