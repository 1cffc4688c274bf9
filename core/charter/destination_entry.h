#pragma once

#include "core/artefacts/artefact.h"
#include "core/charter/wallet.h"

#include <string>
#include <string_view>

namespace coffer::charter {

/// Puts a destination into the address book until the next amendment, by the amendment quorum of the charter that it names. It counts
/// once its cool-down is over (coffer-charter(5), `[address_book]`).
///
/// Fields: 3 id, 4 chain, 5 time, 6 reason, 7 hash of the charter in force, 8 address.
struct DestinationAdded {
    static constexpr std::string_view name = "destination_added";

    artefacts::BodyHeader header;
    Destination destination;
    CharterHash charter;
    UtcTime time;
    std::string reason;

    cbor::Value::Map fields() const;
    static DestinationAdded read(artefacts::BodyReader& reader);
    std::string in_words() const;
};

/// Takes a destination out of the address book until the next amendment, by any one officer.
///
/// Fields: 3 id, 4 officer, 5 time, 6 reason, 7 hash of the charter in force.
struct DestinationRemoved {
    static constexpr std::string_view name = "destination_removed";

    artefacts::BodyHeader header;
    std::string destination;
    std::string officer;
    CharterHash charter;
    UtcTime time;
    std::string reason;

    cbor::Value::Map fields() const;
    static DestinationRemoved read(artefacts::BodyReader& reader);
    std::string in_words() const;
};

} // namespace coffer::charter
