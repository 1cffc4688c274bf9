#pragma once

#include "core/charter/charter.h"

namespace coffer::charter {

/// number, hash of the previous link (zero for link 0), and the artefact: a `coffer-charter` or a `coffer-entry`.
struct Link {
    std::uint64_t number = 0;
    LinkHash previous;
    Bytes artefact;

    EntryHash entry_hash() const;
    /// SHA-256("coffer/v1/link" 00 CBOR[number, previous, entry hash]).
    LinkHash hash() const;
    Position position() const { return {number, hash()}; }

    cbor::Value encode() const;
    static Link decode(const cbor::Value& value);
};

/// An entry that takes a request back: by its requester, or by an officer whose vote would count.
struct Cancel {
    artefacts::BodyHeader header;
    RequestDigest request;
    std::string officer;
    UtcTime time;
    std::string reason;
};

artefacts::Artefact encode_cancel(const Cancel& cancel);
/// Throws Error{type} for an entry of another kind.
Cancel decode_cancel(const artefacts::Artefact& artefact);

} // namespace coffer::charter
