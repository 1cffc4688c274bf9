#pragma once

#include "formats/ur/hd_key.h"

/// Output descriptors: `crypto-output` (BCR-2020-010) and `output-descriptor` (BCR-2023-010).
namespace coffer::ur {

constexpr std::size_t most_descriptor_text = 10'000;

/// The text of a descriptor with its keys apart. What the text means is not judged here.
struct OutputDescriptor {
    std::string source;      ///< without a checksum; `@0`, `@1` … stand for the keys, each of which is used
    std::vector<HdKey> keys; ///< none where the source has the keys in it
    std::string name;
    std::string note;

    bool operator==(const OutputDescriptor&) const = default;

    /// With the keys in their places. Throws Error{limit} over most_descriptor_text, and what HdKey::key_expression throws.
    std::string text(const std::optional<keys::Fingerprint>& master = std::nullopt) const;
};

/// Layout of version 1: the functions as tags, 400 sh, 401 wsh, 402 pk, 403 pkh, 404 wpkh, 405 combo, 406 multi,
/// 407 sortedmulti, 408 raw, 409 tr, 410 cosigner, around another one, a key, a map (1 threshold, 2 keys) or bytes. Of
/// version 2, a map: 1 source, 2 keys, 3 name, 4 note. Keys are under the tags of an HD key or an EC key; an address is not
/// taken, nor a private key.
///
/// Throws Error{malformed} for another shape, tag or field, and for keys that do not fit the places for them; Error{limit} for a
/// longer source; what decode_hd_key throws.
OutputDescriptor decode_output_descriptor(const cbor::Value& value);
/// Throws Error{malformed} for a descriptor that version 1 cannot express: other functions, keys within the source, a name.
cbor::Value encode_output_descriptor(const OutputDescriptor& descriptor, Naming naming);

/// A whole message.
OutputDescriptor decode_output_descriptor_message(ByteView message);
Bytes encode_output_descriptor_message(const OutputDescriptor& descriptor, Naming naming);

} // namespace coffer::ur
