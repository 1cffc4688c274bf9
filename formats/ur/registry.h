#pragma once

#include "formats/ur/ur.h"

#include <optional>

/// What the CBOR of a UR is, by its type (BCR-2020-006 and its successor, EIP-4527).
namespace coffer::ur {

enum class Type {
    bytes,
    psbt,
    hdkey,
    account_descriptor,
    output_descriptor,
    eth_sign_request,
    eth_signature,
    coffer_bundle,
    coffer_receipt,
    coffer_charter,
    coffer_entry,
};

/// The names of version 1 begin with `crypto-`. A body that nests others, such as a key with its origin, differs with it.
enum class Naming { version_1, version_2 };

struct NamedType {
    Type type;
    Naming naming; ///< version_2 of a type with one name only

    bool operator==(const NamedType&) const = default;
};

/// None for a type that is none of ours.
std::optional<NamedType> find_type(std::string_view name);
/// A type with one name has it in both namings.
std::string_view name_of(Type type, Naming naming);

/// Whether the message is a byte string that holds the payload (`bytes`, `psbt`), or the payload itself is CBOR.
enum class Wrapping { byte_string, none };
Wrapping wrapping_of(Type type);

struct Content {
    NamedType type;
    Bytes payload; ///< a PSBT, bytes, or the CBOR of the body

    bool operator==(const Content&) const = default;
};

Message wrap(const NamedType& type, Bytes payload);
/// Throws Error{type} for a type that is none of ours; of a byte string what cbor::decode throws, and Error{malformed} for
/// another item. Bodies that are CBOR are not looked into.
Content unwrap(const Message& message);
/// The payload under either name. Throws Error{type} for another type, and what unwrap throws.
Bytes unwrap_as(Type type, const Message& message);

} // namespace coffer::ur
