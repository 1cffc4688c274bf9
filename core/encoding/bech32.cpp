#include "core/encoding/bech32.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <algorithm>

namespace coffer::encoding {

namespace {

constexpr std::string_view alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr std::size_t checksum_size = 6;

constexpr std::uint32_t constant_of(Bech32Variant variant)
{
    return variant == Bech32Variant::bech32 ? 1 : 0x2bc830a3;
}

/// BIP-173, "Checksum": the remainder of a polynomial over GF(32).
class Checksum {
public:
    void add(std::uint8_t value)
    {
        constexpr std::array<std::uint32_t, 5> generator = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
        const auto top = m_remainder >> 25;
        m_remainder = (m_remainder & 0x1ffffff) << 5 ^ value;
        for (std::size_t i = 0; i < generator.size(); ++i)
            if ((top >> i & 1) != 0)
                m_remainder ^= generator[i];
    }

    void add_human_readable_part(std::string_view part)
    {
        for (const char c : part)
            add(static_cast<std::uint8_t>(static_cast<unsigned char>(c) >> 5));
        add(0);
        for (const char c : part)
            add(static_cast<std::uint8_t>(c & 31));
    }

    std::uint32_t remainder() const { return m_remainder; }

private:
    std::uint32_t m_remainder = 1;
};

bool is_printable(char c)
{
    return c >= 33 && c <= 126;
}

bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

Bech32Variant variant_of(std::uint32_t remainder)
{
    for (const auto variant : {Bech32Variant::bech32, Bech32Variant::bech32m})
        if (remainder == constant_of(variant))
            return variant;
    throw Error{ErrorCode::addr_checksum, "bech32 text does not match its checksum"};
}

} // namespace

std::string encode_bech32(const Bech32Text& text)
{
    const auto& part = text.human_readable_part;
    require(!part.empty() && std::ranges::all_of(part, [](char c) { return is_printable(c) && !is_upper(c); }) &&
                part.size() + 1 + text.values.size() + checksum_size <= most_bech32_characters,
            "bech32 of a wrong or too long text");
    Checksum checksum;
    checksum.add_human_readable_part(part);
    auto out = part + "1";
    for (const auto value : text.values) {
        require(value < 32, "a bech32 value above 31");
        checksum.add(value);
        out += alphabet[value];
    }
    for (std::size_t i = 0; i < checksum_size; ++i)
        checksum.add(0);
    const auto remainder = checksum.remainder() ^ constant_of(text.variant);
    for (std::size_t i = 0; i < checksum_size; ++i)
        out += alphabet[remainder >> (5 * (checksum_size - 1 - i)) & 31];
    return out;
}

Bech32Text decode_bech32(std::string_view text)
{
    if (text.size() > most_bech32_characters)
        throw malformed("bech32 text has " + std::to_string(text.size()) + " characters, over the limit of 90",
                        most_bech32_characters);
    const auto unprintable = std::ranges::find_if_not(text, is_printable);
    if (unprintable != text.end())
        throw malformed("bech32 text has a character outside printable ASCII",
                        static_cast<std::size_t>(unprintable - text.begin()));
    if (std::ranges::any_of(text, is_lower) && std::ranges::any_of(text, is_upper))
        throw malformed("bech32 text mixes upper and lower case", 0);
    const auto lower = to_lower_ascii(text);
    const auto separator = lower.rfind('1');
    if (separator == std::string::npos || separator == 0)
        throw malformed("bech32 text has no human-readable part", 0);
    if (lower.size() - separator - 1 < checksum_size)
        throw malformed("bech32 text has no room for its checksum", lower.size());

    Bech32Text decoded;
    decoded.human_readable_part = lower.substr(0, separator);
    Checksum checksum;
    checksum.add_human_readable_part(decoded.human_readable_part);
    for (auto i = separator + 1; i < lower.size(); ++i) {
        const auto value = alphabet.find(lower[i]);
        if (value == std::string_view::npos)
            throw malformed("bech32 text has a character that is no digit", i);
        decoded.values.push_back(static_cast<std::uint8_t>(value));
        checksum.add(decoded.values.back());
    }
    decoded.variant = variant_of(checksum.remainder());
    decoded.values.erase(decoded.values.end() - static_cast<std::ptrdiff_t>(checksum_size), decoded.values.end());
    return decoded;
}

} // namespace coffer::encoding
