#include "core/charter/link.h"

#include "core/base/error.h"
#include "core/crypto/hash.h"

namespace coffer::charter {

using cbor::Value;

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
    const auto& parts = value.array("link");
    if (parts.size() != 3)
        throw Error{ErrorCode::malformed, "link has " + std::to_string(parts.size()) + " parts, not 3"};
    return {parts[0].number("link number"), LinkHash{parts[1].array_of<32>("previous link")}, parts[2].bytes("entry")};
}

} // namespace coffer::charter
