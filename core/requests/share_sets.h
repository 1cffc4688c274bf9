#pragma once

#include "core/base/clock.h"
#include "core/requests/share_set.h"

#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace coffer::requests {

/// How often the shares of a key are to be shown again.
constexpr Duration drill_period = days(365);

/// A set and what became of it.
struct KnownShareSet {
    ShareSet set;
    Hash256 hash;
    UtcTime begun;                      ///< from when on shares of it may exist
    std::optional<UtcTime> kept{};      ///< all of its shares were confirmed
    std::optional<UtcTime> retired{};   ///< a later set of the key was kept
    std::map<Hash256, UtcTime> seen{};  ///< of a share that was shown again: when, the last time

    bool is_current() const { return kept && !retired; }
    /// Since when the share that was longest away was not seen. Of a set that was kept.
    UtcTime last_seen_whole() const;
};

/// All share sets of an appliance, as its log tells of them.
class ShareSets {
public:
    void begin(UtcTime time, const ShareSet& set);
    /// The sets of the key before it are retired by it. Throws Error{malformed} for a set that was not begun, or was kept before.
    void keep(UtcTime time, const Hash256& set);
    /// These shares of it were shown again. Throws Error{malformed} for a set that is not current.
    void see(UtcTime time, const Hash256& set, std::span<const Hash256> shares);

    const std::vector<KnownShareSet>& all() const { return m_sets; }
    /// Null for a key without shares.
    const KnownShareSet* current_of(std::string_view key) const;

    /// Which share it is.
    struct Place {
        const KnownShareSet* set;
        std::size_t group;
        std::size_t member;

        const ShareSet::Holding& holding() const { return set->set.groups[group].holdings[member]; }
    };
    /// Of the newest set that has a share of this hash; none when it is of no set of this appliance.
    std::optional<Place> find(const Hash256& share) const;
    /// True when a set of the key was kept under this identifier.
    bool has_kept(std::string_view key, std::uint16_t identifier) const;

private:
    KnownShareSet& find_begun(const Hash256& set);

    std::vector<KnownShareSet> m_sets;
};

} // namespace coffer::requests
