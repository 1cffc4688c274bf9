#include "formats/bitcoin/foreign_signatures.h"

#include "core/base/byte_reader.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/encoding/hex.h"
#include "formats/bitcoin/psbt_adopt.h"
#include "formats/bitcoin/psbt_sign.h"

#include <algorithm>

namespace coffer::bitcoin {

namespace {

constexpr std::uint8_t der_sequence = 0x30;
constexpr std::size_t least_der = 9; // the shortest signature with its sighash type
constexpr std::size_t most_der = 73;
constexpr std::uint8_t op_pushdata1 = 0x4c;

bool is_psbt(ByteView bytes)
{
    static constexpr ByteArray<5> magic{'p', 's', 'b', 't', 0xff};
    return (bytes.size() > magic.size() && equal(bytes.first(magic.size()), magic)) || trim(text_of(bytes)).starts_with("cHNid");
}

/// Of a transaction in hex; the bytes themselves where it is none.
Bytes without_hex(ByteView artefact)
{
    const auto text = trim(text_of(artefact));
    const bool is_hex = !text.empty() && text.size() % 2 == 0 && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
    return is_hex ? encoding::decode_hex(text) : to_bytes(artefact);
}

/// What an artefact says of each input, whatever form it has: final fields stand as stacks.
Psbt read(ByteView artefact)
{
    if (is_psbt(artefact))
        return to_version_0(decode_foreign_psbt(artefact));
    const auto transaction = decode_transaction(without_hex(artefact));
    Psbt psbt;
    psbt.transaction_version = transaction.version;
    psbt.fallback_lock_time = transaction.lock_time;
    for (const auto& input : transaction.inputs) {
        PsbtInput read;
        read.previous = input.previous;
        read.sequence = input.sequence;
        read.final_script_sig = input.script_sig;
        read.final_script_witness = input.witness;
        psbt.inputs.push_back(std::move(read));
    }
    for (const auto& output : transaction.outputs) {
        PsbtOutput read;
        read.output = output;
        psbt.outputs.push_back(std::move(read));
    }
    return psbt;
}

/// The data that a script_sig pushes; what is no push ends it.
std::vector<Bytes> pushes_of(ByteView script)
{
    std::vector<Bytes> pushes;
    ByteReader reader{script};
    while (!reader.at_end()) {
        std::size_t size = reader.read_u8();
        if (size > op_pushdata1 || (size == op_pushdata1 && reader.at_end()))
            break;
        if (size == op_pushdata1)
            size = reader.read_u8();
        if (size > reader.remaining())
            break;
        pushes.push_back(to_bytes(reader.read(size)));
    }
    return pushes;
}

Error not_verified(std::uint32_t input)
{
    return Error{ErrorCode::sig_verify, "input " + std::to_string(input) + " has a signature that is of no key of its script, or does not verify"};
}

class InputReader {
public:
    InputReader(const PsbtInput& input, const InputDigest& digest, std::uint32_t number) : m_input{input}, m_digest{digest}, m_number{number} {}

    std::vector<payments::TaskSignature> read()
    {
        read_partial();
        if (m_input.final_script_witness)
            for (const auto& item : *m_input.final_script_witness)
                read_item(item);
        if (m_input.final_script_sig && m_digest.spend.scheme == SpendScheme::legacy)
            for (const auto& item : pushes_of(*m_input.final_script_sig))
                read_item(item);
        return std::move(m_found);
    }

private:
    void read_partial()
    {
        for (const auto& [key, signature] : m_input.partial_signatures)
            if (std::ranges::find(m_digest.spend.keys, key) == m_digest.spend.keys.end())
                throw not_verified(m_number);
        for (const auto& key : m_digest.spend.keys)
            if (const auto signature = find_signature(m_input, m_digest, key))
                add(key, *signature);
    }

    bool is_signature(ByteView item) const
    {
        if (m_digest.spend.scheme == SpendScheme::taproot)
            return item.size() == 64 || item.size() == 65;
        return item.size() >= least_der && item.size() <= most_der && item.front() == der_sequence;
    }

    void read_item(const Bytes& item)
    {
        if (!is_signature(item))
            return;
        for (const auto& key : m_digest.spend.keys) {
            PsbtInput one;
            if (m_digest.spend.scheme == SpendScheme::taproot)
                one.tap_key_signature = item;
            else
                one.partial_signatures.emplace(key, item);
            try {
                if (const auto signature = find_signature(one, m_digest, key))
                    return add(key, *signature);
            } catch (const Error&) {
                continue; // of another key of the script, perhaps
            }
        }
        throw not_verified(m_number);
    }

    void add(const Bytes& key, const ByteArray<64>& signature) { m_found.push_back({m_number, key, to_bytes(signature)}); }

    const PsbtInput& m_input;
    const InputDigest& m_digest;
    std::uint32_t m_number;
    std::vector<payments::TaskSignature> m_found;
};

} // namespace

bool is_signed_artefact(ByteView bytes)
{
    if (is_psbt(bytes))
        return true;
    try {
        return !decode_transaction(without_hex(bytes)).inputs.empty();
    } catch (const Error&) {
        return false;
    }
}

std::optional<std::vector<payments::TaskSignature>> find_foreign_signatures(ByteView artefact, const BitcoinPayload& payload)
{
    const auto foreign = read(artefact);
    if (unsigned_transaction(foreign) != unsigned_transaction(payload.psbt()))
        return std::nullopt;
    std::vector<payments::TaskSignature> signatures;
    for (std::uint32_t i = 0; i < foreign.inputs.size(); ++i)
        for (auto& signature : InputReader{foreign.inputs[i], payload.input_digests()[i], i}.read())
            signatures.push_back(std::move(signature));
    return signatures;
}

Psbt with_signatures(const BitcoinPayload& payload, std::span<const payments::TaskSignature> signatures)
{
    auto psbt = payload.psbt();
    for (const auto& signature : signatures) {
        if (signature.input >= payload.input_digests().size() || signature.signature.size() != 64)
            payload.verify(signature); // says what is wrong
        attach_signature(psbt, signature.input, payload.input_digests()[signature.input], signature.public_key,
                         to_array<64>(signature.signature, "signature"));
    }
    return psbt;
}

} // namespace coffer::bitcoin
