#include "appliance/commands/commands.h"
#include "core/console/dialogue.h"
#include "core/console/passphrase.h"

namespace coffer::appliance {

namespace {

console::CommandResult show(console::Invocation& invocation)
{
    const auto home = home_of(invocation);
    home.require_usable();
    const LockedHome locked{home};
    warn_of_rehearsal(invocation, locked.ledger());
    const auto machine = invocation.environment().clock.now();
    const auto offset = locked.ledger().clock_offset();
    console::CommandResult result;
    result.document.set("now", machine + offset)
        .set("machine", machine)
        .set("offset_seconds", offset.seconds)
        .set("last_session", locked.ledger().last_time())
        .set("authenticated", false);
    result.text = {"now           " + format_time(machine + offset), "machine       " + format_time(machine),
                   "offset        " + std::to_string(offset.seconds) + " seconds",
                   "last session  " + format_time(locked.ledger().last_time()), "(unauthenticated: the home is locked)"};
    return result;
}

/// An offset in the ledger: the machine's clock needs no privileged hand.
console::CommandResult set(console::Invocation& invocation)
{
    auto& environment = invocation.environment();
    const auto wanted = parse_time(invocation.text("TIME"));
    auto session = open_session(invocation);
    const auto before = session.now(environment.clock);
    console::require_yes(environment.terminal,
                         "The clock says " + format_time(before) + ", the last session was " +
                             format_time(session.ledger().last_time()) + ". Set it to " + format_time_for_people(wanted) + "?",
                         "the clock was not set");
    const auto offset = wanted - environment.clock.now();
    session.ledger().append({{wanted, requests::vault::ClockSet{offset.seconds}}});
    console::CommandResult result;
    result.document.set("now", wanted).set("offset_seconds", offset.seconds);
    result.text = {"The appliance's clock says " + format_time_for_people(wanted) + ". Receipts will mention it."};
    return result;
}

} // namespace

console::Command clock_show_command()
{
    return {{.name = "clock show", .summary = "what time the appliance believes it is", .exits = locked_home_exits()}, show};
}

console::Command clock_set_command()
{
    return {{.name = "clock set",
             .summary = "correct the appliance's clock, as an offset in its ledger",
             .arguments = {{.name = "TIME", .help = "RFC 3339 in UTC: 2026-11-21T14:02:00Z"}},
             .options = console::secret_options(),
             .exits = session_exits()},
            set};
}

} // namespace coffer::appliance
