#include "cli/commands/commands.h"

#include "cli/home.h"
#include "cli/requests/voting.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value = [] {
        console::CommandSpec made{
            .name = "reject",
            .summary = "vote no on a request",
            .description = "As `approve`, and outranks an earlier approval of the same officer until the request is signed. A rejection by an "
                           "officer of a role with veto ends the request; so does one that leaves the quorum out of reach.",
            .arguments = {{.name = "REQUEST", .help = "id or review file", .completes = console::Completes::file}},
            .options = {{.name = "reason",
                         .metavar = "TEXT",
                         .help = "kept with the vote, which binds it",
                         .presence = console::Presence::required}},
            .exits = home_exits({ExitStatus::signature, ExitStatus::person}),
            .examples = {{"coffer reject 0191f3c2 --reason 'unknown invoice' --officer carol --key carol.key", ""}},
        };
        for (auto& option : voting_options())
            made.options.push_back(std::move(option));
        return made;
    }();
    return value;
}

} // namespace

console::Command reject_command()
{
    return {spec(), [](console::Invocation& invocation) {
                return cast_vote(invocation, requests::VoteDecision::reject, invocation.text("reason"));
            }};
}

} // namespace coffer::cli
