#include "formats/bitcoin/psbt_finalize.h"

#include "core/base/error.h"
#include "formats/bitcoin/psbt_sign.h"
#include "formats/bitcoin/script.h"

namespace coffer::bitcoin {

namespace {

/// Signatures as a script takes them, with the keys that they are of.
struct Found {
    std::vector<Bytes> signatures;
    std::vector<Bytes> keys;
};

Found verified_signatures(const PsbtInput& input, const InputDigest& digest)
{
    Found found;
    for (const auto& key : digest.spend.keys) {
        if (!find_signature(input, digest, key))
            continue;
        found.keys.push_back(key);
        found.signatures.push_back(digest.spend.scheme == SpendScheme::taproot ? *input.tap_key_signature : input.partial_signatures.at(key));
    }
    return found;
}

/// What satisfies the innermost script: BIP-147's empty item first where it is a multi-signature.
std::vector<Bytes> satisfaction(const Spend& spend, const Found& found)
{
    std::vector<Bytes> stack;
    if (spend.is_multisig)
        stack.emplace_back();
    stack.insert(stack.end(), found.signatures.begin(), found.signatures.begin() + static_cast<std::ptrdiff_t>(spend.threshold));
    if (!spend.is_multisig && spend.scheme != SpendScheme::taproot)
        stack.push_back(found.keys.front());
    return stack;
}

/// Kept by BIP-174: what is spent, and what is not understood.
void drop_evidence(PsbtInput& input)
{
    input.partial_signatures.clear();
    input.sighash_type.reset();
    input.redeem_script.reset();
    input.witness_script.reset();
    input.derivations.clear();
    input.tap_key_signature.reset();
    input.tap_derivations.clear();
    input.tap_internal_key.reset();
    input.tap_merkle_root.reset();
}

} // namespace

SignatureCount count_signatures(const PsbtInput& input, const InputDigest& digest)
{
    return {static_cast<unsigned>(verified_signatures(input, digest).keys.size()), digest.spend.threshold};
}

void finalize_input(PsbtInput& input, const InputDigest& digest)
{
    const auto& spend = digest.spend;
    const auto found = verified_signatures(input, digest);
    if (found.signatures.size() < spend.threshold)
        throw Error{ErrorCode::state, std::to_string(found.signatures.size()) + " of " + std::to_string(spend.threshold) + " signatures are there"};
    auto stack = satisfaction(spend, found);
    Bytes script_sig;
    input.final_script_sig.reset(); // whoever sent the PSBT may have left others
    input.final_script_witness.reset();
    if (spend.scheme == SpendScheme::legacy) {
        for (const auto& item : stack)
            append_push(script_sig, item);
        if (!spend.redeem_script.empty())
            append_push(script_sig, spend.redeem_script);
    } else {
        if (!spend.witness_script.empty())
            stack.push_back(spend.witness_script);
        if (!spend.redeem_script.empty())
            append_push(script_sig, spend.redeem_script);
        input.final_script_witness = std::move(stack);
    }
    if (!script_sig.empty())
        input.final_script_sig = std::move(script_sig);
    drop_evidence(input);
}

Transaction extract_transaction(const Psbt& psbt)
{
    auto transaction = unsigned_transaction(psbt);
    for (std::size_t i = 0; i < psbt.inputs.size(); ++i) {
        const auto& input = psbt.inputs[i];
        if (!input.final_script_sig && !input.final_script_witness)
            throw Error{ErrorCode::state, "input " + std::to_string(i) + " is not final"};
        transaction.inputs[i].script_sig = input.final_script_sig.value_or(Bytes{});
        transaction.inputs[i].witness = input.final_script_witness.value_or(std::vector<Bytes>{});
    }
    return transaction;
}

} // namespace coffer::bitcoin
