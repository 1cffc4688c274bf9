#include "core/charter/limit_check.h"

#include "core/base/text.h"

#include <algorithm>
#include <set>

namespace coffer::charter {

namespace {

constexpr Duration shortest_span = minutes(1);
constexpr Duration longest_span = days(366);

class LimitCheck {
public:
    LimitCheck(const Charter& charter, const Limit& limit, std::vector<Problem>& problems)
        : m_charter{charter}, m_limit{limit}, m_problems{problems}
    {
    }

    void run()
    {
        check_names("wallets", m_limit.wallets, [&](const auto& id) { return m_charter.find_wallet(id) != nullptr; });
        check_names("destinations", m_limit.destinations, [&](const auto& id) {
            return std::ranges::find(m_charter.destinations, id, &Destination::id) != m_charter.destinations.end();
        });
        check_names("requesters", m_limit.requesters, [&](const auto& id) { return m_charter.find_officer(id) != nullptr; });
        check_assets();
        if (!std::ranges::is_sorted(m_limit.per) || std::ranges::adjacent_find(m_limit.per) != m_limit.per.end())
            report("per names something twice");
        if (m_limit.span < shortest_span || longest_span < m_limit.span)
            report("span is not between a minute and 366 days");
        check_ceilings();
    }

private:
    void report(std::string message)
    {
        m_problems.push_back({"limit \"" + escaped(m_limit.id) + "\"", ErrorCode::policy_invalid, std::move(message)});
    }

    template <typename Known>
    void check_names(std::string_view what, const Selector<std::string>& names, Known is_known)
    {
        if (names && names->empty())
            report(std::string{what} + " is an empty list; write \"any\" if any is meant");
        for (const auto& name : names.value_or(std::vector<std::string>{}))
            if (!is_known(name))
                report(std::string{what} + " " + quoted(name) + " is not in the charter");
    }

    void check_assets()
    {
        const auto assets = assets_of(m_charter, m_limit);
        if (m_limit.assets && m_limit.assets->empty())
            report("assets is an empty list; write \"any\" if any is meant");
        for (const auto& symbol : m_limit.assets.value_or(std::vector<std::string>{}))
            if (std::ranges::find(assets, symbol, &AssetId::symbol) == assets.end())
                report("asset " + quoted(symbol) + " is on no chain of its wallets");
        if (m_limit.amount && (!m_limit.assets || m_limit.assets->size() != 1 || assets.size() > 1))
            report("a limit with an amount names exactly one asset on one chain");
    }

    void check_ceilings()
    {
        if (!m_limit.amount && !m_limit.count)
            report("limits neither an amount nor a count");
        if (m_limit.amount == Uint256{} || m_limit.count == 0U)
            report("a limit of nothing lets nothing through; take the rule away instead");
        if (m_limit.amount && greatest_limit_amount() < *m_limit.amount)
            report("amount is over 192 bits");
    }

    const Charter& m_charter;
    const Limit& m_limit;
    std::vector<Problem>& m_problems;
};

} // namespace

std::vector<AssetId> assets_of(const Charter& charter, const Limit& limit)
{
    const auto is_named = [](const Selector<std::string>& names, const std::string& name) {
        return !names || std::ranges::find(*names, name) != names->end();
    };
    std::set<AssetId> assets;
    for (const auto& wallet : charter.wallets) {
        const auto* chain = charter.find_chain(wallet.chain);
        if (chain == nullptr || !is_named(limit.wallets, wallet.id))
            continue;
        if (is_named(limit.assets, chain->symbol))
            assets.insert(chain->native());
        for (const auto& token : charter.tokens)
            if (token.chain == chain->id && is_named(limit.assets, token.id))
                assets.insert(token.asset());
    }
    return {assets.begin(), assets.end()};
}

std::vector<Problem> check_limits(const Charter& charter)
{
    std::vector<Problem> problems;
    for (const auto& limit : charter.limits)
        LimitCheck{charter, limit, problems}.run();
    return problems;
}

} // namespace coffer::charter
