#include "core/encoding/base64.h"

#include "core/base/error.h"

namespace coffer::encoding {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

unsigned sextet(std::string_view text, std::size_t offset)
{
    const auto value = alphabet.find(text[offset]);
    if (value == std::string_view::npos)
        throw malformed("base64 has a character that is no digit", offset);
    return static_cast<unsigned>(value);
}

} // namespace

std::string encode_base64(ByteView bytes)
{
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto count = std::min<std::size_t>(3, bytes.size() - i);
        unsigned group = 0;
        for (std::size_t j = 0; j < 3; ++j)
            group = group << 8 | (j < count ? bytes[i + j] : 0U);
        for (std::size_t j = 0; j < 4; ++j)
            text += j <= count ? alphabet[group >> (18 - 6 * j) & 63] : '=';
    }
    return text;
}

Bytes decode_base64(std::string_view text)
{
    if (text.size() % 4 != 0)
        throw malformed("base64 has " + std::to_string(text.size()) + " characters, not a multiple of 4", text.size());
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    Bytes bytes;
    bytes.reserve(text.size() / 4 * 3);
    for (std::size_t i = 0; i < text.size(); i += 4) {
        const auto digits = i + 4 == text.size() ? 4 - padding : 4;
        unsigned group = 0;
        for (std::size_t j = 0; j < 4; ++j)
            group = group << 6 | (j < digits ? sextet(text, i + j) : 0U);
        for (std::size_t j = 0; j + 1 < digits; ++j)
            bytes.push_back(static_cast<std::uint8_t>(group >> (16 - 8 * j)));
        if ((group & ((1U << (8 * (4 - digits))) - 1)) != 0)
            throw malformed("base64 has bits set that encode nothing", i + digits - 1);
    }
    return bytes;
}

} // namespace coffer::encoding
