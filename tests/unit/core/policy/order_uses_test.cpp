// The sums of standing orders, compared with a slow reference.

#include "core/policy/order_uses.h"
#include "tests/support/standing_orders.h"
#include "tests/support/vectors.h"

#include <gtest/gtest.h>

namespace coffer::policy {
namespace {

using test::ether;
using test::founding_day;

class Sums : public testing::Test {
protected:
    void pay(UtcTime time, std::uint64_t amount, std::uint64_t fee = 0) { uses.add(time, entry, {ether(amount), Uint256{fee}}); }
    void require(UtcTime now, std::uint64_t amount, const Uint256& fee = {}) { uses.require_within(entry, {ether(amount), fee}, now); }
    std::string left(UtcTime now, std::uint64_t amount) { return left_in_words(chain.charter(), uses.use(entry, {ether(amount), {}}, now)); }

    charter::PolicyChain chain = test::founded(test::charter_with_hot_payments());
    EntryHash entry = test::link_entry(chain, test::order_of(chain), test::order_signers());
    OrderUses uses{chain.charter(), chain.orders()};
};

TEST_F(Sums, HoldInASlidingSpan)
{
    EXPECT_NO_THROW(require(founding_day, 10));
    EXPECT_ERROR(require(founding_day, 11), ErrorCode::limit_velocity);
    pay(founding_day, 4);
    EXPECT_NO_THROW(require(founding_day, 6));
    EXPECT_ERROR(require(founding_day, 7), ErrorCode::limit_velocity);
    EXPECT_ERROR(require(founding_day + hours(24), 7), ErrorCode::limit_velocity); // up to exactly one span
    EXPECT_NO_THROW(require(founding_day + hours(24) + Duration{1}, 10));
}

TEST_F(Sums, HoldInAllHoweverLongAgo)
{
    for (int day = 0; day < 9; ++day)
        pay(founding_day + days(2 * day), 10);
    EXPECT_NO_THROW(require(founding_day + days(25), 10));
    pay(founding_day + days(20), 5);
    EXPECT_NO_THROW(require(founding_day + days(25), 5));
    EXPECT_ERROR(require(founding_day + days(25), 6), ErrorCode::limit_velocity);
}

TEST_F(Sums, CountFeesInAll)
{
    const auto cent = ether(1) / Uint256{100};
    for (int i = 0; i < 9; ++i)
        uses.add(founding_day + days(i), entry, {ether(1), cent});
    EXPECT_NO_THROW(require(founding_day + days(10), 1, cent));
    EXPECT_ERROR(require(founding_day + days(10), 1, cent + Uint256{1}), ErrorCode::limit_velocity);
}

TEST_F(Sums, CountWhatIsDatedLater)
{
    pay(founding_day + days(3), 10);
    EXPECT_ERROR(require(founding_day, 1), ErrorCode::limit_velocity);
}

TEST_F(Sums, AreOfOneOrder)
{
    const auto other = test::link_entry(chain, test::order_of(chain, founding_day, [](auto& order) { order.id = "rent"; }), test::order_signers());
    OrderUses both{chain.charter(), chain.orders()};
    both.add(founding_day, entry, {ether(10), {}});
    EXPECT_ERROR(both.require_within(entry, {ether(1), {}}, founding_day), ErrorCode::limit_velocity);
    EXPECT_NO_THROW(both.require_within(other, {ether(10), {}}, founding_day));
    const EntryHash ended{};
    both.add(founding_day, ended, {ether(1), {}});
    EXPECT_ERROR(both.require_within(ended, {ether(1), {}}, founding_day), ErrorCode::policy_denied);
}

TEST_F(Sums, AreSaidInWords)
{
    EXPECT_EQ(left(founding_day, 4), "after this 6 of 10 ETH in 24 hours and 96 of 100 ETH in all, 0.1 of 0.1 ETH in fees (payroll)");
    pay(founding_day, 8);
    EXPECT_EQ(used_in_words(chain.charter(), uses.use(entry, {}, founding_day)), "8 of 10 ETH in 24 hours, 8 of 100 ETH in all, 0 of 0.1 ETH in fees");
    EXPECT_EQ(left(founding_day, 3), "no room for this now (payroll)");
}

struct Paid {
    UtcTime time;
    OrderCharge charge;
};

bool fits(const charter::StandingOrder& order, const std::vector<Paid>& paid, const OrderCharge& charge, UtcTime now)
{
    auto in_span = charge.amount;
    auto in_all = charge.amount;
    auto fees = charge.fee;
    for (const auto& [time, one] : paid) {
        in_all = in_all + one.amount;
        fees = fees + one.fee;
        if (now - order.span <= time)
            in_span = in_span + one.amount;
    }
    return in_span <= order.per_span && in_all <= order.total && fees <= order.total_fee;
}

TEST_F(Sums, AgreeWithASlowReference)
{
    test::Dice dice{20261121};
    const auto& order = chain.find_order(entry)->order;
    std::size_t fitting = 0;
    for (int history = 0; history < 500; ++history) {
        OrderUses fast{chain.charter(), chain.orders()};
        std::vector<Paid> paid;
        auto now = founding_day;
        for (int step = 0; step < 40; ++step) {
            now = dice.one_in(20) ? now - hours(static_cast<std::int64_t>(dice.roll(30))) : now + hours(static_cast<std::int64_t>(dice.roll(12)));
            const OrderCharge charge{ether(dice.roll(5)), ether(dice.roll(2)) / Uint256{100}};
            const auto expected = fits(order, paid, charge, now);
            EXPECT_EQ(fast.use(entry, charge, now).holds(), expected);
            if (expected) {
                ++fitting;
                fast.add(now, entry, charge);
                paid.push_back({now, charge});
            }
            if (!paid.empty() && dice.one_in(6)) {
                const auto gone = dice.roll(paid.size());
                fast.remove(paid[gone].time, entry, paid[gone].charge);
                paid.erase(paid.begin() + static_cast<std::ptrdiff_t>(gone));
            }
        }
    }
    EXPECT_GT(fitting, 5'000U);
    EXPECT_LT(fitting, 19'000U);
}

} // namespace
} // namespace coffer::policy
