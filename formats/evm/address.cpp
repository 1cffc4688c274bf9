#include "formats/evm/address.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/crypto/keccak.h"
#include "core/encoding/hex.h"

#include <algorithm>

namespace coffer::evm {

namespace {

constexpr std::string_view prefix = "0x";
constexpr std::size_t digit_count = 40;

bool is_hex_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_ascii(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string_view digits_of(std::string_view text)
{
    if (!is_ascii(text))
        throw Error{ErrorCode::addr_checksum, "address " + quoted(text) + " has characters that are not hex digits",
                    "some letters only look like those of an address: take it from its owner again"};
    if (!text.starts_with(prefix))
        throw Error{ErrorCode::malformed, "address " + quoted(text) + " does not begin with 0x"};
    const auto digits = text.substr(prefix.size());
    if (digits.size() != digit_count)
        throw Error{ErrorCode::malformed, "address " + quoted(text) + " has " + std::to_string(digits.size()) +
                                              " digits, not " + std::to_string(digit_count)};
    const auto wrong = std::ranges::find_if_not(digits, is_hex_digit);
    if (wrong != digits.end())
        throw malformed("address " + quoted(text) + " has a character that is not a hex digit",
                        prefix.size() + static_cast<std::size_t>(wrong - digits.begin()));
    return digits;
}

} // namespace

Address address_of(const crypto::Secp256k1PublicKey& key)
{
    const auto uncompressed = key.uncompressed();
    const auto hash = crypto::keccak256(ByteView{uncompressed}.subspan(1));
    return Address::from(ByteView{hash}.last(Address::size));
}

std::string format_address(const Address& address)
{
    auto digits = encoding::encode_hex(address.bytes());
    const auto hash = crypto::keccak256(bytes_of(digits));
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const auto nibble = i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 0x0f;
        if (nibble >= 8 && digits[i] >= 'a')
            digits[i] = static_cast<char>(digits[i] - 'a' + 'A');
    }
    return std::string{prefix} + digits;
}

bool has_checksum(std::string_view text)
{
    const auto digits = text.substr(std::min(text.size(), prefix.size()));
    const auto is_lower = [](char c) { return c >= 'a' && c <= 'f'; };
    const auto is_upper = [](char c) { return c >= 'A' && c <= 'F'; };
    return std::ranges::any_of(digits, is_lower) && std::ranges::any_of(digits, is_upper);
}

Address parse_address(std::string_view text, Checksum checksum)
{
    const auto address = Address::from(encoding::decode_hex(digits_of(text)));
    const auto expected = format_address(address);
    if (text == expected)
        return address;
    // A wrong checksum may be a wrong digit, so the hint must not mend it.
    if (has_checksum(text))
        throw Error{ErrorCode::addr_checksum, "address " + quoted(text) + " has a wrong checksum",
                    "a character is wrong: take the address from its owner again"};
    if (checksum == Checksum::required)
        throw Error{ErrorCode::addr_checksum, "address " + quoted(text) + " has no checksum",
                    "with its checksum it is " + expected + "; compare every character"};
    return address;
}

} // namespace coffer::evm
