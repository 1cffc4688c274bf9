#pragma once

#include "core/console/program.h"

#include <string>
#include <vector>

namespace coffer::console {

/// Throws Error{secret_source} when an argument is an option that would carry a secret; the
/// message names the option and never the value.
void refuse_secrets(const std::vector<std::string>& args);

/// True when the flag stands before `--`; for what must be known before parsing can fail.
bool has_flag(const std::vector<std::string>& args, std::string_view name);

/// The command that the arguments name and what is left of them without its words.
struct FoundCommand {
    const Command* command = nullptr; ///< none: no words, or only the first of several
    std::string group;                ///< the words when they name no command but begin some
    std::vector<std::string> rest;
};

/// Words are the arguments that are neither global options nor their values. Throws Error{usage}
/// with the nearest name when there is no such command.
FoundCommand find_command(const Program& program, const std::vector<std::string>& args);

/// Options and arguments of a command line without the command's words. Throws Error{usage} on
/// what the specs do not know, lack, or bound.
Invocation::Values parse_arguments(const CommandSpec& command, const std::vector<OptionSpec>& global_options,
                                   const std::vector<std::string>& args);

/// "coffer approve [OPTION]… ID".
std::string usage_line(std::string_view program, const CommandSpec& command);

} // namespace coffer::console
