#include "appliance/ceremony/presence.h"
#include "appliance/commands/commands.h"
#include "appliance/guard/examination.h"
#include "core/base/text.h"
#include "core/console/dialogue.h"
#include "core/console/passphrase.h"
#include "core/console/streams.h"
#include "core/encoding/hex.h"
#include "core/storage/file.h"

#include <algorithm>

namespace coffer::appliance {

namespace {

using artefacts::Artefact;
using charter::Freeze;

Freeze freeze_in(const Bytes& entry)
{
    return std::get<Freeze>(charter::decode_entry(Artefact::decode(entry, artefacts::Kind::entry)));
}

std::vector<std::string> wallets_of(const console::Invocation& invocation, const charter::Charter& charter)
{
    auto wallets = invocation.all("WALLET");
    std::ranges::sort(wallets);
    wallets.erase(std::unique(wallets.begin(), wallets.end()), wallets.end());
    for (const auto& wallet : wallets)
        static_cast<void>(charter.wallet(wallet));
    return wallets;
}

/// The newest freeze made here of these very wallets, if it still holds all of them.
std::optional<Bytes> find_standing(const requests::VaultLedger& ledger, const std::vector<std::string>& wallets, UtcTime now)
{
    const auto& made = ledger.freezes_here();
    const auto last = std::find_if(made.rbegin(), made.rend(), [&](const Bytes& entry) { return freeze_in(entry).wallets == wallets; });
    const auto holds = [&](const std::string& wallet) {
        const auto until = ledger.frozen_here(ledger.require_chain(), wallet);
        return until && now < *until;
    };
    return last != made.rend() && std::ranges::all_of(wallets, holds) ? std::optional{*last} : std::nullopt;
}

/// As it will be judged when it comes back as a link, after the freezes made here that have not come back yet.
void require_linkable(const requests::VaultLedger& ledger, const Artefact& entry, UtcTime now)
{
    auto chain = ledger.require_chain();
    for (const auto& made : ledger.freezes_here()) {
        if (chain.has_entry(EntryHash{Artefact::decode(made, artefacts::Kind::entry).hash()}))
            continue;
        try {
            chain.apply(chain.next(made), std::nullopt);
        } catch (const Error&) {
            continue; // another one has taken its place in the chain
        }
    }
    chain.apply(chain.next(entry.encode()), now);
}

console::CommandResult finish(const console::Invocation& invocation, const Bytes& entry, bool is_new)
{
    console::write_output(invocation, invocation.path("out"), entry);
    const auto freeze = freeze_in(entry);
    const auto hash = encoding::encode_hex(Artefact::decode(entry, artefacts::Kind::entry).hash());
    const auto file = invocation.path("out");
    console::CommandResult result;
    auto wallets = Document::list();
    for (const auto& wallet : freeze.wallets)
        wallets.add(wallet);
    result.document.set("wallets", std::move(wallets))
        .set("until", freeze.until)
        .set("entry_hash", hash)
        .set("file", file.string())
        .set("new", is_new);
    result.text = {(is_new ? "Frozen here: " : "Frozen here already: ") + join(freeze.wallets, ", ") + " until " +
                       format_time_for_people(freeze.until) + ".",
                   "  entry  " + hash, "This vault signs nothing for it. The others learn of it from " + escaped(file.string()) + "."};
    result.next = {"coffer import " + file.filename().string()};
    return result;
}

console::CommandResult freeze(console::Invocation& invocation)
{
    const auto reason = invocation.find("reason").value_or("");
    if (reason.size() > 1000 || !is_nfc(reason))
        throw Error{ErrorCode::usage, "--reason is over 1000 bytes or not in Unicode normal form C"};
    auto session = open_session(invocation);
    auto& ledger = session.ledger();
    const auto& chain = ledger.require_chain();
    const auto now = session.now(invocation.environment().clock);
    require_plausible_clock(ledger, now);
    const auto* self = ledger.self();
    if (self == nullptr)
        throw Error{ErrorCode::appliance_inactive, "the charter in force names no appliance with this identity key"};
    auto wallets = wallets_of(invocation, chain.charter());
    if (const auto standing = find_standing(ledger, wallets, now); standing && !invocation.has("renew"))
        return finish(invocation, *standing, false);
    if (std::filesystem::exists(invocation.path("out")) && !invocation.has("force"))
        throw Error{ErrorCode::exists, "file " + storage::quoted(invocation.path("out")) + " is there already", "--force replaces it"};

    auto& terminal = invocation.environment().terminal;
    console::require_terminal(terminal, "a freeze by the person at the vault");
    require_date(terminal, now, self->id);
    Freeze made{.header = chain.charter().header,
                .wallets = std::move(wallets),
                .officer = {},
                .appliance = self->id,
                .time = now,
                .until = now + charter::longest_freeze,
                .reason = reason};
    console::require_yes(terminal, "Freeze " + join(made.wallets, ", ") + " until " + format_time_for_people(made.until) + "?", "nothing was frozen");
    auto artefact = encode(charter::Entry{made});
    artefact.sign(session.identity());
    require_linkable(ledger, artefact, now);
    const auto entry = artefact.encode();
    ledger.append({{now, requests::vault::FrozenHere{entry}}});
    return finish(invocation, entry, true);
}

} // namespace

console::Command freeze_command()
{
    console::CommandSpec spec{
        .name = "freeze",
        .summary = "keep wallets from being signed for, at the word of whoever stands here",
        .description = "For 72 hours, from now on and without anybody else. The freeze stands in this vault's ledger and in an entry for the "
                       "policy chain. What lifts it is an unfreeze by the amendment quorum, once the entry is part of the chain, or time.\n"
                       "The same wallets again give the same entry; --renew extends it once.",
        .arguments = {{.name = "WALLET", .help = "what is frozen", .occurs = console::Occurs::repeatedly}},
        .options = console::secret_options(),
        .exits = session_exits(),
        .examples = {{"coffer-cold freeze eth-cold --out /media/stick/freeze.coffer", ""}}};
    spec.options.push_back({.name = "reason", .metavar = "TEXT", .help = "why; everybody will read it"});
    spec.options.push_back({.name = "renew", .help = "for 72 hours more"});
    spec.options.push_back(console::out_option("where the entry for the online side goes"));
    spec.options.push_back(console::force_option());
    return {std::move(spec), freeze};
}

} // namespace coffer::appliance
