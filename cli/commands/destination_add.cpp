#include "cli/commands/commands.h"

#include "cli/policy_entries.h"
#include "core/base/text.h"
#include "core/chains/payload_format.h"
#include "core/console/output.h"
#include "core/requests/recipient.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value = entry_command(Signers::several, {
        .name = "destination add",
        .summary = "put an address into the address book",
        .description = "Needs the signatures that an amendment needs, and holds until the next amendment, which has to name the destination to keep it. It "
                       "counts when its cool-down is over: 24 hours, or what `[address_book]` of the charter says, from when each side "
                       "first saw the entry. For the vault that is when a person there confirms the date of a run that has it.",
        .arguments = {{.name = "ID", .help = "its name"}},
        .options = {{.name = "chain", .metavar = "CHAIN", .help = "a chain of the charter", .presence = console::Presence::required},
                    {.name = "address", .metavar = "ADDRESS", .help = "the whole address", .presence = console::Presence::required}},
        .examples = {{"coffer destination add exchange-2 --chain ethereum --address 0x8B33… --out exchange-2.coffer", ""}},
    });
    return value;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    const auto& charter = home.chain().charter();
    const auto& chain = charter.chain(invocation.text("chain"));
    const auto address = chains::format_of(chain).parse_address(invocation.text("address"), chain);
    const auto alike = requests::find_alike(charter, chain, address);
    if (!alike.empty())
        invocation.output().warning("the address is easily taken for that of " + join(alike, ", ") + ", and is another one: compare every "
                                    "character with its owner");
    auto result = sign_and_link(invocation, home,
                                charter::DestinationAdded{.header = home.header(),
                                                          .destination = {invocation.text("ID"), chain.id, address},
                                                          .charter = home.chain().charter_hash(),
                                                          .time = home.now(),
                                                          .reason = reason_of(invocation)});
    auto resembles = Document::list();
    for (const auto& name : alike)
        resembles.add(name);
    result.document.set("resembles", std::move(resembles));
    return result;
}

} // namespace

console::Command destination_add_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
