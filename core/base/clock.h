#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace coffer {

/// A moment in whole seconds since 1970-01-01T00:00:00Z.
struct UtcTime {
    std::int64_t seconds = 0;
    auto operator<=>(const UtcTime&) const = default;
};

/// A span in seconds; never negative in a charter.
struct Duration {
    std::int64_t seconds = 0;
    auto operator<=>(const Duration&) const = default;
};

constexpr UtcTime operator+(UtcTime time, Duration span)
{
    return {time.seconds + span.seconds};
}
constexpr UtcTime operator-(UtcTime time, Duration span)
{
    return {time.seconds - span.seconds};
}
constexpr Duration operator-(UtcTime a, UtcTime b)
{
    return {a.seconds - b.seconds};
}
constexpr Duration operator-(Duration a, Duration b)
{
    return {a.seconds - b.seconds};
}

constexpr Duration minutes(std::int64_t count)
{
    return {count * 60};
}
constexpr Duration hours(std::int64_t count)
{
    return {count * 3600};
}
constexpr Duration days(std::int64_t count)
{
    return {count * 86400};
}

/// RFC 3339 with `Z`, to the second: `2026-11-21T14:02:00Z`. Years 1970 to 9999.
std::string format_time(UtcTime time);
/// For people: `21 November 2026 14:02 UTC`.
std::string format_time_for_people(UtcTime time);
/// Throws Error{malformed} unless the text is RFC 3339 with `Z` and names a day that exists.
UtcTime parse_time(std::string_view text);

/// `90s`, `15m`, `24h`, `7d`. Throws Error{malformed}; at most 3650 days.
Duration parse_duration(std::string_view text);
/// In words: `24 hours`, `2 days`, `none` for zero.
std::string format_duration(Duration span);

class Clock {
public:
    virtual ~Clock() = default;
    virtual UtcTime now() const = 0;
};

/// The machine's clock; made by main() only.
class SystemClock final : public Clock {
public:
    UtcTime now() const override;
};

} // namespace coffer
