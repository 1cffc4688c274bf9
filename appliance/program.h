#pragma once

#include "appliance/guard/self_test.h"
#include "appliance/guard/signing.h"
#include "core/console/program.h"

#include <string>
#include <vector>

namespace coffer::appliance {

/// What tests put a faulty one of in its place; the shipped program has no way to.
struct Parts {
    std::vector<SelfTest> self_tests;
    SignerFactory make_signer;
};

/// The real ones.
Parts real_parts();

/// The program as data: every command, nothing opened yet.
console::Program make_program(const Parts& parts);

/// coffer-cold as a function.
int run(console::Environment& environment, const std::vector<std::string>& args, const Parts& parts);

} // namespace coffer::appliance
