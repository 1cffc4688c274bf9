#include "cli/commands/commands.h"

#include "cli/policy_entries.h"
#include "cli/requests/refusals.h"
#include "core/base/text.h"
#include "core/console/streams.h"
#include "core/encoding/hex.h"

#include <algorithm>

namespace coffer::cli {

namespace {

using artefacts::Artefact;

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "entry adopt",
        .summary = "verify the signatures of an entry and link it into the policy chain",
        .description = "Several files of one entry are merged: each may carry other signatures.",
        .arguments = {{.name = "FILE",
                       .help = "the signed entry",
                       .occurs = console::Occurs::repeatedly,
                       .completes = console::Completes::file}},
        .exits = entry_exits(),
        .examples = {{"coffer entry adopt from-alice.coffer from-bob.coffer", ""}},
    };
    return value;
}

/// The entry with every signature of an officer or appliance that verifies in one of the copies.
Artefact merge(const std::vector<Artefact>& copies, const charter::Charter& charter)
{
    Artefact merged{artefacts::Kind::entry, copies.front().body()};
    std::vector<artefacts::ApprovalKey> keys;
    for (const auto& officer : charter.officers)
        keys.insert(keys.end(), officer.keys.begin(), officer.keys.end());
    for (const auto& appliance : charter.appliances)
        keys.push_back(appliance.key);
    for (const auto& key : keys)
        for (const auto& copy : copies)
            if (copy.is_signed_by(key))
                merged.add_signature(*std::ranges::find(copy.signatures(), key.id(), &artefacts::Signature::key));
    return merged;
}

std::vector<Artefact> load_copies(const console::Invocation& invocation)
{
    std::vector<Artefact> copies;
    for (const auto& name : invocation.all("FILE")) {
        const auto bytes = console::read_input(invocation, console::path_of(invocation, name), console::most_artefact_bytes);
        copies.push_back(Artefact::decode(bytes, artefacts::Kind::entry));
        if (copies.back().body() != copies.front().body())
            throw Error{ErrorCode::usage, coffer::quoted(name) + " is entry " + encoding::encode_hex(copies.back().hash()) +
                                              ", the file before it is " + encoding::encode_hex(copies.front().hash())};
    }
    return copies;
}

console::CommandResult run(console::Invocation& invocation)
{
    const auto copies = load_copies(invocation);
    if (std::holds_alternative<charter::Cancel>(charter::decode_entry(copies.front())))
        throw Error{ErrorCode::type, "this is the cancel of a request", "`coffer import FILE` takes it"};
    auto home = Home::open(invocation);
    return recording_refusals(home, invocation.command().name, std::nullopt,
                              [&] { return link_entry(home, merge(copies, home.chain().charter())); });
}

} // namespace

console::Command entry_adopt_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
