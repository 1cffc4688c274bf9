#include "cli/chains/evm/quantity.h"

#include "core/base/text.h"
#include "core/encoding/hex.h"

namespace coffer::cli {

namespace {

/// The digits behind `0x`.
std::string_view digits_of(const Json& value, std::string_view what)
{
    const auto* text = value.text();
    if (text == nullptr || !text->starts_with("0x"))
        throw Error{ErrorCode::rpc, std::string{what} + ": the node answers " +
                                        (text != nullptr ? quoted(*text, 60) : "something else") + ", not 0x and hex digits"};
    return std::string_view{*text}.substr(2);
}

Error bad(std::string_view digits, std::string_view what, std::string_view expected)
{
    return Error{ErrorCode::rpc, std::string{what} + ": the node answers " + quoted("0x" + std::string{digits}, 60) +
                                     ", not " + std::string{expected}};
}

Bytes decode(std::string_view digits, std::string_view whole, std::string_view what, std::string_view expected)
{
    try {
        return encoding::decode_hex(digits);
    } catch (const Error&) {
        throw bad(whole, what, expected);
    }
}

} // namespace

Uint256 read_quantity(const Json& value, std::string_view what)
{
    constexpr std::string_view expected = "a quantity of at most 256 bits";
    const auto digits = digits_of(value, what);
    if (digits.empty() || digits.size() > 64 || (digits.size() > 1 && digits.front() == '0'))
        throw bad(digits, what, expected);
    const auto even = (digits.size() % 2 != 0 ? "0" : "") + std::string{digits};
    return Uint256::from_big_endian(decode(even, digits, what, expected));
}

std::uint64_t read_u64(const Json& value, std::string_view what)
{
    const auto number = read_quantity(value, what).to_u64();
    if (!number)
        throw bad(digits_of(value, what), what, "a number of at most 64 bits");
    return *number;
}

Bytes read_data(const Json& value, std::string_view what)
{
    const auto digits = digits_of(value, what);
    return decode(digits, digits, what, "whole bytes in hex");
}

Bytes read_hash(const Json& value, std::string_view what)
{
    auto bytes = read_data(value, what);
    if (bytes.size() != 32)
        throw bad(digits_of(value, what), what, "a hash of 32 bytes");
    return bytes;
}

const Json& read_member(const Json& object, std::string_view name, std::string_view what)
{
    const auto* member = object.find(name);
    if (member == nullptr)
        throw Error{ErrorCode::rpc, std::string{what} + ": the node's answer has no " + std::string{name}};
    return *member;
}

std::string format_quantity(const Uint256& value)
{
    auto digits = encoding::encode_hex(value.minimal_big_endian());
    if (digits.empty())
        return "0x0";
    return "0x" + (digits.front() == '0' ? digits.substr(1) : digits);
}

std::string format_data(ByteView bytes)
{
    return "0x" + encoding::encode_hex(bytes);
}

} // namespace coffer::cli
