#include "cli/chains/bitcoin/coin_selection.h"

#include <algorithm>
#include <numeric>

namespace coffer::cli {

namespace {

/// What spending costs on an ordinary day, sat per 1000 virtual bytes (Bitcoin Core's consolidatefeerate).
constexpr std::uint64_t long_term_feerate = 10'000;
constexpr std::size_t most_steps = 100'000;

/// An input's share, without rounding up to whole virtual bytes.
std::uint64_t share_of_fee(std::uint64_t weight, std::uint64_t feerate)
{
    return (weight * feerate + 3999) / 4000;
}

std::uint64_t input_fee(const Funding& funding)
{
    return share_of_fee(funding.shape.wallet().input, funding.feerate);
}

/// All but the inputs, and what rounding up to whole virtual bytes can add once: with the shares of
/// the inputs never less than the fee of the whole.
std::uint64_t fixed_fee(const Funding& funding, std::size_t most_inputs)
{
    const auto fixed = funding.shape.weight(most_inputs, WithChange::no) - most_inputs * funding.shape.wallet().input;
    return share_of_fee(fixed + 3, funding.feerate);
}

std::uint64_t cost_of_change(const Funding& funding)
{
    const auto& wallet = funding.shape.wallet();
    return fee_for(4 * wallet.change_output_bytes, funding.feerate) + fee_for(wallet.input, long_term_feerate);
}

std::uint64_t fee_of(const Funding& funding, std::size_t inputs, WithChange change)
{
    return fee_for(funding.shape.weight(inputs, change), funding.feerate);
}

std::uint64_t total_of(std::span<const Coin> coins, const std::vector<std::size_t>& chosen)
{
    std::uint64_t total = 0;
    for (const auto i : chosen)
        total += coins[i].amount;
    return total;
}

/// Those worth more than their fee, the most valuable first; among equals the outpoint decides.
std::vector<std::size_t> useful_coins(const Funding& funding, std::span<const Coin> coins)
{
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < coins.size(); ++i)
        if (coins[i].amount > input_fee(funding))
            order.push_back(i);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return coins[a].amount != coins[b].amount ? coins[a].amount > coins[b].amount : coins[a].outpoint < coins[b].outpoint;
    });
    return order;
}

/// Fee and change for these coins; none when they do not suffice.
std::optional<CoinSelection> settle(const Funding& funding, std::span<const Coin> coins, std::vector<std::size_t> chosen)
{
    const auto total = total_of(coins, chosen);
    const auto fee_without = fee_of(funding, chosen.size(), WithChange::no);
    const auto fee_with = fee_of(funding, chosen.size(), WithChange::yes);
    if (total < funding.paid + fee_without)
        return std::nullopt;
    CoinSelection selection;
    selection.fee = total - funding.paid;
    if (total >= funding.paid + fee_with + least_change(funding.shape.wallet())) {
        selection.fee = fee_with;
        selection.change = total - funding.paid - fee_with;
    }
    selection.coins = std::move(chosen);
    std::sort(selection.coins.begin(), selection.coins.end());
    return selection;
}

/// What is paid beyond the payments and what the same inputs would cost on an ordinary day, plus
/// what change costs now and later; less is better, and below zero it is a good day to spend many.
std::int64_t waste_of(const Funding& funding, const CoinSelection& selection)
{
    const auto ordinary = share_of_fee(funding.shape.wallet().input, long_term_feerate);
    const auto inputs = static_cast<std::int64_t>(selection.coins.size()) *
                        (static_cast<std::int64_t>(input_fee(funding)) - static_cast<std::int64_t>(ordinary));
    const auto excess = selection.change ? cost_of_change(funding)
                                         : selection.fee - fee_of(funding, selection.coins.size(), WithChange::no);
    return inputs + static_cast<std::int64_t>(excess);
}

/// Depth first over "take it" and "leave it", the most valuable coin first.
class ChangelessSearch {
public:
    /// `values`: what the coins are worth after their fee, descending.
    ChangelessSearch(const Funding& funding, std::vector<std::uint64_t> values)
        : m_values{std::move(values)}, m_most_inputs{funding.shape.most_inputs()},
          m_target{funding.paid + fixed_fee(funding, m_values.size())},
          m_upper{m_target + cost_of_change(funding)},
          m_input_waste{static_cast<std::int64_t>(input_fee(funding)) -
                        static_cast<std::int64_t>(share_of_fee(funding.shape.wallet().input, long_term_feerate))},
          m_available{std::accumulate(m_values.begin(), m_values.end(), std::uint64_t{0})}
    {
    }

    /// Positions among the values; none when no sum fits or the steps run out before one is found.
    std::optional<std::vector<std::size_t>> run()
    {
        std::size_t next = 0;
        for (std::size_t step = 0; step < most_steps; ++step, ++next) {
            if (is_hopeless()) {
                if (!step_back(next))
                    break;
            } else if (m_value >= m_target) {
                keep_if_best();
                if (!step_back(next))
                    break;
            } else {
                step_forward(next);
            }
        }
        return m_best;
    }

private:
    std::int64_t waste() const { return static_cast<std::int64_t>(m_taken.size()) * m_input_waste; }

    bool is_hopeless() const
    {
        return m_value + m_available < m_target || m_value > m_upper || m_taken.size() > m_most_inputs ||
               (m_best && m_input_waste > 0 && waste() > m_best_waste);
    }

    void keep_if_best()
    {
        const auto with_excess = waste() + static_cast<std::int64_t>(m_value - m_target);
        if (!m_best || with_excess < m_best_waste) {
            m_best = m_taken;
            m_best_waste = with_excess;
        }
    }

    /// Leaves the coin that was taken last instead, and forgets what was decided after it.
    bool step_back(std::size_t& next)
    {
        if (m_taken.empty())
            return false;
        for (--next; next > m_taken.back(); --next)
            m_available += m_values[next];
        m_value -= m_values[next];
        m_taken.pop_back();
        return true;
    }

    void step_forward(std::size_t next)
    {
        m_available -= m_values[next];
        // Where a coin of this value was just left, taking its twin leads to the same sums again.
        const auto is_twin_left = next > 0 && m_values[next] == m_values[next - 1] &&
                                  (m_taken.empty() || m_taken.back() != next - 1);
        if (is_twin_left)
            return;
        m_taken.push_back(next);
        m_value += m_values[next];
    }

    std::vector<std::uint64_t> m_values;
    std::size_t m_most_inputs;
    std::uint64_t m_target;
    std::uint64_t m_upper;
    std::int64_t m_input_waste;
    std::uint64_t m_available; ///< of those not decided about
    std::vector<std::size_t> m_taken;
    std::uint64_t m_value = 0;
    std::optional<std::vector<std::size_t>> m_best;
    std::int64_t m_best_waste = 0;
};

std::optional<CoinSelection> match_without_change(const Funding& funding, std::span<const Coin> coins,
                                                  const std::vector<std::size_t>& useful)
{
    std::vector<std::uint64_t> values;
    for (const auto i : useful)
        values.push_back(coins[i].amount - input_fee(funding));
    const auto found = ChangelessSearch{funding, std::move(values)}.run();
    if (!found)
        return std::nullopt;
    std::vector<std::size_t> chosen;
    for (const auto i : *found)
        chosen.push_back(useful[i]);
    auto selection = settle(funding, coins, std::move(chosen));
    return selection && !selection->change ? selection : std::nullopt;
}

/// How many of the first `useful` reach what `change` asks for; none when all together do not.
std::optional<std::vector<std::size_t>> fewest(const Funding& funding, std::span<const Coin> coins,
                                               const std::vector<std::size_t>& useful, WithChange change)
{
    const auto extra = change == WithChange::yes ? least_change(funding.shape.wallet()) : 0;
    const auto need = [&](std::size_t inputs) { return funding.paid + fee_of(funding, inputs, change) + extra; };
    std::uint64_t total = 0;
    std::size_t count = 0;
    while (count == 0 || total < need(count)) {
        if (count == useful.size() || count == funding.shape.most_inputs())
            return std::nullopt;
        total += coins[useful[count++]].amount;
    }
    // The last one need not be so large: the smallest that still suffices.
    const auto before = total - coins[useful[count - 1]].amount;
    const auto smallest = std::partition_point(useful.begin() + static_cast<std::ptrdiff_t>(count - 1), useful.end(),
                                               [&](std::size_t i) { return before + coins[i].amount >= need(count); });
    std::vector<std::size_t> chosen{useful.begin(), useful.begin() + static_cast<std::ptrdiff_t>(count - 1)};
    chosen.push_back(*std::prev(smallest));
    return chosen;
}

std::optional<CoinSelection> fewest_coins(const Funding& funding, std::span<const Coin> coins,
                                          const std::vector<std::size_t>& useful)
{
    for (const auto change : {WithChange::yes, WithChange::no})
        if (auto chosen = fewest(funding, coins, useful, change))
            return settle(funding, coins, std::move(*chosen));
    return std::nullopt;
}

Shortfall shortfall(const Funding& funding, std::span<const Coin> coins, std::vector<std::size_t> useful)
{
    Shortfall missing;
    missing.is_too_heavy = useful.size() > funding.shape.most_inputs();
    useful.resize(std::min(useful.size(), funding.shape.most_inputs()));
    missing.have = total_of(coins, useful);
    missing.need = funding.paid + fee_of(funding, std::max<std::size_t>(useful.size(), 1), WithChange::no);
    return missing;
}

std::vector<std::size_t> all_of(std::span<const Coin> coins)
{
    std::vector<std::size_t> all(coins.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

std::variant<CoinSweep, Shortfall> sweep(Funding funding, std::span<const Coin> coins, std::vector<std::size_t> chosen,
                                         std::uint64_t least)
{
    const auto total = total_of(coins, chosen);
    const auto fee = fee_of(funding, chosen.size(), WithChange::no);
    funding.paid = least;
    if (chosen.empty() || chosen.size() > funding.shape.most_inputs() || total < fee + least)
        return shortfall(funding, coins, std::move(chosen));
    CoinSweep swept;
    swept.paid = total - fee;
    swept.selection.fee = fee;
    swept.selection.coins = std::move(chosen);
    std::sort(swept.selection.coins.begin(), swept.selection.coins.end());
    return swept;
}

} // namespace

std::uint64_t least_change(const WalletWeights& wallet)
{
    return std::max(wallet.change_dust, fee_for(wallet.input, long_term_feerate));
}

CoinChoice choose_coins(const Funding& funding, std::span<const Coin> coins)
{
    const auto useful = useful_coins(funding, coins);
    auto few = fewest_coins(funding, coins, useful);
    auto exact = match_without_change(funding, coins, useful);
    if (!few && !exact)
        return shortfall(funding, coins, useful);
    if (!few || !exact)
        return few ? *few : *exact;
    const auto less = waste_of(funding, *few) - waste_of(funding, *exact);
    return less > 0 || (less == 0 && exact->coins.size() < few->coins.size()) ? *exact : *few;
}

CoinChoice spend_exactly(const Funding& funding, std::span<const Coin> coins)
{
    auto all = all_of(coins);
    if (coins.empty() || coins.size() > funding.shape.most_inputs())
        return shortfall(funding, coins, std::move(all));
    if (auto selection = settle(funding, coins, all))
        return *selection;
    return shortfall(funding, coins, std::move(all));
}

std::variant<CoinSweep, Shortfall> sweep_coins(const Funding& funding, std::span<const Coin> coins, std::uint64_t least)
{
    return sweep(funding, coins, useful_coins(funding, coins), least);
}

std::variant<CoinSweep, Shortfall> sweep_exactly(const Funding& funding, std::span<const Coin> coins, std::uint64_t least)
{
    return sweep(funding, coins, all_of(coins), least);
}

} // namespace coffer::cli
