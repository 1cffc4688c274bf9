#include "core/base/ids.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <algorithm>

namespace coffer {

namespace {

constexpr std::string_view uuid_form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

int nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

} // namespace

RequestId make_request_id(UtcTime time, const ByteArray<10>& random)
{
    ByteArray<16> bytes{};
    const auto milliseconds = static_cast<std::uint64_t>(time.seconds) * 1000;
    for (std::size_t i = 0; i < 6; ++i)
        bytes[i] = static_cast<std::uint8_t>(milliseconds >> (8 * (5 - i)));
    std::ranges::copy(random, bytes.begin() + 6);
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x70);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
    return RequestId{bytes};
}

std::string format_uuid(const RequestId& id)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < 16; ++i) {
        if (text.size() < uuid_form.size() && uuid_form[text.size()] == '-')
            text += '-';
        text += digits[id.bytes()[i] >> 4];
        text += digits[id.bytes()[i] & 15];
    }
    return text;
}

RequestId parse_uuid(std::string_view text)
{
    const auto fail = [&] { return Error{ErrorCode::malformed, "request id " + quoted(text) + " is not a UUID"}; };
    if (text.size() != uuid_form.size())
        throw fail();
    ByteArray<16> bytes{};
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (uuid_form[i] == '-') {
            if (text[i] != '-')
                throw fail();
            continue;
        }
        const auto value = nibble(text[i]);
        if (value < 0)
            throw fail();
        auto& byte = bytes[count / 2];
        byte = static_cast<std::uint8_t>(byte << 4 | value);
        ++count;
    }
    return RequestId{bytes};
}

} // namespace coffer
