#include "core/base/error.h"

#include <gtest/gtest.h>
#include <set>

namespace coffer {
namespace {

TEST(ErrorTable, NamesEveryCodeOnce)
{
    std::set<std::string_view> names;
    for (const auto& row : error_table()) {
        EXPECT_TRUE(names.insert(row.name).second) << row.name;
        EXPECT_EQ(find_error_code(row.name), row.code);
        EXPECT_EQ(name_of(row.code), row.name);
        EXPECT_EQ(&info(row.code), &row); // the table is in the order of the enumerators
        EXPECT_EQ(exit_status_of(row.code), row.exit_status);
        EXPECT_FALSE(name_of(row.stage).empty());
    }
    EXPECT_FALSE(find_error_code("no_such_code"));
    EXPECT_FALSE(find_error_code(""));
}

// coffer(1), EXIT STATUS: scripts depend on these numbers.
TEST(ErrorTable, KeepsTheExitStatuses)
{
    const auto status = [](ErrorCode code) { return static_cast<int>(exit_status_of(code)); };
    EXPECT_EQ(status(ErrorCode::internal), 1);
    EXPECT_EQ(status(ErrorCode::usage), 2);
    EXPECT_EQ(status(ErrorCode::malformed), 3);
    EXPECT_EQ(status(ErrorCode::policy_denied), 4);
    EXPECT_EQ(status(ErrorCode::sig_verify), 5);
    EXPECT_EQ(status(ErrorCode::state), 6);
    EXPECT_EQ(status(ErrorCode::not_found), 7);
    EXPECT_EQ(status(ErrorCode::rpc), 8);
    EXPECT_EQ(status(ErrorCode::db_tamper), 9);
    EXPECT_EQ(status(ErrorCode::appr_missing), 10);
}

TEST(Error, CarriesWhatItIsGiven)
{
    const Error error{ErrorCode::limit, "too much", "take less"};
    EXPECT_EQ(error.code(), ErrorCode::limit);
    EXPECT_STREQ(error.what(), "too much");
    EXPECT_EQ(error.hint(), "take less");
    EXPECT_FALSE(error.offset());
    EXPECT_EQ(error.exit_status(), ExitStatus::malformed);
}

TEST(Error, GivesChangedCopiesAndStaysItself)
{
    const Error error{ErrorCode::limit, "too much"};
    EXPECT_EQ(error.at_offset(7).offset(), 7U);
    EXPECT_EQ(error.with_hint("take less").hint(), "take less");
    const auto placed = error.at_offset(7).in("output 1");
    EXPECT_EQ(placed.message(), "output 1: too much");
    EXPECT_EQ(placed.code(), ErrorCode::limit);
    EXPECT_EQ(placed.offset(), 7U);
    EXPECT_EQ(error.message(), "too much");
    EXPECT_EQ(malformed("cut", 3).code(), ErrorCode::malformed);
    EXPECT_EQ(malformed("cut", 3).offset(), 3U);
}

TEST(RequireDeathTest, EndsTheProcessOnlyWhenTheInvariantIsBroken)
{
    require(true, "holds");
    EXPECT_DEATH(require(false, "something cannot be"), "fatal: something cannot be");
}

} // namespace
} // namespace coffer
