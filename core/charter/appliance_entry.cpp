#include "core/charter/appliance_entry.h"

#include "core/base/text.h"
#include "core/charter/entry_fields.h"

namespace coffer::charter {

namespace {

template <typename ApplianceEntry>
cbor::Value::Map fields_of(const ApplianceEntry& entry)
{
    return {{3, entry.appliance},        {4, entry.key.format()}, {5, seconds_of(entry.time)},
            {6, entry.reason}, {7, entry.charter.bytes()}};
}

template <typename ApplianceEntry>
ApplianceEntry read_fields(artefacts::BodyReader& reader)
{
    return {.header = reader.header(),
            .appliance = reader.take(3, "appliance").text("appliance"),
            .key = artefacts::ApprovalKey::parse(reader.take(4, "key").text("key")),
            .charter = read_charter(reader, 7),
            .time = read_entry_time(reader, 5, "time"),
            .reason = read_reason(reader, 6)};
}

} // namespace

cbor::Value::Map ApplianceEnrolled::fields() const
{
    return fields_of(*this);
}

ApplianceEnrolled ApplianceEnrolled::read(artefacts::BodyReader& reader)
{
    return read_fields<ApplianceEnrolled>(reader);
}

std::string ApplianceEnrolled::in_words() const
{
    return "enrols " + key.format() + " as appliance " + escaped(appliance);
}

cbor::Value::Map ApplianceRetired::fields() const
{
    return fields_of(*this);
}

ApplianceRetired ApplianceRetired::read(artefacts::BodyReader& reader)
{
    return read_fields<ApplianceRetired>(reader);
}

std::string ApplianceRetired::in_words() const
{
    return "retires appliance " + escaped(appliance) + " with the identity " + key.format();
}

} // namespace coffer::charter
