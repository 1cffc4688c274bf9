#include "core/base/bytes.h"

#include "core/base/error.h"

#include <algorithm>

namespace coffer {

ByteView bytes_of(std::string_view text)
{
    const auto* data = static_cast<const void*>(text.data());
    return {static_cast<const std::uint8_t*>(data), text.size()};
}

std::string_view text_of(ByteView bytes)
{
    const auto* data = static_cast<const void*>(bytes.data());
    return {static_cast<const char*>(data), bytes.size()};
}

Bytes to_bytes(ByteView bytes)
{
    return {bytes.begin(), bytes.end()};
}

void append(Bytes& out, ByteView bytes)
{
    out.insert(out.end(), bytes.begin(), bytes.end());
}

bool equal(ByteView a, ByteView b)
{
    return std::ranges::equal(a, b);
}

namespace detail {

void throw_wrong_length(std::string_view what, std::size_t expected, std::size_t found)
{
    throw Error{ErrorCode::malformed, std::string{what} + " has " + std::to_string(found) + " bytes, not " +
                                          std::to_string(expected)};
}

} // namespace detail
} // namespace coffer
