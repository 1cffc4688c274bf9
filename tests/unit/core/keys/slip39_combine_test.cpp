#include "core/keys/slip39.h"
#include "tests/support/shares.h"
#include "tests/support/vectors.h"

#include <bit>

namespace coffer::keys {
namespace {

using test::copies_of;
using test::copy_of;
using test::secret;
using test::share_plan;
using Groups = std::vector<std::vector<Share>>;

SecretBytes combine(const std::vector<Share>& shares)
{
    return combine_shares(shares, secret("p"));
}

/// One subset of each group's members, as bits, none for a group that is left out.
using Choice = std::vector<unsigned>;

std::vector<const Share*> chosen(const Groups& groups, const Choice& choice)
{
    std::vector<const Share*> shares;
    for (std::size_t i = 0; i < groups.size(); ++i)
        for (std::size_t j = 0; j < groups[i].size(); ++j)
            if ((choice[i] >> j & 1U) != 0)
                shares.push_back(&groups[i][j]);
    return shares;
}

/// As the specification has it: exactly the threshold of groups, in each exactly the threshold of members.
bool is_enough(const SharePlan& plan, const Choice& choice)
{
    unsigned groups = 0;
    for (std::size_t i = 0; i < choice.size(); ++i) {
        const auto members = static_cast<unsigned>(std::popcount(choice[i]));
        if (members != 0 && members != plan.groups[i].threshold)
            return false;
        groups += members != 0 ? 1 : 0;
    }
    return groups == plan.group_threshold;
}

void check_choice(const Groups& groups, const SharePlan& plan, const SecretBytes& master_secret, const Choice& choice)
{
    const auto shares = copies_of(chosen(groups, choice));
    if (is_enough(plan, choice))
        EXPECT_TRUE(combine(shares).equals(master_secret));
    else
        EXPECT_ERROR(combine(shares), ErrorCode::share_threshold);
}

void check_all_choices(const SharePlan& plan, std::size_t size)
{
    const auto master_secret = test::random_secret(size, size);
    const auto groups = test::split(master_secret, plan, size);
    Choice choice(groups.size(), 0);
    while (true) {
        check_choice(groups, plan, master_secret, choice);
        std::size_t i = 0;
        while (i < choice.size() && ++choice[i] == 1U << plan.groups[i].count)
            choice[i++] = 0;
        if (i == choice.size())
            return;
    }
}

TEST(CombineShares, RestoresFromEveryExactChoiceAndFromNoOther)
{
    check_all_choices(share_plan(1, {{1, 1}}), 16);
    check_all_choices(share_plan(1, {{3, 5}}), 18);
    check_all_choices(share_plan(1, {{2, 3}, {2, 2}}), 20);
    check_all_choices(share_plan(2, {{2, 3}, {1, 1}}), 22);
    check_all_choices(share_plan(2, {{1, 1}, {2, 3}, {2, 2}}), 24);
    check_all_choices(share_plan(3, {{2, 2}, {1, 1}, {3, 3}}), 26);
    check_all_choices(share_plan(2, {{1, 1}, {1, 1}, {1, 1}, {1, 1}}), 28);
    check_all_choices(share_plan(2, {{2, 3}, {3, 4}}), 30);
    check_all_choices(share_plan(1, {{4, 4}, {2, 4}}), 32);
}

/// The first members, and the last groups, for each threshold of members and of groups that there is.
TEST(CombineShares, RestoresEveryShape)
{
    const auto master_secret = test::random_secret(16, 3);
    for (unsigned count = 2; count <= 16; ++count)
        for (unsigned threshold = 2; threshold <= count; ++threshold) {
            // A group of members in a set of as many groups: both at once.
            std::vector<GroupShape> shapes(count, {1, 1});
            shapes.back() = {threshold, count};
            const auto groups = test::split(master_secret, share_plan(threshold, shapes));
            Choice choice(count, 0);
            std::fill(choice.end() - threshold, choice.end(), 1);
            choice.back() = (1U << threshold) - 1;
            EXPECT_TRUE(combine(copies_of(chosen(groups, choice))).equals(master_secret)) << threshold << ' ' << count;
        }
}

TEST(CombineShares, DependsOnPassphraseExponentAndFlag)
{
    const auto master_secret = test::random_secret(32, 7);
    for (const bool extendable : {false, true})
        for (const unsigned exponent : {0U, 1U, 3U}) {
            auto plan = share_plan(1, {{2, 2}});
            plan.extendable = extendable;
            plan.iteration_exponent = exponent;
            auto shares = std::move(test::split(master_secret, plan).front());
            EXPECT_TRUE(combine(shares).equals(master_secret));
            EXPECT_FALSE(combine_shares(shares, secret("P")).equals(master_secret));
            EXPECT_FALSE(combine_shares(shares, {}).equals(master_secret));
            for (auto& share : shares)
                share.header.iteration_exponent ^= 1U;
            EXPECT_FALSE(combine(shares).equals(master_secret));
        }
}

/// Only where a set is not extendable does its identifier salt the secret.
TEST(CombineShares, TakesAnExtendableSetUnderAnotherIdentifier)
{
    const auto master_secret = test::random_secret(16, 7);
    for (const bool extendable : {false, true}) {
        auto plan = share_plan(1, {{2, 2}});
        plan.extendable = extendable;
        auto shares = std::move(test::split(master_secret, plan).front());
        for (auto& share : shares)
            share.header.identifier = 1;
        EXPECT_EQ(combine(shares).equals(master_secret), extendable);
    }
}

TEST(CombineShares, RefusesAPassphraseBeyondPrintableAscii)
{
    const auto groups = test::split(test::random_secret(16, 1), share_plan(1, {{1, 1}}));
    EXPECT_ERROR(combine_shares(groups.front(), secret("\xc3\xa4")), ErrorCode::malformed);
}

TEST(CombineShares, RefusesForgedSharesInTheRightPlaces)
{
    const auto groups = test::split(test::random_secret(16, 1), share_plan(2, {{2, 3}, {1, 1}}));
    auto shares = copies_of({&groups[0][0], &groups[0][2], &groups[1][0]});
    for (auto& share : shares)
        for (const std::size_t place : {0U, 7U, 15U}) {
            share.value.reveal_mutable()[place] ^= 1;
            EXPECT_ERROR(combine(shares), ErrorCode::share_digest);
            share.value.reveal_mutable()[place] ^= 1;
        }
    EXPECT_NO_THROW(combine(shares));
}

TEST(CombineShares, NamesTheGroupWhoseSharesDoNotFitTogether)
{
    const auto groups = test::split(test::random_secret(16, 1), share_plan(2, {{2, 2}, {2, 2}}));
    const auto expect_named = [&](std::size_t forged, std::string_view name) {
        auto shares = copies_of(chosen(groups, {3, 3}));
        shares[forged].value.reveal_mutable()[3] ^= 1;
        try {
            combine(shares);
            ADD_FAILURE() << "not refused";
        } catch (const Error& error) {
            EXPECT_NE(error.message().find(name), std::string::npos) << error.message();
        }
    };
    expect_named(1, "group 1");
    expect_named(2, "group 2");
}

/// Lower thresholds in the headers do not make fewer shares enough.
TEST(CombineShares, RefusesFewerSharesThatSayTheyAreEnough)
{
    const auto groups = test::split(test::random_secret(16, 1), share_plan(1, {{3, 5}}));
    auto shares = copies_of({&groups[0][0], &groups[0][1]});
    for (auto& share : shares)
        share.header.member_threshold = 2;
    EXPECT_ERROR(combine(shares), ErrorCode::share_digest);
}

/// The same numbers, plan and identifier, but split anew.
TEST(CombineShares, RefusesSharesOfAnOlderAndANewerSplitTogether)
{
    const auto master_secret = test::random_secret(16, 1);
    const auto older = test::split(master_secret, share_plan(1, {{2, 3}}), 1);
    const auto newer = test::split(master_secret, share_plan(1, {{2, 3}}), 2);
    EXPECT_ERROR(combine(copies_of({&older[0][0], &newer[0][1]})), ErrorCode::share_digest);
}

/// x = 254 and 255 hold digest and secret: 255 would be the secret itself.
TEST(CombineShares, RefusesIndexesThatNoShareHas)
{
    const auto groups = test::split(test::random_secret(16, 1), share_plan(1, {{2, 3}}));
    for (const unsigned index : {16U, 254U, 255U, 256U}) {
        auto shares = copies_of({&groups[0][0], &groups[0][1]});
        shares[1].header.member_index = index;
        EXPECT_ERROR(combine(shares), ErrorCode::share_index);
        shares[1].header.member_index = 1;
        shares[1].header.group_index = index;
        EXPECT_ERROR(combine(shares), ErrorCode::share_index);
    }
}

TEST(CombineSharesDeathTest, EndsTheProcessOnAValueLongerThanAny)
{
    auto shares = std::move(test::split(test::random_secret(16, 1), share_plan(1, {{1, 1}})).front());
    shares[0].value = SecretBytes{34};
    EXPECT_DEATH(combine(shares), "longer");
}

TEST(CombineShares, RefusesNoShares)
{
    EXPECT_ERROR(combine_shares({}, secret("p")), ErrorCode::share_threshold);
}

} // namespace
} // namespace coffer::keys
