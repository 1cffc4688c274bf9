#include "cli/commands/commands.h"

#include "cli/policy_entries.h"
#include "core/base/text.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value = entry_command(Signers::several, {
        .name = "officer suspend",
        .summary = "take an officer's power away, or that of one of their keys",
        .description = "By any two other officers. Votes, requests, cancels and entries of what is suspended count nothing from then on, whenever they were "
                       "made, and quorums stay as they are. Only an amendment gives it back: one whose `lifts` names the entry.\n"
                       "A suspension that would leave too few officers to amend the charter is refused.",
        .arguments = {{.name = "ID", .help = "the officer"}},
        .options = {{.name = "only-key", .metavar = "KEY", .help = "this key alone: ed25519 and its hex digits"}},
        .examples = {{"coffer officer suspend bob --reason 'laptop stolen' --out bob.coffer --officer alice --key alice.key", ""}},
    });
    return value;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    charter::Suspension suspension{.header = home.header(),
                                   .officer = invocation.text("ID"),
                                   .key = std::nullopt,
                                   .charter = home.chain().charter_hash(),
                                   .time = home.now(),
                                   .reason = reason_of(invocation)};
    if (home.chain().charter().find_officer(suspension.officer) == nullptr)
        throw Error{ErrorCode::not_found, coffer::quoted(suspension.officer) + " is no officer of the charter in force"};
    if (invocation.has("only-key"))
        suspension.key = artefacts::ApprovalKey::parse(invocation.text("only-key"));
    return sign_and_link(invocation, home, suspension);
}

} // namespace

console::Command officer_suspend_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
