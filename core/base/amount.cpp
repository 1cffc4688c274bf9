#include "core/base/amount.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>

namespace coffer {

namespace {

// Wide enough for a product of two 256-bit numbers; the range is checked on the way back.
using Wide = boost::multiprecision::uint1024_t;

Wide wide(const Uint256& value)
{
    Wide result;
    boost::multiprecision::import_bits(result, value.big_endian().begin(), value.big_endian().end());
    return result;
}

Uint256 narrow(const Wide& value)
{
    if (value != 0 && boost::multiprecision::msb(value) >= 256)
        throw Error{ErrorCode::amount_range, "amount does not fit into 256 bits"};
    Bytes bytes;
    boost::multiprecision::export_bits(value, std::back_inserter(bytes), 8);
    return Uint256::from_big_endian(bytes);
}

bool is_digits(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

constexpr std::size_t most_decimal_digits = 78; // 2^256 has 78

} // namespace

Uint256 Uint256::from_big_endian(ByteView bytes)
{
    if (bytes.size() > 32)
        throw Error{ErrorCode::malformed, "integer has " + std::to_string(bytes.size()) + " bytes, not at most 32"};
    Uint256 value;
    std::ranges::copy(bytes, value.m_bytes.end() - static_cast<std::ptrdiff_t>(bytes.size()));
    return value;
}

Uint256 Uint256::from_minimal_big_endian(ByteView bytes)
{
    if (!bytes.empty() && bytes[0] == 0)
        throw Error{ErrorCode::canon, "amount has a leading zero byte"};
    return from_big_endian(bytes);
}

Uint256 Uint256::from_decimal(std::string_view digits)
{
    if (!is_digits(digits))
        throw Error{ErrorCode::malformed, "number " + quoted(digits) + " is not decimal digits"};
    if (digits.size() > most_decimal_digits)
        throw Error{ErrorCode::amount_range, "number " + quoted(digits) + " does not fit into 256 bits"};
    const auto first = std::min(digits.find_first_not_of('0'), digits.size() - 1); // "0…" would read as octal
    return narrow(Wide{std::string{digits.substr(first)}});
}

Bytes Uint256::minimal_big_endian() const
{
    const auto first = std::ranges::find_if(m_bytes, [](std::uint8_t byte) { return byte != 0; });
    return {first, m_bytes.end()};
}

std::string Uint256::decimal() const
{
    return wide(*this).str();
}

std::optional<std::uint64_t> Uint256::to_u64() const
{
    if (std::any_of(m_bytes.begin(), m_bytes.end() - 8, [](std::uint8_t byte) { return byte != 0; }))
        return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = 24; i < 32; ++i)
        value = value << 8 | m_bytes[i];
    return value;
}

Uint256 operator+(const Uint256& a, const Uint256& b)
{
    return narrow(wide(a) + wide(b));
}

Uint256 operator-(const Uint256& a, const Uint256& b)
{
    if (a < b)
        throw Error{ErrorCode::amount_range, a.decimal() + " minus " + b.decimal() + " is below zero"};
    return narrow(wide(a) - wide(b));
}

Uint256 operator*(const Uint256& a, const Uint256& b)
{
    return narrow(wide(a) * wide(b));
}

Uint256 operator/(const Uint256& a, const Uint256& b)
{
    require(!b.is_zero(), "division by zero");
    return narrow(wide(a) / wide(b));
}

Amount operator+(const Amount& a, const Amount& b)
{
    require(a.asset() == b.asset(), "sum of two assets");
    return {a.asset(), a.base_units() + b.base_units()};
}

bool operator<(const Amount& a, const Amount& b)
{
    require(a.asset() == b.asset(), "comparison of two assets");
    return a.base_units() < b.base_units();
}

Uint256 parse_decimal(std::string_view text, unsigned decimals)
{
    const auto point = text.find('.');
    const auto whole = text.substr(0, point);
    const auto fraction = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
    if (!is_digits(whole) || (point != std::string_view::npos && !is_digits(fraction)))
        throw Error{ErrorCode::malformed, "amount " + quoted(text) + " is not a decimal number",
                    "write it like 1.25, without sign, spaces or separators"};
    if (fraction.size() > decimals)
        throw Error{ErrorCode::malformed, "amount " + quoted(text) + " has " + std::to_string(fraction.size()) +
                                              " decimals, the asset has " + std::to_string(decimals)};
    std::string digits{whole};
    digits += fraction;
    digits.append(decimals - fraction.size(), '0');
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
    return Uint256::from_decimal(digits);
}

std::string format_decimal(const Uint256& base_units, unsigned decimals)
{
    auto digits = base_units.decimal();
    if (digits.size() <= decimals)
        digits.insert(0, decimals + 1 - digits.size(), '0');
    const auto point = digits.size() - decimals;
    auto fraction = digits.substr(point);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    return digits.substr(0, point) + (fraction.empty() ? "" : "." + fraction);
}

std::uint64_t share_per_100000(const Uint256& part, const Uint256& whole)
{
    constexpr std::uint64_t cap = 1'000'000'000;
    if (whole.is_zero())
        return 0;
    const Wide share = (wide(part) * 100'000 + wide(whole) - 1) / wide(whole);
    return share > cap ? cap : static_cast<std::uint64_t>(share);
}

} // namespace coffer
