#include "core/audit/event.h"

#include "core/base/error.h"
#include "core/encoding/cbor.h"

namespace coffer::audit {

namespace {

enum Key : std::uint64_t { key_type = 1, key_subject = 2, key_actor = 3, key_details = 4 };

cbor::Value encode_detail(const Detail& detail)
{
    const auto value = std::visit([](const auto& content) { return cbor::Value{content}; }, detail.value);
    return cbor::Value::Array{cbor::Value{detail.name}, value};
}

Detail decode_detail(const cbor::Value& item)
{
    const auto& pair = item.array("detail of an event");
    if (pair.size() != 2)
        throw malformed("a detail of an event has " + std::to_string(pair.size()) + " parts, expected 2", 0);
    Detail detail{pair[0].text("name of a detail"), {}};
    if (pair[1].is_text())
        detail.value = pair[1].text("value of a detail");
    else
        detail.value = pair[1].bytes("value of a detail");
    return detail;
}

} // namespace

Bytes encode_event(const Event& event)
{
    cbor::Value::Array details;
    for (const auto& detail : event.details)
        details.push_back(encode_detail(detail));
    cbor::Value::Map fields;
    fields.emplace_back(key_type, event.type);
    if (event.subject)
        fields.emplace_back(key_subject, event.subject->bytes());
    fields.emplace_back(key_actor, event.actor);
    fields.emplace_back(key_details, std::move(details));
    auto bytes = cbor::encode(cbor::Value::map(std::move(fields)));
    if (bytes.size() > most_event_bytes)
        throw Error{ErrorCode::limit, "an event of " + std::to_string(bytes.size()) + " bytes is over the limit of " +
                                          std::to_string(most_event_bytes)};
    return bytes;
}

Event decode_event(ByteView bytes)
{
    const auto value = cbor::decode(bytes, {.most_bytes = most_event_bytes, .most_depth = 4});
    cbor::MapReader fields{value, "event"};
    Event event;
    event.type = fields.take(key_type, "type").text("type of an event");
    if (const auto* subject = fields.take_optional(key_subject))
        event.subject = RequestId{subject->array_of<16>("subject of an event")};
    event.actor = fields.take(key_actor, "actor").text("actor of an event");
    for (const auto& item : fields.take(key_details, "details").array("details of an event"))
        event.details.push_back(decode_detail(item));
    fields.finish();
    return event;
}

} // namespace coffer::audit
