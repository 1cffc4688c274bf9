#include "formats/ur/body.h"

#include "core/base/error.h"

#include <limits>

namespace coffer::ur {

bool TagPair::holds(const cbor::Value& value) const
{
    return value.is_tagged() && (value.tag("an item") == version_1 || value.tag("an item") == version_2);
}

const cbor::Value& untagged(const cbor::Value& value, const TagPair& tag, std::string_view what)
{
    if (!tag.holds(value))
        throw Error{ErrorCode::malformed, std::string{what} + " is not under the tag " + std::to_string(tag.version_1) + " or " +
                                              std::to_string(tag.version_2)};
    return value.untagged(what);
}

std::uint32_t u32_of(const cbor::Value& value, std::string_view what)
{
    const auto number = value.number(what);
    if (number > std::numeric_limits<std::uint32_t>::max())
        throw Error{ErrorCode::malformed, std::string{what} + " is " + std::to_string(number) + ", over 32 bits"};
    return static_cast<std::uint32_t>(number);
}

} // namespace coffer::ur
