#include "cli/commands/commands.h"

#include "cli/files/config.h"
#include "cli/home.h"
#include "cli/sealed_charter.h"
#include "core/audit/event.h"
#include "core/base/text.h"
#include "core/console/streams.h"
#include "core/encoding/hex.h"

#include <algorithm>

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "charter adopt",
        .summary = "verify the quorum of a charter and make it current",
        .description = "Several files of one charter are merged: each may carry other signatures. A first charter needs those of all "
                       "its officers, an amendment the amendment quorum of the charter in force.",
        .arguments = {{.name = "SEALED",
                       .help = "the sealed and signed charter",
                       .occurs = console::Occurs::repeatedly,
                       .completes = console::Completes::file}},
        .exits = home_exits({ExitStatus::signature, ExitStatus::person}),
        .examples = {{"coffer charter adopt from-alice.coffer from-bob.coffer", ""}},
    };
    return value;
}

/// Several copies of one charter, each with signatures of its own.
struct Copies {
    SealedCharter sealed;
    std::vector<artefacts::Artefact> artefacts;
};

Copies load_copies(const console::Invocation& invocation)
{
    std::optional<Copies> copies;
    for (const auto& name : invocation.all("SEALED")) {
        auto next = load_sealed_charter(invocation, console::path_of(invocation, name));
        if (copies && next.hash != copies->sealed.hash)
            throw Error{ErrorCode::usage, coffer::quoted(name) + " is charter " + encoding::encode_hex(next.hash.bytes()) +
                                              ", the file before it is " + encoding::encode_hex(copies->sealed.hash.bytes())};
        if (!copies)
            copies.emplace(Copies{next, {}});
        copies->artefacts.push_back(std::move(next.artefact));
    }
    return std::move(*copies);
}

/// The charter with every signature of an officer that verifies in one of the copies: a stranger's
/// or a damaged one is left out, and never takes the place of a good one.
artefacts::Artefact merge(const Copies& copies, const charter::Charter* predecessor)
{
    artefacts::Artefact merged{artefacts::Kind::charter, copies.sealed.artefact.body()};
    const auto keep = [&](const charter::Charter& by) {
        for (const auto& officer : by.officers)
            for (const auto& key : officer.keys)
                for (const auto& copy : copies.artefacts)
                    if (copy.is_signed_by(key))
                        merged.add_signature(*std::ranges::find(copy.signatures(), key.id(), &artefacts::Signature::key));
    };
    keep(copies.sealed.charter);
    if (predecessor != nullptr)
        keep(*predecessor);
    return merged;
}

void require_fits(Home& home, const SealedCharter& sealed)
{
    if (sealed.charter.header.environment != home.config().environment)
        throw Error{ErrorCode::env, "the charter is for environment " +
                                        std::string{artefacts::name_of(sealed.charter.header.environment)} + ", this home for " +
                                        std::string{artefacts::name_of(home.config().environment)}};
    const artefacts::ApprovalKey own{home.audit_key().public_key()};
    if (sealed.charter.audit_key != own)
        throw Error{ErrorCode::policy_invalid, "audit: the charter names " + sealed.charter.audit_key.format() +
                                                   ", this home's audit key is " + own.format()};
    const auto problems = find_problems(sealed.charter);
    if (!problems.empty())
        throw Error{problems.front().code, problems.front().place + ": " + problems.front().message,
                    "`coffer charter check FILE` lists every problem"};
}

console::CommandResult describe(const SealedCharter& sealed, const SignatureTally& tally, bool is_new)
{
    console::CommandResult result;
    result.document.set("hash", Document::hex(sealed.hash.bytes()))
        .set("version", sealed.charter.version)
        .set("signatures", tally.describe())
        .set("adopted", is_new);
    result.text = {(is_new ? "In force: " : "In force already, nothing to do: ") + coffer::quoted(sealed.charter.name) + ", version " +
                       std::to_string(sealed.charter.version),
                   "", "  hash  " + encoding::encode_hex(sealed.hash.bytes())};
    if (is_new && sealed.charter.version == 1)
        result.next = {"coffer-cold pin SEALED", "coffer officer trust SEALED --hash HASH --key FILE"};
    return result;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto copies = load_copies(invocation);
    auto& sealed = copies.sealed;
    auto home = Home::open(invocation);
    auto transaction = home.database().begin_immediate();
    // Read inside of the transaction: two adoptions at once never both extend the same charter.
    std::optional<charter::Charter> before;
    if (home.has_charter()) {
        const auto& chain = home.chain(transaction);
        if (chain.charter_hash() == sealed.hash)
            return describe(sealed, tally_signatures(sealed, nullptr), false);
        before = chain.charter();
    }
    require_fits(home, sealed);
    sealed.artefact = merge(copies, before ? &*before : nullptr);
    const auto tally = tally_signatures(sealed, before ? &*before : nullptr);
    const auto link = home.append_link(transaction, sealed.artefact.encode());
    home.record(transaction, {.type = "charter.adopted",
                              .subject = std::nullopt,
                              .actor = {},
                              .details = {{"version", std::to_string(sealed.charter.version)},
                                          {"charter", to_bytes(sealed.hash.bytes())},
                                          {"link", std::to_string(link.number)},
                                          {"link_hash", to_bytes(link.hash().bytes())}}});
    transaction.commit();
    return describe(sealed, tally, true);
}

} // namespace

console::Command charter_adopt_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
