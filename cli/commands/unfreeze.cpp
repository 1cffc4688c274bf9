#include "cli/commands/commands.h"

#include "cli/policy_entries.h"
#include "core/base/text.h"
#include "core/console/output.h"
#include "core/encoding/hex.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value = entry_command(Signers::several, {
        .name = "unfreeze",
        .summary = "lift the freeze of a wallet",
        .description = "Needs the signatures that an amendment needs. The entry names the newest freeze of the wallet and lifts it for every wallet that it "
                       "holds; a renewal that comes meanwhile stays.",
        .arguments = {{.name = "WALLET", .help = "a wallet that is frozen"}},
        .options = {},
        .examples = {{"coffer unfreeze eth-hot --out unfreeze.coffer --officer alice --key alice.key", "then `coffer entry sign` by the others"}},
    });
    return value;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    const auto wallet = invocation.text("WALLET");
    static_cast<void>(home.chain().charter().wallet(wallet));
    const auto* freeze = home.chain().find_freeze(wallet, home.now());
    if (freeze == nullptr)
        throw Error{ErrorCode::state, "wallet " + wallet + " is not frozen"};
    invocation.output().message("Lifts the freeze of " + wallet + " by " + freeze->by + " until " + format_time(freeze->until) + ", entry " +
                                encoding::encode_hex(freeze->entry.bytes()) + ".");
    return sign_and_link(invocation, home,
                         charter::Unfreeze{.header = home.header(), .freeze = freeze->entry, .time = home.now(), .reason = reason_of(invocation)});
}

} // namespace

console::Command unfreeze_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
