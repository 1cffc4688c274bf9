#include "formats/bitcoin/psbt_combine.h"

#include "core/base/error.h"

#include <algorithm>

namespace coffer::bitcoin {

namespace {

template <typename Value>
void take(std::optional<Value>& kept, const std::optional<Value>& other)
{
    if (!kept)
        kept = other;
}

template <typename Key, typename Value>
void take(std::map<Key, Value>& kept, const std::map<Key, Value>& other)
{
    kept.insert(other.begin(), other.end());
}

void take(PsbtInput& kept, const PsbtInput& other)
{
    take(kept.sequence, other.sequence);
    take(kept.required_time_lock, other.required_time_lock);
    take(kept.required_height_lock, other.required_height_lock);
    take(kept.non_witness_utxo, other.non_witness_utxo);
    take(kept.witness_utxo, other.witness_utxo);
    take(kept.partial_signatures, other.partial_signatures);
    take(kept.sighash_type, other.sighash_type);
    take(kept.redeem_script, other.redeem_script);
    take(kept.witness_script, other.witness_script);
    take(kept.derivations, other.derivations);
    take(kept.final_script_sig, other.final_script_sig);
    take(kept.final_script_witness, other.final_script_witness);
    take(kept.tap_key_signature, other.tap_key_signature);
    take(kept.tap_derivations, other.tap_derivations);
    take(kept.tap_internal_key, other.tap_internal_key);
    take(kept.tap_merkle_root, other.tap_merkle_root);
    take(kept.unknown, other.unknown);
}

void take(PsbtOutput& kept, const PsbtOutput& other)
{
    take(kept.redeem_script, other.redeem_script);
    take(kept.witness_script, other.witness_script);
    take(kept.derivations, other.derivations);
    take(kept.tap_internal_key, other.tap_internal_key);
    take(kept.tap_derivations, other.tap_derivations);
    take(kept.unknown, other.unknown);
}

bool are_of_one_transaction(const Psbt& first, const Psbt& second)
{
    if (first.version == 2 && second.version == 2)
        return unique_id(first) == unique_id(second);
    return unsigned_transaction(first) == unsigned_transaction(second);
}

/// BIP-370: what one of them lets nobody add to stays so; a SIGHASH_SINGLE in one of them is there.
void take_flags(Psbt& kept, const Psbt& other)
{
    constexpr unsigned inputs_and_outputs = 0x03;
    if (!kept.modifiable || other.version != 2)
        return;
    const unsigned one = *kept.modifiable;
    const unsigned two = other.modifiable.value_or(0);
    kept.modifiable = static_cast<std::uint8_t>((one & two & inputs_and_outputs) | ((one | two) & ~inputs_and_outputs));
}

bool is_signed(const Psbt& psbt)
{
    return std::ranges::any_of(psbt.inputs, [](const PsbtInput& input) {
        return !input.partial_signatures.empty() || input.tap_key_signature || input.final_script_sig || input.final_script_witness;
    });
}

/// Version 2 lets sequences and lock times change: not below a signature.
void require_signatures_survive(const Psbt& combined, const Psbt& part)
{
    if (is_signed(part) && unsigned_transaction(part) != unsigned_transaction(combined))
        throw Error{ErrorCode::tx_changed, "a signature is over another lock time or sequence than the partially signed transactions have together"};
}

} // namespace

Psbt combine(const Psbt& first, const Psbt& second)
{
    if (!are_of_one_transaction(first, second))
        throw Error{ErrorCode::tx_changed, "the partially signed transactions are of two transactions, " +
                                               format_txid(txid_of(unsigned_transaction(first))) + " and " +
                                               format_txid(txid_of(unsigned_transaction(second)))};
    auto combined = first;
    const auto other = first.version == 0 ? to_version_0(second) : second;
    take_flags(combined, other);
    take(combined.extended_keys, other.extended_keys);
    take(combined.unknown, other.unknown);
    for (std::size_t i = 0; i < combined.inputs.size(); ++i)
        take(combined.inputs[i], other.inputs[i]);
    for (std::size_t i = 0; i < combined.outputs.size(); ++i)
        take(combined.outputs[i], other.outputs[i]);
    require_signatures_survive(combined, first);
    require_signatures_survive(combined, second);
    return combined;
}

} // namespace coffer::bitcoin
