#pragma once

#include "core/base/byte_reader.h"
#include "core/base/error.h"
#include "formats/bitcoin/psbt.h"

#include <map>
#include <span>
#include <string_view>
#include <vector>

/// Key-value maps of BIP-174, for the codec only.
namespace coffer::bitcoin {

constexpr ByteArray<5> psbt_magic = {0x70, 0x73, 0x62, 0x74, 0xff};

// Types of BIP-174, BIP-370 and BIP-371, by map.
namespace global_type {
constexpr std::uint64_t unsigned_tx = 0x00, extended_key = 0x01, transaction_version = 0x02, fallback_lock_time = 0x03, input_count = 0x04,
                        output_count = 0x05, modifiable = 0x06, version = 0xfb;
}
namespace input_type {
constexpr std::uint64_t non_witness_utxo = 0x00, witness_utxo = 0x01, partial_signature = 0x02, sighash_type = 0x03, redeem_script = 0x04,
                        witness_script = 0x05, derivation = 0x06, final_script_sig = 0x07, final_script_witness = 0x08, ripemd160 = 0x0a,
                        sha256 = 0x0b, hash160 = 0x0c, hash256 = 0x0d, previous_txid = 0x0e, output_index = 0x0f, sequence = 0x10,
                        required_time_lock = 0x11, required_height_lock = 0x12, tap_key_signature = 0x13, tap_script_signature = 0x14,
                        tap_leaf_script = 0x15, tap_derivation = 0x16, tap_internal_key = 0x17, tap_merkle_root = 0x18,
                        musig_participants = 0x1a, musig_public_nonce = 0x1b, musig_partial_signature = 0x1c;
}
namespace output_type {
constexpr std::uint64_t redeem_script = 0x00, witness_script = 0x01, derivation = 0x02, amount = 0x03, script = 0x04, tap_internal_key = 0x05,
                        tap_tree = 0x06, tap_derivation = 0x07, musig_participants = 0x08;
}

/// One field: type, the data behind it in the key, and the value.
struct PsbtField {
    std::uint64_t type = 0;
    Bytes data;
    Bytes value;
    Bytes key; ///< type and data as they stand

    /// Throws Error{psbt_parse} when there is data behind the type.
    void require_no_data() const;
    /// The data, of one of these sizes.
    const Bytes& data_of(std::initializer_list<std::size_t> sizes) const;
    const Bytes& value_of(std::initializer_list<std::size_t> sizes) const;
    std::uint32_t value_u32() const;
    ByteArray<32> value_hash() const;
};

Error bad_psbt(std::string message);

/// Reads one map with its closing zero. Throws Error{psbt_parse}, Error{psbt_dupkey}, Error{limit} above most_map_fields.
std::vector<PsbtField> read_map(ByteReader& reader);

KeySource decode_key_source(ByteView value);
TaprootKeySource decode_taproot_key_source(ByteView value);
Bytes encode_key_source(const KeySource& source);
Bytes encode_taproot_key_source(const TaprootKeySource& source);

std::vector<Bytes> decode_witness(ByteView value);
Bytes encode_witness(const std::vector<Bytes>& witness);

// One map each; what it says stands in the result.
PsbtInput decode_input_map(std::span<const PsbtField> fields, std::uint32_t version);
PsbtOutput decode_output_map(std::span<const PsbtField> fields, std::uint32_t version);

} // namespace coffer::bitcoin
