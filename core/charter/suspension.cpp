#include "core/charter/suspension.h"

#include "core/base/text.h"
#include "core/charter/entry_fields.h"

namespace coffer::charter {

cbor::Value::Map Suspension::fields() const
{
    cbor::Value::Map map{{3, officer}, {5, seconds_of(time)}, {6, reason}, {7, charter.bytes()}};
    if (key)
        map.emplace_back(4, key->format());
    return map;
}

Suspension Suspension::read(artefacts::BodyReader& reader)
{
    Suspension suspension{.header = reader.header(),
                          .officer = reader.take(3, "officer").text("officer"),
                          .key = std::nullopt,
                          .charter = read_charter(reader, 7),
                          .time = read_entry_time(reader, 5, "time"),
                          .reason = read_reason(reader, 6)};
    if (const auto* key = reader.take_optional(4))
        suspension.key = artefacts::ApprovalKey::parse(key->text("key"));
    return suspension;
}

std::string Suspension::in_words() const
{
    return key ? "suspends key " + key->format() + " of " + escaped(officer) : "suspends " + escaped(officer);
}

} // namespace coffer::charter
