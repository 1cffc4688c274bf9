#include "core/charter/entry.h"

#include "core/base/text.h"
#include "core/crypto/hash.h"

namespace coffer::charter {

namespace {

using cbor::Value;

constexpr std::string_view cancel_kind = "cancel";
constexpr std::size_t most_reason_bytes = 1000;

std::vector<Value> parts_of(const Value& value, std::string_view what, std::size_t count)
{
    const auto& parts = value.array(what);
    if (parts.size() != count)
        throw Error{ErrorCode::malformed, std::string{what} + " has " + std::to_string(parts.size()) + " parts, not " +
                                              std::to_string(count)};
    return parts;
}

} // namespace

EntryHash Link::entry_hash() const
{
    return EntryHash{artefacts::Artefact::decode_any(artefact).hash()};
}

LinkHash Link::hash() const
{
    const auto body = cbor::encode(Value{Value::Array{number, previous.bytes(), entry_hash().bytes()}});
    return LinkHash{crypto::sha256(artefacts::domain_separated("link", body))};
}

Value Link::encode() const
{
    return Value::Array{number, previous.bytes(), artefact};
}

Link Link::decode(const Value& value)
{
    const auto parts = parts_of(value, "link", 3);
    return {parts[0].number("link number"), LinkHash{parts[1].array_of<32>("previous link")}, parts[2].bytes("entry")};
}

artefacts::Artefact encode_cancel(const Cancel& cancel)
{
    return {artefacts::Kind::entry, artefacts::encode_body(cancel.header, {{2, std::string{cancel_kind}},
                                                                           {3, cancel.request.bytes()},
                                                                           {4, cancel.officer},
                                                                           {5, static_cast<std::uint64_t>(cancel.time.seconds)},
                                                                           {6, cancel.reason}})};
}

Cancel decode_cancel(const artefacts::Artefact& artefact)
{
    artefacts::BodyReader reader{artefact, artefacts::Kind::entry};
    const auto& kind = reader.take(2, "kind").text("kind");
    if (kind != cancel_kind)
        throw Error{ErrorCode::type, "entry of kind " + quoted(kind) + " is unknown"};
    Cancel cancel{.header = reader.header(),
                  .request = RequestDigest{reader.take(3, "request").array_of<32>("request")},
                  .officer = reader.take(4, "officer").text("officer"),
                  .time = artefacts::read_time(reader.take(5, "time"), "time"),
                  .reason = reader.take(6, "reason").text("reason")};
    reader.finish();
    if (cancel.reason.size() > most_reason_bytes)
        throw Error{ErrorCode::limit, "reason of a cancel has " + std::to_string(cancel.reason.size()) + " bytes, over 1000"};
    return cancel;
}

} // namespace coffer::charter
