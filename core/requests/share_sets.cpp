#include "core/requests/share_sets.h"

#include "core/base/error.h"

#include <algorithm>
#include <limits>

namespace coffer::requests {

UtcTime KnownShareSet::last_seen_whole() const
{
    auto oldest = UtcTime{std::numeric_limits<std::int64_t>::max()};
    for (const auto& group : set.groups)
        for (const auto& holding : group.holdings) {
            const auto found = seen.find(holding.share);
            oldest = std::min(oldest, found == seen.end() ? kept.value() : found->second);
        }
    return oldest;
}

void ShareSets::begin(UtcTime time, const ShareSet& set)
{
    // A single share for all is the same again after a run that broke off.
    const auto hash = hash_of(set);
    const auto again = std::ranges::find(m_sets, hash, &KnownShareSet::hash);
    if (again == m_sets.end())
        m_sets.push_back({.set = set, .hash = hash, .begun = time});
}

KnownShareSet& ShareSets::find_begun(const Hash256& set)
{
    const auto found = std::ranges::find(m_sets, set, &KnownShareSet::hash);
    if (found == m_sets.end())
        throw Error{ErrorCode::malformed, "a share set that was never begun"};
    return *found;
}

void ShareSets::keep(UtcTime time, const Hash256& set)
{
    auto& kept = find_begun(set);
    if (kept.kept)
        throw Error{ErrorCode::malformed, "a share set that was kept before"};
    for (auto& other : m_sets)
        if (other.set.key == kept.set.key && other.is_current())
            other.retired = time;
    kept.kept = time;
}

void ShareSets::see(UtcTime time, const Hash256& set, std::span<const Hash256> shares)
{
    auto& known = find_begun(set);
    if (!known.is_current())
        throw Error{ErrorCode::malformed, "a share set that is not in use"};
    for (const auto& share : shares)
        known.seen.insert_or_assign(share, time);
}

const KnownShareSet* ShareSets::current_of(std::string_view key) const
{
    const auto found = std::ranges::find_if(m_sets, [&](const auto& known) { return known.set.key == key && known.is_current(); });
    return found == m_sets.end() ? nullptr : &*found;
}

std::optional<ShareSets::Place> ShareSets::find(const Hash256& share) const
{
    for (auto known = m_sets.rbegin(); known != m_sets.rend(); ++known)
        for (std::size_t group = 0; group < known->set.groups.size(); ++group) {
            const auto& holdings = known->set.groups[group].holdings;
            const auto found = std::ranges::find(holdings, share, &ShareSet::Holding::share);
            if (found != holdings.end())
                return Place{&*known, group, static_cast<std::size_t>(found - holdings.begin())};
        }
    return std::nullopt;
}

bool ShareSets::has_kept(std::string_view key, std::uint16_t identifier) const
{
    return std::ranges::any_of(m_sets, [&](const auto& known) { return known.set.key == key && known.set.identifier == identifier && known.kept; });
}

} // namespace coffer::requests
