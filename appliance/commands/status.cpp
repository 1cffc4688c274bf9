#include "appliance/ceremony/presence.h"
#include "appliance/commands/commands.h"
#include "appliance/commands/first_addresses.h"
#include "appliance/guard/swap.h"
#include "core/console/output.h"
#include "core/encoding/hex.h"

namespace coffer::appliance {

namespace {

/// By the time of the last session: the home is locked, and its clock is the machine's.
Document describe_freezes(const requests::VaultLedger& ledger, UtcTime now)
{
    auto frozen = Document::list();
    const auto& chain = *ledger.chain();
    for (const auto& wallet : chain.charter().wallets) {
        const auto* freeze = chain.find_freeze(wallet.id, now);
        auto until = ledger.frozen_here(chain, wallet.id);
        if (freeze != nullptr && (!until || *until < freeze->until))
            until = freeze->until;
        if (until && now < *until)
            frozen.add(Document::object().set("wallet", wallet.id).set("until", *until));
    }
    return frozen;
}

/// Keys whose shares nobody has seen whole for a year.
Document overdue_drills(const requests::VaultLedger& ledger, UtcTime now)
{
    auto overdue = Document::list();
    for (const auto& key : ledger.keys())
        if (const auto* shares = ledger.shares().current_of(key.id); shares != nullptr && shares->last_seen_whole() + requests::drill_period <= now)
            overdue.add(key.id);
    return overdue;
}

console::CommandResult status(console::Invocation& invocation)
{
    const auto home = home_of(invocation);
    home.require_usable();
    const LockedHome locked{home};
    warn_of_rehearsal(invocation, locked.ledger());
    const auto& ledger = locked.ledger();
    const auto head = ledger.head();
    console::CommandResult result;
    auto& document = result.document;
    document.set("home", home.folder().string())
        .set("environment", name_of(ledger.environment()))
        .set("identity", ledger.identity().format())
        .set("keys", static_cast<std::uint64_t>(ledger.keys().size()));
    if (ledger.chain()) {
        const auto& charter = ledger.chain()->charter();
        const auto* self = ledger.self();
        document.set("charter", Document::hex(ledger.chain()->charter_hash().bytes()))
            .set("version", charter.version)
            .set("position", ledger.chain()->position().number)
            .set("appliance", self == nullptr ? Document{} : Document{self->id})
            .set("state", self == nullptr                                         ? "unknown to the charter"
                          : ledger.chain()->find_retirement(self->key) != nullptr ? "retired"
                          : self->state == charter::Appliance::State::active      ? "active"
                                                                                  : "standby")
            .set("addresses", describe_first_addresses(charter))
            .set("frozen", describe_freezes(ledger, ledger.last_time()));
    } else {
        document.set("charter", Document{});
    }
    auto overdue = overdue_drills(ledger, invocation.environment().clock.now() + ledger.clock_offset());
    for (const auto& key : overdue.items())
        invocation.output().warning("the shares of key " + key.text() + " were not shown for a year: coffer-cold shares drill " + key.text());
    document.set("drills_overdue", std::move(overdue));
    document.set("sessions", ledger.sessions())
        .set("last_session", ledger.last_time())
        .set("log_size", head.size)
        .set("head", short_head(head))
        .set("swap", swap_is_active())
        .set("authenticated", false);
    return result;
}

} // namespace

console::Command status_command()
{
    return {{.name = "status", .summary = "what this home is and holds", .exits = locked_home_exits()}, status};
}

} // namespace coffer::appliance
