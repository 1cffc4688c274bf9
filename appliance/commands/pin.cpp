#include "appliance/ceremony/presence.h"
#include "appliance/ceremony/share_entry.h"
#include "appliance/commands/commands.h"
#include "appliance/commands/first_addresses.h"
#include "appliance/commands/keys.h"
#include "appliance/guard/examination.h"
#include "core/base/text.h"
#include "core/chains/payload_format.h"
#include "core/console/passphrase.h"
#include "core/console/streams.h"
#include "core/console/wallet_text.h"
#include "core/encoding/hex.h"

#include <algorithm>

namespace coffer::appliance {

namespace {

/// The same sealed body from several files, with the signatures of all of them.
Bytes merge(const console::Invocation& invocation)
{
    std::optional<artefacts::Artefact> merged;
    for (const auto& name : invocation.all("SEALED")) {
        const auto bytes = console::read_input(invocation, console::path_of(invocation, name), console::most_artefact_bytes);
        const auto artefact = artefacts::Artefact::decode(bytes, artefacts::Kind::charter);
        if (!merged)
            merged.emplace(artefacts::Kind::charter, artefact.body());
        if (merged->body() != artefact.body())
            throw Error{ErrorCode::usage, "the files are of different charters"};
        for (const auto& signature : artefact.signatures())
            merged->add_signature(signature);
    }
    return merged->encode();
}

/// Each is compared with what the charter names.
void unlock_named_keys(console::Invocation& invocation, Session& session, const charter::Charter& charter)
{
    const auto& appliances = charter.appliances;
    const auto self = std::ranges::find(appliances, session.ledger().identity(), &charter::Appliance::key);
    if (self == appliances.end())
        return; // pin() refuses it
    for (const auto& key : self->keys)
        unlock_key(invocation, session, session.own_key(key).id);
}

console::CommandResult pin(console::Invocation& invocation)
{
    const auto chain = charter::PolicyChain::found(merge(invocation));
    const auto hash = encoding::encode_hex(chain.charter_hash().bytes());
    auto session = open_session(invocation);
    if (session.ledger().chain())
        throw Error{ErrorCode::binding, "a charter is pinned already; later ones come as amendments in bundles"};
    // One of another environment is refused as that, by Session::pin(): what else is wrong with it does not matter here.
    if (chain.charter().header.environment == session.ledger().environment())
        require_chains_valid(chain.charter());
    require_charter_hash(invocation.environment().terminal, invocation.find("hash"), chain.charter_hash());
    unlock_named_keys(invocation, session, chain.charter());
    session.pin(chain, session.now(invocation.environment().clock));

    console::CommandResult result;
    const auto& charter = chain.charter();
    const auto head = session.ledger().head();
    result.document.set("hash", hash).set("appliance", session.ledger().self()->id).set("log_size", head.size);
    result.document.set("head", short_head(head));
    result.text = {"Pinned charter " + hash + " as " + session.ledger().self()->id + ".", "",
                   "Compare the first receive address of every wallet with the other appliances:"};
    for (const auto& wallet : charter.wallets) {
        const auto& format = chains::format_of(charter.chain(wallet.chain));
        result.text.push_back("  " + wallet.id + "  " + in_groups(first_address(charter, wallet)));
        if (!wallet.descriptor.empty())
            for (const auto& key : format.keys_of(charter, wallet))
                result.text.push_back("    " + console::format_holder(key));
    }
    result.document.set("addresses", describe_first_addresses(charter));
    result.text.push_back("");
    result.text.push_back("Paper log: record " + std::to_string(head.size) + ", head " + short_head(head));
    return result;
}

} // namespace

console::Command pin_command()
{
    console::CommandSpec spec{.name = "pin",
                              .summary = "trust the first charter, once a home",
                              .description = "The whole hash is typed, or named with --hash; later charters come as amendments in bundles.",
                              .arguments = {{.name = "SEALED",
                                             .help = "the sealed charter with the signatures of all its officers",
                                             .occurs = console::Occurs::repeatedly,
                                             .completes = console::Completes::file}},
                              .options = with_shares({}),
                              .exits = session_exits()};
    spec.options.push_back({.name = "hash", .metavar = "HASH", .help = "the whole hash, 64 hex digits"});
    return {std::move(spec), pin};
}

} // namespace coffer::appliance
