#include "formats/bitcoin/script.h"

#include "core/base/error.h"
#include "core/crypto/hash.h"

#include <algorithm>

namespace coffer::bitcoin {

namespace {

constexpr std::uint8_t op_0 = 0x00;
constexpr std::uint8_t op_pushdata1 = 0x4c;
constexpr std::uint8_t op_pushdata2 = 0x4d;
constexpr std::uint8_t op_1negate = 0x4f;
constexpr std::uint8_t op_1 = 0x51;
constexpr std::uint8_t op_16 = 0x60;
constexpr std::uint8_t op_return = 0x6a;
constexpr std::uint8_t op_dup = 0x76;
constexpr std::uint8_t op_equal = 0x87;
constexpr std::uint8_t op_equalverify = 0x88;
constexpr std::uint8_t op_hash160 = 0xa9;
constexpr std::uint8_t op_checksig = 0xac;
constexpr std::uint8_t op_checkmultisig = 0xae;

constexpr std::size_t compressed_key_size = 33;

/// `prefix` and `suffix` around exactly `size` bytes.
bool is_of_form(ByteView script, std::initializer_list<std::uint8_t> prefix, std::size_t size, std::initializer_list<std::uint8_t> suffix)
{
    return script.size() == prefix.size() + size + suffix.size() &&
           std::equal(prefix.begin(), prefix.end(), script.begin()) &&
           std::equal(suffix.begin(), suffix.end(), script.end() - static_cast<std::ptrdiff_t>(suffix.size()));
}

Bytes enclose(std::initializer_list<std::uint8_t> prefix, ByteView middle, std::initializer_list<std::uint8_t> suffix)
{
    Bytes script{prefix};
    append(script, middle);
    script.insert(script.end(), suffix);
    return script;
}

/// OP_1 to OP_16, or, above, a push of one byte.
void append_small_number(Bytes& script, std::size_t number)
{
    if (number <= 16)
        script.push_back(static_cast<std::uint8_t>(op_1 + number - 1));
    else
        append_push(script, ByteArray<1>{static_cast<std::uint8_t>(number)});
}

/// Reads what append_small_number() writes.
std::optional<unsigned> take_small_number(ByteView& script)
{
    if (!script.empty() && script[0] >= op_1 && script[0] <= op_16) {
        const auto number = static_cast<unsigned>(script[0] - op_1 + 1);
        script = script.subspan(1);
        return number;
    }
    if (script.size() >= 2 && script[0] == 1 && script[1] > 16 && script[1] <= most_multisig_keys) {
        const unsigned number = script[1];
        script = script.subspan(2);
        return number;
    }
    return std::nullopt;
}

} // namespace

std::optional<unsigned> witness_version(ByteView script)
{
    if (script.size() < 4 || script.size() > 42 || script[1] + std::size_t{2} != script.size())
        return std::nullopt;
    if (script[0] == op_0)
        return 0;
    if (script[0] >= op_1 && script[0] <= op_16)
        return script[0] - op_1 + 1U;
    return std::nullopt;
}

ScriptType script_type(ByteView script)
{
    if (is_of_form(script, {op_dup, op_hash160, 20}, 20, {op_equalverify, op_checksig}))
        return ScriptType::p2pkh;
    if (is_of_form(script, {op_hash160, 20}, 20, {op_equal}))
        return ScriptType::p2sh;
    if (is_of_form(script, {op_0, 20}, 20, {}))
        return ScriptType::p2wpkh;
    if (is_of_form(script, {op_0, 32}, 32, {}))
        return ScriptType::p2wsh;
    if (is_of_form(script, {op_1, 32}, 32, {}))
        return ScriptType::p2tr;
    if (witness_version(script))
        return ScriptType::witness_unknown;
    if (!script.empty() && script[0] == op_return)
        return ScriptType::null_data;
    return ScriptType::other;
}

Bytes p2pkh_script(const ByteArray<20>& key_hash)
{
    return enclose({op_dup, op_hash160, 20}, key_hash, {op_equalverify, op_checksig});
}

Bytes p2sh_script(const ByteArray<20>& script_hash)
{
    return enclose({op_hash160, 20}, script_hash, {op_equal});
}

Bytes p2wpkh_script(const ByteArray<20>& key_hash)
{
    return enclose({op_0, 20}, key_hash, {});
}

Bytes p2wsh_script(const ByteArray<32>& script_hash)
{
    return enclose({op_0, 32}, script_hash, {});
}

Bytes p2tr_script(const ByteArray<32>& output_key)
{
    return enclose({op_1, 32}, output_key, {});
}

Bytes p2sh_script_of(ByteView redeem_script)
{
    return p2sh_script(crypto::hash160(redeem_script));
}

Bytes p2wsh_script_of(ByteView witness_script)
{
    return p2wsh_script(crypto::sha256(witness_script));
}

ByteView script_payload(ByteView script)
{
    switch (script_type(script)) {
    case ScriptType::p2pkh:
        return script.subspan(3, 20);
    case ScriptType::p2sh:
    case ScriptType::p2wpkh:
    case ScriptType::p2wsh:
    case ScriptType::p2tr:
    case ScriptType::witness_unknown:
        return script.subspan(2, script[1]);
    case ScriptType::null_data:
    case ScriptType::other:
        break;
    }
    return {};
}

Bytes multisig_script(unsigned threshold, std::span<const Bytes> keys)
{
    require(!keys.empty() && keys.size() <= most_multisig_keys && threshold >= 1 && threshold <= keys.size(),
            "a multisig script of impossible numbers");
    Bytes script;
    append_small_number(script, threshold);
    for (const auto& key : keys) {
        require(key.size() == compressed_key_size, "a multisig key that is not compressed");
        append_push(script, key);
    }
    append_small_number(script, keys.size());
    script.push_back(op_checkmultisig);
    return script;
}

Bytes multisig_script(const MultisigScript& multisig)
{
    std::vector<Bytes> keys;
    for (const auto& key : multisig.keys)
        keys.push_back(to_bytes(key.compressed()));
    return multisig_script(multisig.threshold, keys);
}

std::optional<MultisigScript> find_multisig(ByteView script)
{
    MultisigScript multisig;
    const auto threshold = take_small_number(script);
    if (!threshold)
        return std::nullopt;
    multisig.threshold = *threshold;
    while (script.size() > compressed_key_size && script[0] == compressed_key_size) {
        const auto key = script.subspan(1, compressed_key_size);
        if (key[0] != 2 && key[0] != 3)
            return std::nullopt;
        try {
            multisig.keys.push_back(crypto::Secp256k1PublicKey::decode(key));
        } catch (const Error&) {
            return std::nullopt;
        }
        script = script.subspan(1 + compressed_key_size);
    }
    const auto count = take_small_number(script);
    if (count != multisig.keys.size() || multisig.threshold > multisig.keys.size() || script.size() != 1 || script[0] != op_checkmultisig)
        return std::nullopt;
    return multisig;
}

void append_push(Bytes& script, ByteView data)
{
    require(data.size() <= 0xffff, "a push of over 65,535 bytes");
    const auto size = data.size();
    if (size == 1 && data[0] >= 1 && data[0] <= 16) {
        script.push_back(static_cast<std::uint8_t>(op_1 + data[0] - 1));
        return;
    }
    if (size == 1 && data[0] == 0x81) {
        script.push_back(op_1negate);
        return;
    }
    if (size < op_pushdata1) {
        script.push_back(static_cast<std::uint8_t>(size));
    } else if (size <= 0xff) {
        script.push_back(op_pushdata1);
        script.push_back(static_cast<std::uint8_t>(size));
    } else {
        script.push_back(op_pushdata2);
        script.push_back(static_cast<std::uint8_t>(size & 0xff));
        script.push_back(static_cast<std::uint8_t>(size >> 8));
    }
    append(script, data);
}

} // namespace coffer::bitcoin
