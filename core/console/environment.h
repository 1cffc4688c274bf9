#pragma once

#include "core/base/clock.h"
#include "core/console/terminal.h"
#include "core/crypto/random.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

namespace coffer::console {

/// Everything that a program touches outside itself. Programs are functions
/// `int run(Environment&, const std::vector<std::string>& args)`; main() makes the real parts
/// (real_environment.h) and tests make scripted ones. Owns nothing.
struct Environment {
    Clock& clock;
    crypto::TestedRandom& random; ///< whatever is behind it: run_program() does not begin with one that sticks
    Terminal& terminal;
    std::istream& in;
    std::ostream& out;
    std::ostream& err;

    /// A variable of the process environment, or none.
    std::function<std::optional<std::string>(const std::string&)> variable;
    /// Relative paths of the command line start here.
    std::filesystem::path working_directory;
    /// Time since some fixed moment, for progress and time-outs only; jumps of the clock do not touch it.
    std::function<std::chrono::milliseconds()> monotonic;

    bool out_is_terminal = false;
    bool err_is_terminal = false;
    /// Columns of `out` and `err` when they are terminals.
    std::size_t columns = 80;
};

} // namespace coffer::console
