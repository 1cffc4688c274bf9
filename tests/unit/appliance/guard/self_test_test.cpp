#include "appliance/guard/self_test.h"

#include "tests/support/vectors.h"

#include <gtest/gtest.h>

namespace coffer::appliance {
namespace {

TEST(SelfTest, PassesOnThisMachine)
{
    EXPECT_NO_THROW(require_self_tests(self_tests()));
    EXPECT_GE(self_tests().size(), 11u);
}

TEST(SelfTest, NamesTheAlgorithmThatFails)
{
    auto tests = self_tests();
    for (auto& test : tests) {
        const auto working = std::exchange(test.passes, [] { return false; });
        EXPECT_ERROR(require_self_tests(tests), ErrorCode::selftest);
        test.passes = working;
    }
    EXPECT_NO_THROW(require_self_tests(tests));
}

} // namespace
} // namespace coffer::appliance
