#include "cli/commands/commands.h"

#include "cli/policy_entries.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value = entry_command(Signers::several, {
        .name = "appliance enrol",
        .summary = "give an appliance another identity: a standby takes its place",
        .description = "Needs the signatures that an amendment needs, and holds until the next amendment. The appliance keeps its name and wallet keys, which the "
                       "home with the new identity has to hold; a standby of the charter with that identity gives up its own place. The "
                       "identity that it had is retired.",
        .arguments = {{.name = "ID", .help = "the appliance whose place is taken"}},
        .options = {{.name = "identity",
                     .metavar = "KEY",
                     .help = "the new identity key, as `coffer-cold status` prints it",
                     .presence = console::Presence::required}},
        .examples = {{"coffer appliance enrol vault-a --identity ed25519:3d40… --out enrol.coffer --officer alice --key alice.key", ""}},
    });
    return value;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    return sign_and_link(invocation, home,
                         charter::ApplianceEnrolled{.header = home.header(),
                                                    .appliance = invocation.text("ID"),
                                                    .key = artefacts::ApprovalKey::parse(invocation.text("identity")),
                                                    .charter = home.chain().charter_hash(),
                                                    .time = home.now(),
                                                    .reason = reason_of(invocation)});
}

} // namespace

console::Command appliance_enrol_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
