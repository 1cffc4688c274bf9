#include "formats/bitcoin/psbt_update.h"

#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "formats/bitcoin/script.h"

namespace coffer::bitcoin {

namespace {

KeySource source_of(const KeyExpression& expression, ByteView public_key, std::size_t branch, std::uint32_t index)
{
    KeySource source;
    if (expression.origin) {
        source.fingerprint = expression.origin->fingerprint;
        source.path = expression.origin->path.steps();
    } else if (const auto* extended = std::get_if<keys::ExtendedPublicKey>(&expression.key)) {
        source.fingerprint = extended->fingerprint();
    } else {
        source.fingerprint = keys::Fingerprint::from(ByteView{crypto::hash160(public_key)}.first(4));
    }
    const auto steps = expression.steps(branch, index);
    source.path.insert(source.path.end(), steps.begin(), steps.end());
    return source;
}

/// Inputs and outputs have the same fields under other types.
template <typename Map>
void update(Map& map, const Descriptor& descriptor, std::size_t branch, std::uint32_t index)
{
    const auto scripts = descriptor.derive(branch, index);
    if (!scripts.redeem_script.empty())
        map.redeem_script = scripts.redeem_script;
    if (!scripts.witness_script.empty())
        map.witness_script = scripts.witness_script;
    for (const auto& key : scripts.keys) {
        const auto source = source_of(descriptor.keys()[key.expression], key.public_key, branch, index);
        if (descriptor.type() != DescriptorType::tr) {
            map.derivations.insert_or_assign(key.public_key, source);
            continue;
        }
        const auto internal = to_bytes(ByteView{key.public_key}.last(32));
        map.tap_internal_key = to_array<32>(internal, "internal key");
        map.tap_derivations.insert_or_assign(internal, TaprootKeySource{{}, source});
    }
}

} // namespace

Psbt create_psbt(const Transaction& transaction, std::uint32_t version)
{
    Psbt psbt;
    psbt.version = version;
    psbt.transaction_version = transaction.version;
    psbt.fallback_lock_time = transaction.lock_time;
    for (const auto& input : transaction.inputs) {
        PsbtInput made;
        made.previous = input.previous;
        made.sequence = input.sequence;
        psbt.inputs.push_back(std::move(made));
    }
    for (const auto& output : transaction.outputs) {
        PsbtOutput made;
        made.output = output;
        psbt.outputs.push_back(std::move(made));
    }
    return psbt;
}

void update_input(PsbtInput& input, const Descriptor& descriptor, std::size_t branch, std::uint32_t index)
{
    update(input, descriptor, branch, index);
}

void update_output(PsbtOutput& output, const Descriptor& descriptor, std::size_t branch, std::uint32_t index)
{
    update(output, descriptor, branch, index);
}

void update_spent(PsbtInput& input, const Transaction& previous)
{
    if (const auto txid = txid_of(previous); txid != input.previous.txid)
        throw Error{ErrorCode::psbt_prevtx_hash, "the previous transaction is " + format_txid(txid) + ", the input spends " +
                                                     format_txid(input.previous.txid)};
    if (input.previous.index >= previous.outputs.size())
        throw Error{ErrorCode::psbt_prevtx_index, "the input spends output " + std::to_string(input.previous.index) +
                                                      " of a transaction with " + std::to_string(previous.outputs.size())};
    input.non_witness_utxo = previous;
    const auto& spent = previous.outputs[input.previous.index];
    const auto& script = script_type(spent.script_pubkey) == ScriptType::p2sh && input.redeem_script ? *input.redeem_script : spent.script_pubkey;
    if (witness_version(script))
        input.witness_utxo = spent;
}

} // namespace coffer::bitcoin
