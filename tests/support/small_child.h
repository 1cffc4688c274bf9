#pragma once

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace coffer::test {

struct ChildLimits {
    rlim_t memory_mib = 256;
    rlim_t processor_seconds = 20;
};

/// Does the work in a child that may have so much memory and processor time, and fails where it fails or is killed.
template <typename Work>
void expect_in_small_child(Work work, const ChildLimits& limits = {})
{
    const auto child = ::fork();
    if (child == 0) {
#ifndef __SANITIZE_ADDRESS__ // whose shadow memory is over any such limit
        const rlimit memory{limits.memory_mib << 20, limits.memory_mib << 20};
        ::setrlimit(RLIMIT_DATA, &memory);
#endif
        const rlimit processor{limits.processor_seconds, limits.processor_seconds};
        ::setrlimit(RLIMIT_CPU, &processor);
        work();
        ::_exit(::testing::Test::HasFailure() ? 1 : 0);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

} // namespace coffer::test
