#include "appliance/ceremony/share_entry.h"
#include "appliance/ceremony/share_subsets.h"
#include "appliance/commands/commands.h"
#include "appliance/commands/keys.h"
#include "core/base/text.h"
#include "core/console/output.h"

namespace coffer::appliance {

namespace {

/// A single share, where its holder keeps it: held against the records, without the passphrase of the home and without the key.
console::CommandResult verify_one(console::Invocation& invocation)
{
    const auto home = home_of(invocation);
    home.require_usable();
    const LockedHome locked{home};
    warn_of_rehearsal(invocation, locked.ledger());
    const auto& ledger = locked.ledger();
    ShareReader reader{invocation};
    std::optional<keys::Share> given;
    reader.read("The share, its words or their first four letters (not shown): ", [&](keys::Share share) {
        require_usable_share(ledger.shares(), share, {}, ledger.environment());
        given = std::move(share);
    });
    if (!given)
        throw Error{ErrorCode::share_threshold, "the file has no share"};
    const auto place = ledger.shares().find(requests::hash_of(*given));
    if (!place)
        throw Error{ErrorCode::not_found, "share of set " + std::to_string(given->header.identifier) + " is sound, and this home has no record of it",
                    "it is of another appliance, or was made elsewhere"};
    console::CommandResult result;
    result.document.set("key", place->set->set.key)
        .set("identifier", std::uint64_t{given->header.identifier})
        .set("group", static_cast<std::uint64_t>(place->group + 1))
        .set("member", static_cast<std::uint64_t>(place->member + 1))
        .set("holder", place->holding().label)
        .set("authenticated", false);
    result.text = {"This is " + name_of_share(place->set->set, place->group, place->member) + ", set " + std::to_string(given->header.identifier) + " of key " +
                       place->set->set.key + ".",
                   "Handed out to " + escaped(place->holding().label) + " on " + format_time(*place->set->kept) + ".",
                   "(unauthenticated: the home is locked)"};
    return result;
}

/// All shares of the key's set together: every combination restores it, and the key is not kept.
console::CommandResult verify_all(console::Invocation& invocation)
{
    auto session = open_session(invocation);
    const auto key = invocation.text("K");
    const auto* current = session.ledger().shares().current_of(key);
    if (current == nullptr)
        throw Error{ErrorCode::not_found, "key " + coffer::quoted(key) + " has no shares", "coffer-cold keys list"};
    ShareReader reader{invocation};
    std::vector<keys::Share> shares;
    std::set<Hash256> seen;
    const auto take = [&](keys::Share share) {
        require_usable_share(session.ledger().shares(), share, key, session.ledger().environment());
        if (!seen.insert(requests::hash_of(share)).second)
            throw Error{ErrorCode::share_index, "this share was given before"};
        shares.push_back(std::move(share));
    };
    while (shares.size() < current->set.size())
        if (!reader.read("Share " + std::to_string(shares.size() + 1) + " of " + std::to_string(current->set.size()) +
                             ", its words or their first four letters (not shown): ",
                         take))
            throw Error{ErrorCode::share_threshold, std::to_string(shares.size()) + " shares, the set has " + std::to_string(current->set.size())};
    const auto passphrase = read_share_passphrase(invocation, current->set.has_passphrase);
    const auto subsets = subsets_to_try(shares);
    {
        auto progress = invocation.output().progress("trying the shares", subsets.size());
        require_all_restore(shares, subsets, passphrase, [&](const SecretBytes& restored) { return session.is_secret_of(key, restored); },
                            [&] { progress.advance(); });
    }
    console::CommandResult result;
    result.document.set("key", key)
        .set("identifier", std::uint64_t{current->set.identifier})
        .set("shares", static_cast<std::uint64_t>(shares.size()))
        .set("subsets_tried", static_cast<std::uint64_t>(subsets.size()));
    result.text = {"All " + std::to_string(shares.size()) + " shares of set " + std::to_string(current->set.identifier) + " restore key " + key + " (" +
                   describe_tried(subsets.size()) + ")."};
    return result;
}

console::CommandResult verify(console::Invocation& invocation)
{
    if (invocation.has("one") == invocation.has("K"))
        throw Error{ErrorCode::usage, "give a key whose shares are all here, or --one for a single share"};
    return invocation.has("one") ? verify_one(invocation) : verify_all(invocation);
}

} // namespace

console::Command shares_verify_command()
{
    console::CommandSpec spec{.name = "shares verify",
                              .summary = "check shares without showing or keeping the key",
                              .description = "With a key: all of its shares together, every combination that should restore it. With --one: a single "
                                             "share at its holder's place, held against what this home knows of it; needs no passphrase.",
                              .arguments = {{.name = "K", .help = "the key's id in this home", .presence = console::Presence::optional}},
                              .options = share_entry_options(),
                              .exits = session_exits()};
    spec.options.push_back({.name = "one", .help = "a single share, by itself"});
    spec.options = with_secrets(std::move(spec.options));
    return {std::move(spec), verify};
}

} // namespace coffer::appliance
