#pragma once

#include "core/base/bytes.h"
#include "core/crypto/secp256k1.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace coffer::bitcoin {

/// What a script public key asks for, by its form alone.
enum class ScriptType {
    p2pkh,
    p2sh,
    p2wpkh,
    p2wsh,
    p2tr,
    witness_unknown, ///< a witness program of another version or length (BIP-141)
    null_data,       ///< OP_RETURN: cannot be spent
    other,
};

ScriptType script_type(ByteView script_pubkey);

Bytes p2pkh_script(const ByteArray<20>& key_hash);
Bytes p2sh_script(const ByteArray<20>& script_hash);
Bytes p2wpkh_script(const ByteArray<20>& key_hash);
Bytes p2wsh_script(const ByteArray<32>& script_hash);
Bytes p2tr_script(const ByteArray<32>& output_key);

Bytes p2sh_script_of(ByteView redeem_script);
Bytes p2wsh_script_of(ByteView witness_script);

/// The bytes behind the opcodes of a script public key: a hash, a witness program. Empty for null_data and other.
ByteView script_payload(ByteView script_pubkey);
/// 0 to 16; none for what is no witness program.
std::optional<unsigned> witness_version(ByteView script_pubkey);

/// `OP_m key … OP_n OP_CHECKMULTISIG` with compressed keys.
struct MultisigScript {
    unsigned threshold = 0;
    std::vector<crypto::Secp256k1PublicKey> keys;
    bool operator==(const MultisigScript&) const = default;
};

constexpr std::size_t most_multisig_keys = 20;
/// BIP-16: what is pushed is at most 520 bytes, so that P2SH has room for 15 compressed keys.
constexpr std::size_t most_redeem_script_bytes = 520;

/// 1 to 20 keys, a threshold of 1 to as many; anything else is a broken invariant.
Bytes multisig_script(const MultisigScript& multisig);
/// The same of keys in 33 bytes, which are not decoded.
Bytes multisig_script(unsigned threshold, std::span<const Bytes> keys);
/// None when it is not exactly of that form.
std::optional<MultisigScript> find_multisig(ByteView script);

/// A push in its shortest form (BIP-62, rule 3).
void append_push(Bytes& script, ByteView data);

} // namespace coffer::bitcoin
