#include "core/base/text.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <utf8proc.h>

namespace coffer {

namespace {

struct CodePoint {
    std::int32_t value; // negative: the byte is not UTF-8
    std::size_t length;
};

const utf8proc_uint8_t* utf8_data(std::string_view text)
{
    const auto* data = static_cast<const void*>(text.data());
    return static_cast<const utf8proc_uint8_t*>(data);
}

/// Most text is, and it needs no tables: shown as it is, one column a byte, in every normal form.
bool is_printable_ascii(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

CodePoint next_code_point(std::string_view text)
{
    utf8proc_int32_t value = -1;
    const auto length = utf8proc_iterate(utf8_data(text), static_cast<utf8proc_ssize_t>(text.size()), &value);
    if (length <= 0)
        return {-1, 1};
    return {value, static_cast<std::size_t>(length)};
}

/// Controls, format characters (bidirectional, zero-width, tags), separators that break lines,
/// private use and unassigned characters never reach a screen raw.
bool is_safe_to_show(std::int32_t code_point)
{
    switch (utf8proc_category(code_point)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
        return false;
    default:
        return true;
    }
}

bool is_ascii_word_character(std::int32_t code_point)
{
    return code_point < 0x80 && (('0' <= code_point && code_point <= '9') || ('A' <= code_point && code_point <= 'Z') ||
                                 ('a' <= code_point && code_point <= 'z'));
}

bool is_word_character(std::int32_t code_point)
{
    switch (utf8proc_category(code_point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
        return true;
    default:
        return false;
    }
}

/// Of a script whose letters pass for Latin ones: Greek, Cyrillic, Armenian, Cherokee, Coptic, Lisu.
bool is_look_alike(std::int32_t code_point)
{
    struct Block {
        std::int32_t first;
        std::int32_t last;
    };
    constexpr std::array<Block, 10> blocks{{{0x370, 0x3ff},
                                            {0x400, 0x52f},
                                            {0x530, 0x58f},
                                            {0x13a0, 0x13ff},
                                            {0x1c80, 0x1c8f},
                                            {0x1f00, 0x1fff},
                                            {0x2c80, 0x2cff},
                                            {0xa4d0, 0xa4ff},
                                            {0xa640, 0xa69f},
                                            {0xab70, 0xabbf}}};
    return std::ranges::any_of(
        blocks, [&](const Block& block) { return block.first <= code_point && code_point <= block.last; });
}

/// A letter or digit that is an ASCII one in other clothes: full width, mathematical bold, the Kelvin sign.
bool is_disguised_ascii(std::int32_t code_point)
{
    const auto category = utf8proc_category(code_point);
    if (code_point < 0x80 || (category != UTF8PROC_CATEGORY_LU && category != UTF8PROC_CATEGORY_LL &&
                              category != UTF8PROC_CATEGORY_ND))
        return false;
    std::array<utf8proc_int32_t, 8> plain{};
    int last_boundclass = 0;
    constexpr auto options = static_cast<utf8proc_option_t>(UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE);
    const auto count = utf8proc_decompose_char(code_point, plain.data(), static_cast<utf8proc_ssize_t>(plain.size()),
                                               options, &last_boundclass);
    return count == 1 && is_ascii_word_character(plain[0]);
}

std::string escape_bytes(std::string_view bytes)
{
    std::string out;
    for (const char byte : bytes) {
        std::array<char, 8> text{};
        std::snprintf(text.data(), text.size(), "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(byte)));
        out += text.data();
    }
    return out;
}

std::string escape_code_point(std::string_view bytes, std::int32_t value)
{
    if (value < 0x100)
        return escape_bytes(bytes);
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), value < 0x10000 ? "\\u%04x" : "\\U%08x", static_cast<unsigned>(value));
    return text.data();
}

/// The letters and digits that the text begins with.
std::string_view leading_word(std::string_view text)
{
    std::size_t size = 0;
    while (size < text.size()) {
        const auto [value, length] = next_code_point(text.substr(size));
        if (value < 0 || !is_word_character(value))
            break;
        size += length;
    }
    return text.substr(0, size);
}

template <typename Predicate>
bool any_code_point(std::string_view text, Predicate predicate)
{
    while (!text.empty()) {
        const auto [value, length] = next_code_point(text);
        if (predicate(value))
            return true;
        text.remove_prefix(length);
    }
    return false;
}

/// `exсhange` with a Cyrillic letter is not `exchange`: in a word that mixes scripts the foreign letters are escaped.
std::string escape_word(std::string_view word)
{
    const bool is_mixed = any_code_point(word, is_ascii_word_character) && any_code_point(word, is_look_alike);
    std::string out;
    while (!word.empty()) {
        const auto [value, length] = next_code_point(word);
        const auto bytes = word.substr(0, length);
        const bool deceives = is_disguised_ascii(value) || (is_mixed && is_look_alike(value));
        out += deceives ? escape_code_point(bytes, value) : std::string{bytes};
        word.remove_prefix(length);
    }
    return out;
}

/// What of the text fits into `most` bytes, without a part of a character at its end.
std::string_view cut(std::string_view text, std::size_t most)
{
    if (text.size() <= most)
        return text;
    constexpr std::size_t longest_character = 4;
    for (auto size = most; size > 0 && most - size < longest_character; --size)
        if ((static_cast<unsigned char>(text[size]) & 0xc0U) != 0x80U)
            return text.substr(0, size);
    return text.substr(0, most);
}

std::string map_utf8(std::string_view text, int options)
{
    utf8proc_uint8_t* mapped = nullptr;
    const auto length = utf8proc_map(utf8_data(text), static_cast<utf8proc_ssize_t>(text.size()), &mapped,
                                     static_cast<utf8proc_option_t>(options));
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner{mapped, &std::free};
    if (length < 0)
        throw Error{ErrorCode::malformed, "text is not valid UTF-8"};
    return {static_cast<const char*>(static_cast<const void*>(mapped)), static_cast<std::size_t>(length)};
}

/// Code points of a secret on the heap, wiped when they die.
struct WipedCodePoints {
    explicit WipedCodePoints(std::size_t count) : values(count) {}
    WipedCodePoints(const WipedCodePoints&) = delete;
    WipedCodePoints& operator=(const WipedCodePoints&) = delete;
    ~WipedCodePoints() { wipe(bytes()); }

    std::span<std::uint8_t> bytes()
    {
        void* const data = values.data();
        return {static_cast<std::uint8_t*>(data), values.size() * sizeof(utf8proc_int32_t)};
    }

    std::vector<utf8proc_int32_t> values;
};

std::size_t edit_distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        auto diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const auto substituted = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({substituted, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

} // namespace

std::string escaped(std::string_view text)
{
    if (is_printable_ascii(text))
        return std::string{text};
    std::string out;
    while (!text.empty()) {
        if (const auto word = leading_word(text); !word.empty()) {
            out += escape_word(word);
            text.remove_prefix(word.size());
            continue;
        }
        const auto [value, length] = next_code_point(text);
        const auto bytes = text.substr(0, length);
        if (value < 0)
            out += escape_bytes(bytes);
        else if (is_safe_to_show(value))
            out += bytes;
        else
            out += escape_code_point(bytes, value);
        text.remove_prefix(length);
    }
    return out;
}

std::string quoted(std::string_view text, std::size_t max_bytes)
{
    const auto shown = cut(text, max_bytes);
    std::string out = "`";
    for (const char c : escaped(shown))
        out += c == '`' ? std::string{"\\x60"} : std::string{c}; // the text cannot end its own quotation
    out += "`";
    if (shown.size() < text.size())
        out += " (cut, " + std::to_string(text.size()) + " bytes)";
    return out;
}

bool is_valid_utf8(std::string_view text)
{
    if (is_printable_ascii(text))
        return true;
    while (!text.empty()) {
        const auto [value, length] = next_code_point(text);
        if (value < 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string normalize_nfkd(std::string_view text)
{
    return map_utf8(text, UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE);
}

SecretBytes normalize_nfkd(const SecretBytes& text)
{
    // Not utf8proc_map, which frees its buffers as they are.
    constexpr auto options =
        static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE);
    const auto* const data = text.reveal().data();
    const auto size = static_cast<utf8proc_ssize_t>(text.size());
    const auto count = utf8proc_decompose(data, size, nullptr, 0, options);
    if (count < 0)
        throw Error{ErrorCode::malformed, "secret text is not valid UTF-8"};
    WipedCodePoints code_points{static_cast<std::size_t>(count) + 1}; // reencoding ends with a zero byte
    utf8proc_decompose(data, size, code_points.values.data(), count, options);
    const auto length = utf8proc_reencode(code_points.values.data(), count, options);
    require(length >= 0, "decomposed text does not encode");
    return SecretBytes::copy_of(code_points.bytes().first(static_cast<std::size_t>(length)));
}

bool is_nfc(std::string_view text)
{
    return is_printable_ascii(text) || (is_valid_utf8(text) && map_utf8(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE) == text);
}

bool is_identifier(std::string_view text)
{
    if (text.empty() || text.size() > 32 || text[0] < 'a' || text[0] > 'z')
        return false;
    return std::ranges::all_of(
        text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

std::size_t display_width(std::string_view text)
{
    if (is_printable_ascii(text))
        return text.size();
    std::size_t width = 0;
    while (!text.empty()) {
        const auto [value, length] = next_code_point(text);
        width += value < 0 ? 1 : static_cast<std::size_t>(std::max(0, utf8proc_charwidth(value)));
        text.remove_prefix(length);
    }
    return width;
}

std::vector<std::string> split(std::string_view text, char separator)
{
    std::vector<std::string> parts;
    while (true) {
        const auto end = text.find(separator);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator)
{
    std::string out;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i != 0)
            out += separator;
        out += parts[i];
    }
    return out;
}

std::string_view trim(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string to_lower_ascii(std::string_view text)
{
    std::string out{text};
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width)
{
    std::vector<std::string> lines;
    std::string line;
    for (const auto& word : split(text, ' ')) {
        if (!line.empty() && display_width(line) + 1 + display_width(word) > width) {
            lines.push_back(std::move(line));
            line.clear();
        }
        if (!line.empty())
            line += ' ';
        line += word;
    }
    lines.push_back(std::move(line));
    return lines;
}

std::string in_groups(std::string_view text, std::size_t group)
{
    std::string out;
    std::size_t first = text.starts_with("0x") ? group + 2 : group;
    for (std::size_t i = 0; i < text.size();) {
        if (i != 0)
            out += ' ';
        const auto count = i == 0 ? first : group;
        out += text.substr(i, count);
        i += count;
    }
    return out;
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates)
{
    std::string best;
    auto best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
    for (const auto& candidate : candidates) {
        const auto distance = edit_distance(word, candidate);
        if (distance < best_distance) {
            best_distance = distance;
            best = candidate;
        }
    }
    return best;
}

} // namespace coffer
