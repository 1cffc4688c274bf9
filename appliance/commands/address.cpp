#include "appliance/commands/commands.h"
#include "core/base/text.h"
#include "core/chains/payload_format.h"
#include "core/console/passphrase.h"

namespace coffer::appliance {

namespace {

console::CommandResult address(console::Invocation& invocation)
{
    const auto session = open_session(invocation);
    const auto& charter = session.ledger().require_chain().charter();
    const auto& wallet = charter.wallet(invocation.text("W"));
    const auto& chain = charter.chain(wallet.chain);
    const auto& format = chains::format_of(chain);
    const auto index = static_cast<std::uint32_t>(invocation.number("index", 0, 0x7fffffff));
    const auto text = format.format_address(format.derive_address(charter, wallet, index), chain);

    console::CommandResult result;
    result.document.set("wallet", wallet.id).set("index", std::uint64_t{index}).set("address", text);
    result.text = {wallet.id + " (" + std::string{name_of(wallet.tier)} + ", " + chain.id + ") receives at", "  " + in_groups(text)};
    return result;
}

} // namespace

console::Command address_command()
{
    console::CommandSpec spec{.name = "address",
                              .summary = "show a receive address, derived here from the pinned charter",
                              .arguments = {{.name = "W", .help = "the wallet's id"}},
                              .options = console::secret_options(),
                              .exits = {ExitStatus::malformed, ExitStatus::policy, ExitStatus::signature, ExitStatus::not_found,
                                        ExitStatus::integrity, ExitStatus::person}};
    spec.options.push_back({.name = "index", .metavar = "I", .help = "which one; accounts have only 0", .default_value = "0"});
    return {std::move(spec), address};
}

} // namespace coffer::appliance
