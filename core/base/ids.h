#pragma once

#include "core/base/bytes.h"
#include "core/base/clock.h"

#include <compare>
#include <string>
#include <string_view>

namespace coffer {

/// A fixed-size byte string that only means one thing; `Tag` keeps two meanings apart.
template <typename Tag, std::size_t N>
class Identifier {
public:
    static constexpr std::size_t size = N;

    constexpr Identifier() = default;
    explicit constexpr Identifier(const ByteArray<N>& bytes) : m_bytes{bytes} {}
    /// Throws Error{malformed} when the length is wrong; `what` names the field.
    static Identifier from(ByteView bytes, std::string_view what = Tag::name) { return Identifier{to_array<N>(bytes, what)}; }

    const ByteArray<N>& bytes() const { return m_bytes; }
    bool is_zero() const { return *this == Identifier{}; }
    auto operator<=>(const Identifier&) const = default;

private:
    ByteArray<N> m_bytes{};
};

struct RequestIdTag { static constexpr std::string_view name = "request id"; };
struct TreasuryIdTag { static constexpr std::string_view name = "treasury id"; };
struct CharterHashTag { static constexpr std::string_view name = "charter hash"; };
struct EntryHashTag { static constexpr std::string_view name = "entry hash"; };
struct LinkHashTag { static constexpr std::string_view name = "link hash"; };
struct RequestDigestTag { static constexpr std::string_view name = "request digest"; };
struct PayloadDigestTag { static constexpr std::string_view name = "payload digest"; };
struct PaymentDigestTag { static constexpr std::string_view name = "payment digest"; };
struct BundleDigestTag { static constexpr std::string_view name = "bundle digest"; };
struct KeyIdTag { static constexpr std::string_view name = "key id"; };
struct HashTag { static constexpr std::string_view name = "hash"; };

/// UUIDv7 (RFC 9562, 5.7).
using RequestId = Identifier<RequestIdTag, 16>;
using TreasuryId = Identifier<TreasuryIdTag, 32>;
using CharterHash = Identifier<CharterHashTag, 32>;
using EntryHash = Identifier<EntryHashTag, 32>;
using LinkHash = Identifier<LinkHashTag, 32>;
using RequestDigest = Identifier<RequestDigestTag, 32>;
using PayloadDigest = Identifier<PayloadDigestTag, 32>;
using PaymentDigest = Identifier<PaymentDigestTag, 32>;
using BundleDigest = Identifier<BundleDigestTag, 32>;
using KeyId = Identifier<KeyIdTag, 16>;
using Hash256 = Identifier<HashTag, 32>;

/// Makes a UUIDv7 from a time and 10 random bytes.
RequestId make_request_id(UtcTime time, const ByteArray<10>& random);
/// `0191f3c2-7a4e-7c31-8d2a-1b2c3d4e5f60`.
std::string format_uuid(const RequestId& id);
/// Throws Error{malformed}.
RequestId parse_uuid(std::string_view text);

} // namespace coffer
