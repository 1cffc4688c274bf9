#pragma once

#include "core/artefacts/approval_key.h"
#include "core/artefacts/artefact.h"

#include <string>
#include <string_view>

namespace coffer::charter {

/// Gives an appliance of the charter another identity, by the amendment quorum: a standby that holds the same wallet keys takes its
/// place, until the next amendment. The identity that it had is retired.
///
/// Fields: 3 appliance, 4 identity key, 5 time, 6 reason, 7 hash of the charter in force.
struct ApplianceEnrolled {
    static constexpr std::string_view name = "appliance_enrolled";

    artefacts::BodyHeader header;
    std::string appliance;
    artefacts::ApprovalKey key;
    CharterHash charter;
    UtcTime time;
    std::string reason;

    cbor::Value::Map fields() const;
    static ApplianceEnrolled read(artefacts::BodyReader& reader);
    std::string in_words() const;
};

/// Puts an appliance out of use, by any two officers: the identity that it has signs nothing until the amendment quorum enrols it again, or
/// an amendment says that it lifts this entry.
///
/// Fields: 3 appliance, 4 identity key, 5 time, 6 reason, 7 hash of the charter in force.
struct ApplianceRetired {
    static constexpr std::string_view name = "appliance_retired";

    artefacts::BodyHeader header;
    std::string appliance;
    artefacts::ApprovalKey key;
    CharterHash charter;
    UtcTime time;
    std::string reason;

    cbor::Value::Map fields() const;
    static ApplianceRetired read(artefacts::BodyReader& reader);
    std::string in_words() const;
};

} // namespace coffer::charter
