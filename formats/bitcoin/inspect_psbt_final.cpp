#include "core/base/byte_reader.h"
#include "core/base/error.h"
#include "formats/bitcoin/inspect_psbt_inputs.h"
#include "formats/bitcoin/psbt_finalize.h"
#include "formats/bitcoin/psbt_sign.h"
#include "formats/bitcoin/script.h"

namespace coffer::bitcoin {

namespace {

using Stack = std::vector<Bytes>;

constexpr std::size_t schnorr_size = 64;

/// What a script_sig pushes; none when it does anything else.
std::optional<Stack> pushes_of(ByteView script)
{
    constexpr std::uint8_t longest_direct_push = 75;
    constexpr std::uint8_t op_pushdata1 = 0x4c;
    constexpr std::uint8_t op_pushdata2 = 0x4d;
    Stack pushes;
    ByteReader reader{script};
    while (!reader.at_end()) {
        const auto opcode = reader.read_u8();
        if (opcode > op_pushdata2)
            return std::nullopt;
        std::size_t size = opcode;
        if (opcode > longest_direct_push)
            size = reader.read_u8();
        if (opcode == op_pushdata2)
            size += std::size_t{reader.read_u8()} << 8;
        pushes.push_back(to_bytes(reader.read(size)));
    }
    static_assert(op_pushdata1 == longest_direct_push + 1);
    return pushes;
}

void take_sighash_type(PsbtInput& input, const Bytes& signature)
{
    if (!signature.empty())
        input.sighash_type = signature.back();
}

/// Signature and key.
bool open_key_hash(ReopenedInput& opened, const Stack& stack)
{
    if (stack.size() != 2)
        return false;
    opened.input.partial_signatures.emplace(stack[1], stack[0]);
    take_sighash_type(opened.input, stack[0]);
    return true;
}

/// BIP-147's empty item, then signatures.
bool open_multisig(ReopenedInput& opened, const Stack& stack)
{
    if (stack.size() < 2 || !stack.front().empty())
        return false;
    opened.multisig_signatures.assign(stack.begin() + 1, stack.end());
    take_sighash_type(opened.input, stack[1]);
    return true;
}

bool open_witness_script(ReopenedInput& opened, Stack stack)
{
    if (stack.empty())
        return false;
    opened.input.witness_script = std::move(stack.back());
    stack.pop_back();
    return open_multisig(opened, stack);
}

bool open_taproot(ReopenedInput& opened, const Stack& stack)
{
    if (stack.size() != 1 || (stack[0].size() != schnorr_size && stack[0].size() != schnorr_size + 1))
        return false;
    opened.input.tap_key_signature = stack[0];
    if (stack[0].size() > schnorr_size)
        take_sighash_type(opened.input, stack[0]);
    return true;
}

bool open_p2sh(ReopenedInput& opened, Stack pushes, const Stack& witness)
{
    if (pushes.empty())
        return false;
    const auto redeem_script = std::move(pushes.back());
    pushes.pop_back();
    opened.input.redeem_script = redeem_script;
    switch (script_type(redeem_script)) {
    case ScriptType::p2wpkh: return pushes.empty() && open_key_hash(opened, witness);
    case ScriptType::p2wsh: return pushes.empty() && open_witness_script(opened, witness);
    default: return witness.empty() && open_multisig(opened, pushes);
    }
}

bool open(ReopenedInput& opened, ByteView script_pubkey, const Stack& pushes, const Stack& witness)
{
    switch (script_type(script_pubkey)) {
    case ScriptType::p2pkh: return witness.empty() && open_key_hash(opened, pushes);
    case ScriptType::p2sh: return open_p2sh(opened, pushes, witness);
    case ScriptType::p2wpkh: return pushes.empty() && open_key_hash(opened, witness);
    case ScriptType::p2wsh: return pushes.empty() && open_witness_script(opened, witness);
    case ScriptType::p2tr: return pushes.empty() && open_taproot(opened, witness);
    case ScriptType::witness_unknown:
    case ScriptType::null_data:
    case ScriptType::other: break;
    }
    return false;
}

bool is_signature_of(const Bytes& signature, const Bytes& public_key, const InputDigest& digest)
{
    if (signature.empty() || signature.back() != digest.sighash_type)
        return false;
    try {
        return verify_input(digest, public_key, crypto::decode_der(ByteView{signature}.first(signature.size() - 1)));
    } catch (const Error&) {
        return false;
    }
}

/// OP_CHECKMULTISIG takes signatures in the order of the keys.
void assign_signatures(ReopenedInput& opened, const InputDigest& digest)
{
    auto next = opened.multisig_signatures.begin();
    for (const auto& key : digest.spend.keys)
        if (next != opened.multisig_signatures.end() && is_signature_of(*next, key, digest))
            opened.input.partial_signatures.emplace(key, *next++);
}

} // namespace

std::optional<ReopenedInput> reopen_input(const PsbtInput& final_one, ByteView script_pubkey)
{
    ReopenedInput opened;
    try {
        const auto pushes = pushes_of(final_one.final_script_sig.value_or(Bytes{}));
        if (pushes && open(opened, script_pubkey, *pushes, final_one.final_script_witness.value_or(Stack{})))
            return opened;
    } catch (const Error&) { // a push is longer than the script
        return std::nullopt;
    }
    return std::nullopt;
}

bool is_final_as(const PsbtInput& final_one, ReopenedInput opened, const InputDigest& digest)
{
    assign_signatures(opened, digest);
    try {
        finalize_input(opened.input, digest);
    } catch (const Error&) {
        return false;
    }
    return opened.input.final_script_sig.value_or(Bytes{}) == final_one.final_script_sig.value_or(Bytes{}) &&
           opened.input.final_script_witness.value_or(Stack{}) == final_one.final_script_witness.value_or(Stack{});
}

} // namespace coffer::bitcoin
