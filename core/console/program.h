#pragma once

#include "core/console/command.h"

namespace coffer::console {

/// A program as data.
struct Program {
    std::string name;
    std::string version;
    std::string summary;
    /// Global options besides --help and --version; standard_options() and the program's own.
    std::vector<OptionSpec> options;
    /// In the order of the help text. `completion` is added by run_program().
    std::vector<Command> commands;
};

/// --json, --quiet, --no-color.
std::vector<OptionSpec> standard_options();

/// Parses, runs, writes the result or the one error, and returns the exit status.
///
/// Global options stand before or after the command. `--help` alone, after a command or after the
/// first word of several (`coffer charter --help`) writes help; with --json the specs as a
/// document. A secret on the command line (--passphrase, --pin, --mnemonic …) is refused with
/// Error{secret_source} before anything else, and is never repeated. No command begins with a random
/// source that fails its start-up test: Error{rng}.
int run_program(Program program, Environment& environment, const std::vector<std::string>& args);

/// The program's specs as a document, for the check of the man pages.
Document describe_program(const Program& program);

} // namespace coffer::console
