#pragma once

#include "core/charter/appliance_entry.h"
#include "core/charter/cancel.h"
#include "core/charter/destination_entry.h"
#include "core/charter/freeze.h"
#include "core/charter/link.h"
#include "core/charter/standing_order.h"
#include "core/charter/suspension.h"

#include <string>
#include <string_view>
#include <variant>

namespace coffer::charter {

/// Everything that a `coffer-entry` can say. Fields 0 and 1 of its body are the header, 2 the name of the kind; the rest stands with
/// each kind (PROTOCOL 5).
using Entry = std::variant<Cancel, Freeze, Unfreeze, Suspension, DestinationAdded, DestinationRemoved, ApplianceEnrolled, ApplianceRetired,
                           StandingOrder, StandingOrderEnded>;

artefacts::Artefact encode(const Entry& entry);
/// Errors: `type` for a kind that is unknown, `limit` for a reason over 1,000 bytes, `canon` for another encoding than its one, and those of BodyReader.
Entry decode_entry(const artefacts::Artefact& artefact);

std::string_view name_of(const Entry& entry);
const artefacts::BodyHeader& header_of(const Entry& entry);
UtcTime time_of(const Entry& entry);
const std::string& reason_of(const Entry& entry);
/// What it does, in a sentence without an end: `freezes eth-cold until 2026-11-24T14:02:00Z`.
std::string in_words(const Entry& entry);

} // namespace coffer::charter
