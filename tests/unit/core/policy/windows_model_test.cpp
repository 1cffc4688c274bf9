// The windows against a reference that adds everything up anew: slow, and plain to read beside coffer-charter(5).

#include "core/base/text.h"
#include "core/policy/windows.h"

#include "tests/support/treasury.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

namespace coffer::policy {
namespace {

using charter::Charter;
using charter::Limit;
using charter::LimitPer;

/// What a limit counts together: nothing where it has no windows of its own.
using Window = std::tuple<std::string, std::string, std::optional<std::pair<std::string, Bytes>>>;

struct Total {
    std::uint64_t amount = 0;
    std::uint64_t count = 0;
    bool operator==(const Total&) const = default;
    auto operator<=>(const Total&) const = default;
};

class Reference {
public:
    explicit Reference(const Charter& charter) : m_charter{charter} {}

    std::vector<PastOutflow> past;
    std::optional<UtcTime> filled;

    /// Limit and what its window would hold, of every window that the outflow adds to.
    std::multiset<std::pair<std::string, Total>> totals(const Outflow& outflow, UtcTime now) const
    {
        std::multiset<std::pair<std::string, Total>> totals;
        for (const auto& limit : m_charter.limits)
            for (const auto& window : windows_of(limit, outflow))
                totals.emplace(limit.id, total_of(limit, window, outflow, now));
        return totals;
    }

    bool allows(const Outflow& outflow, UtcTime now) const
    {
        for (const auto& limit : m_charter.limits)
            for (const auto& window : windows_of(limit, outflow)) {
                if (filled && now - *filled <= limit.span)
                    return false;
                const auto total = total_of(limit, window, outflow, now);
                if ((limit.amount && *limit.amount < Uint256{total.amount}) || (limit.count && *limit.count < total.count))
                    return false;
            }
        return true;
    }

private:
    static bool is_in(const charter::Selector<std::string>& list, const std::string& name)
    {
        return !list || std::ranges::count(*list, name) > 0;
    }

    static std::uint64_t number(const Amount& amount) { return *amount.base_units().to_u64(); }

    static Window window_of(const Limit& limit, const Outflow& outflow, const Bytes& destination)
    {
        const auto has = [&](LimitPer per) { return std::ranges::count(limit.per, per) > 0; };
        return {has(LimitPer::wallet) ? outflow.wallet : "", has(LimitPer::requester) ? outflow.requester : "",
                has(LimitPer::destination) ? std::optional{std::pair{outflow.fee.asset().chain, destination}} : std::nullopt};
    }

    bool is_admitted(const Limit& limit, const Outflow& outflow, const Bytes& destination) const
    {
        if (!is_in(limit.wallets, outflow.wallet) || !is_in(limit.requesters, outflow.requester))
            return false;
        if (!limit.destinations)
            return true;
        for (const auto& entry : m_charter.destinations)
            if (entry.chain == outflow.fee.asset().chain && entry.address == destination && is_in(limit.destinations, entry.id))
                return true;
        return false;
    }

    /// What one outflow puts into one window.
    Total share_of(const Limit& limit, const Window& window, const Outflow& outflow) const
    {
        Total share;
        bool goes_there = false;
        bool pays_there = false;
        for (const auto& payment : outflow.payments) {
            if (!is_admitted(limit, outflow, payment.destination) || window_of(limit, outflow, payment.destination) != window)
                continue;
            goes_there = true;
            if (is_in(limit.assets, payment.amount.asset().symbol)) {
                pays_there = true;
                share.amount += number(payment.amount);
            }
        }
        if (goes_there && is_in(limit.assets, outflow.fee.asset().symbol))
            share.amount += number(outflow.fee);
        if (outflow.payments.empty() && !limit.assets && !limit.destinations && is_admitted(limit, outflow, {}) &&
            window_of(limit, outflow, {}) == window)
            pays_there = true;
        if (pays_there && outflow.counts)
            share.count = 1;
        return {limit.amount ? share.amount : 0, limit.count ? share.count : 0};
    }

    std::set<Window> windows_of(const Limit& limit, const Outflow& outflow) const
    {
        std::set<Window> windows;
        auto payments = outflow.payments;
        if (payments.empty())
            payments.push_back({{}, outflow.fee});
        for (const auto& payment : payments)
            if (const auto window = window_of(limit, outflow, payment.destination); share_of(limit, window, outflow) != Total{})
                windows.insert(window);
        return windows;
    }

    Total total_of(const Limit& limit, const Window& window, const Outflow& outflow, UtcTime now) const
    {
        auto total = share_of(limit, window, outflow);
        for (const auto& [time, other] : past)
            if (now - time <= limit.span) {
                const auto share = share_of(limit, window, other);
                total.amount += share.amount;
                total.count += share.count;
            }
        return total;
    }

    const Charter& m_charter;
};

class History {
public:
    explicit History(std::uint64_t seed) : m_dice{seed}, m_charter{test::example_charter()}
    {
        // The same letters are another asset on another chain.
        m_charter.tokens.push_back({"ETH", "polygon", Bytes(20, 7), 6});
        const auto count = 1 + m_dice.roll(4);
        while (m_charter.limits.size() < count) {
            auto limit = random_limit();
            m_charter.limits.push_back(limit);
            if (!charter::check(m_charter).empty())
                m_charter.limits.pop_back();
        }
    }

    void run()
    {
        for (int step = 0; step < 40; ++step) {
            pass_time();
            const auto outflow = random_outflow();
            compare(outflow);
            if (m_reference.allows(outflow, m_now) || m_dice.one_in(8)) // what is signed is signed, and a limit may come later
                take(outflow);
            if (m_dice.one_in(6))
                cancel();
            if (m_dice.one_in(30))
                step_back();
        }
    }

    std::size_t allowed = 0;
    std::size_t refused = 0;

private:
    charter::Selector<std::string> some_of(const std::vector<std::string>& names)
    {
        if (m_dice.one_in(2))
            return std::nullopt;
        std::set<std::string> chosen;
        for (auto count = 1 + m_dice.roll(2); count > 0; --count)
            chosen.insert(m_dice.pick(names));
        return std::vector<std::string>{chosen.begin(), chosen.end()};
    }

    Limit random_limit()
    {
        Limit limit{.id = "limit-" + std::to_string(m_charter.limits.size()),
                    .wallets = some_of({"eth-cold", "eth-warm", "pol-cold"}),
                    .assets = some_of({"ETH", "USDC", "POL"}),
                    .destinations = some_of({"exchange", "supplier", "pol-exchange"}),
                    .requesters = some_of({"alice", "bob"}),
                    .per = {},
                    .span = m_dice.pick(std::vector{hours(1), hours(6), days(1)}),
                    .amount = {},
                    .count = {}};
        for (const auto per : {LimitPer::wallet, LimitPer::destination, LimitPer::requester})
            if (m_dice.one_in(3))
                limit.per.push_back(per);
        if (m_dice.one_in(2))
            limit.amount = Uint256{1 + m_dice.roll(400)};
        if (!limit.amount || m_dice.one_in(3))
            limit.count = 1 + m_dice.roll(5);
        return limit;
    }

    Outflow random_outflow()
    {
        const auto wallet = m_dice.pick(std::vector<std::string>{"eth-cold", "eth-warm", "pol-cold"});
        const std::string chain = wallet == "pol-cold" ? "polygon" : "ethereum";
        const AssetId native{chain, chain == "polygon" ? "POL" : "ETH"};
        Outflow outflow{.wallet = wallet,
                        .requester = m_dice.pick(std::vector<std::string>{"alice", "bob", "carol"}),
                        .payments = {},
                        .fee = Amount{native, m_dice.roll(5)}};
        outflow.counts = !m_dice.one_in(8);
        if (m_dice.one_in(10)) { // a message
            outflow.fee = Amount{native, 0};
            return outflow;
        }
        auto rest = m_dice.roll(150);
        for (auto count = 1 + m_dice.roll(4); count > 0; --count) { // one sum in several payments
            const auto part = count == 1 ? rest : m_dice.roll(rest + 1);
            rest -= part;
            const AssetId asset{chain, m_dice.one_in(2) ? native.symbol : m_dice.pick(std::vector<std::string>{chain == "polygon" ? "ETH" : "USDC"})};
            const auto to = m_dice.pick(std::vector<std::string>{"exchange", "supplier", "pol-exchange", "stranger"});
            outflow.payments.push_back({test::address_named(to), Amount{asset, part}});
        }
        return outflow;
    }

    /// Often not at all (parallel requests), often to the second of a span.
    void pass_time()
    {
        const std::vector<Duration> steps{{0}, {0}, {0}, {1}, minutes(20), hours(1), hours(6), Duration{6 * 3600 + 1}, days(1)};
        m_now = m_now + m_dice.pick(steps);
    }

    void take(const Outflow& outflow)
    {
        const auto time = m_dice.one_in(10) ? m_now - minutes(30) : m_now; // as another machine's clock says
        m_windows->add(time, outflow);
        m_reference.past.push_back({time, outflow});
    }

    void cancel()
    {
        if (m_reference.past.empty())
            return;
        const auto which = m_reference.past.begin() + static_cast<std::ptrdiff_t>(m_dice.roll(m_reference.past.size()));
        m_windows->remove(which->time, which->outflow);
        m_reference.past.erase(which);
    }

    /// As an appliance does: what left before is forgotten, and every window is full.
    void step_back()
    {
        m_now = m_now - m_dice.pick(std::vector{minutes(1), hours(5), days(3)});
        m_reference.past.clear();
        m_reference.filled = m_now;
        m_windows.emplace(m_charter);
        m_windows->fill(m_now);
    }

    void compare(const Outflow& outflow)
    {
        std::multiset<std::pair<std::string, Total>> found;
        bool holds = true;
        for (const auto& use : m_windows->uses(outflow, m_now)) {
            found.emplace(use.limit->id, Total{*(use.amount_before + use.amount).to_u64(), use.count_before + use.count});
            holds = holds && use.holds();
        }
        ASSERT_EQ(found, m_reference.totals(outflow, m_now));
        ASSERT_EQ(holds, m_reference.allows(outflow, m_now));
        std::optional<Error> refusal;
        try {
            m_windows->require_within(outflow, m_now);
        } catch (const Error& error) {
            refusal = error;
        }
        ASSERT_EQ(!refusal, holds);
        ++(holds ? allowed : refused);
        if (refusal && m_charter.limits.size() == 1)
            compare_when_free(outflow, refusal->message());
    }

    /// With one limit the time that a refusal names is the first at which it fits, unless another window of the limit refuses, too.
    void compare_when_free(const Outflow& outflow, const std::string& message)
    {
        const auto uses = m_windows->uses(outflow, m_now);
        const std::string_view marker = "enough is free again ";
        const auto at = message.find(marker);
        if (std::ranges::count_if(uses, [](const auto& use) { return !use.holds(); }) != 1)
            return;
        if (at == std::string::npos) {
            EXPECT_FALSE(m_reference.allows(outflow, m_now + days(1000)));
            return;
        }
        const auto free = parse_time(message.substr(at + marker.size()));
        EXPECT_TRUE(m_reference.allows(outflow, free));
        EXPECT_FALSE(m_reference.allows(outflow, free - Duration{1}));
    }

    test::Dice m_dice;
    Charter m_charter;
    Reference m_reference{m_charter};
    std::optional<Windows> m_windows{std::in_place, m_charter};
    UtcTime m_now = test::founding_day;
};

TEST(WindowsModel, AgreesOnRandomHistories) // E17
{
    std::size_t allowed = 0;
    std::size_t refused = 0;
    for (std::uint64_t seed = 0; seed < 2000 && !testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE(seed);
        History history{seed};
        history.run();
        allowed += history.allowed;
        refused += history.refused;
    }
    EXPECT_GT(allowed, 5'000U);
    EXPECT_GT(refused, 5'000U);
}

} // namespace
} // namespace coffer::policy
