#include "cli/audit_text.h"

#include "core/audit/event.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/encoding/hex.h"

#include <charconv>

namespace coffer::cli {

namespace {

/// None when the bytes are no event: an edited record is shown all the same.
std::optional<audit::Event> try_decode(const audit::Record& record)
{
    try {
        return audit::decode_event(record.event);
    } catch (const Error&) {
        return std::nullopt;
    }
}

/// "amount=5 ETH", escaped, in their order.
std::vector<std::string> details_in_words(const audit::Event& event)
{
    std::vector<std::string> words;
    for (const auto& detail : event.details) {
        const auto* text = std::get_if<std::string>(&detail.value);
        words.push_back(escaped(detail.name) + "=" + (text != nullptr ? escaped(*text) : encoding::encode_hex(std::get<Bytes>(detail.value))));
    }
    return words;
}

const Json& member(const Json& json, std::string_view name)
{
    const auto* found = json.find(name);
    if (found == nullptr)
        throw Error{ErrorCode::malformed, "audit record has no " + std::string{name}};
    return *found;
}

const std::string& text_member(const Json& json, std::string_view name)
{
    const auto* text = member(json, name).text();
    if (text == nullptr)
        throw Error{ErrorCode::malformed, std::string{name} + " of an audit record is no text"};
    return *text;
}

std::uint64_t number_member(const Json& json, std::string_view name)
{
    const auto* text = member(json, name).number();
    std::uint64_t value = 0;
    if (text != nullptr) {
        const auto* end = text->data() + text->size();
        if (const auto [rest, error] = std::from_chars(text->data(), end, value); error == std::errc{} && rest == end)
            return value;
    }
    throw Error{ErrorCode::malformed, std::string{name} + " of an audit record is no whole number"};
}

} // namespace

Document describe_record(const audit::Record& record)
{
    auto document = Document::object();
    document.set("sequence", record.sequence).set("time", record.time).set("stream", record.stream);
    if (const auto event = try_decode(record)) {
        auto details = Document::object();
        for (const auto& detail : event->details) {
            const auto* text = std::get_if<std::string>(&detail.value);
            details.set(detail.name, text != nullptr ? Document{*text} : Document::hex(std::get<Bytes>(detail.value)));
        }
        document.set("type", event->type)
            .set("request", event->subject ? Document{format_uuid(*event->subject)} : Document{})
            .set("actor", event->actor)
            .set("details", std::move(details));
    }
    return document.set("hash", Document::hex(record.hash.bytes()));
}

std::string record_in_words(const audit::Record& record)
{
    std::string line = std::to_string(record.sequence) + "  " + format_time(record.time) + "  ";
    const auto event = try_decode(record);
    if (!event)
        return line + "(not readable)";
    line += escaped(event->type) + "  " + escaped(event->actor);
    if (event->subject)
        line += "  request " + format_uuid(*event->subject);
    for (const auto& detail : details_in_words(*event))
        line += "  " + detail;
    return line;
}

std::vector<std::string> names_of_cells()
{
    return {"sequence", "time", "type", "request", "actor", "details", "hash"};
}

std::vector<std::string> cells_of(const audit::Record& record)
{
    const auto hash = encoding::encode_hex(record.hash.bytes());
    const auto event = try_decode(record);
    if (!event)
        return {std::to_string(record.sequence), format_time(record.time), "(not readable)", "", "", "", hash};
    return {std::to_string(record.sequence), format_time(record.time), event->type, event->subject ? format_uuid(*event->subject) : "",
            event->actor, join(details_in_words(*event), "; "), hash};
}

Document export_record(const audit::Record& record)
{
    auto document = describe_record(record);
    return document.set("previous", Document::hex(record.previous.bytes())).set("event", Document::hex(record.event));
}

audit::Record import_record(const Json& json)
{
    const auto hash = [&](std::string_view name) { return Hash256::from(encoding::decode_hex(text_member(json, name)), name); };
    return {.sequence = number_member(json, "sequence"),
            .stream = text_member(json, "stream"),
            .time = parse_time(text_member(json, "time")),
            .event = encoding::decode_hex(text_member(json, "event")),
            .previous = hash("previous"),
            .hash = hash("hash")};
}

} // namespace coffer::cli
