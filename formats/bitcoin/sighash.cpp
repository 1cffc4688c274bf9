#include "formats/bitcoin/sighash.h"

#include "core/base/byte_writer.h"
#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/crypto/schnorr.h"
#include "core/encoding/compact_size.h"

namespace coffer::bitcoin {

namespace {

using encoding::write_compact_bytes;
using encoding::write_compact_size;

constexpr std::uint32_t base_type(std::uint32_t sighash_type)
{
    return sighash_type & 0x1f;
}

constexpr bool is_anyonecanpay(std::uint32_t sighash_type)
{
    return (sighash_type & sighash_anyonecanpay) != 0;
}

void write_outpoint(ByteWriter& writer, const Outpoint& outpoint)
{
    writer.write(outpoint.txid.bytes()).write_u32_le(outpoint.index);
}

/// SHA-256 of what `write` writes for each item.
template <typename Items, typename Write>
ByteArray<32> hash_each(const Items& items, Write write)
{
    ByteWriter writer;
    for (const auto& item : items)
        write(writer, item);
    return crypto::sha256(writer.bytes());
}

ByteArray<32> hash_outputs(std::span<const TxOutput> outputs)
{
    return hash_each(outputs, [](ByteWriter& writer, const TxOutput& output) { writer.write(encode_output(output)); });
}

/// An output that SIGHASH_SINGLE leaves out: all ones and no script.
void write_blank_output(ByteWriter& writer)
{
    writer.write_u64_le(0xffffffffffffffff);
    write_compact_size(writer, 0);
}

} // namespace

SignatureHasher::SignatureHasher(const Transaction& transaction, std::span<const TxOutput> spent)
    : m_transaction{transaction}, m_spent{spent}
{
    require(spent.empty() || spent.size() == transaction.inputs.size(), "not one spent output an input");
    m_segwit.previous_outputs =
        hash_each(transaction.inputs, [](ByteWriter& writer, const TxInput& input) { write_outpoint(writer, input.previous); });
    m_segwit.sequences = hash_each(transaction.inputs, [](ByteWriter& writer, const TxInput& input) { writer.write_u32_le(input.sequence); });
    m_segwit.outputs = hash_outputs(transaction.outputs);
    if (spent.empty())
        return;
    m_taproot = Spent{
        hash_each(spent, [](ByteWriter& writer, const TxOutput& output) { writer.write_u64_le(output.amount); }),
        hash_each(spent, [](ByteWriter& writer, const TxOutput& output) { write_compact_bytes(writer, output.script_pubkey); })};
}

ByteArray<32> SignatureHasher::legacy(std::size_t input, ByteView script_code, std::uint32_t sighash_type) const
{
    const auto& inputs = m_transaction.inputs;
    require(input < inputs.size(), "no such input");
    const auto base = base_type(sighash_type);
    const bool is_all = base != sighash_none && base != sighash_single;
    if (base == sighash_single && input >= m_transaction.outputs.size())
        return {1};

    ByteWriter writer;
    writer.write_u32_le(m_transaction.version);
    const bool is_alone = is_anyonecanpay(sighash_type);
    write_compact_size(writer, is_alone ? 1 : inputs.size());
    for (std::size_t i = is_alone ? input : 0; i < (is_alone ? input + 1 : inputs.size()); ++i) {
        write_outpoint(writer, inputs[i].previous);
        write_compact_bytes(writer, i == input ? script_code : ByteView{});
        writer.write_u32_le(i == input || is_all ? inputs[i].sequence : 0);
    }
    const auto output_count = is_all ? m_transaction.outputs.size() : base == sighash_single ? input + 1 : 0;
    write_compact_size(writer, output_count);
    for (std::size_t i = 0; i < output_count; ++i) {
        if (is_all || i == input)
            writer.write(encode_output(m_transaction.outputs[i]));
        else
            write_blank_output(writer);
    }
    writer.write_u32_le(m_transaction.lock_time).write_u32_le(sighash_type);
    return crypto::sha256d(writer.bytes());
}

ByteArray<32> SignatureHasher::segwit_v0(std::size_t input, ByteView script_code, std::uint64_t amount, std::uint32_t sighash_type) const
{
    require(input < m_transaction.inputs.size(), "no such input");
    const auto& spending = m_transaction.inputs[input];
    const auto base = base_type(sighash_type);
    const bool is_all = base != sighash_none && base != sighash_single;
    ByteArray<32> outputs{};
    if (is_all)
        outputs = crypto::sha256(m_segwit.outputs);
    else if (base == sighash_single && input < m_transaction.outputs.size())
        outputs = crypto::sha256d(encode_output(m_transaction.outputs[input]));

    ByteWriter writer;
    writer.write_u32_le(m_transaction.version);
    writer.write(is_anyonecanpay(sighash_type) ? ByteArray<32>{} : crypto::sha256(m_segwit.previous_outputs));
    writer.write(is_anyonecanpay(sighash_type) || !is_all ? ByteArray<32>{} : crypto::sha256(m_segwit.sequences));
    write_outpoint(writer, spending.previous);
    write_compact_bytes(writer, script_code);
    writer.write_u64_le(amount).write_u32_le(spending.sequence).write(outputs);
    writer.write_u32_le(m_transaction.lock_time).write_u32_le(sighash_type);
    return crypto::sha256d(writer.bytes());
}

ByteArray<32> SignatureHasher::taproot_key_path(std::size_t input, std::uint8_t sighash_type) const
{
    require(m_taproot && input < m_transaction.inputs.size(), "a taproot signature without all spent outputs");
    const std::uint32_t base = sighash_type & 0x03U;
    if (sighash_type != sighash_default && ((sighash_type & 0x7cU) != 0 || base == 0))
        throw Error{ErrorCode::sighash, "signature hash type " + std::to_string(sighash_type) + " is not one of BIP-341"};
    if (base == sighash_single && input >= m_transaction.outputs.size())
        throw Error{ErrorCode::sighash, "input " + std::to_string(input) + " signs a single output that is not there"};
    const auto& spending = m_transaction.inputs[input];
    constexpr std::uint8_t epoch = 0;
    constexpr std::uint8_t key_path_without_annex = 0;

    ByteWriter writer;
    writer.write_u8(epoch).write_u8(sighash_type).write_u32_le(m_transaction.version).write_u32_le(m_transaction.lock_time);
    if (!is_anyonecanpay(sighash_type))
        writer.write(m_segwit.previous_outputs).write(m_taproot->amounts).write(m_taproot->scripts).write(m_segwit.sequences);
    if (base != sighash_none && base != sighash_single)
        writer.write(m_segwit.outputs);
    writer.write_u8(key_path_without_annex);
    if (is_anyonecanpay(sighash_type)) {
        write_outpoint(writer, spending.previous);
        writer.write(encode_output(m_spent[input])).write_u32_le(spending.sequence);
    } else {
        writer.write_u32_le(static_cast<std::uint32_t>(input));
    }
    if (base == sighash_single)
        writer.write(crypto::sha256(encode_output(m_transaction.outputs[input])));
    return crypto::tagged_hash("TapSighash").update(writer.bytes()).finish();
}

ByteArray<32> taproot_tweak(const ByteArray<32>& internal_key)
{
    return crypto::tagged_hash("TapTweak").update(internal_key).finish();
}

ByteArray<32> taproot_tweak(const ByteArray<32>& internal_key, const ByteArray<32>& merkle_root)
{
    return crypto::tagged_hash("TapTweak").update(internal_key).update(merkle_root).finish();
}

} // namespace coffer::bitcoin
