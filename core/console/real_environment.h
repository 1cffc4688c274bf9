#pragma once

#include "core/console/environment.h"
#include "core/console/tty_terminal.h"

#include <string>
#include <vector>

namespace coffer::console {

/// The machine's own clock, random source, terminal, streams and variables; made by main() only.
/// Ignores SIGPIPE and SIGXFSZ for the whole process, so that a closed pipe or a full quota is a write error
/// like any other.
class RealEnvironment {
public:
    RealEnvironment();
    Environment& environment() { return m_environment; }

private:
    SystemClock m_clock;
    crypto::KernelRandom m_kernel;
    crypto::TestedRandom m_random{m_kernel};
    TtyTerminal m_terminal;
    Environment m_environment;
};

/// The arguments without the program's name.
std::vector<std::string> arguments_of(int argc, char** argv);

} // namespace coffer::console
