#pragma once

#include "core/artefacts/approval_key.h"
#include "core/artefacts/artefact.h"

#include <optional>
#include <string>
#include <string_view>

namespace coffer::charter {

/// Takes the power of an officer or of one of their keys away, by any two other officers. What it suspends counts nothing, whenever it
/// was signed, until an amendment says that it lifts this entry.
///
/// Fields: 3 officer, 4 key (absent: every key), 5 time, 6 reason, 7 hash of the charter in force.
struct Suspension {
    static constexpr std::string_view name = "suspend";

    artefacts::BodyHeader header;
    std::string officer;
    std::optional<artefacts::ApprovalKey> key;
    CharterHash charter;
    UtcTime time;
    std::string reason;

    bool covers(const std::string& whose, const artefacts::ApprovalKey& which) const
    {
        return officer == whose && (!key || *key == which);
    }

    cbor::Value::Map fields() const;
    static Suspension read(artefacts::BodyReader& reader);
    std::string in_words() const;
};

} // namespace coffer::charter
