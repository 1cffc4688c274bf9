#include "appliance/ceremony/share_subsets.h"

#include "core/base/error.h"
#include "tests/support/test_environment.h"
#include "tests/support/vectors.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <set>

namespace coffer::appliance {
namespace {

std::vector<keys::Share> shares_of(unsigned group_threshold, const std::vector<keys::GroupShape>& groups)
{
    test::ScriptedRandom random{7};
    std::vector<keys::Share> all;
    for (auto& group : keys::split_secret(random.secret(16), SecretBytes{},
                                          {.group_threshold = group_threshold, .groups = groups, .iteration_exponent = 0}, random))
        for (auto& share : group)
            all.push_back(std::move(share));
    return all;
}

TEST(ShareSubsets, AllOfThemWhileTheyAreFew)
{
    EXPECT_EQ(subsets_to_try(shares_of(1, {{3, 5}})).size(), 10U);
    EXPECT_EQ(subsets_to_try(shares_of(2, {{2, 3}, {3, 5}, {1, 1}})).size(), 3 * 10 + 3 + 10U);
    EXPECT_EQ(subsets_to_try(shares_of(1, {{1, 1}})).size(), 1U);
    EXPECT_EQ(subsets_to_try(shares_of(1, {{2, 14}})).size(), 91U);
}

TEST(ShareSubsets, ElseEachShareInThreeThatAllRestore)
{
    const auto shares = shares_of(2, {{3, 6}, {4, 7}, {2, 9}});
    const auto subsets = subsets_to_try(shares);
    EXPECT_LE(subsets.size(), 3 * shares.size());
    std::map<std::size_t, int> times;
    std::set<ShareSubset> distinct;
    for (const auto& subset : subsets) {
        EXPECT_TRUE(distinct.insert(subset).second);
        for (const auto index : subset)
            ++times[index];
    }
    for (std::size_t i = 0; i < shares.size(); ++i)
        EXPECT_GE(times[i], 3) << i;
    std::size_t tried = 0;
    const auto restored = keys::combine_shares([&] {
        std::vector<keys::Share> first;
        for (const auto index : subsets.front())
            first.push_back({shares[index].header, shares[index].value.clone()});
        return first;
    }(), SecretBytes{});
    require_all_restore(shares, subsets, SecretBytes{}, [&](const SecretBytes& one) { return one.equals(restored); }, [&] { ++tried; });
    EXPECT_EQ(tried, subsets.size());
}

TEST(ShareSubsets, OneWrongShareIsFound)
{
    auto shares = shares_of(1, {{1, 1}});
    const auto right = keys::combine_shares(shares, SecretBytes{});
    shares.front().value.reveal_mutable()[3] ^= 0x10; // of a threshold of one there is no digest
    EXPECT_ERROR(require_all_restore(shares, subsets_to_try(shares), SecretBytes{}, [&](const SecretBytes& one) { return one.equals(right); }, [] {}),
                 ErrorCode::share_digest);
    EXPECT_ERROR(subsets_to_try({}), ErrorCode::share_threshold);
    const auto two = shares_of(2, {{1, 1}, {1, 1}});
    EXPECT_ERROR(subsets_to_try(std::span{two}.first(1)), ErrorCode::share_threshold);
}

} // namespace
} // namespace coffer::appliance
