#include "core/base/clock.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace coffer {

namespace {

constexpr std::int64_t latest_second = 253402300799; // 9999-12-31T23:59:59Z
constexpr std::int64_t longest_duration_days = 3650;

constexpr std::array month_names = {"January", "February", "March",     "April",   "May",      "June",
                                    "July",    "August",   "September", "October", "November", "December"};

struct Civil {
    std::chrono::year_month_day date;
    std::int64_t second_of_day;
};

Civil civil(UtcTime time)
{
    if (time.seconds < 0 || time.seconds > latest_second)
        throw Error{ErrorCode::clock, "time " + std::to_string(time.seconds) + " is outside the years 1970 to 9999"};
    const auto day_number = time.seconds / 86400;
    const std::chrono::sys_days day{std::chrono::days{day_number}};
    return {std::chrono::year_month_day{day}, time.seconds % 86400};
}

std::string digits(unsigned value, std::size_t count)
{
    std::string text(count, '0');
    for (; count > 0; value /= 10)
        text[--count] = static_cast<char>('0' + value % 10);
    return text;
}

int read_digits(std::string_view text, std::size_t offset, std::size_t count)
{
    int value = 0;
    const auto* first = text.data() + offset;
    const auto result = std::from_chars(first, first + count, value);
    for (std::size_t i = 0; i < count; ++i)
        if (first[i] < '0' || first[i] > '9')
            throw malformed("time " + quoted(text) + " is not of the form 2026-11-21T14:02:00Z", offset + i);
    require(result.ec == std::errc{}, "digits without a value");
    return value;
}

} // namespace

std::string format_time(UtcTime time)
{
    const auto [date, second] = civil(time);
    const auto of_day = static_cast<unsigned>(second);
    return digits(static_cast<unsigned>(static_cast<int>(date.year())), 4) + '-' + digits(static_cast<unsigned>(date.month()), 2) + '-' +
           digits(static_cast<unsigned>(date.day()), 2) + 'T' + digits(of_day / 3600, 2) + ':' + digits(of_day / 60 % 60, 2) + ':' +
           digits(of_day % 60, 2) + 'Z';
}

std::string format_time_for_people(UtcTime time)
{
    const auto [date, second] = civil(time);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%u %s %d %02d:%02d UTC", static_cast<unsigned>(date.day()),
                  month_names[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                  static_cast<int>(second / 3600), static_cast<int>(second / 60 % 60));
    return text.data();
}

UtcTime parse_time(std::string_view text)
{
    constexpr std::string_view form = "dddd-dd-ddTdd:dd:ddZ";
    if (text.size() != form.size())
        throw malformed("time " + quoted(text) + " is not of the form 2026-11-21T14:02:00Z", 0);
    for (std::size_t i = 0; i < form.size(); ++i)
        if (form[i] != 'd' && text[i] != form[i])
            throw malformed("time " + quoted(text) + " is not of the form 2026-11-21T14:02:00Z", i);
    const std::chrono::year_month_day date{std::chrono::year{read_digits(text, 0, 4)},
                                           std::chrono::month{static_cast<unsigned>(read_digits(text, 5, 2))},
                                           std::chrono::day{static_cast<unsigned>(read_digits(text, 8, 2))}};
    const auto hour = read_digits(text, 11, 2);
    const auto minute = read_digits(text, 14, 2);
    const auto second = read_digits(text, 17, 2);
    if (!date.ok() || date.year() < std::chrono::year{1970} || hour > 23 || minute > 59 || second > 59)
        throw malformed("time " + quoted(text) + " does not exist", 0);
    const auto day_number = std::chrono::sys_days{date}.time_since_epoch().count();
    return {std::int64_t{day_number} * 86400 + hour * 3600 + minute * 60 + second};
}

Duration parse_duration(std::string_view text)
{
    std::int64_t count = 0;
    const auto* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, count);
    const auto unit = std::string_view{end, last};
    const std::int64_t unit_seconds = unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : unit == "d" ? 86400 : 0;
    if (error != std::errc{} || unit_seconds == 0 || count < 0 || text.front() == '+')
        throw malformed("duration " + quoted(text) + " is not a number with s, m, h or d", 0);
    if (count > longest_duration_days * 86400 / unit_seconds)
        throw malformed("duration " + quoted(text) + " is over " + std::to_string(longest_duration_days) + " days", 0);
    return {count * unit_seconds};
}

std::string format_duration(Duration span)
{
    const auto words = [](std::int64_t count, const char* unit) {
        return std::to_string(count) + " " + unit + (count == 1 ? "" : "s");
    };
    const auto s = span.seconds;
    if (s == 0)
        return "none";
    if (s % 86400 == 0 && s >= 2 * 86400)
        return words(s / 86400, "day");
    if (s % 3600 == 0)
        return words(s / 3600, "hour");
    if (s % 60 == 0)
        return words(s / 60, "minute");
    return words(s, "second");
}

UtcTime SystemClock::now() const
{
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::floor<std::chrono::seconds>(since_epoch).count()};
}

} // namespace coffer
