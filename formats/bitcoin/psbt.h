#pragma once

#include "core/keys/derivation_path.h"
#include "formats/bitcoin/transaction.h"

#include <map>
#include <optional>
#include <vector>

namespace coffer::bitcoin {

/// Where a key comes from: 4 bytes of master fingerprint and little-endian steps (BIP-174).
struct KeySource {
    keys::Fingerprint fingerprint;
    std::vector<std::uint32_t> path;
    bool operator==(const KeySource&) const = default;
};

/// The same with the script leaves that the key is in; none for a key path (BIP-371).
struct TaprootKeySource {
    std::vector<ByteArray<32>> leaf_hashes;
    KeySource source;
    bool operator==(const TaprootKeySource&) const = default;
};

/// Fields that are not interpreted here, under their whole key (type and data): carried along unread.
using UnknownFields = std::map<Bytes, Bytes>;

/// Public keys are 33 or 65 bytes, x-only ones 32.
struct PsbtInput {
    Outpoint previous;
    std::optional<std::uint32_t> sequence; ///< none: 0xffffffff; always there in version 0
    std::optional<std::uint32_t> required_time_lock; ///< version 2 only, from 500,000,000 on
    std::optional<std::uint32_t> required_height_lock; ///< version 2 only, 1 to 499,999,999

    std::optional<Transaction> non_witness_utxo;
    std::optional<TxOutput> witness_utxo;
    std::map<Bytes, Bytes> partial_signatures; ///< by public key: DER and a byte of sighash type
    std::optional<std::uint32_t> sighash_type;
    std::optional<Bytes> redeem_script;
    std::optional<Bytes> witness_script;
    std::map<Bytes, KeySource> derivations; ///< by public key
    std::optional<Bytes> final_script_sig;
    std::optional<std::vector<Bytes>> final_script_witness;
    std::optional<Bytes> tap_key_signature; ///< 64 bytes, or 65 with the sighash type
    std::map<Bytes, TaprootKeySource> tap_derivations; ///< by x-only key
    std::optional<ByteArray<32>> tap_internal_key;
    std::optional<ByteArray<32>> tap_merkle_root;
    UnknownFields unknown;
    bool operator==(const PsbtInput&) const = default;
};

struct PsbtOutput {
    TxOutput output;
    std::optional<Bytes> redeem_script;
    std::optional<Bytes> witness_script;
    std::map<Bytes, KeySource> derivations;
    std::optional<ByteArray<32>> tap_internal_key;
    std::map<Bytes, TaprootKeySource> tap_derivations;
    UnknownFields unknown;
    bool operator==(const PsbtOutput&) const = default;
};

/// A partially signed transaction, of version 0 (BIP-174) or 2 (BIP-370), in one model: what version 0
/// says by its unsigned transaction stands in the fields of version 2.
struct Psbt {
    std::uint32_t version = 0; ///< 0 or 2
    std::uint32_t transaction_version = 2;
    std::optional<std::uint32_t> fallback_lock_time; ///< always there in version 0: its lock time
    std::optional<std::uint8_t> modifiable; ///< PSBT_GLOBAL_TX_MODIFIABLE, version 2 only
    std::map<Bytes, KeySource> extended_keys; ///< by the 78 bytes of an extended public key
    std::vector<PsbtInput> inputs;
    std::vector<PsbtOutput> outputs;
    UnknownFields unknown;
    bool operator==(const Psbt&) const = default;
};

constexpr std::size_t most_psbt_bytes = 64 * 1024 * 1024;
constexpr std::size_t most_psbt_inputs = 10'000;
/// Fields of one map.
constexpr std::size_t most_map_fields = 100'000;
/// Fields of all maps and items of witnesses, those of previous transactions too: each takes many times its bytes.
constexpr std::size_t most_psbt_items = 1'000'000;
/// What has no witness has at most a quarter of a block's weight (BIP-141).
constexpr std::size_t most_unsigned_bytes = most_transaction_bytes / 4;

/// Errors: `psbt_parse` for anything malformed, with the offset where there is one; `psbt_dupkey` for a key that stands
/// twice in a map, unknown ones too; `psbt_version` for another version and for fields of the other one;
/// `limit` above one of the limits.
Psbt decode_psbt(ByteView bytes);
/// Sorted by key, each field in its one encoding.
Bytes encode_psbt(const Psbt& psbt);

/// What is to be signed: no script_sigs, no witnesses. Throws Error{psbt_parse} when the inputs of
/// a version 2 ask for lock times that exclude each other (BIP-370, "Determining Lock Time").
Transaction unsigned_transaction(const Psbt& psbt);
/// The id of a version 2 that does not change while sequences and lock times do (BIP-370).
Txid unique_id(const Psbt& psbt);

/// Throws what unsigned_transaction() does. What only version 2 can say (modifiable, required
/// lock times) is settled by it and gone.
Psbt to_version_0(const Psbt& psbt);
Psbt to_version_2(const Psbt& psbt);

} // namespace coffer::bitcoin
