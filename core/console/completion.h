#pragma once

#include "core/console/program.h"

namespace coffer::console {

enum class Shell { bash, zsh, fish };

/// A script for the shell that completes the program's commands, options, choices and files.
std::string completion_script(const Program& program, Shell shell);

/// `completion bash|zsh|fish` for this program; run_program() adds it. The program must outlive it.
Command completion_command(const Program& program);

} // namespace coffer::console
