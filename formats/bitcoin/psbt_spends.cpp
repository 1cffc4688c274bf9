#include "formats/bitcoin/psbt_spends.h"

#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "formats/bitcoin/script.h"

#include <algorithm>
#include <map>
#include <set>

namespace coffer::bitcoin {

namespace {

std::string place(std::size_t input)
{
    return "input " + std::to_string(input) + ": ";
}

/// True when a signature of it does not commit to the amounts of other inputs (BIP-143).
bool is_segwit_v0(const PsbtInput& input, ByteView script_pubkey)
{
    const auto type = script_type(script_pubkey);
    if (type == ScriptType::p2sh && input.redeem_script)
        return witness_version(*input.redeem_script) == 0;
    return type == ScriptType::p2wpkh || type == ScriptType::p2wsh;
}

/// Ids of previous transactions, each hashed once though many inputs may bring the same one.
class PreviousTransactions {
public:
    const TxOutput& output_of(const PsbtInput& input, std::size_t number)
    {
        const auto& transaction = *input.non_witness_utxo;
        const auto known = m_proved.find(input.previous.txid);
        const bool is_proved = known != m_proved.end() && *known->second == transaction;
        if (!is_proved) {
            if (const auto txid = txid_of(transaction); txid != input.previous.txid)
                throw Error{ErrorCode::psbt_prevtx_hash, place(number) + "the previous transaction is " + format_txid(txid) +
                                                             ", it spends " + format_txid(input.previous.txid)};
            m_proved.insert_or_assign(input.previous.txid, &transaction);
        }
        if (input.previous.index >= transaction.outputs.size())
            throw Error{ErrorCode::psbt_prevtx_index, place(number) + "it spends output " + std::to_string(input.previous.index) +
                                                          " of a transaction with " + std::to_string(transaction.outputs.size())};
        return transaction.outputs[input.previous.index];
    }

private:
    std::map<Txid, const Transaction*> m_proved;
};

TxOutput claimed_output(const PsbtInput& input, std::size_t number)
{
    if (!input.witness_utxo)
        throw Error{ErrorCode::psbt_no_prevtx, place(number) + "neither its previous transaction nor what it spends came along"};
    const auto& script = input.witness_utxo->script_pubkey;
    if (script_type(script) == ScriptType::p2tr)
        return *input.witness_utxo;
    if (is_segwit_v0(input, script))
        throw Error{ErrorCode::psbt_no_prevtx, place(number) + "segwit version 0 without the previous transaction: its amount could be a lie"};
    throw Error{ErrorCode::psbt_legacy_wutxo, place(number) + "no segwit, and only a witness UTXO came along"};
}

TxOutput spent_output(const PsbtInput& input, std::size_t number, PreviousTransactions& previous)
{
    if (!input.non_witness_utxo)
        return claimed_output(input, number);
    const auto& proved = previous.output_of(input, number);
    if (input.witness_utxo && input.witness_utxo->amount != proved.amount)
        throw Error{ErrorCode::psbt_utxo_amount, place(number) + "claims to spend " + std::to_string(input.witness_utxo->amount) +
                                                     " sat, the previous transaction says " + std::to_string(proved.amount)};
    if (input.witness_utxo && input.witness_utxo->script_pubkey != proved.script_pubkey)
        throw Error{ErrorCode::psbt_utxo_conflict, place(number) + "claims to spend another script than the previous transaction has"};
    return proved;
}

template <typename Outputs, typename Amount>
std::uint64_t sum_of(const Outputs& outputs, Amount amount_of, std::string_view what)
{
    std::uint64_t sum = 0;
    for (const auto& output : outputs) {
        const std::uint64_t amount = amount_of(output);
        if (amount > most_money || sum > most_money - amount)
            throw Error{ErrorCode::amount_range, std::string{what} + " are above 21 million bitcoins"};
        sum += amount;
    }
    return sum;
}

Error mismatch(const std::string& what)
{
    return Error{ErrorCode::psbt_script_mismatch, what};
}

void require_no(const std::optional<Bytes>& script, std::string_view name)
{
    if (script)
        throw mismatch("a " + std::string{name} + " came along that what it spends does not have");
}

/// The keys that the PSBT names, wherever, and that have this hash.
std::vector<Bytes> keys_of_hash(const PsbtInput& input, ByteView key_hash)
{
    std::set<Bytes> found;
    for (const auto& [key, source] : input.derivations)
        if (equal(crypto::hash160(key), key_hash))
            found.insert(key);
    for (const auto& [key, signature] : input.partial_signatures)
        if (equal(crypto::hash160(key), key_hash))
            found.insert(key);
    return {found.begin(), found.end()};
}

void spend_key_hash(Spend& spend, const PsbtInput& input, SpendScheme scheme, ByteView key_hash)
{
    spend.scheme = scheme;
    spend.keys = keys_of_hash(input, key_hash);
    spend.script_code = p2pkh_script(to_array<20>(key_hash, "key hash"));
}

void spend_multisig(Spend& spend, SpendScheme scheme, const Bytes& script)
{
    const auto multisig = find_multisig(script);
    if (!multisig)
        throw mismatch("the script that came along is no multi-signature of compressed keys");
    spend.scheme = scheme;
    spend.is_multisig = true;
    spend.threshold = multisig->threshold;
    for (const auto& key : multisig->keys)
        spend.keys.push_back(to_bytes(key.compressed()));
    spend.script_code = script;
}

void spend_witness_script(Spend& spend, const PsbtInput& input, ByteView script_pubkey)
{
    if (!input.witness_script || !equal(p2wsh_script_of(*input.witness_script), script_pubkey))
        throw mismatch(input.witness_script ? "the witness script does not hash to what is spent" : "the witness script is missing");
    spend.witness_script = *input.witness_script;
    spend_multisig(spend, SpendScheme::segwit_v0, spend.witness_script);
}

void spend_redeem_script(Spend& spend, const PsbtInput& input, ByteView script_pubkey)
{
    if (!input.redeem_script || !equal(p2sh_script_of(*input.redeem_script), script_pubkey))
        throw mismatch(input.redeem_script ? "the redeem script does not hash to what is spent" : "the redeem script is missing");
    spend.redeem_script = *input.redeem_script;
    switch (script_type(spend.redeem_script)) {
    case ScriptType::p2wpkh:
        require_no(input.witness_script, "witness script");
        spend_key_hash(spend, input, SpendScheme::segwit_v0, script_payload(spend.redeem_script));
        break;
    case ScriptType::p2wsh:
        spend_witness_script(spend, input, spend.redeem_script);
        break;
    default:
        require_no(input.witness_script, "witness script");
        if (spend.redeem_script.size() > most_redeem_script_bytes)
            throw Error{ErrorCode::output_script, "a redeem script of " + std::to_string(spend.redeem_script.size()) + " bytes, over 520, cannot be spent (BIP-16)"};
        spend_multisig(spend, SpendScheme::legacy, spend.redeem_script);
    }
}

std::uint8_t sighash_type_of(const PsbtInput& input, SpendScheme scheme, std::size_t number)
{
    const auto expected = scheme == SpendScheme::taproot ? sighash_default : sighash_all;
    const auto asked = input.sighash_type.value_or(expected);
    if (asked != expected && !(scheme == SpendScheme::taproot && asked == sighash_all))
        throw Error{ErrorCode::sighash, place(number) + "asks for the signature hash type " + std::to_string(asked) +
                                            ", which does not cover the whole transaction"};
    return static_cast<std::uint8_t>(asked);
}

} // namespace

std::vector<TxOutput> spent_outputs(const Psbt& psbt)
{
    std::vector<TxOutput> spent;
    PreviousTransactions previous;
    std::set<Outpoint> seen;
    for (std::size_t i = 0; i < psbt.inputs.size(); ++i) {
        const auto& input = psbt.inputs[i];
        if (!seen.insert(input.previous).second)
            throw Error{ErrorCode::psbt_dupinput, place(i) + "spends " + format_txid(input.previous.txid) + ":" +
                                                      std::to_string(input.previous.index) + " a second time"};
        spent.push_back(spent_output(input, i, previous));
    }
    const auto in = sum_of(spent, [](const TxOutput& output) { return output.amount; }, "inputs");
    const auto out = sum_of(psbt.outputs, [](const PsbtOutput& output) { return output.output.amount; }, "outputs");
    if (out > in)
        throw Error{ErrorCode::amount_range, "outputs of " + std::to_string(out) + " sat are above inputs of " + std::to_string(in)};
    return spent;
}

TxOutput spent_output(const PsbtInput& input, std::size_t number)
{
    PreviousTransactions previous;
    return spent_output(input, number, previous);
}

Spend spend_of(const PsbtInput& input, const TxOutput& spent)
{
    Spend spend;
    const auto& script = spent.script_pubkey;
    const auto type = script_type(script);
    if (type != ScriptType::p2sh)
        require_no(input.redeem_script, "redeem script");
    if (type != ScriptType::p2sh && type != ScriptType::p2wsh)
        require_no(input.witness_script, "witness script");
    switch (type) {
    case ScriptType::p2pkh:
        spend_key_hash(spend, input, SpendScheme::legacy, script_payload(script));
        break;
    case ScriptType::p2wpkh:
        spend_key_hash(spend, input, SpendScheme::segwit_v0, script_payload(script));
        break;
    case ScriptType::p2sh:
        spend_redeem_script(spend, input, script);
        break;
    case ScriptType::p2wsh:
        spend_witness_script(spend, input, script);
        break;
    case ScriptType::p2tr:
        spend.scheme = SpendScheme::taproot;
        spend.keys = {to_bytes(script_payload(script))};
        break;
    case ScriptType::witness_unknown:
    case ScriptType::null_data:
    case ScriptType::other:
        throw Error{ErrorCode::output_script, "a script of an unknown form is never signed"};
    }
    return spend;
}

InputDigest input_digest(const PsbtInput& input, std::size_t number, Spend spend, std::uint64_t amount, const SignatureHasher& hasher)
{
    InputDigest digest{.spend = std::move(spend)};
    digest.sighash_type = sighash_type_of(input, digest.spend.scheme, number);
    switch (digest.spend.scheme) {
    case SpendScheme::legacy:
        digest.digest = hasher.legacy(number, digest.spend.script_code, digest.sighash_type);
        break;
    case SpendScheme::segwit_v0:
        digest.digest = hasher.segwit_v0(number, digest.spend.script_code, amount, digest.sighash_type);
        break;
    case SpendScheme::taproot:
        digest.digest = hasher.taproot_key_path(number, digest.sighash_type);
        break;
    }
    return digest;
}

std::vector<InputDigest> input_digests(const Psbt& psbt, const std::vector<TxOutput>& spent)
{
    const auto transaction = unsigned_transaction(psbt);
    const SignatureHasher hasher{transaction, spent};
    std::vector<InputDigest> digests;
    for (std::size_t i = 0; i < psbt.inputs.size(); ++i)
        digests.push_back(input_digest(psbt.inputs[i], i, spend_of(psbt.inputs[i], spent[i]), spent[i].amount, hasher));
    return digests;
}

} // namespace coffer::bitcoin
