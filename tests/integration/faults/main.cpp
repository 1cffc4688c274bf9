#include "tests/integration/faults/whole.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <string_view>
#include <unistd.h>

namespace coffer::test {

namespace {
bool g_is_whole = false;
}

bool is_whole()
{
    return g_is_whole;
}

} // namespace coffer::test

int main(int count, char** arguments)
{
    // In memory where there is room: what the medium loses is decided here, and images are many.
    if (::access("/dev/shm", W_OK) == 0)
        ::setenv("TMPDIR", "/dev/shm", 0);
    testing::InitGoogleTest(&count, arguments);
    for (int i = 1; i < count; ++i)
        coffer::test::g_is_whole = coffer::test::g_is_whole || std::string_view{arguments[i]} == "--whole";
    return RUN_ALL_TESTS();
}
