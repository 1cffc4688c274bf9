#include "cli/program.h"

#include "cli/commands/commands.h"
#include "cli/home.h"

namespace coffer::cli {

namespace {

std::vector<console::OptionSpec> global_options()
{
    auto options = console::standard_options();
    for (auto& option : home_options())
        options.push_back(std::move(option));
    return options;
}

} // namespace

console::Program make_program()
{
    return {
        .name = "coffer",
        .version = COFFER_VERSION,
        .summary = "approvals, transactions and books of a treasury",
        .options = global_options(),
        .commands =
            {
            },
    };
}

int run(console::Environment& environment, const std::vector<std::string>& args)
{
    return console::run_program(make_program(), environment, args);
}

} // namespace coffer::cli
