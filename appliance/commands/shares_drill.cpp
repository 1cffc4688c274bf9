#include "appliance/ceremony/presence.h"
#include "appliance/ceremony/share_entry.h"
#include "appliance/commands/commands.h"
#include "appliance/commands/keys.h"
#include "core/artefacts/share_drill.h"
#include "core/base/text.h"
#include "core/console/dialogue.h"
#include "core/console/streams.h"

#include <map>

namespace coffer::appliance {

namespace {

struct Shown {
    Hash256 share;
    std::string person;
    std::string what; ///< name of the share, and who it was handed out to
};

std::string ask_name(console::Terminal& terminal, const requests::ShareSet::Holding& holding)
{
    for (;;) {
        const auto name = console::ask_text(terminal, "Who brought it? (Enter: " + escaped(holding.label) + ") ");
        if (name.empty())
            return holding.label;
        if (name.size() <= artefacts::ShareDrill::most_name_size && is_valid_utf8(name) && escaped(name) == name)
            return name;
        terminal.write_line("A name of at most 64 bytes, without control characters.");
    }
}

/// Share by share, until all were shown or nobody has another one.
std::vector<Shown> show_all(console::Invocation& invocation, const Session& session, const std::string& key, const requests::KnownShareSet& current)
{
    auto& terminal = invocation.environment().terminal;
    const auto& known = session.ledger().shares();
    std::vector<Shown> shown;
    std::map<Hash256, bool> seen;
    ShareReader reader{invocation, ShareReader::From::terminal};
    while (shown.size() < current.set.size()) {
        if (!shown.empty() && !console::ask_yes_no(terminal, "Is there another share?"))
            break;
        reader.read("The share, its words or their first four letters (not shown): ", [&](keys::Share share) {
            require_usable_share(known, share, key, session.ledger().environment());
            const auto hash = requests::hash_of(share);
            if (!seen.emplace(hash, true).second)
                throw Error{ErrorCode::share_index, "this share was shown before"};
            const auto place = known.find(hash);
            const auto name = name_of_share(place->set->set, place->group, place->member);
            terminal.write_line("Sound: " + name + ", handed out to " + escaped(place->holding().label) + ".");
            shown.push_back({hash, ask_name(terminal, place->holding()), name});
        });
        terminal.clear();
    }
    return shown;
}

console::CommandResult drill(console::Invocation& invocation)
{
    console::require_terminal(invocation.environment().terminal, "a drill");
    auto session = open_session(invocation);
    const auto key = invocation.text("K");
    const auto* current = session.ledger().shares().current_of(key);
    if (current == nullptr)
        throw Error{ErrorCode::not_found, "key " + coffer::quoted(key) + " has no shares", "coffer-cold keys list"};
    if (invocation.has("out"))
        console::require_free_output(invocation, invocation.path("out"));
    const auto set = *current;
    const auto now = session.now(invocation.environment().clock);
    require_date(invocation.environment().terminal, now);
    const auto shown = show_all(invocation, session, key, set);

    requests::vault::SharesDrilled record{.set = set.hash, .shown = {}};
    artefacts::ShareDrill held{.header = {.environment = session.ledger().environment(), .treasury = {}},
                                .appliance = session.ledger().identity(),
                                .key = key,
                                .identifier = set.set.identifier,
                                .set = set.hash,
                                .time = now,
                                .shares = static_cast<std::uint32_t>(set.set.size()),
                                .shown = {}};
    if (session.ledger().chain())
        held.header = session.ledger().chain()->charter().header;
    for (const auto& one : shown) {
        record.shown.emplace_back(one.share, one.person);
        held.shown.push_back({one.share, one.person});
    }
    session.ledger().append({{now, std::move(record)}});
    auto artefact = encode(held);
    artefact.sign(session.identity());

    console::CommandResult result;
    auto people = Document::list();
    for (const auto& one : shown)
        people.add(Document::object().set("share", one.what).set("person", one.person));
    const auto head = session.ledger().head();
    result.document.set("key", key)
        .set("identifier", std::uint64_t{set.set.identifier})
        .set("shown", std::move(people))
        .set("missing", static_cast<std::uint64_t>(set.set.size() - shown.size()))
        .set("log_size", head.size)
        .set("head", short_head(head));
    result.text = {std::to_string(shown.size()) + " of " + std::to_string(set.set.size()) + " shares of key " + key + " were shown."};
    if (shown.size() < set.set.size())
        result.text.push_back("The others are still to come: run it again with them.");
    if (invocation.has("out")) {
        console::write_output(invocation, invocation.path("out"), artefact.encode());
        result.document.set("file", invocation.path("out").string());
        result.text.push_back("Signed record: " + invocation.path("out").string());
    }
    result.text.push_back("Paper log: record " + std::to_string(head.size) + ", head " + short_head(head));
    return result;
}

} // namespace

console::Command shares_drill_command()
{
    console::CommandSpec spec{.name = "shares drill",
                              .summary = "the yearly check: who still has which share",
                              .description = "Each share is entered where this home is, and held against its records; who brought it is written into the "
                                             "log. It may take several runs. `status` says when it is overdue.",
                              .arguments = {{.name = "K", .help = "the key's id in this home"}},
                              .exits = session_exits()};
    spec.options = with_secrets({console::out_option("where a signed record of it goes", console::Presence::optional), console::force_option()});
    return {std::move(spec), drill};
}

} // namespace coffer::appliance
