#include "core/policy/windows.h"

#include "tests/support/treasury.h"
#include "tests/support/vectors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coffer::policy {
namespace {

using charter::Limit;
using charter::LimitPer;
using testing::HasSubstr;

const UtcTime noon = test::founding_day;
const AssetId eth{"ethereum", "ETH"};
const AssetId usdc{"ethereum", "USDC"};
const AssetId pol{"polygon", "POL"};

Limit week_of(std::uint64_t ether)
{
    return {.id = "week",
            .wallets = {},
            .assets = {{"ETH"}},
            .destinations = {},
            .requesters = {},
            .per = {},
            .span = days(7),
            .amount = test::ether(ether),
            .count = {}};
}

Limit requests_in_a_day(std::uint64_t count)
{
    return {.id = "day", .wallets = {}, .assets = {}, .destinations = {}, .requesters = {}, .per = {}, .span = days(1), .amount = {}, .count = count};
}

payments::Payment pays(std::string_view destination, const AssetId& asset, Uint256 amount)
{
    return {test::address_named(destination), Amount{asset, amount}};
}

Outflow of(std::vector<payments::Payment> payments, Uint256 fee = {}, std::string wallet = "eth-cold", std::string requester = "alice")
{
    const auto& native = wallet == "pol-cold" ? pol : eth;
    return {.wallet = std::move(wallet), .requester = std::move(requester), .payments = std::move(payments), .fee = Amount{native, fee}};
}

Outflow of_ether(std::uint64_t count, std::string_view destination = "exchange", std::string requester = "alice")
{
    return of({pays(destination, eth, test::ether(count))}, {}, "eth-cold", std::move(requester));
}

/// A charter with these limits and the windows over what left.
class WindowsOf {
public:
    explicit WindowsOf(std::vector<Limit> limits) : m_charter{test::example_charter()}
    {
        m_charter.limits = std::move(limits);
        EXPECT_NO_THROW(charter::require_valid(m_charter));
    }

    WindowsOf& left(UtcTime time, const Outflow& outflow)
    {
        windows.add(time, outflow);
        return *this;
    }
    bool allows(const Outflow& outflow, UtcTime now) const
    {
        try {
            windows.require_within(outflow, now);
            return true;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::limit_velocity);
            return false;
        }
    }
    std::string refusal(const Outflow& outflow, UtcTime now) const
    {
        try {
            windows.require_within(outflow, now);
            return "allowed";
        } catch (const Error& error) {
            return error.message();
        }
    }
    std::vector<std::string> left_after(const Outflow& outflow, UtcTime now) const
    {
        std::vector<std::string> lines;
        for (const auto& use : windows.uses(outflow, now))
            lines.push_back(left_in_words(m_charter, use));
        return lines;
    }

private:
    charter::Charter m_charter;

public:
    Windows windows{m_charter};
};

TEST(Windows, WithoutLimitsAllowEverything)
{
    EXPECT_TRUE(WindowsOf{{}}.allows(of_ether(1'000'000), noon));
}

TEST(Windows, AddUpWhatLeavesWithinTheSpan) // E17: splitting
{
    WindowsOf week{{week_of(500)}};
    EXPECT_TRUE(week.allows(of_ether(500), noon));
    EXPECT_FALSE(week.allows(of_ether(501), noon));
    week.left(noon, of_ether(300)).left(noon + hours(1), of_ether(150));
    EXPECT_TRUE(week.allows(of_ether(50), noon + hours(2)));
    EXPECT_FALSE(week.allows(of_ether(51), noon + hours(2)));
    EXPECT_TRUE(week.allows(of({pays("exchange", eth, test::ether(25)), pays("supplier", eth, test::ether(25))}), noon + hours(2)));
    EXPECT_FALSE(week.allows(of({pays("exchange", eth, test::ether(26)), pays("supplier", eth, test::ether(25))}), noon + hours(2)));
}

TEST(Windows, SlideAndTheirBoundRefusesMore)
{
    WindowsOf week{{week_of(500)}};
    week.left(noon, of_ether(300)).left(noon + days(1), of_ether(200));
    EXPECT_FALSE(week.allows(of_ether(1), noon + days(7)));
    EXPECT_TRUE(week.allows(of_ether(300), noon + days(7) + Duration{1}));
    EXPECT_FALSE(week.allows(of_ether(301), noon + days(8)));
    EXPECT_TRUE(week.allows(of_ether(500), noon + days(8) + Duration{1}));
}

TEST(Windows, CountWhatIsDatedLater)
{
    WindowsOf week{{week_of(500)}};
    week.left(noon + days(30), of_ether(500));
    EXPECT_FALSE(week.allows(of_ether(1), noon));
}

TEST(Windows, SayWhatIsUsedAndWhenEnoughIsFree)
{
    WindowsOf week{{week_of(500)}};
    week.left(noon, of_ether(100)).left(noon + hours(1), of_ether(250)).left(noon + hours(2), of_ether(100));
    const auto now = noon + hours(3);
    const std::string start = "limit \"week\" allows 500 ETH in 7 days: 450 ETH went out already, and this takes ";
    EXPECT_EQ(week.refusal(of_ether(120), now), start + "120 ETH with its fee; enough is free again " + format_time(noon + days(7) + Duration{1}));
    EXPECT_EQ(week.refusal(of_ether(160), now), start + "160 ETH with its fee; enough is free again " + format_time(noon + days(7) + hours(1) + Duration{1}));
    EXPECT_EQ(week.refusal(of_ether(500), now), start + "500 ETH with its fee; enough is free again " + format_time(noon + days(7) + hours(2) + Duration{1}));
    EXPECT_EQ(week.refusal(of_ether(501), now), start + "501 ETH with its fee; more than the whole limit");
    EXPECT_TRUE(week.allows(of_ether(120), noon + days(7) + Duration{1}));
    EXPECT_FALSE(week.allows(of_ether(120), noon + days(7)));
}

TEST(Windows, SayWhatIsLeftAfterwards)
{
    auto week = week_of(500);
    week.count = 10;
    week.per = {LimitPer::wallet, LimitPer::destination, LimitPer::requester};
    WindowsOf windows{{week, requests_in_a_day(1)}};
    EXPECT_EQ(windows.left_after(of({pays("exchange", eth, test::ether(119))}, test::ether(1)), noon),
              (std::vector<std::string>{
                  "after this 380 of 500 ETH and 9 of 10 requests in 7 days (week, wallet eth-cold and destination exchange and requester alice)",
                  "after this 0 of 1 request in 24 hours (day)"}));
    EXPECT_EQ(windows.left_after(of({pays("nobody", eth, test::ether(600))}), noon).front(),
              "no room for this now in 500 ETH and 10 requests in 7 days (week, wallet eth-cold and this destination and requester alice)");
}

TEST(Windows, CountTheFeeOfTheNativeAssetOnceAWindow)
{
    WindowsOf week{{week_of(500)}};
    const auto fee = test::ether(1);
    EXPECT_TRUE(week.allows(of({pays("exchange", eth, test::ether(499))}, fee), noon));
    EXPECT_FALSE(week.allows(of({pays("exchange", eth, test::ether(500))}, fee), noon));
    EXPECT_TRUE(week.allows(of({pays("exchange", eth, test::ether(400)), pays("supplier", eth, test::ether(99))}, fee), noon));
    week.left(noon, of({pays("exchange", usdc, 1'000'000)}, test::ether(300)));
    EXPECT_TRUE(week.allows(of_ether(200), noon));
    EXPECT_FALSE(week.allows(of_ether(201), noon));
}

TEST(Windows, TheFeeIsOfEveryDestinationThatHasItsOwn)
{
    auto week = week_of(10);
    week.per = {LimitPer::destination};
    WindowsOf windows{{week}};
    const auto both = [](std::uint64_t each) { return of({pays("exchange", eth, test::ether(each)), pays("supplier", usdc, 1)}, test::ether(4)); };
    EXPECT_TRUE(windows.allows(both(6), noon));
    EXPECT_FALSE(windows.allows(both(7), noon));
    windows.left(noon, both(6));
    EXPECT_FALSE(windows.allows(of_ether(7, "supplier"), noon));
    EXPECT_TRUE(windows.allows(of_ether(6, "supplier"), noon));
    EXPECT_FALSE(windows.allows(of_ether(1, "exchange"), noon));
}

TEST(Windows, AreOfTheAssetThatTheLimitNames) // E17: units
{
    auto week = week_of(500);
    week.assets = {{"USDC"}};
    week.amount = Uint256{500'000'000};
    WindowsOf windows{{week}};
    windows.left(noon, of_ether(500));
    EXPECT_TRUE(windows.allows(of({pays("exchange", usdc, 500'000'000)}), noon));
    EXPECT_FALSE(windows.allows(of({pays("exchange", usdc, 500'000'001)}), noon));
    EXPECT_TRUE(windows.allows(of({pays("exchange", {"ethereum", "USDT"}, 500'000'001)}), noon));
}

TEST(Windows, SelectWalletsDestinationsAndRequesters)
{
    auto week = week_of(10);
    week.wallets = {{"eth-cold"}};
    week.destinations = {{"exchange"}};
    week.requesters = {{"alice"}};
    WindowsOf windows{{week}};
    windows.left(noon, of_ether(10));
    EXPECT_FALSE(windows.allows(of_ether(1), noon));
    EXPECT_TRUE(windows.allows(of_ether(11, "supplier"), noon));
    EXPECT_TRUE(windows.allows(of_ether(11, "exchange", "bob"), noon));
    EXPECT_TRUE(windows.allows(of({pays("exchange", eth, test::ether(11))}, {}, "eth-warm"), noon));
    EXPECT_FALSE(windows.allows(of({pays("supplier", eth, test::ether(11)), pays("exchange", eth, 1)}), noon));
}

TEST(Windows, OfAListOfDestinationsTakeTheFeeOfWhatGoesThere)
{
    auto week = week_of(10);
    week.destinations = {{"exchange"}};
    WindowsOf windows{{week}};
    EXPECT_TRUE(windows.allows(of({pays("supplier", eth, 1)}, test::ether(11)), noon));
    EXPECT_FALSE(windows.allows(of({pays("exchange", usdc, 1)}, test::ether(11)), noon));
}

TEST(Windows, AnEntryOfTheAddressBookIsOneOnItsChain)
{
    auto day = requests_in_a_day(1);
    day.destinations = {{"exchange"}};
    WindowsOf windows{{day}};
    windows.left(noon, of_ether(1));
    EXPECT_FALSE(windows.allows(of_ether(1), noon));
    EXPECT_TRUE(windows.allows(of({pays("exchange", pol, 1)}, {}, "pol-cold"), noon));
}

TEST(Windows, HaveOneOfTheirOwnForEachThatPerNames)
{
    const std::vector<std::pair<LimitPer, Outflow>> others{{LimitPer::wallet, of({pays("exchange", eth, test::ether(10))}, {}, "eth-warm")},
                                                           {LimitPer::destination, of_ether(10, "supplier")},
                                                           {LimitPer::requester, of_ether(10, "exchange", "bob")}};
    for (const auto& [per, other] : others) {
        SCOPED_TRACE(name_of(per));
        auto week = week_of(10);
        week.count = 1;
        EXPECT_FALSE(WindowsOf{{week}}.left(noon, of_ether(1)).allows(other, noon));
        week.per = {per};
        EXPECT_TRUE(WindowsOf{{week}}.left(noon, of_ether(1)).allows(other, noon));
        EXPECT_FALSE(WindowsOf{{week}}.left(noon, of_ether(1)).left(noon, other).allows(other, noon));
        for (const auto& [another, outflow] : others)
            if (another != per) {
                EXPECT_FALSE(WindowsOf{{week}}.left(noon, of_ether(1)).allows(outflow, noon));
            }
    }
}

TEST(Windows, CountRequestsAndNotPayments)
{
    WindowsOf day{{requests_in_a_day(2)}};
    const auto many = of({pays("exchange", eth, 1), pays("supplier", eth, 1), pays("supplier", usdc, 1)});
    day.left(noon, many);
    EXPECT_TRUE(day.allows(many, noon));
    day.left(noon, many);
    EXPECT_FALSE(day.allows(many, noon));
    EXPECT_EQ(day.refusal(many, noon), "limit \"day\" allows 2 requests in 24 hours: there were 2 requests already; enough is free again " +
                                           format_time(noon + days(1) + Duration{1}));
}

TEST(Windows, CountRequestsThatPayNothing)
{
    WindowsOf day{{requests_in_a_day(1)}};
    day.left(noon, of({pays("eth-cold", eth, 0)}));
    EXPECT_FALSE(day.allows(of_ether(1), noon));
    auto replacement = of({pays("eth-cold", eth, 0)}, test::ether(1));
    replacement.counts = false;
    EXPECT_TRUE(day.allows(replacement, noon));
}

TEST(Windows, CountMessagesWhereTheLimitNamesNoAssetAndNoDestination)
{
    auto of_ether_only = requests_in_a_day(1);
    of_ether_only.assets = {{"ETH"}};
    auto to_exchange_only = requests_in_a_day(1);
    to_exchange_only.destinations = {{"exchange"}};
    for (const auto& limit : {of_ether_only, to_exchange_only})
        EXPECT_TRUE((WindowsOf{{limit}}.left(noon, of_ether(1)).allows(of({}), noon)));
    EXPECT_FALSE((WindowsOf{{requests_in_a_day(1)}}.left(noon, of_ether(1)).allows(of({}), noon)));
    EXPECT_FALSE((WindowsOf{{requests_in_a_day(1)}}.left(noon, of({})).allows(of_ether(1), noon)));
}

TEST(Windows, EveryLimitMustHold)
{
    auto day = week_of(100);
    day.id = "day";
    day.span = days(1);
    for (const auto& limits : {std::vector{day, week_of(500)}, std::vector{week_of(500), day}}) {
        WindowsOf both{limits};
        both.left(noon, of_ether(100)).left(noon + days(2), of_ether(100)).left(noon + days(4), of_ether(100));
        EXPECT_THAT(both.refusal(of_ether(101), noon + days(6)), HasSubstr("limit \"day\""));
        both.left(noon + days(5) + hours(1), of_ether(150));
        EXPECT_THAT(both.refusal(of_ether(90), noon + days(6) + hours(2)), HasSubstr("limit \"week\""));
        EXPECT_TRUE(both.allows(of_ether(50), noon + days(6) + hours(2)));
    }
}

TEST(Windows, AreFullForOneSpanAfterTheClockSteppedBack) // E17: time
{
    WindowsOf windows{{week_of(500), requests_in_a_day(10)}};
    windows.windows.fill(noon);
    EXPECT_EQ(windows.refusal(of_ether(1), noon + days(1)),
              "limit \"week\" allows 500 ETH in 7 days: the clock was set back, so nothing counts as old; enough is free again " +
                  format_time(noon + days(7) + Duration{1}));
    EXPECT_FALSE(windows.allows(of({pays("exchange", usdc, 1)}), noon + days(1)));
    EXPECT_TRUE(windows.allows(of({pays("exchange", usdc, 1)}), noon + days(1) + Duration{1}));
    EXPECT_FALSE(windows.allows(of_ether(1), noon + days(7)));
    EXPECT_TRUE(windows.allows(of_ether(500), noon + days(7) + Duration{1}));
    windows.windows.fill(noon - days(1));
    EXPECT_FALSE(windows.allows(of_ether(1), noon + days(7)));
}

TEST(Windows, ForgetWhatIsTakenOut)
{
    WindowsOf windows{{week_of(500), requests_in_a_day(2)}};
    windows.left(noon, of_ether(100)).left(noon, of_ether(300)).left(noon + hours(1), of_ether(100));
    windows.windows.remove(noon, of_ether(300));
    EXPECT_TRUE(windows.allows(of_ether(300), noon + days(1) + hours(1) + Duration{1}));
    EXPECT_FALSE(windows.allows(of_ether(301), noon + days(1) + hours(1) + Duration{1}));
    EXPECT_FALSE(windows.allows(of_ether(1), noon + hours(2)));
    windows.windows.remove(noon, of_ether(100));
    EXPECT_TRUE(windows.allows(of_ether(1), noon + hours(2)));
}

TEST(Windows, OfAbsurdAmountsStayFull)
{
    WindowsOf windows{{week_of(500)}};
    const auto all = Uint256::from_big_endian(Bytes(32, 0xff));
    for (int i = 0; i < 3; ++i)
        windows.left(noon, of({pays("exchange", eth, all), pays("supplier", eth, all)}, all));
    EXPECT_FALSE(windows.allows(of_ether(1), noon));
    EXPECT_FALSE(windows.allows(of({pays("exchange", eth, all)}), noon + days(8)));
    EXPECT_TRUE(windows.allows(of_ether(500), noon + days(8)));
}

TEST(Windows, RequireEverWithinLooksAtTheOutflowAlone)
{
    WindowsOf windows{{week_of(500)}};
    windows.left(noon, of_ether(500));
    EXPECT_NO_THROW(windows.windows.require_ever_within(of_ether(500)));
    EXPECT_ERROR(windows.windows.require_ever_within(of_ether(501)), ErrorCode::limit_velocity);
}

TEST(Windows, KnowTheirLongestSpan)
{
    auto charter = test::example_charter();
    EXPECT_EQ(Windows{charter}.memory(noon), Duration{});
    charter.limits = {requests_in_a_day(1), week_of(1), requests_in_a_day(2)};
    EXPECT_EQ(Windows{charter}.memory(noon), days(7));
}

} // namespace
} // namespace coffer::policy
