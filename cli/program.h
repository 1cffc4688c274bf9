#pragma once

#include "core/console/program.h"

#include <string>
#include <vector>

namespace coffer::cli {

/// The program as data: every command, nothing opened yet.
console::Program make_program();

/// `coffer ARGS`: returns the exit status.
int run(console::Environment& environment, const std::vector<std::string>& args);

} // namespace coffer::cli
