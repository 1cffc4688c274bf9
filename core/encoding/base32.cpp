#include "core/encoding/base32.h"

#include "core/base/error.h"

namespace coffer::encoding {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr unsigned bits_of_digit = 5;

unsigned digit_at(std::string_view text, std::size_t offset)
{
    const auto value = alphabet.find(text[offset]);
    if (value == std::string_view::npos)
        throw malformed("base32 has a character that is no digit", offset);
    return static_cast<unsigned>(value);
}

} // namespace

std::string encode_base32(ByteView bytes)
{
    std::string text;
    text.reserve((bytes.size() * 8 + bits_of_digit - 1) / bits_of_digit);
    unsigned held = 0;
    unsigned bits = 0;
    for (const auto byte : bytes) {
        held = held << 8 | byte;
        for (bits += 8; bits >= bits_of_digit; bits -= bits_of_digit)
            text += alphabet[held >> (bits - bits_of_digit) & 31];
        held &= (1U << bits) - 1;
    }
    if (bits > 0)
        text += alphabet[held << (bits_of_digit - bits) & 31];
    return text;
}

Bytes decode_base32(std::string_view text)
{
    const auto over = text.size() % 8;
    if (over == 1 || over == 3 || over == 6)
        throw malformed("base32 has " + std::to_string(text.size()) + " characters, which no bytes have", text.size());
    Bytes bytes;
    bytes.reserve(text.size() * bits_of_digit / 8);
    unsigned held = 0;
    unsigned bits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        held = held << bits_of_digit | digit_at(text, i);
        bits += bits_of_digit;
        if (bits < 8)
            continue;
        bits -= 8;
        bytes.push_back(static_cast<std::uint8_t>(held >> bits));
        held &= (1U << bits) - 1;
    }
    if (held != 0)
        throw malformed("base32 has bits set that encode nothing", text.size() - 1);
    return bytes;
}

} // namespace coffer::encoding
