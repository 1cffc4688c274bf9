#pragma once

#include "core/console/program.h"

#include <string>
#include <string_view>
#include <vector>

namespace coffer::console {

/// The lines of `--help` for the program, for the commands that begin with `group`, and for one command.
std::vector<std::string> help_for_program(const Program& program, std::size_t width);
std::vector<std::string> help_for_group(const Program& program, std::string_view group, std::size_t width);
std::vector<std::string> help_for_command(const Program& program, const CommandSpec& command, std::size_t width);

/// What the command may end with, in order: what it names, and what every command may: done, anything else, wrong
/// usage, and a standard output that cannot be written.
std::vector<ExitStatus> exits_of(const CommandSpec& command);

/// A spec as a document.
Document describe_command(const CommandSpec& command);

} // namespace coffer::console
