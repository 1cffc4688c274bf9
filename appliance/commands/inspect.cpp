#include "appliance/commands/commands.h"
#include "core/console/streams.h"
#include "formats/inspection.h"

namespace coffer::appliance {

namespace {

/// The pinned charters' keys, where there is a home with a charter; nothing is unlocked for this.
inspection::KnownKeys known_keys(const console::Invocation& invocation)
{
    inspection::KnownKeys known;
    const auto home = home_of(invocation);
    if (!home.exists())
        return known;
    const LockedHome locked{home};
    if (locked.ledger().chain())
        known.add(locked.ledger().chain()->charter());
    return known;
}

console::CommandResult inspect(console::Invocation& invocation)
{
    auto known = known_keys(invocation);
    const auto input = console::read_input(invocation, console::path_of(invocation, invocation.text("FILE")),
                                           console::most_large_artefact_bytes);
    console::CommandResult result;
    result.document = inspection::inspect(input, invocation.find("as").value_or(""), known);
    return result;
}

} // namespace

console::Command inspect_command()
{
    return {{.name = "inspect",
             .summary = "say what any artefact is and does",
             .description = "Signatures are judged by the pinned charter where there is one; the home stays locked.",
             .arguments = {{.name = "FILE", .help = "a file, or -", .completes = console::Completes::file}},
             .options = {{.name = "as", .metavar = "KIND", .help = "what it is, where that cannot be told from the input"}},
             .exits = locked_home_exits({ExitStatus::malformed, ExitStatus::signature})},
            inspect};
}

} // namespace coffer::appliance
