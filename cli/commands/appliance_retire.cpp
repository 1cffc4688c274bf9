#include "cli/commands/commands.h"

#include "cli/policy_entries.h"
#include "core/base/text.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value = entry_command(Signers::several, {
        .name = "appliance retire",
        .summary = "put an appliance out of use",
        .description = "By any two officers. The identity that it has signs nothing from then on. `coffer appliance enrol` puts another one in its place, or this "
                       "one back; else an amendment does whose `lifts` names the entry.",
        .arguments = {{.name = "ID", .help = "the appliance"}},
        .options = {},
        .examples = {{"coffer appliance retire vault-a --reason 'seal broken' --out retire.coffer --officer alice --key alice.key", ""}},
    });
    return value;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    const auto* appliance = home.chain().charter().find_appliance(invocation.text("ID"));
    if (appliance == nullptr)
        throw Error{ErrorCode::not_found, "appliance " + coffer::quoted(invocation.text("ID")) + " is not in the charter"};
    const auto key = appliance->key;
    return sign_and_link(invocation, home,
                         charter::ApplianceRetired{.header = home.header(),
                                                   .appliance = invocation.text("ID"),
                                                   .key = key,
                                                   .charter = home.chain().charter_hash(),
                                                   .time = home.now(),
                                                   .reason = reason_of(invocation)});
}

} // namespace

console::Command appliance_retire_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
