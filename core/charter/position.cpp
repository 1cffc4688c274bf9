#include "core/charter/position.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/encoding/hex.h"

#include <charconv>

namespace coffer::charter {

cbor::Value Position::encode() const
{
    return cbor::Value::Array{number, link.bytes()};
}

Position Position::decode(const cbor::Value& value)
{
    const auto& parts = value.array("position");
    if (parts.size() != 2)
        throw Error{ErrorCode::malformed, "position has " + std::to_string(parts.size()) + " parts, not 2"};
    return {parts[0].number("position number"), LinkHash{parts[1].array_of<32>("link hash")}};
}

std::string Position::format() const
{
    return std::to_string(number) + ":" + encoding::encode_hex(link.bytes());
}

Position Position::parse(std::string_view text)
{
    Position position;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), position.number);
    const auto digits = static_cast<std::size_t>(end - text.data());
    if (error != std::errc{} || digits >= text.size() || text[digits] != ':')
        throw Error{ErrorCode::malformed, coffer::quoted(text) + " is no position: number, colon, 64 hex digits"};
    position.link = LinkHash::from(encoding::decode_hex(text.substr(digits + 1)));
    if (position.format() != text)
        throw Error{ErrorCode::malformed, coffer::quoted(text) + " is not in its one form " + position.format()};
    return position;
}

} // namespace coffer::charter
