#include "core/console/real_environment.h"

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <sys/ioctl.h>
#include <unistd.h>

namespace coffer::console {

namespace {

std::size_t columns_of_output()
{
    for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
        winsize window{};
        if (ioctl(descriptor, TIOCGWINSZ, &window) == 0 && window.ws_col != 0)
            return window.ws_col;
    }
    return TerminalSize{}.columns;
}

std::optional<std::string> process_variable(const std::string& name)
{
    const char* value = std::getenv(name.c_str());
    if (value == nullptr)
        return std::nullopt;
    return value;
}

std::chrono::milliseconds steady_time()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

std::filesystem::path current_directory()
{
    std::error_code error;
    auto path = std::filesystem::current_path(error);
    return error ? std::filesystem::path{"."} : path;
}

} // namespace

RealEnvironment::RealEnvironment()
    : m_environment{.clock = m_clock,
                    .random = m_random,
                    .terminal = m_terminal,
                    .in = std::cin,
                    .out = std::cout,
                    .err = std::cerr,
                    .variable = process_variable,
                    .working_directory = current_directory(),
                    .monotonic = steady_time,
                    .out_is_terminal = isatty(STDOUT_FILENO) == 1,
                    .err_is_terminal = isatty(STDERR_FILENO) == 1,
                    .columns = columns_of_output()}
{
    std::ios::sync_with_stdio(false);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN); // a file over the limit is a write error, too
}

std::vector<std::string> arguments_of(int argc, char** argv)
{
    return argc > 1 ? std::vector<std::string>{argv + 1, argv + argc} : std::vector<std::string>{};
}

} // namespace coffer::console
