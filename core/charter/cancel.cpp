#include "core/charter/cancel.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/charter/entry.h"
#include "core/charter/entry_fields.h"
#include "core/encoding/hex.h"

namespace coffer::charter {

cbor::Value::Map Cancel::fields() const
{
    return {{3, request.bytes()}, {4, officer}, {5, seconds_of(time)}, {6, reason}};
}

Cancel Cancel::read(artefacts::BodyReader& reader)
{
    return {.header = reader.header(),
            .request = RequestDigest{reader.take(3, "request").array_of<32>("request")},
            .officer = reader.take(4, "officer").text("officer"),
            .time = read_entry_time(reader, 5, "time"),
            .reason = read_reason(reader, 6)};
}

std::string Cancel::in_words() const
{
    return "takes back request " + encoding::encode_hex(request.bytes());
}

artefacts::Artefact encode_cancel(const Cancel& cancel)
{
    return encode(Entry{cancel});
}

Cancel decode_cancel(const artefacts::Artefact& artefact)
{
    auto entry = decode_entry(artefact);
    if (auto* cancel = std::get_if<Cancel>(&entry))
        return std::move(*cancel);
    throw Error{ErrorCode::type, "this entry is a " + std::string{name_of(entry)} + ", not a cancel"};
}

} // namespace coffer::charter
