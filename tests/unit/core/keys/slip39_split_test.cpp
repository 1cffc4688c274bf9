#include "core/keys/slip39.h"
#include "tests/support/shares.h"
#include "tests/support/vectors.h"

#include <set>

namespace coffer::keys {
namespace {

using test::secret;
using test::share_plan;

TEST(SplitSecret, GivesEachShareItsPlace)
{
    auto plan = share_plan(2, {{2, 3}, {1, 1}, {16, 16}});
    plan.iteration_exponent = 1;
    plan.identifier = 0x7abc;
    const auto groups = test::split(test::random_secret(32, 1), plan);
    ASSERT_EQ(groups.size(), 3U);
    for (unsigned i = 0; i < 3; ++i) {
        ASSERT_EQ(groups[i].size(), plan.groups[i].count);
        for (unsigned j = 0; j < groups[i].size(); ++j) {
            const ShareHeader expected{0x7abc, true, 1, i, 2, 3, j, plan.groups[i].threshold};
            EXPECT_EQ(groups[i][j].header, expected);
            EXPECT_EQ(groups[i][j].value.size(), 32U);
        }
    }
}

TEST(SplitSecret, GivesAnotherSetEachTime)
{
    const auto master_secret = test::random_secret(16, 1);
    test::ScriptedRandom random{1};
    std::set<Bytes> values;
    for (int i = 0; i < 10; ++i) {
        const auto groups = split_secret(master_secret, {}, share_plan(1, {{2, 3}}), random);
        for (const auto& share : groups.front())
            values.insert(to_bytes(share.value.reveal()));
    }
    EXPECT_EQ(values.size(), 30U);
}

/// The secret itself is in no share, whatever the thresholds: what is shared is encrypted.
TEST(SplitSecret, NeverSharesThePlainSecret)
{
    const auto master_secret = test::random_secret(16, 1);
    for (const auto& group : test::split(master_secret, share_plan(1, {{1, 1}, {2, 2}})))
        for (const auto& share : group)
            EXPECT_FALSE(share.value.equals(master_secret));
}

void expect_refused(const SharePlan& plan, ErrorCode code)
{
    EXPECT_ERROR(test::split(test::random_secret(16, 1), plan), code);
}

TEST(SplitSecret, RefusesPlansThatMakeNoSense)
{
    constexpr auto code = ErrorCode::share_threshold;
    expect_refused(share_plan(1, {}), code);
    expect_refused(share_plan(0, {{2, 3}}), code);
    expect_refused(share_plan(2, {{2, 3}}), code);
    expect_refused(share_plan(1, std::vector<GroupShape>(17, {2, 3})), code);
    expect_refused(share_plan(0xffffffff, {{2, 3}}), code);
    for (const auto& group :
         std::vector<GroupShape>{{0, 0}, {0, 3}, {4, 3}, {2, 17}, {17, 17}, {0xffffffff, 0xffffffff}, {1, 0}}) {
        expect_refused(share_plan(1, {group}), code);
        expect_refused(share_plan(1, {{2, 3}, group}), code);
    }
    for (unsigned count = 2; count <= 16; ++count)
        expect_refused(share_plan(1, {{1, count}}), code);
    EXPECT_NO_THROW(test::split(test::random_secret(16, 1), share_plan(16, std::vector<GroupShape>(16, {16, 16}))));
}

TEST(SplitSecret, SaysWhatToDoAboutAThresholdOfOne)
{
    try {
        test::split(test::random_secret(16, 1), share_plan(1, {{2, 3}, {1, 4}}));
        FAIL();
    } catch (const Error& error) {
        EXPECT_NE(error.message().find("group 2 is 1 of 4"), std::string::npos) << error.message();
        EXPECT_NE(error.hint().find("1 of 1"), std::string::npos);
    }
}

TEST(SplitSecret, RefusesAnExponentOrIdentifierThatDoesNotFit)
{
    auto plan = share_plan(1, {{2, 3}});
    plan.iteration_exponent = 16;
    expect_refused(plan, ErrorCode::limit);
    plan.iteration_exponent = 0;
    plan.identifier = 0x8000;
    expect_refused(plan, ErrorCode::limit);
}

TEST(SplitSecret, RefusesSecretsOfOtherSizes)
{
    for (std::size_t size = 0; size <= 66; ++size) {
        if (size >= 16 && size <= 32 && size % 2 == 0)
            continue;
        EXPECT_ERROR(test::split(SecretBytes{size}, share_plan(1, {{2, 3}})), ErrorCode::share_length);
    }
}

TEST(SplitSecret, RefusesAPassphraseBeyondPrintableAscii)
{
    test::ScriptedRandom random{1};
    for (unsigned c = 0; c < 256; ++c) {
        const std::string passphrase{'a', static_cast<char>(c), 'b'};
        const auto split = [&] {
            return split_secret(test::random_secret(16, 1), secret(passphrase), share_plan(1, {{1, 1}}), random);
        };
        if (c >= 32 && c < 127)
            EXPECT_NO_THROW(split());
        else
            EXPECT_ERROR(split(), ErrorCode::malformed);
    }
}

} // namespace
} // namespace coffer::keys
