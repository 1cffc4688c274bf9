#pragma once

#include "core/base/secret.h"
#include "core/crypto/random.h"

#include <optional>
#include <span>

/// Shamir's secret sharing over GF(256) as SLIP-39 has it: x^8 + x^4 + x^3 + x + 1, the secret at x = 255, its digest
/// at x = 254. Constant time in the values; the indexes x are public.
namespace coffer::keys {

constexpr unsigned most_shares = 16;
constexpr std::size_t most_share_bytes = 32;

/// As many bytes as the secret has, zeros after them.
using ShareValue = WipedArray<most_share_bytes>;

struct SharePoint {
    std::uint8_t x = 0;
    ShareValue y;
};

/// Product in GF(256).
std::uint8_t gf256_multiply(std::uint8_t a, std::uint8_t b);

/// The polynomial through the points, byte by byte, at `x`. Points with the same x are a broken invariant.
ShareValue interpolate(std::uint8_t x, std::span<const SharePoint> points);

/// SplitSecret: `count` values with x from 0 on, any `threshold` of which give the first `size` bytes of `secret`.
/// Thresholds and counts out of range are a broken invariant.
std::array<ShareValue, most_shares> split_value(unsigned threshold, unsigned count, const ShareValue& secret,
                                                std::size_t size, crypto::Random& random);

/// RecoverSecret of as many points as the threshold; none when the digest does not fit.
std::optional<ShareValue> recover_value(std::span<const SharePoint> points, std::size_t size);

} // namespace coffer::keys
