#include "cli/commands/commands.h"

#include "cli/files/config.h"
#include "cli/policy_entries.h"
#include "cli/standing_orders.h"
#include "core/encoding/hex.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value = entry_command(Signers::one, {
        .name = "order end",
        .summary = "end a standing order",
        .description = "By any one officer, at once. The vault learns of it from the next bundle; what it signed before stays signed.",
        .arguments = {{.name = "ID", .help = "its name, or the hash of its entry: also of one that nobody has linked yet"}},
        .options = {},
        .examples = {{"coffer order end payroll --reason 'moved to another bank' --officer alice --key alice.key", ""}},
    });
    return value;
}

EntryHash order_to_end(const charter::PolicyChain& chain, const std::string& id)
{
    const bool is_hash = id.size() == 2 * EntryHash::size;
    return is_hash ? EntryHash::from(encoding::decode_hex(id), "entry hash") : find_order(chain, id);
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    return sign_and_link(invocation, home,
                         charter::StandingOrderEnded{.header = home.header(),
                                                     .order = order_to_end(home.chain(), invocation.text("ID")),
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
