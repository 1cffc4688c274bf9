#include "core/encoding/base58.h"

#include "core/base/error.h"
#include "core/crypto/hash.h"

#include <algorithm>

namespace coffer::encoding {

namespace {

constexpr std::string_view alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::size_t checksum_size = 4;
constexpr std::size_t most_secret_bytes = 128;

constexpr auto digit_values = [] {
    std::array<std::int8_t, 256> values{};
    values.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
    return values;
}();

/// log(256) / log(58) is 1.3657…, rounded up.
constexpr std::size_t most_characters_of(std::size_t bytes)
{
    return bytes * 1366 / 1000 + 1;
}

/// Writes the number right-aligned into `out`, which is zero and as long as the text (a byte takes
/// at least one digit); returns how many bytes it takes, with one for each leading `1`.
std::size_t decode_digits(std::string_view text, std::span<std::uint8_t> out)
{
    std::size_t used = 0; // bytes of the number, from the end
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto digit = digit_values[static_cast<unsigned char>(text[i])];
        if (digit < 0)
            throw malformed("base58 has a character that is no digit", i);
        auto carry = static_cast<unsigned>(digit);
        std::size_t j = 0;
        for (; j < used || carry != 0; ++j) {
            auto& byte = out[out.size() - 1 - j];
            carry += 58U * byte;
            byte = static_cast<std::uint8_t>(carry);
            carry >>= 8;
        }
        used = j;
    }
    return used + std::min(text.find_first_not_of('1'), text.size());
}

/// Writes the digits right-aligned into `out`, which is large enough and zero; returns how many.
std::size_t encode_digits(ByteView bytes, std::span<std::uint8_t> out)
{
    std::size_t used = 0;
    for (const auto byte : bytes) {
        unsigned carry = byte;
        std::size_t j = 0;
        for (; j < used || carry != 0; ++j) {
            auto& digit = out[out.size() - 1 - j];
            carry += 256U * digit;
            digit = static_cast<std::uint8_t>(carry % 58);
            carry /= 58;
        }
        used = j;
    }
    const auto first = std::ranges::find_if(bytes, [](std::uint8_t byte) { return byte != 0; });
    used += static_cast<std::size_t>(first - bytes.begin());
    for (auto& digit : out.last(used))
        digit = static_cast<std::uint8_t>(alphabet[digit]);
    return used;
}

void require_bounded(std::string_view text)
{
    if (text.size() > most_base58_characters)
        throw malformed("base58 text has " + std::to_string(text.size()) + " characters, over the limit of " +
                            std::to_string(most_base58_characters),
                        most_base58_characters);
}

void verify_checksum(ByteView payload, ByteView checksum)
{
    if (!equal(ByteView{crypto::sha256d(payload)}.first(checksum_size), checksum))
        throw Error{ErrorCode::addr_checksum, "base58check text does not match its checksum"};
}

} // namespace

std::string encode_base58(ByteView bytes)
{
    Bytes digits(most_characters_of(bytes.size()));
    const auto used = encode_digits(bytes, digits);
    return std::string{text_of(ByteView{digits}.last(used))};
}

Bytes decode_base58(std::string_view text)
{
    require_bounded(text);
    Bytes bytes(text.size());
    const auto used = decode_digits(text, bytes);
    return to_bytes(ByteView{bytes}.last(used));
}

std::string encode_base58check(ByteView payload)
{
    auto bytes = to_bytes(payload);
    append(bytes, ByteView{crypto::sha256d(payload)}.first(checksum_size));
    return encode_base58(bytes);
}

Bytes decode_base58check(std::string_view text)
{
    auto bytes = decode_base58(text);
    if (bytes.size() < checksum_size)
        throw malformed("base58check text has no room for its checksum", text.size());
    const auto payload = ByteView{bytes}.first(bytes.size() - checksum_size);
    verify_checksum(payload, ByteView{bytes}.last(checksum_size));
    bytes.resize(payload.size());
    return bytes;
}

SecretBytes encode_base58check_secret(ByteView payload)
{
    require(payload.size() <= most_secret_bytes, "a secret too long for base58check");
    WipedArray<most_secret_bytes + checksum_size> bytes;
    WipedArray<most_characters_of(most_secret_bytes + checksum_size)> digits;
    const auto whole = bytes.reveal_mutable().first(payload.size() + checksum_size);
    std::ranges::copy(payload, whole.begin());
    std::ranges::copy(ByteView{crypto::sha256d(payload)}.first(checksum_size), whole.last(checksum_size).begin());
    const auto used = encode_digits(whole, digits.reveal_mutable());
    return SecretBytes::copy_of(digits.reveal().last(used));
}

SecretBytes decode_base58check_secret(std::string_view text, std::size_t size)
{
    require(size <= most_secret_bytes, "a secret too long for base58check");
    constexpr auto most_characters = most_characters_of(most_secret_bytes + checksum_size);
    if (text.size() > most_characters)
        throw malformed("base58 text has " + std::to_string(text.size()) + " characters, over the limit of " +
                            std::to_string(most_characters),
                        most_characters);
    WipedArray<most_characters> bytes;
    const auto used = decode_digits(text, bytes.reveal_mutable());
    if (used != size + checksum_size)
        throw malformed("base58check text holds " + std::to_string(used) + " bytes, not " +
                            std::to_string(size + checksum_size),
                        text.size());
    const auto payload = bytes.reveal().last(used).first(size);
    verify_checksum(payload, bytes.reveal().last(checksum_size));
    return SecretBytes::copy_of(payload);
}

} // namespace coffer::encoding
