#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace coffer::appliance {

/// One algorithm and a check against an answer that is known from its specification.
struct SelfTest {
    std::string_view algorithm;
    std::function<bool()> passes;
};

/// Every algorithm that the appliance uses.
const std::vector<SelfTest>& self_tests();

/// Runs all of them. Throws Error{selftest} naming the first that fails: nothing may be signed then.
void require_self_tests(std::span<const SelfTest> tests);

} // namespace coffer::appliance
