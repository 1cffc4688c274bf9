#include "appliance/ceremony/share_entry.h"
#include "appliance/commands/commands.h"
#include "appliance/commands/keys.h"
#include "core/base/text.h"
#include "core/chains/payload_format.h"
#include "core/console/passphrase.h"
#include "core/console/wallet_text.h"

#include <algorithm>

namespace coffer::appliance {

namespace {

/// Compares the keys of the wallet that the charter puts into this appliance with those that it has; false when
/// none is here, and the address is worth what the charter is worth.
bool is_derived_here(console::Invocation& invocation, Session& session, const charter::Wallet& wallet)
{
    bool is_any_here = false;
    const auto* self = session.ledger().self();
    for (const auto& key : wallet.keys) {
        if (self == nullptr || key.appliance != self->id)
            continue;
        const auto named = std::ranges::find(self->keys, key.key, &charter::ApplianceKey::id);
        require(named != self->keys.end(), "a charter that was checked names a key that it has not");
        unlock_key(invocation, session, session.own_key(*named).id);
        static_cast<void>(session.account_key(*named));
        is_any_here = true;
    }
    return is_any_here;
}

console::CommandResult address(console::Invocation& invocation)
{
    auto session = open_session(invocation);
    const auto& charter = session.ledger().require_chain().charter();
    const auto& wallet = charter.wallet(invocation.text("W"));
    const auto& chain = charter.chain(wallet.chain);
    const auto& format = chains::format_of(chain);
    const auto index = static_cast<std::uint32_t>(invocation.number("index", 0, 0x7fffffff));
    const auto is_here = is_derived_here(invocation, session, wallet);
    const auto text = format.format_address(format.derive_address(charter, wallet, chains::Branch::receive, index), chain);

    console::CommandResult result;
    result.document.set("wallet", wallet.id).set("index", std::uint64_t{index}).set("address", text).set("own_key", is_here);
    result.text = {wallet.id + " (" + std::string{name_of(wallet.tier)} + ", " + chain.id + ") receives at", "  " + in_groups(text)};
    if (!wallet.descriptor.empty())
        for (const auto& key : format.keys_of(charter, wallet))
            result.text.push_back("  key  " + console::format_holder(key));
    if (!is_here)
        result.text.push_back("(by the charter alone: no key of this wallet is in this appliance)");
    return result;
}

} // namespace

console::Command address_command()
{
    console::CommandSpec spec{.name = "address",
                              .summary = "show a receive address, derived here from the pinned charter",
                              .arguments = {{.name = "W", .help = "the wallet's id"}},
                              .options = with_shares({}),
                              .exits = session_exits()};
    spec.options.push_back({.name = "index", .metavar = "I", .help = "which one; accounts have only 0", .default_value = "0"});
    return {std::move(spec), address};
}

} // namespace coffer::appliance
