#pragma once

#include "core/artefacts/artefact.h"

#include <string>
#include <string_view>
#include <vector>

namespace coffer::charter {

constexpr Duration longest_freeze = hours(72);

/// Keeps wallets from signing anything until a time: by one officer (of the role that the charter names for it, if it names one), or by
/// an appliance at the hand of the person beside it.
///
/// Fields: 3 wallets, 4 officer or 8 appliance, 5 time, 6 reason, 7 until (72 hours after the time at most).
struct Freeze {
    static constexpr std::string_view name = "freeze";

    artefacts::BodyHeader header;
    std::vector<std::string> wallets; ///< at least one, sorted, each once
    std::string officer;              ///< empty when an appliance made it
    std::string appliance;            ///< empty when an officer made it
    UtcTime time;
    UtcTime until;
    std::string reason;

    const std::string& maker() const { return officer.empty() ? appliance : officer; }

    cbor::Value::Map fields() const;
    static Freeze read(artefacts::BodyReader& reader);
    std::string in_words() const;
};

/// Lifts one freeze, by the amendment quorum.
///
/// Fields: 3 entry hash of the freeze, 5 time, 6 reason.
struct Unfreeze {
    static constexpr std::string_view name = "unfreeze";

    artefacts::BodyHeader header;
    EntryHash freeze;
    UtcTime time;
    std::string reason;

    cbor::Value::Map fields() const;
    static Unfreeze read(artefacts::BodyReader& reader);
    std::string in_words() const;
};

} // namespace coffer::charter
