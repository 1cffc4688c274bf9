#include "core/keys/slip39.h"
#include "tests/support/shares.h"
#include "tests/support/vectors.h"

#include <functional>

namespace coffer::keys {
namespace {

using test::copy_of;
using test::share_plan;

/// 2 of 3 groups: 2 of 3, 1 of 1, 3 of 3.
class ShareCollectorTest : public testing::Test {
protected:
    void give(unsigned group, unsigned member) { m_collector.add(copy_of(m_groups[group][member])); }

    /// Refused by this code, the message holding these words, and nothing has changed.
    void expect_refused(Share share, ErrorCode code, std::string_view words)
    {
        const auto before = m_collector.shares().size();
        try {
            m_collector.add(std::move(share));
            ADD_FAILURE() << "not refused";
        } catch (const Error& error) {
            EXPECT_EQ(name_of(error.code()), name_of(code));
            EXPECT_NE(error.message().find(words), std::string::npos) << error.message();
        }
        EXPECT_EQ(m_collector.shares().size(), before);
    }

    void expect_other_set(const std::function<void(Share&)>& change, std::string_view words)
    {
        auto share = copy_of(m_groups[0][1]);
        change(share);
        expect_refused(std::move(share), ErrorCode::share_set, words);
    }

    SecretBytes m_secret = test::random_secret(16, 5);
    std::vector<std::vector<Share>> m_groups = test::split(m_secret, share_plan(2, {{2, 3}, {1, 1}, {3, 3}}));
    ShareCollector m_collector;
};

TEST_F(ShareCollectorTest, SaysWhatIsMissingUntilItIsComplete)
{
    EXPECT_FALSE(m_collector.is_complete());
    EXPECT_EQ(m_collector.progress().group_threshold, 0U);
    give(2, 1);
    const auto begun = m_collector.progress();
    EXPECT_EQ(begun.group_threshold, 2U);
    EXPECT_EQ(begun.group_count, 3U);
    ASSERT_EQ(begun.groups.size(), 1U);
    EXPECT_EQ(begun.groups[0].index, 2U);
    EXPECT_EQ(begun.groups[0].given, 1U);
    EXPECT_EQ(begun.groups[0].threshold, 3U);
    give(0, 2);
    give(2, 0);
    give(2, 2);
    EXPECT_FALSE(m_collector.is_complete());
    const auto later = m_collector.progress();
    ASSERT_EQ(later.groups.size(), 2U);
    EXPECT_EQ(later.groups[0].index, 0U);
    EXPECT_FALSE(later.groups[0].is_complete());
    EXPECT_TRUE(later.groups[1].is_complete());
    give(0, 0);
    EXPECT_TRUE(m_collector.is_complete());
    EXPECT_TRUE(combine_shares(m_collector.shares(), test::secret("p")).equals(m_secret));
}

TEST_F(ShareCollectorTest, IsNotCompleteWithTooFewGroups)
{
    give(1, 0);
    EXPECT_FALSE(m_collector.is_complete());
}

TEST_F(ShareCollectorTest, SaysInWhatAShareIsOfAnotherSet)
{
    give(0, 0);
    expect_other_set([](Share& share) { share.header.identifier = 7; }, "identifier is 7, not 4660");
    expect_other_set([](Share& share) { share.header.extendable = false; }, "extendable flag");
    expect_other_set([](Share& share) { share.header.iteration_exponent = 2; }, "iteration exponent");
    expect_other_set([](Share& share) { share.header.group_threshold = 3; }, "group threshold");
    expect_other_set([](Share& share) { share.header.group_count = 4; }, "number of groups");
    expect_other_set([](Share& share) { share.value = SecretBytes{18}; }, "length");
}

TEST_F(ShareCollectorTest, TellsTheSameShareAgainFromAnotherInItsPlace)
{
    give(0, 1);
    expect_refused(copy_of(m_groups[0][1]), ErrorCode::share_index, "share 2 of group 1 was given already");
    auto other = copy_of(m_groups[0][1]);
    other.value.reveal_mutable()[0] ^= 1;
    expect_refused(std::move(other), ErrorCode::share_index, "two different shares");
}

TEST_F(ShareCollectorTest, TakesTheSamePlaceInAnotherGroup)
{
    give(0, 0);
    EXPECT_NO_THROW(give(2, 0));
}

TEST_F(ShareCollectorTest, RefusesMoreThanItTakes)
{
    give(0, 0);
    give(0, 1);
    expect_refused(copy_of(m_groups[0][2]), ErrorCode::share_threshold, "group 1 has its 2 shares already");
    give(1, 0);
    EXPECT_TRUE(m_collector.is_complete());
    expect_refused(copy_of(m_groups[2][0]), ErrorCode::share_threshold, "one too many: shares of 2 groups are there");
    EXPECT_TRUE(m_collector.is_complete());
}

TEST_F(ShareCollectorTest, RefusesASecondShareWhereOneIsEnough)
{
    give(1, 0);
    auto share = copy_of(m_groups[1][0]);
    share.header.member_index = 1;
    expect_refused(std::move(share), ErrorCode::share_threshold, "group 2 has its 1 share already: share 2 of group 2");
}

TEST_F(ShareCollectorTest, RefusesAnotherMemberThresholdInTheSameGroup)
{
    give(0, 0);
    auto share = copy_of(m_groups[0][1]);
    share.header.member_threshold = 3;
    expect_refused(std::move(share), ErrorCode::share_threshold, "asks for 3 members, others of its group for 2");
}

TEST_F(ShareCollectorTest, RefusesTheFirstShareToo)
{
    auto share = copy_of(m_groups[0][0]);
    share.header.member_index = 255;
    expect_refused(std::move(share), ErrorCode::share_index, "member 256");
    share = copy_of(m_groups[0][0]);
    share.header.member_threshold = 0;
    expect_refused(std::move(share), ErrorCode::share_threshold, "0 members");
    share = copy_of(m_groups[0][0]);
    share.header.group_threshold = 4;
    expect_refused(std::move(share), ErrorCode::share_threshold, "4 groups of 3");
    share = copy_of(m_groups[0][0]);
    share.header.group_count = 17;
    expect_refused(std::move(share), ErrorCode::share_threshold, "2 groups of 17");
}

} // namespace
} // namespace coffer::keys
