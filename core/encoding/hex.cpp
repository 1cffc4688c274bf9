#include "core/encoding/hex.h"

#include "core/base/error.h"

namespace coffer::encoding {

namespace {

constexpr std::string_view digits = "0123456789abcdef";

std::uint8_t nibble(std::string_view text, std::size_t offset)
{
    const char c = text[offset];
    if (c >= '0' && c <= '9')
        return static_cast<std::uint8_t>(c - '0');
    if (c >= 'a' && c <= 'f')
        return static_cast<std::uint8_t>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F')
        return static_cast<std::uint8_t>(c - 'A' + 10);
    throw malformed("hex has a character that is no digit", offset);
}

} // namespace

std::string encode_hex(ByteView bytes)
{
    std::string text;
    text.reserve(2 * bytes.size());
    for (const auto byte : bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

Bytes decode_hex(std::string_view text)
{
    if (text.size() % 2 != 0)
        throw malformed("hex has an odd number of digits, " + std::to_string(text.size()), text.size());
    Bytes bytes(text.size() / 2);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(nibble(text, 2 * i) << 4 | nibble(text, 2 * i + 1));
    return bytes;
}

} // namespace coffer::encoding
