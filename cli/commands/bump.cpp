#include "cli/commands/commands.h"

#include "cli/home.h"
#include "cli/requests/replacing.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "bump",
        .summary = "open a request that pays the same for a higher fee",
        .description = "A request of its own, with votes of its own: it spends what the signed one spends, pays the same destinations, and only "
                       "its fee is higher, so that at most one of both is mined. The vault verifies that.",
        .arguments = {{.name = "ID", .help = "the signed request, or the beginning of its id"}},
        .options = replacing_options(),
        .exits = home_exits({ExitStatus::signature, ExitStatus::person}),
        .examples = {{"coffer bump 0191f3c2", ""}},
    };
    return value;
}

} // namespace

console::Command bump_command()
{
    return {spec(), [](console::Invocation& invocation) { return propose_replacement(invocation, chains::ReplacementOrder::Purpose::bump); }};
}

} // namespace coffer::cli
