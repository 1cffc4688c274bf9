#include "core/charter/entry.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <optional>

namespace coffer::charter {

namespace {

template <typename Kind>
std::optional<Entry> read_if(std::string_view name, artefacts::BodyReader& reader)
{
    if (name != Kind::name)
        return std::nullopt;
    return Entry{Kind::read(reader)};
}

template <typename... Kinds>
Entry read_entry(const std::string& name, artefacts::BodyReader& reader, const std::variant<Kinds...>* /*all*/)
{
    std::optional<Entry> entry;
    static_cast<void>(((entry = read_if<Kinds>(name, reader)) || ...));
    if (!entry)
        throw Error{ErrorCode::type, "entry of kind " + quoted(name) + " is unknown", "a newer program may have made it"};
    return std::move(*entry);
}

} // namespace

artefacts::Artefact encode(const Entry& entry)
{
    return std::visit(
        [](const auto& kind) {
            auto fields = kind.fields();
            fields.emplace_back(2, kind.name);
            return artefacts::Artefact{artefacts::Kind::entry, artefacts::encode_body(kind.header, std::move(fields))};
        },
        entry);
}

Entry decode_entry(const artefacts::Artefact& artefact)
{
    artefacts::BodyReader reader{artefact, artefacts::Kind::entry};
    auto entry = read_entry(reader.take(2, "kind").text("kind"), reader, static_cast<const Entry*>(nullptr));
    reader.finish();
    if (encode(entry).body() != artefact.body())
        throw Error{ErrorCode::canon, "entry is not in its one encoding"};
    return entry;
}

std::string_view name_of(const Entry& entry)
{
    return std::visit([](const auto& kind) { return kind.name; }, entry);
}

const artefacts::BodyHeader& header_of(const Entry& entry)
{
    return std::visit([](const auto& kind) -> const auto& { return kind.header; }, entry);
}

UtcTime time_of(const Entry& entry)
{
    return std::visit([](const auto& kind) { return kind.time; }, entry);
}

const std::string& reason_of(const Entry& entry)
{
    return std::visit([](const auto& kind) -> const auto& { return kind.reason; }, entry);
}

std::string in_words(const Entry& entry)
{
    return std::visit([](const auto& kind) { return kind.in_words(); }, entry);
}

} // namespace coffer::charter
