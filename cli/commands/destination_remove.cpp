#include "cli/commands/commands.h"

#include "cli/policy_entries.h"
#include "cli/files/config.h"
#include "core/base/text.h"

#include <algorithm>

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value = entry_command(Signers::one, {
        .name = "destination remove",
        .summary = "take an address out of the address book",
        .description = "By any one officer, at once, until the next amendment, which has to leave the destination out to keep it away.",
        .arguments = {{.name = "ID", .help = "its name"}},
        .options = {},
        .examples = {{"coffer destination remove exchange-2 --reason 'account closed' --officer alice --key alice.key", ""}},
    });
    return value;
}

/// A second run has nothing to do.
std::optional<console::CommandResult> find_removed(const charter::PolicyChain& chain, const std::string& id)
{
    const auto& book = chain.charter().destinations;
    const auto removed = chain.restrictions().removed;
    const auto was = std::ranges::find_if(removed, [&](const auto& one) { return one.destination.id == id; });
    if (was == removed.end() || std::ranges::find(book, id, &charter::Destination::id) != book.end())
        return std::nullopt;
    console::CommandResult result;
    result.document.set("destination", id).set("known", true).set("entry_hash", Document::hex(was->entry.bytes()));
    result.text = {"Destination " + id + " was removed already by " + was->by + " on " + format_time_for_people(was->time) + ", nothing to do."};
    return result;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    if (auto done = find_removed(home.chain(), invocation.text("ID")))
        return std::move(*done);
    return sign_and_link(invocation, home,
                         charter::DestinationRemoved{.header = home.header(),
                                                     .destination = invocation.text("ID"),
                                                     .officer = officer_id(invocation, &home.config()),
                                                     .charter = home.chain().charter_hash(),
                                                     .time = home.now(),
                                                     .reason = reason_of(invocation)});
}

} // namespace

console::Command destination_remove_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
