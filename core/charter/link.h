#pragma once

#include "core/artefacts/artefact.h"
#include "core/charter/position.h"

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

} // namespace coffer::charter
