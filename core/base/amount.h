#pragma once

#include "core/base/bytes.h"

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace coffer {

/// Unsigned 256-bit integer with checked arithmetic: a result that does not fit, or is below
/// zero, throws Error{amount_range}.
class Uint256 {
public:
    constexpr Uint256() = default;
    constexpr Uint256(std::uint64_t value) // NOLINT: integers convert without loss
    {
        for (std::size_t i = 0; i < 8; ++i)
            m_bytes[31 - i] = static_cast<std::uint8_t>(value >> (8 * i));
    }

    /// Big-endian, at most 32 bytes, leading zeros allowed. Throws Error{malformed} when longer.
    static Uint256 from_big_endian(ByteView bytes);
    /// Big-endian without leading zeros, zero is empty. Throws Error{canon} otherwise.
    static Uint256 from_minimal_big_endian(ByteView bytes);
    /// Decimal digits only. Throws Error{malformed}, Error{amount_range}.
    static Uint256 from_decimal(std::string_view digits);

    const ByteArray<32>& big_endian() const { return m_bytes; }
    Bytes minimal_big_endian() const;
    std::string decimal() const;
    bool is_zero() const { return *this == Uint256{}; }
    /// None when it does not fit.
    std::optional<std::uint64_t> to_u64() const;

    auto operator<=>(const Uint256&) const = default;

private:
    ByteArray<32> m_bytes{}; // big-endian, so that comparison of bytes is comparison of numbers
};

Uint256 operator+(const Uint256& a, const Uint256& b);
Uint256 operator-(const Uint256& a, const Uint256& b);
Uint256 operator*(const Uint256& a, const Uint256& b);
/// Rounds down; a divisor of zero is a broken invariant.
Uint256 operator/(const Uint256& a, const Uint256& b);

/// Which asset: the chain's id in the charter, and the native symbol or the token's id there.
struct AssetId {
    std::string chain;
    std::string symbol;
    auto operator<=>(const AssetId&) const = default;
};

/// A count of base units (wei, satoshi, …) of one asset. Assets do not mix: arithmetic or
/// comparison over two assets is a broken invariant.
class Amount {
public:
    Amount(AssetId asset, Uint256 base_units) : m_asset{std::move(asset)}, m_base_units{base_units} {}

    const AssetId& asset() const { return m_asset; }
    const Uint256& base_units() const { return m_base_units; }

    bool operator==(const Amount&) const = default;

private:
    AssetId m_asset;
    Uint256 m_base_units;
};

Amount operator+(const Amount& a, const Amount& b);
bool operator<(const Amount& a, const Amount& b);

/// `1.25` with 6 decimals is 1250000. No sign, exponent, grouping or blanks, no more fraction
/// digits than `decimals`. Throws Error{malformed}, Error{amount_range}.
Uint256 parse_decimal(std::string_view text, unsigned decimals);
/// Exact, without trailing zeros: 1250000 with 6 decimals is `1.25`.
std::string format_decimal(const Uint256& base_units, unsigned decimals);

/// `part` of `whole` in hundred-thousandths rounded up, capped at 10^9; 0 for a whole of zero.
std::uint64_t share_per_100000(const Uint256& part, const Uint256& whole);

} // namespace coffer
