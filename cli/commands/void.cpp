#include "cli/commands/commands.h"

#include "cli/home.h"
#include "cli/requests/replacing.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "void",
        .summary = "open a request that makes a signed one unusable",
        .description = "A signed transaction is like cash: it ends only on its chain. This request spends the same outpoint or account nonce back to the "
                       "wallet, with votes of its own; once it is mined the other never can be.",
        .arguments = {{.name = "ID", .help = "the signed request, or the beginning of its id"}},
        .options = replacing_options(),
        .exits = home_exits({ExitStatus::signature, ExitStatus::person}),
        .examples = {{"coffer void 0191f3c2", ""}},
    };
    return value;
}

} // namespace

console::Command void_command()
{
    return {spec(), [](console::Invocation& invocation) { return propose_replacement(invocation, chains::ReplacementOrder::Purpose::make_void); }};
}

} // namespace coffer::cli
