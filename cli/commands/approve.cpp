#include "cli/commands/commands.h"

#include "cli/home.h"
#include "cli/requests/voting.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value = [] {
        console::CommandSpec made{
            .name = "approve",
            .summary = "vote yes on a request, after seeing what it does",
            .description =
                "Decodes the payloads on this machine, verifies the policy chain from the officer's own anchor, shows the "
                "review that the vault shows, and asks for parts of it. The vote is signed by the officer's key and "
                "binds exactly these payloads under exactly this charter.\n"
                "REQUEST is an id, or the beginning of one, in this home; or a review file (`coffer export --format review`) on an "
                "officer's own machine, which needs neither home nor network: the vote goes to --out and is taken by `coffer import`.\n"
                "The same vote again does nothing. An officer who has rejected a request cannot approve it any more.",
            .arguments = {{.name = "REQUEST", .help = "id or review file", .completes = console::Completes::file}},
            .options = {{.name = "comment", .metavar = "TEXT", .help = "kept with the vote, which binds it"}},
            .exits = home_exits({ExitStatus::signature, ExitStatus::person}),
            .examples = {{"coffer approve 0191f3c2 --officer bob --key bob.key", ""},
                         {"coffer approve review.coffer --key bob.key --out vote.coffer", "on bob's own machine"}},
        };
        for (auto& option : voting_options())
            made.options.push_back(std::move(option));
        return made;
    }();
    return value;
}

} // namespace

console::Command approve_command()
{
    return {spec(), [](console::Invocation& invocation) {
                return cast_vote(invocation, requests::VoteDecision::approve, invocation.find("comment").value_or(""));
            }};
}

} // namespace coffer::cli
