#pragma once

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace coffer::test {

/// Does the work in a child that may have 256 MiB and 20 s of processor time, and fails where it fails or is killed.
template <typename Work>
void expect_in_small_child(Work work)
{
    const auto child = ::fork();
    if (child == 0) {
#ifndef __SANITIZE_ADDRESS__ // whose shadow memory is over any such limit
        const rlimit memory{256u << 20, 256u << 20};
        ::setrlimit(RLIMIT_DATA, &memory);
#endif
        const rlimit processor{20, 20};
        ::setrlimit(RLIMIT_CPU, &processor);
        work();
        ::_exit(::testing::Test::HasFailure() ? 1 : 0);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

} // namespace coffer::test
