#pragma once

#include "core/artefacts/artefact.h"

#include <string>
#include <string_view>

namespace coffer::charter {

/// Takes a request back: by its requester, or by an officer whose vote would count.
///
/// Fields: 3 request digest, 4 officer, 5 time, 6 reason.
struct Cancel {
    static constexpr std::string_view name = "cancel";

    artefacts::BodyHeader header;
    RequestDigest request;
    std::string officer;
    UtcTime time;
    std::string reason;

    cbor::Value::Map fields() const;
    static Cancel read(artefacts::BodyReader& reader);
    std::string in_words() const;
};

artefacts::Artefact encode_cancel(const Cancel& cancel);
/// Throws Error{type} for an entry of another kind.
Cancel decode_cancel(const artefacts::Artefact& artefact);

} // namespace coffer::charter
