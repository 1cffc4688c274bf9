#include "appliance/ceremony/share_subsets.h"

#include "core/base/error.h"

#include <algorithm>
#include <set>

namespace coffer::appliance {

namespace {

constexpr std::size_t least_subsets_a_share = 3;

struct Group {
    unsigned threshold = 0;
    std::vector<std::size_t> members; ///< indexes into the list, by member index
};

/// The groups of the set, each with all of its members.
std::vector<Group> groups_of(std::span<const keys::Share> shares)
{
    if (shares.empty())
        throw Error{ErrorCode::share_threshold, "no shares to try"};
    std::vector<Group> groups(shares.front().header.group_count);
    for (std::size_t i = 0; i < shares.size(); ++i) {
        auto& group = groups.at(shares[i].header.group_index);
        group.threshold = shares[i].header.member_threshold;
        group.members.push_back(i);
    }
    for (std::size_t i = 0; i < groups.size(); ++i)
        if (groups[i].members.empty())
            throw Error{ErrorCode::share_threshold, "no share of group " + std::to_string(i + 1) + " is there"};
    return groups;
}

std::size_t binomial(std::size_t n, std::size_t k)
{
    std::size_t count = 1;
    for (std::size_t i = 1; i <= k; ++i)
        count = count * (n - k + i) / i; // n is at most 16
    return count;
}

/// Every choice of `count` of the first `of` numbers.
std::vector<std::vector<std::size_t>> choices(std::size_t of, std::size_t count)
{
    std::vector<std::vector<std::size_t>> all;
    std::vector<bool> is_chosen(of, false);
    std::fill_n(is_chosen.begin(), count, true);
    do {
        auto& choice = all.emplace_back();
        for (std::size_t i = 0; i < of; ++i)
            if (is_chosen[i])
                choice.push_back(i);
    } while (std::prev_permutation(is_chosen.begin(), is_chosen.end()));
    return all;
}

/// How many subsets there are, as far as `most` + 1.
std::size_t count_subsets(const std::vector<Group>& groups, std::size_t group_threshold, std::size_t most)
{
    if (binomial(groups.size(), group_threshold) > most)
        return most + 1;
    std::size_t sum = 0;
    for (const auto& chosen : choices(groups.size(), group_threshold)) {
        std::size_t product = 1;
        for (const auto group : chosen)
            product = std::min(most + 1, product * binomial(groups[group].members.size(), groups[group].threshold));
        sum = std::min(most + 1, sum + product);
    }
    return sum;
}

std::vector<ShareSubset> all_subsets(const std::vector<Group>& groups, std::size_t group_threshold)
{
    std::vector<ShareSubset> all;
    for (const auto& chosen : choices(groups.size(), group_threshold)) {
        std::vector<ShareSubset> partial = {{}};
        for (const auto group : chosen) {
            std::vector<ShareSubset> longer;
            for (const auto& begun : partial)
                for (const auto& members : choices(groups[group].members.size(), groups[group].threshold)) {
                    auto& subset = longer.emplace_back(begun);
                    for (const auto member : members)
                        subset.push_back(groups[group].members[member]);
                }
            partial = std::move(longer);
        }
        std::ranges::move(partial, std::back_inserter(all));
    }
    return all;
}

/// `first`, and the others that follow it, `skip` of them left out, in a circle of `of`.
std::vector<std::size_t> circle(std::size_t first, std::size_t count, std::size_t of, std::size_t skip)
{
    std::vector<std::size_t> places = {first};
    for (std::size_t i = 1; i < count; ++i)
        places.push_back((first + 1 + (skip + i - 1) % (of - 1)) % of);
    return places;
}

ShareSubset subset_around(const std::vector<Group>& groups, std::size_t group_threshold, std::size_t group, std::size_t member, std::size_t round)
{
    ShareSubset subset;
    for (const auto chosen : circle(group, group_threshold, groups.size(), round)) {
        const auto& members = groups[chosen].members;
        const auto first = chosen == group ? member : round % members.size();
        for (const auto place : circle(first, groups[chosen].threshold, members.size(), round))
            subset.push_back(members[place]);
    }
    std::ranges::sort(subset);
    return subset;
}

} // namespace

std::vector<ShareSubset> subsets_to_try(std::span<const keys::Share> shares)
{
    const auto groups = groups_of(shares);
    const std::size_t group_threshold = shares.front().header.group_threshold;
    if (count_subsets(groups, group_threshold, most_subsets) <= most_subsets)
        return all_subsets(groups, group_threshold);
    std::set<ShareSubset> subsets;
    for (std::size_t group = 0; group < groups.size(); ++group)
        for (std::size_t member = 0; member < groups[group].members.size(); ++member)
            for (std::size_t round = 0; round < least_subsets_a_share; ++round)
                subsets.insert(subset_around(groups, group_threshold, group, member, round));
    return {subsets.begin(), subsets.end()};
}

void require_all_restore(std::span<const keys::Share> shares, const std::vector<ShareSubset>& subsets, const SecretBytes& passphrase,
                         const std::function<bool(const SecretBytes&)>& is_right, const std::function<void()>& on_each)
{
    for (const auto& subset : subsets) {
        std::vector<keys::Share> chosen;
        std::string names;
        for (const auto index : subset) {
            const auto& share = shares[index];
            chosen.push_back({share.header, share.value.clone()});
            names += (names.empty() ? "" : ", ") + std::to_string(share.header.group_index + 1) + "." + std::to_string(share.header.member_index + 1);
        }
        if (!is_right(keys::combine_shares(chosen, passphrase)))
            throw Error{ErrorCode::share_digest, "shares " + names + " (group and member) restore another secret",
                        "use none of them; make a new set"};
        on_each();
    }
}

std::string describe_tried(std::size_t subsets)
{
    return std::to_string(subsets) + (subsets == 1 ? " combination" : " combinations") + " tried";
}

} // namespace coffer::appliance
