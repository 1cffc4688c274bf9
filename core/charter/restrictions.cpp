#include "core/charter/restrictions.h"

#include <algorithm>

namespace coffer::charter {

const Frozen* Restrictions::find_freeze(const std::string& wallet, UtcTime now) const
{
    const Frozen* longest = nullptr;
    const auto [first, last] = frozen.equal_range(wallet);
    for (auto one = first; one != last; ++one)
        if (now < one->second.until && (longest == nullptr || longest->until < one->second.until))
            longest = &one->second;
    return longest;
}

void suspend(Charter& charter, const Suspended& suspended)
{
    for (auto& officer : charter.officers)
        for (auto key = officer.keys.begin(); key != officer.keys.end();) {
            if (!suspended.what.covers(officer.id, *key)) {
                ++key;
                continue;
            }
            officer.suspended.push_back(*key);
            key = officer.keys.erase(key);
        }
}

void retire(Charter& charter, const Retired& retired)
{
    for (auto& appliance : charter.appliances)
        if (appliance.key == retired.key)
            appliance.state = Appliance::State::standby;
}

void restrict(Charter& charter, const Restrictions& restrictions)
{
    for (const auto& suspended : restrictions.suspended)
        suspend(charter, suspended);
    for (const auto& retired : restrictions.retired)
        retire(charter, retired);
    for (const auto& [entry, destination, by, time] : restrictions.removed)
        std::erase_if(charter.destinations, [&removed = destination](const Destination& known) {
            return known.chain == removed.chain && known.address == removed.address;
        });
}

bool may_be_amended(const Charter& restricted)
{
    std::vector<Quorum::Voter> left;
    for (const auto& officer : restricted.officers)
        if (!officer.is_suspended())
            left.push_back({officer.id, officer.roles});
    return restricted.amendment.is_reached_by(left);
}

} // namespace coffer::charter
