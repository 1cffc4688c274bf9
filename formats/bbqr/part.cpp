#include "formats/bbqr/part.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/encoding/base32.h"
#include "core/encoding/hex.h"

#include <algorithm>

namespace coffer::bbqr {

namespace {

constexpr std::string_view magic = "B$";
constexpr std::string_view file_types = "PTJCUB";
constexpr std::string_view digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

[[noreturn]] void refuse(ErrorCode code, const std::string& what)
{
    throw Error{code, "BBQr: " + what};
}

Encoding encoding_of(char letter)
{
    for (const auto encoding : {Encoding::hex, Encoding::base32, Encoding::zlib})
        if (static_cast<char>(encoding) == letter)
            return encoding;
    refuse(ErrorCode::qr_enc, "encoding " + quoted(std::string_view{&letter, 1}) + " is none of H, 2, Z");
}

unsigned number_at(std::string_view text, std::size_t offset)
{
    unsigned number = 0;
    for (const auto digit : text.substr(offset, 2)) {
        const auto value = digits.find(digit);
        if (value == std::string_view::npos)
            refuse(ErrorCode::qr_enc, quoted(text.substr(offset, 2)) + " is no number of base 36");
        number = number * 36 + static_cast<unsigned>(value);
    }
    return number;
}

std::string number_text(unsigned number)
{
    return {digits[number / 36], digits[number % 36]};
}

std::string in_capitals(std::string hex)
{
    for (auto& digit : hex)
        if (digit >= 'a')
            digit = static_cast<char>(digit - 'a' + 'A');
    return hex;
}

Bytes decode_body(Encoding encoding, std::string_view text)
{
    try {
        if (encoding == Encoding::hex) {
            if (std::ranges::any_of(text, [](char c) { return c >= 'a' && c <= 'z'; }))
                refuse(ErrorCode::qr_enc, "hex in small letters");
            return encoding::decode_hex(text);
        }
        return encoding::decode_base32(text);
    } catch (const Error& error) {
        refuse(ErrorCode::qr_enc, error.message());
    }
}

} // namespace

std::size_t group_size(Encoding encoding)
{
    return encoding == Encoding::hex ? 1 : 5;
}

std::size_t capacity(Encoding encoding, std::size_t characters)
{
    const std::size_t group_characters = encoding == Encoding::hex ? 2 : 8;
    return characters <= header_size ? 0 : (characters - header_size) / group_characters * group_size(encoding);
}

Part parse_part(std::string_view text)
{
    if (text.size() > most_characters)
        refuse(ErrorCode::qr_limit, std::to_string(text.size()) + " characters, a QR code has 4296 at most");
    if (text.size() <= header_size || !text.starts_with(magic))
        refuse(ErrorCode::qr_enc, "no text that begins with B$ and holds something");
    if (file_types.find(text[3]) == std::string_view::npos)
        refuse(ErrorCode::qr_enc, "file type " + quoted(text.substr(3, 1)) + " is none of P, T, J, C, U, B");
    Part part{.encoding = encoding_of(text[2]), .file_type = text[3], .count = number_at(text, 4), .index = number_at(text, 6), .body = {}};
    if (part.index >= part.count)
        refuse(ErrorCode::qr_part, "part " + std::to_string(part.index + 1) + " of " + std::to_string(part.count));
    part.body = decode_body(part.encoding, text.substr(header_size));
    if (part.index + 1 < part.count && part.body.size() % group_size(part.encoding) != 0)
        refuse(ErrorCode::qr_part, "part " + std::to_string(part.index + 1) + " of " + std::to_string(part.count) + " does not end with whole bytes");
    return part;
}

std::string format_part(const Part& part)
{
    require(part.index < part.count && part.count <= most_parts, "a part of BBQr that is none");
    require(part.index + 1 == part.count || part.body.size() % group_size(part.encoding) == 0, "a part of BBQr that is no whole groups");
    std::string text{magic};
    text += static_cast<char>(part.encoding);
    text += part.file_type;
    text += number_text(part.count) + number_text(part.index);
    return text + (part.encoding == Encoding::hex ? in_capitals(encoding::encode_hex(part.body)) : encoding::encode_base32(part.body));
}

} // namespace coffer::bbqr
