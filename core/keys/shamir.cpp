#include "core/keys/shamir.h"

#include "core/base/constant_time.h"
#include "core/base/error.h"
#include "core/crypto/mac.h"

#include <algorithm>

namespace coffer::keys {

namespace {

constexpr std::uint8_t secret_x = 255;
constexpr std::uint8_t digest_x = 254;
constexpr std::size_t digest_size = 4;

std::uint8_t times_x(std::uint8_t a)
{
    return static_cast<std::uint8_t>(a << 1 ^ (0x1b & (0U - (a >> 7U))));
}

/// a^254.
std::uint8_t gf256_inverse(std::uint8_t a)
{
    std::uint8_t result = 1;
    for (int i = 0; i < 7; ++i) {
        a = gf256_multiply(a, a);
        result = gf256_multiply(result, a);
    }
    return result;
}

/// What the value at `points[i]` counts for at `x`: the product over all others of (x - x_j) / (x_i - x_j).
std::uint8_t lagrange_coefficient(std::uint8_t x, std::span<const SharePoint> points, std::size_t i)
{
    std::uint8_t numerator = 1;
    std::uint8_t denominator = 1;
    for (std::size_t j = 0; j < points.size(); ++j) {
        if (j == i)
            continue;
        numerator = gf256_multiply(numerator, x ^ points[j].x);
        denominator = gf256_multiply(denominator, points[i].x ^ points[j].x);
    }
    require(denominator != 0, "two points with the same index");
    return gf256_multiply(numerator, gf256_inverse(denominator));
}

void add_product(ShareValue& sum, std::uint8_t coefficient, ShareValue value)
{
    const auto to = sum.reveal_mutable();
    const auto from = value.reveal_mutable();
    for (unsigned bit = 0; bit < 8; ++bit) {
        const auto mask = static_cast<std::uint8_t>(0U - (coefficient >> bit & 1U));
        for (std::size_t k = 0; k < from.size(); ++k) {
            to[k] = static_cast<std::uint8_t>(to[k] ^ (from[k] & mask));
            from[k] = times_x(from[k]);
        }
    }
}

/// The first bytes of HMAC-SHA256 under `key`, the random rest of the digest share, and that rest.
ShareValue digest_share(ByteView key, const ShareValue& secret, std::size_t size)
{
    ShareValue share;
    auto digest = crypto::hmac_sha256(key, secret.reveal().first(size));
    std::ranges::copy(std::span{digest}.first<digest_size>(), share.reveal_mutable().begin());
    std::ranges::copy(key, share.reveal_mutable().subspan(digest_size).begin());
    wipe(digest);
    return share;
}

bool has_digest(const ShareValue& share, const ShareValue& secret, std::size_t size)
{
    const auto expected = digest_share(share.reveal().subspan(digest_size, size - digest_size), secret, size);
    unsigned difference = 0;
    for (std::size_t k = 0; k < digest_size; ++k)
        difference |= unsigned{share.reveal()[k]} ^ expected.reveal()[k];
    return declassified(difference) == 0;
}

ShareValue random_value(std::size_t size, crypto::Random& random)
{
    ShareValue value;
    random.fill(value.reveal_mutable().first(size));
    return value;
}

} // namespace

std::uint8_t gf256_multiply(std::uint8_t a, std::uint8_t b)
{
    std::uint8_t product = 0;
    for (unsigned bit = 0; bit < 8; ++bit) {
        product ^= static_cast<std::uint8_t>(a & (0U - (b >> bit & 1U)));
        a = times_x(a);
    }
    return product;
}

ShareValue interpolate(std::uint8_t x, std::span<const SharePoint> points)
{
    ShareValue sum;
    for (std::size_t i = 0; i < points.size(); ++i)
        add_product(sum, lagrange_coefficient(x, points, i), points[i].y);
    return sum;
}

std::array<ShareValue, most_shares> split_value(unsigned threshold, unsigned count, const ShareValue& secret,
                                                std::size_t size, crypto::Random& random)
{
    require(threshold > 0 && threshold <= count && count <= most_shares, "a threshold or count of shares out of range");
    require(size > digest_size && size <= most_share_bytes, "a secret of another size than can be shared");
    std::array<ShareValue, most_shares> values;
    if (threshold == 1) {
        std::fill_n(values.begin(), count, secret);
        return values;
    }
    std::array<SharePoint, most_shares> points;
    const unsigned random_count = threshold - 2;
    for (unsigned i = 0; i < random_count; ++i) {
        values[i] = random_value(size, random);
        points[i] = {static_cast<std::uint8_t>(i), values[i]};
    }
    const auto key = random_value(size - digest_size, random);
    points[random_count] = {digest_x, digest_share(key.reveal().first(size - digest_size), secret, size)};
    points[random_count + 1] = {secret_x, secret};
    for (unsigned i = random_count; i < count; ++i)
        values[i] = interpolate(static_cast<std::uint8_t>(i), std::span{points}.first(threshold));
    return values;
}

std::optional<ShareValue> recover_value(std::span<const SharePoint> points, std::size_t size)
{
    if (points.size() == 1)
        return points.front().y;
    auto secret = interpolate(secret_x, points);
    if (!has_digest(interpolate(digest_x, points), secret, size))
        return std::nullopt;
    return secret;
}

} // namespace coffer::keys
