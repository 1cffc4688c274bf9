#include "formats/bitcoin/payload.h"

#include "core/artefacts/artefact.h"
#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"
#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "core/crypto/schnorr.h"
#include "core/encoding/cbor.h"
#include "core/encoding/hex.h"
#include "formats/bitcoin/address.h"
#include "formats/bitcoin/feerate.h"
#include "formats/bitcoin/psbt_finalize.h"
#include "formats/bitcoin/psbt_map.h"
#include "formats/bitcoin/psbt_sign.h"
#include "formats/bitcoin/script.h"
#include "formats/bitcoin/sighash.h"
#include "formats/bitcoin/weight.h"

#include <algorithm>

namespace coffer::bitcoin {

namespace {

constexpr std::uint32_t first_lock_in_seconds = 500'000'000; // BIP-65: below it is a height
constexpr std::uint64_t most_ahead = 6;
constexpr std::uint32_t final_sequence = 0xffffffff;
constexpr std::uint32_t relative_lock_disabled = 0x80000000; // BIP-68

std::string input_name(std::size_t number)
{
    return "input " + std::to_string(number) + ": ";
}

std::string output_name(std::size_t number)
{
    return "output " + std::to_string(number) + ": ";
}

PayloadDigest payload_digest(const Network& network, const Transaction& transaction, const std::vector<TxOutput>& spent,
                             const std::vector<InputDigest>& digests)
{
    using cbor::Value;
    const auto amount = [](std::uint64_t satoshi) { return Uint256{satoshi}.minimal_big_endian(); };
    Value::Array inputs;
    for (std::size_t i = 0; i < transaction.inputs.size(); ++i) {
        const auto& input = transaction.inputs[i];
        inputs.push_back(Value::Array{Value::Array{input.previous.txid.bytes(), std::uint64_t{input.previous.index}}, std::uint64_t{input.sequence},
                                      amount(spent[i].amount), spent[i].script_pubkey, std::uint64_t{digests[i].sighash_type}});
    }
    Value::Array outputs;
    for (const auto& output : transaction.outputs)
        outputs.push_back(Value::Array{amount(output.amount), output.script_pubkey});
    const Value value{Value::Array{family_name, network.genesis(), std::uint64_t{transaction.version}, std::uint64_t{transaction.lock_time},
                                   std::move(inputs), std::move(outputs)}};
    return PayloadDigest{crypto::sha256(artefacts::domain_separated("payload", cbor::encode(value)))};
}

/// Only the key path of a wallet without scripts is signed (BIP-86): whatever speaks of scripts is a surprise.
void require_key_path(const PsbtInput& input, const TxOutput& spent, std::size_t number)
{
    const auto here = input_name(number);
    if (input.tap_merkle_root && input.tap_internal_key) {
        const auto tweak = taproot_tweak(*input.tap_internal_key, *input.tap_merkle_root);
        const auto output_key = crypto::XOnlyPublicKey::decode(*input.tap_internal_key).tweak_add(tweak);
        if (!output_key || !equal(output_key->bytes(), script_payload(spent.script_pubkey)))
            throw Error{ErrorCode::tap_commit, here + "what it spends does not commit to the script tree that came along"};
    }
    const auto is_of_script = [](const auto& field) {
        return field.first.front() == input_type::tap_leaf_script || field.first.front() == input_type::tap_script_signature;
    };
    if (input.tap_merkle_root || std::ranges::any_of(input.unknown, is_of_script))
        throw Error{ErrorCode::tap_leaf, here + "it comes with a script to spend it by; only the key path is signed"};
}

bool is_legacy(const PsbtInput& input, const TxOutput& spent)
{
    const auto type = script_type(spent.script_pubkey);
    return type == ScriptType::p2pkh || (type == ScriptType::p2sh && input.redeem_script && !witness_version(*input.redeem_script));
}

/// What is refused before anything is hashed for a signature.
void require_form_of_inputs(const Psbt& psbt, const std::vector<TxOutput>& spent)
{
    std::uint64_t legacy = 0;
    for (std::size_t i = 0; i < psbt.inputs.size(); ++i) {
        const auto& input = psbt.inputs[i];
        if (input.final_script_sig || input.final_script_witness)
            throw Error{ErrorCode::psbt_final, input_name(i) + "it is final already, and nothing is left to sign",
                        "a complete transaction is broadcast as it is"};
        if (script_type(spent[i].script_pubkey) == ScriptType::p2tr)
            require_key_path(input, spent[i], i);
        legacy += is_legacy(input, spent[i]) ? 1U : 0U;
    }
    const std::uint64_t size = encode_without_witness(unsigned_transaction(psbt)).size();
    if (legacy * size > most_legacy_hashing)
        throw Error{ErrorCode::limit, std::to_string(legacy) + " legacy inputs in a transaction of " + std::to_string(size) +
                                          " bytes take too long to hash; spend them in several"};
}

std::string in_words(std::uint64_t count, std::string_view thing)
{
    return std::to_string(count) + " " + std::string{thing} + (count == 1 ? "" : "s");
}

} // namespace

payments::SpendSlot outpoint_slot(const Network& network, const Outpoint& outpoint)
{
    ByteWriter owner;
    owner.write(bytes_of(family_name)).write(network.genesis()).write(outpoint.txid.bytes()).write_u32_be(outpoint.index);
    return {std::move(owner).bytes(), std::nullopt};
}

std::optional<Outpoint> find_outpoint(const payments::SpendSlot& slot, const Network& network)
{
    ByteReader reader{slot.owner};
    if (slot.sequence || slot.owner.size() != family_name.size() + 32 + 32 + 4 || !equal(reader.read(family_name.size()), bytes_of(family_name)) ||
        !equal(reader.read(32), network.genesis()))
        return std::nullopt;
    const auto txid = Txid::from(reader.read(32));
    return Outpoint{txid, reader.read_u32_be()};
}

std::uint64_t dust_limit(ByteView script_pubkey)
{
    constexpr std::uint64_t rate = 3; // sat/vB
    constexpr std::uint64_t spending_legacy = 148;
    constexpr std::uint64_t spending_witness = 67;
    const auto spending = witness_version(script_pubkey) ? spending_witness : spending_legacy;
    return rate * (encode_output({0, to_bytes(script_pubkey)}).size() + spending);
}

BitcoinPayload::BitcoinPayload(ByteView bytes, Psbt psbt, std::vector<TxOutput> spent, std::shared_ptr<const DescriptorWallet> wallet)
    : Payload{to_bytes(bytes)}, m_psbt{std::move(psbt)}, m_wallet{std::move(wallet)}, m_transaction{unsigned_transaction(m_psbt)},
      m_spent{std::move(spent)}, m_digests{bitcoin::input_digests(m_psbt, m_spent)},
      m_places{places_of_inputs(m_psbt, m_spent, *m_wallet)},
      m_description{.payer = m_wallet->id(), .payments = {}, .change = {}, .fee = {.maximum = {{}, 0}, .rate = 0, .priority_rate = 0}},
      m_digest{payload_digest(m_wallet->network(), m_transaction, m_spent, m_digests)}
{
}

std::unique_ptr<const BitcoinPayload> BitcoinPayload::decode(ByteView bytes, const chains::PayloadContext& context, const WalletCache& wallets)
{
    auto psbt = decode_psbt(bytes);
    if (psbt.modifiable.value_or(0) != 0)
        throw Error{ErrorCode::psbt_modifiable, "the PSBT says that its inputs or outputs may still change (PSBT_GLOBAL_TX_MODIFIABLE)"};
    if (psbt.inputs.empty())
        throw Error{ErrorCode::psbt_parse, "the PSBT spends nothing"};
    auto spent = spent_outputs(psbt);
    require_form_of_inputs(psbt, spent);
    std::unique_ptr<BitcoinPayload> payload{
        new BitcoinPayload{bytes, std::move(psbt), std::move(spent), wallets.wallet_of(context.charter, context.wallet)}};
    payload->check_outputs();
    payload->describe(context);
    static_cast<void>(payload->signatures_inside()); // each is verified
    return payload;
}

void BitcoinPayload::check_outputs() const
{
    for (std::size_t i = 0; i < m_transaction.outputs.size(); ++i) {
        const auto& [amount, script] = m_transaction.outputs[i];
        switch (script_type(script)) {
        case ScriptType::p2pkh:
        case ScriptType::p2sh:
        case ScriptType::p2wpkh:
        case ScriptType::p2wsh:
        case ScriptType::p2tr: break;
        case ScriptType::witness_unknown:
        case ScriptType::null_data:
        case ScriptType::other:
            throw Error{ErrorCode::output_script, output_name(i) + "script " + encoding::encode_hex(script) + " is no address that can be paid"};
        }
        if (amount < dust_limit(script))
            throw Error{ErrorCode::output_script, output_name(i) + std::to_string(amount) + " sat are below the " + std::to_string(dust_limit(script)) +
                                                      " sat that are worth spending"};
    }
}

void BitcoinPayload::describe(const chains::PayloadContext& context)
{
    const auto asset = context.chain().native();
    std::uint64_t in = 0;
    std::uint64_t out = 0;
    for (const auto& spent : m_spent)
        in += spent.amount;
    for (std::size_t i = 0; i < m_psbt.outputs.size(); ++i) {
        const auto& output = m_psbt.outputs[i].output;
        out += output.amount;
        const Amount amount{asset, output.amount};
        if (const auto index = find_change_index(m_psbt.outputs[i], i, *m_wallet))
            m_description.change.push_back({output.script_pubkey, amount, *index});
        else
            m_description.payments.push_back({output.script_pubkey, amount});
    }
    const auto fee = in - out; // spent_outputs() has refused outputs above inputs
    m_description.fee = {.maximum = {asset, fee},
                         .rate = Uint256{fee} * Uint256{1000} / Uint256{signed_vsize(m_transaction, m_digests)},
                         .priority_rate = 0};
}

Bytes BitcoinPayload::chain_hash() const
{
    const auto txid = txid_of(m_transaction);
    return {txid.bytes().rbegin(), txid.bytes().rend()};
}

std::vector<payments::SpendSlot> BitcoinPayload::slots() const
{
    std::vector<payments::SpendSlot> slots;
    for (const auto& input : m_psbt.inputs)
        slots.push_back(outpoint_slot(m_wallet->network(), input.previous));
    return slots;
}

void BitcoinPayload::require_timely(std::optional<std::uint64_t> height) const
{
    for (std::size_t i = 0; i < m_transaction.inputs.size(); ++i)
        if ((m_transaction.inputs[i].sequence & relative_lock_disabled) == 0 && m_transaction.version >= 2)
            throw Error{ErrorCode::locktime, "input " + std::to_string(i) + " waits for the age of what it spends (sequence " +
                                                 std::to_string(m_transaction.inputs[i].sequence) + ", BIP-68)"};
    const auto lock_time = m_transaction.lock_time;
    if (lock_time == 0)
        return;
    if (lock_time >= first_lock_in_seconds)
        throw Error{ErrorCode::locktime, "the transaction waits for a time, " + std::to_string(lock_time) + "; only a height near the chain's is signed"};
    if (!height || lock_time > *height + most_ahead)
        throw Error{ErrorCode::locktime, "the transaction waits for block " + std::to_string(lock_time) + ", the request was made at " +
                                             (height ? "block " + std::to_string(*height) : std::string{"an unknown height"})};
    if (std::ranges::all_of(m_transaction.inputs, [](const TxInput& input) { return input.sequence == final_sequence; }))
        throw Error{ErrorCode::locktime, "the lock time " + std::to_string(lock_time) + " has no effect, because every sequence is final"};
}

std::vector<payments::Payload::Detail> BitcoinPayload::details() const
{
    const bool is_replaceable = std::ranges::any_of(m_transaction.inputs, [](const TxInput& input) { return input.sequence < final_sequence - 1; }); // BIP-125
    std::vector<Detail> details{{"fee rate", format_feerate(m_description.fee.rate) + (is_replaceable ? ", can be replaced by a higher one" : "")},
                                {"spends", in_words(m_transaction.inputs.size(), "input")}};
    if (m_transaction.lock_time != 0)
        details.push_back({"not before", "block " + std::to_string(m_transaction.lock_time)});
    return details;
}

payments::SignedTransaction BitcoinPayload::finalize(std::span<const payments::TaskSignature> signatures) const
{
    const auto transaction = extract_transaction(signing().finalize(m_psbt, signatures));
    return {encode_transaction(transaction), format_txid(txid_of(transaction))};
}

std::vector<payments::TaskSignature> BitcoinPayload::signatures_inside() const
{
    std::vector<payments::TaskSignature> found;
    for (std::uint32_t i = 0; i < m_digests.size(); ++i) {
        for (const auto& [key, signature] : m_psbt.inputs[i].partial_signatures)
            if (std::ranges::find(m_digests[i].spend.keys, key) == m_digests[i].spend.keys.end())
                throw Error{ErrorCode::sig_verify, "input " + std::to_string(i) + " has a signature of key " + encoding::encode_hex(key) +
                                                       ", which its script does not name"};
        for (const auto& key : m_digests[i].spend.keys)
            if (const auto signature = find_signature(m_psbt.inputs[i], m_digests[i], key))
                found.push_back({i, key, to_bytes(*signature)});
    }
    return found;
}

} // namespace coffer::bitcoin
