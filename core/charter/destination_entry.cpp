#include "core/charter/destination_entry.h"

#include "core/base/text.h"
#include "core/charter/entry_fields.h"

namespace coffer::charter {

cbor::Value::Map DestinationAdded::fields() const
{
    return {{3, destination.id},  {4, destination.chain}, {5, seconds_of(time)},
            {6, reason},          {7, charter.bytes()},   {8, destination.address}};
}

DestinationAdded DestinationAdded::read(artefacts::BodyReader& reader)
{
    return {.header = reader.header(),
            .destination = {.id = reader.take(3, "destination").text("destination"),
                            .chain = reader.take(4, "chain").text("chain"),
                            .address = reader.take(8, "address").bytes("address")},
            .charter = read_charter(reader, 7),
            .time = read_entry_time(reader, 5, "time"),
            .reason = read_reason(reader, 6)};
}

std::string DestinationAdded::in_words() const
{
    return "adds destination " + escaped(destination.id) + " on " + escaped(destination.chain) + " to the address book";
}

cbor::Value::Map DestinationRemoved::fields() const
{
    return {{3, destination}, {4, officer}, {5, seconds_of(time)}, {6, reason}, {7, charter.bytes()}};
}

DestinationRemoved DestinationRemoved::read(artefacts::BodyReader& reader)
{
    return {.header = reader.header(),
            .destination = reader.take(3, "destination").text("destination"),
            .officer = reader.take(4, "officer").text("officer"),
            .charter = read_charter(reader, 7),
            .time = read_entry_time(reader, 5, "time"),
            .reason = read_reason(reader, 6)};
}

std::string DestinationRemoved::in_words() const
{
    return "removes destination " + escaped(destination) + " from the address book";
}

} // namespace coffer::charter
