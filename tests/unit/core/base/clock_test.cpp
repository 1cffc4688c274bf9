#include "core/base/clock.h"

#include "tests/support/vectors.h"

namespace coffer {
namespace {

TEST(UtcTime, ReadsAndWritesRfc3339)
{
    const std::pair<std::int64_t, const char*> cases[] = {{0, "1970-01-01T00:00:00Z"},
                                                          {951782400, "2000-02-29T00:00:00Z"},
                                                          {1795269720, "2026-11-21T14:02:00Z"},
                                                          {4102444799, "2099-12-31T23:59:59Z"},
                                                          {253402300799, "9999-12-31T23:59:59Z"}};
    for (const auto& [seconds, text] : cases) {
        EXPECT_EQ(format_time({seconds}), text);
        EXPECT_EQ(parse_time(text).seconds, seconds);
    }
    EXPECT_EQ(format_time_for_people({1795269720}), "21 November 2026 14:02 UTC");
}

TEST(UtcTime, RefusesWhatIsNotOfTheFormOrDoesNotExist)
{
    for (const auto* text : {"", "2026-11-21", "2026-11-21T14:02:00", "2026-11-21t14:02:00z", "2026-11-21 14:02:00Z",
                             "2026-11-21T14:02:00+00:00", "2026-11-21T14:02:00.0Z", "2026-11-21T14:02:60Z",
                             "2026-11-21T24:00:00Z", "2026-11-21T14:60:00Z", "2026-13-01T00:00:00Z",
                             "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
                             "1969-12-31T23:59:59Z", "2026-11-21T14:02:0-Z", "+026-11-21T14:02:00Z",
                             " 026-11-21T14:02:00Z", "2026-11-21T14:02:00Z "})
        EXPECT_ERROR(parse_time(text), ErrorCode::malformed);
}

TEST(UtcTime, WritesNoYearOutsideItsRange)
{
    EXPECT_ERROR(format_time({-1}), ErrorCode::clock);
    EXPECT_ERROR(format_time({253402300800}), ErrorCode::clock);
    EXPECT_ERROR(format_time_for_people({INT64_MAX}), ErrorCode::clock);
}

TEST(Duration, ReadsOneNumberAndOneUnit)
{
    EXPECT_EQ(parse_duration("90s"), Duration{90});
    EXPECT_EQ(parse_duration("15m"), minutes(15));
    EXPECT_EQ(parse_duration("24h"), hours(24));
    EXPECT_EQ(parse_duration("7d"), days(7));
    EXPECT_EQ(parse_duration("0s"), Duration{0});
    EXPECT_EQ(parse_duration("3650d"), days(3650));
    for (const auto* text : {"", "s", "90", "-1s", "+1s", "1.5h", "1h30m", "1 h", " 1h", "1H", "1w", "3651d",
                             "9223372036854775807s", "9223372036854775807d", "99999999999999999999s"})
        EXPECT_ERROR(parse_duration(text), ErrorCode::malformed);
}

TEST(Duration, IsWrittenInTheLargestWholeUnit)
{
    EXPECT_EQ(format_duration({0}), "none");
    EXPECT_EQ(format_duration({1}), "1 second");
    EXPECT_EQ(format_duration({90}), "90 seconds");
    EXPECT_EQ(format_duration(minutes(1)), "1 minute");
    EXPECT_EQ(format_duration(hours(24)), "24 hours");
    EXPECT_EQ(format_duration(days(2)), "2 days");
}

TEST(Duration, MovesTimes)
{
    EXPECT_EQ(UtcTime{100} + minutes(1), UtcTime{160});
    EXPECT_EQ(UtcTime{100} - Duration{30}, UtcTime{70});
    EXPECT_EQ(UtcTime{100} - UtcTime{30}, Duration{70});
}

TEST(SystemClock, KnowsAboutNow)
{
    EXPECT_GT(SystemClock{}.now(), parse_time("2024-01-01T00:00:00Z"));
}

} // namespace
} // namespace coffer
