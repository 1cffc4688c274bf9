#include "formats/bitcoin/psbt_map.h"

#include "core/crypto/schnorr.h"
#include "core/crypto/secp256k1.h"
#include "core/encoding/compact_size.h"

namespace coffer::bitcoin {

namespace {

constexpr std::uint32_t first_time_lock = 500'000'000;

/// The data of a key that names a point, 33 or 65 bytes.
const Bytes& public_key_of(const PsbtField& field)
{
    const auto& key = field.data_of({33, 65});
    try {
        static_cast<void>(crypto::Secp256k1PublicKey::decode(key));
    } catch (const Error&) {
        throw bad_psbt("key of a field is no public key");
    }
    return key;
}

TxOutput decode_txout(ByteView value)
{
    ByteReader reader{value};
    TxOutput output;
    output.amount = reader.read_u64_le();
    output.script_pubkey = to_bytes(encoding::read_compact_bytes(reader));
    reader.expect_end();
    return output;
}

void require_version_2(const PsbtField& field, std::uint32_t version)
{
    if (version != 2)
        throw Error{ErrorCode::psbt_version, "field of type " + std::to_string(field.type) + " belongs to version 2"};
}

/// A control block: leaf version and parity, internal key, and up to 128 hashes (BIP-341).
void require_control_block(const PsbtField& field)
{
    const auto size = field.data.size();
    if (size < 33 || (size - 33) % 32 != 0 || (size - 33) / 32 > 128)
        throw bad_psbt("control block of " + std::to_string(size) + " bytes");
    if (field.value.empty())
        throw bad_psbt("taproot leaf script without a leaf version");
}

/// Depth, leaf version and script of each leaf, in an order that makes one tree (BIP-371).
void require_tap_tree(ByteView value)
{
    constexpr unsigned most_depth = 128;
    ByteReader reader{value};
    std::vector<unsigned> open; // depths of left branches whose right one is to come
    bool is_whole = false;
    while (!reader.at_end()) {
        unsigned depth = reader.read_u8();
        const auto leaf_version = reader.read_u8();
        static_cast<void>(encoding::read_compact_bytes(reader));
        if (is_whole || depth > most_depth || (leaf_version & 1) != 0)
            throw bad_psbt("taproot tree is no tree");
        while (!open.empty() && open.back() == depth) {
            open.pop_back();
            --depth;
        }
        if (!open.empty() && depth < open.back())
            throw bad_psbt("taproot tree is no tree");
        if (depth == 0)
            is_whole = true;
        else
            open.push_back(depth);
    }
    if (!is_whole)
        throw bad_psbt("taproot tree is not whole");
}

/// MuSig2 (BIP-373): compressed keys, and in the key data a key, the aggregate, and a leaf hash where there is one.
void require_musig_participants(const PsbtField& field)
{
    static_cast<void>(crypto::Secp256k1PublicKey::decode(field.data_of({33})));
    if (field.value.empty() || field.value.size() % 33 != 0)
        throw bad_psbt("MuSig2 participants in " + std::to_string(field.value.size()) + " bytes, not 33 each");
    for (std::size_t i = 0; i < field.value.size(); i += 33)
        static_cast<void>(crypto::Secp256k1PublicKey::decode(ByteView{field.value}.subspan(i, 33)));
}

/// MuSig2 nonces and partial signatures stand under a participant, the aggregate key, and a leaf hash for a script path.
void require_musig_keys(const PsbtField& field)
{
    const ByteView keys{field.data_of({66, 98})};
    static_cast<void>(crypto::Secp256k1PublicKey::decode(keys.first(33)));
    static_cast<void>(crypto::Secp256k1PublicKey::decode(keys.subspan(33, 33)));
}

/// Fields that only travel: their form is judged, their content is not.
void keep_unknown_input(PsbtInput& input, const PsbtField& field)
{
    switch (field.type) {
    case input_type::ripemd160:
    case input_type::hash160:
        field.data_of({20});
        break;
    case input_type::sha256:
    case input_type::hash256:
        field.data_of({32});
        break;
    case input_type::tap_script_signature:
        field.data_of({64});
        field.value_of({64, 65});
        break;
    case input_type::tap_leaf_script:
        require_control_block(field);
        break;
    case input_type::musig_participants:
        require_musig_participants(field);
        break;
    case input_type::musig_public_nonce:
        require_musig_keys(field);
        field.value_of({66});
        break;
    case input_type::musig_partial_signature:
        require_musig_keys(field);
        field.value_of({32});
        break;
    default:
        break;
    }
    input.unknown.emplace(field.key, field.value);
}

/// What every version has; false for a type that is not one of these.
bool take_input_field(PsbtInput& input, const PsbtField& field)
{
    switch (field.type) {
    case input_type::partial_signature:
        input.partial_signatures.emplace(public_key_of(field), field.value);
        return true;
    case input_type::derivation:
        input.derivations.emplace(public_key_of(field), decode_key_source(field.value));
        return true;
    case input_type::tap_derivation:
        input.tap_derivations.emplace(field.data_of({32}), decode_taproot_key_source(field.value));
        return true;
    default:
        break;
    }
    if (field.type > input_type::tap_merkle_root || (field.type > input_type::final_script_witness && field.type < input_type::tap_key_signature) ||
        field.type == input_type::tap_script_signature || field.type == input_type::tap_leaf_script)
        return false;
    field.require_no_data();
    switch (field.type) {
    case input_type::non_witness_utxo:
        input.non_witness_utxo = decode_transaction(field.value);
        return true;
    case input_type::witness_utxo:
        input.witness_utxo = decode_txout(field.value);
        return true;
    case input_type::sighash_type:
        input.sighash_type = field.value_u32();
        return true;
    case input_type::redeem_script:
        input.redeem_script = field.value;
        return true;
    case input_type::witness_script:
        input.witness_script = field.value;
        return true;
    case input_type::final_script_sig:
        input.final_script_sig = field.value;
        return true;
    case input_type::final_script_witness:
        input.final_script_witness = decode_witness(field.value);
        return true;
    case input_type::tap_key_signature:
        input.tap_key_signature = field.value_of({64, 65});
        return true;
    case input_type::tap_internal_key:
        input.tap_internal_key = field.value_hash();
        return true;
    default:
        input.tap_merkle_root = field.value_hash();
        return true;
    }
}

/// False for a type that is none of version 2's own.
bool take_version_2_field(PsbtInput& input, const PsbtField& field, std::uint32_t version, bool& has_txid, bool& has_index)
{
    if (field.type < input_type::previous_txid || field.type > input_type::required_height_lock)
        return false;
    require_version_2(field, version);
    field.require_no_data();
    switch (field.type) {
    case input_type::previous_txid:
        input.previous.txid = Txid{field.value_hash()};
        has_txid = true;
        break;
    case input_type::output_index:
        input.previous.index = field.value_u32();
        has_index = true;
        break;
    case input_type::sequence:
        input.sequence = field.value_u32();
        break;
    case input_type::required_time_lock:
        input.required_time_lock = field.value_u32();
        if (*input.required_time_lock < first_time_lock)
            throw bad_psbt("required time lock " + std::to_string(*input.required_time_lock) + " is a height");
        break;
    default:
        input.required_height_lock = field.value_u32();
        if (*input.required_height_lock == 0 || *input.required_height_lock >= first_time_lock)
            throw bad_psbt("required height lock " + std::to_string(*input.required_height_lock) + " is no height");
        break;
    }
    return true;
}

} // namespace

PsbtInput decode_input_map(std::span<const PsbtField> fields, std::uint32_t version)
{
    PsbtInput input;
    bool has_txid = false;
    bool has_index = false;
    for (const auto& field : fields)
        if (!take_input_field(input, field) && !take_version_2_field(input, field, version, has_txid, has_index))
            keep_unknown_input(input, field);
    if (version == 2 && !(has_txid && has_index))
        throw bad_psbt("input does not say what it spends");
    return input;
}

PsbtOutput decode_output_map(std::span<const PsbtField> fields, std::uint32_t version)
{
    PsbtOutput output;
    bool has_amount = false;
    bool has_script = false;
    for (const auto& field : fields) {
        switch (field.type) {
        case output_type::derivation:
            output.derivations.emplace(public_key_of(field), decode_key_source(field.value));
            continue;
        case output_type::tap_derivation:
            output.tap_derivations.emplace(field.data_of({32}), decode_taproot_key_source(field.value));
            continue;
        case output_type::musig_participants:
            require_musig_participants(field);
            output.unknown.emplace(field.key, field.value);
            continue;
        default:
            break;
        }
        if (field.type > output_type::tap_tree) {
            output.unknown.emplace(field.key, field.value);
            continue;
        }
        field.require_no_data();
        switch (field.type) {
        case output_type::redeem_script:
            output.redeem_script = field.value;
            break;
        case output_type::witness_script:
            output.witness_script = field.value;
            break;
        case output_type::amount:
            require_version_2(field, version);
            output.output.amount = ByteReader{field.value_of({8})}.read_u64_le();
            has_amount = true;
            break;
        case output_type::script:
            require_version_2(field, version);
            output.output.script_pubkey = field.value;
            has_script = true;
            break;
        case output_type::tap_internal_key:
            output.tap_internal_key = field.value_hash();
            break;
        default:
            require_tap_tree(field.value);
            output.unknown.emplace(field.key, field.value);
            break;
        }
    }
    if (version == 2 && !(has_amount && has_script))
        throw bad_psbt("output lacks its amount or script");
    return output;
}

} // namespace coffer::bitcoin
