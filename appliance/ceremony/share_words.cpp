#include "appliance/ceremony/share_words.h"

#include "appliance/ceremony/words_on_paper.h"
#include "core/base/error.h"
#include "core/base/text.h"

#include <algorithm>

namespace coffer::appliance {

std::string name_of_share(const requests::ShareSet& set, std::size_t group, std::size_t member)
{
    auto name = "share " + std::to_string(member + 1) + " of " + std::to_string(set.groups[group].holdings.size());
    if (set.groups.size() > 1)
        name += " of group " + std::to_string(group + 1) + " of " + std::to_string(set.groups.size());
    return name;
}

void hand_out(console::Environment& environment, const keys::Share& share, const std::string& name, const std::string& holder)
{
    const std::string banner = requests::is_of_rehearsal(share.header.identifier) ? "REHEARSAL: " : "";
    have_written_down(environment, keys::format_share(share),
                      {.name = name,
                       .heading = banner + name + ", for " + escaped(holder) + " alone",
                       .and_with_them = "with the set and the number of the share",
                       .if_not = "no share of this set is used; begin again, and destroy what was written down"});
}

void require_usable_share(const requests::ShareSets& known, const keys::Share& share, const std::string& key,
                          artefacts::Environment environment)
{
    requests::require_environment(share, environment);
    const auto identifier = std::to_string(share.header.identifier);
    if (const auto place = known.find(requests::hash_of(share))) {
        if (place->set->retired)
            throw Error{ErrorCode::share_retired, "share of set " + identifier + ", which was retired on " + format_time(*place->set->retired),
                        "take the newer one of " + escaped(place->holding().label) + ", and destroy this one"};
        if (!place->set->kept)
            throw Error{ErrorCode::share_retired, "share of set " + identifier + " of " + format_time(place->set->begun) + ", which was never finished",
                        "destroy it"};
        if (!key.empty() && place->set->set.key != key)
            throw Error{ErrorCode::share_set, "share of set " + identifier + " is of key " + coffer::quoted(place->set->set.key) + ", not of " + coffer::quoted(key)};
        return;
    }
    const auto& sets = known.all();
    const bool claims_ours = std::ranges::any_of(sets, [&](const auto& set) { return set.kept && set.set.identifier == share.header.identifier; });
    const auto* current = key.empty() ? nullptr : known.current_of(key);
    if (current == nullptr && !claims_ours)
        return;
    if (!claims_ours)
        throw Error{ErrorCode::share_set, "share is of set " + identifier + ", the set of key " + coffer::quoted(key) + " is " + std::to_string(current->set.identifier)};
    throw Error{ErrorCode::share_digest, "share says that it is of set " + identifier + ", and is none of those that were handed out",
                "it was altered or made up: keep it, and tell compliance"};
}

} // namespace coffer::appliance
