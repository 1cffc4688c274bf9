#include "cli/commands/commands.h"

#include "cli/files/config.h"
#include "cli/policy_entries.h"
#include "cli/standing_orders.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value = entry_command(Signers::one, {
        .name = "order end",
        .summary = "end a standing order",
        .description = "By any one officer, at once. The vault learns of it from the next bundle; what it signed before stays signed.",
        .arguments = {{.name = "ID", .help = "its name"}},
        .options = {},
        .examples = {{"coffer order end payroll --reason 'moved to another bank' --officer alice --key alice.key", ""}},
    });
    return value;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    return sign_and_link(invocation, home,
                         charter::StandingOrderEnded{.header = home.header(),
                                                     .order = find_order(home.chain(), invocation.text("ID")),
                                                     .officer = officer_id(invocation, &home.config()),
                                                     .charter = home.chain().charter_hash(),
                                                     .time = home.now(),
                                                     .reason = reason_of(invocation)});
}

} // namespace

console::Command order_end_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
