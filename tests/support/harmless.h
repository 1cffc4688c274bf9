#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace coffer::test {

/// The first byte of the text that could move a cursor, hide or turn other text, as "0x1b at 17"; empty when every
/// byte only shows itself. Written without coffer's own tables, to judge them.
inline std::string first_harm_in(std::string_view text)
{
    const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<std::uint8_t>(text[at]) : 0U; };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto a = byte(i);
        const auto b = byte(i + 1);
        const auto c = byte(i + 2);
        const bool is_control = (a < 0x20 && a != '\n') || a == 0x7f || (a == 0xc2 && b >= 0x80 && b <= 0x9f);
        // U+200B to U+200F, U+2028 to U+202E, U+2066 to U+2069, the byte order mark
        const bool is_format = (a == 0xe2 && b == 0x80 && ((c >= 0x8b && c <= 0x8f) || (c >= 0xa8 && c <= 0xae))) ||
                               (a == 0xe2 && b == 0x81 && c >= 0xa6 && c <= 0xa9) || (a == 0xef && b == 0xbb && c == 0xbf);
        const bool is_combining = a == 0xcc; // U+0300 to U+033F
        if (is_control || is_format || is_combining)
            return std::to_string(a) + " at " + std::to_string(i) + " of\n" + std::string{text};
    }
    return {};
}

} // namespace coffer::test
