#include "cli/policy_entries.h"

#include "cli/files/config.h"
#include "cli/standing_orders.h"
#include "cli/sealed_charter.h"
#include "core/audit/event.h"
#include "core/base/text.h"
#include "core/chains/payload_format.h"
#include "core/console/output.h"
#include "core/console/streams.h"
#include "core/encoding/hex.h"
#include "core/requests/standing_orders.h"

#include <algorithm>

namespace coffer::cli {

namespace {

using artefacts::Artefact;
using charter::Entry;

constexpr std::size_t most_reason_bytes = 1000;

std::string hex_of(const EntryHash& hash)
{
    return encoding::encode_hex(hash.bytes());
}

/// The vault counts the votes of an order with each payment under it; one that lacks some would be of no use there.
void require_enough_votes(const charter::Charter& charter, const charter::OrderInForce& order)
{
    const auto approvals = requests::judge_order(charter, order, {}, {}).approvals;
    if (!approvals.reached)
        throw Error{ErrorCode::appr_missing, "standing order " + coffer::quoted(order.order.id) + " lacks votes that one payment of its whole sum "
                                                 "would need: " + join(approvals.need, ", ")};
}

/// A copy of the chain that has the entry. Throws what refuses it.
charter::PolicyChain with_entry(charter::PolicyChain chain, const Artefact& artefact, UtcTime now)
{
    chain.apply(chain.next(artefact.encode()), now);
    if (const auto* order = chain.find_order(EntryHash{artefact.hash()}))
        require_enough_votes(chain.charter(), *order);
    const auto problems = find_chain_problems(chain.charter());
    if (!problems.empty())
        throw Error{problems.front().code, problems.front().place + ": " + problems.front().message};
    return chain;
}

console::CommandResult keep_for_others(const console::Invocation& invocation, Home& home, const Artefact& artefact, const Entry& entry)
{
    const auto file = invocation.path("out");
    console::write_output(invocation, file, artefact.encode());
    console::CommandResult result;
    result.document = describe_entry(entry, EntryHash{artefact.hash()});
    result.document.set("file", file.string()).set("linked", false);
    result.text = {"The entry is in " + escaped(file.string()) + ", signed by " + join(signers_of(artefact, home.chain().charter()), ", ") + "."};
    const auto readiness = readiness_of(home.chain(), artefact, home.now(), file.string());
    result.text.push_back(readiness.says);
    result.next = {readiness.next};
    return result;
}

} // namespace

console::CommandSpec entry_command(Signers signers, console::CommandSpec spec)
{
    auto& options = spec.options;
    options.push_back({.name = "reason", .metavar = "TEXT", .help = "why; everybody will read it"});
    if (signers == Signers::several) {
        options.push_back(console::out_option("keep the entry there for others to sign, and link nothing yet", console::Presence::optional));
        options.push_back(console::force_option());
    }
    for (auto& option : officer_options())
        options.push_back(std::move(option));
    spec.exits = entry_exits();
    return spec;
}

std::vector<ExitStatus> entry_exits()
{
    return home_exits({ExitStatus::signature, ExitStatus::person});
}

std::string reason_of(const console::Invocation& invocation)
{
    auto reason = invocation.find("reason").value_or("");
    if (reason.size() > most_reason_bytes || !is_nfc(reason))
        throw Error{ErrorCode::usage, "--reason is over 1000 bytes or not in Unicode normal form C"};
    return reason;
}

void require_signer(const OfficerKey& key, const charter::PolicyChain& chain, const std::string& officer)
{
    static_cast<void>(key.require_officer(chain.charter(), officer));
    const auto& anchor = key.anchor();
    if (anchor && (!(anchor->header == chain.charter().header) || !chain.has_charter(anchor->charter)))
        throw Error{ErrorCode::charter_untrusted, "the key trusts a charter that is not part of the policy chain of this home",
                    "somebody shows this key another policy than before; sign nothing, and tell compliance"};
}

std::vector<std::string> signers_of(const Artefact& artefact, const charter::Charter& charter)
{
    std::vector<std::string> names;
    for (const auto& voter : charter::signers(artefact, charter))
        names.push_back(voter.officer);
    return names;
}

std::optional<Error> find_refusal(const charter::PolicyChain& chain, const Artefact& artefact, UtcTime now)
{
    try {
        static_cast<void>(with_entry(chain, artefact, now));
        return std::nullopt;
    } catch (const Error& error) {
        return error;
    }
}

Readiness readiness_of(const charter::PolicyChain& chain, const Artefact& artefact, UtcTime now, const std::string& file)
{
    const auto refusal = find_refusal(chain, artefact, now);
    if (!refusal)
        return {"No signature is missing.", "coffer entry adopt " + escaped(file), true};
    if (refusal->code() == ErrorCode::appr_missing)
        return {"Before it counts: " + refusal->message() + ".", "coffer entry sign " + escaped(file) + " --officer ID --key FILE"};
    return {"As things are it is refused: " + refusal->message() + ".", "coffer charter status"};
}

std::vector<std::string> entry_in_words(const charter::Charter& charter, const Entry& entry)
{
    std::vector<std::string> lines{charter::in_words(entry)};
    if (const auto* added = std::get_if<charter::DestinationAdded>(&entry)) {
        const auto* chain = charter.find_chain(added->destination.chain);
        lines.push_back("address " + (chain == nullptr ? encoding::encode_hex(added->destination.address)
                                                       : chains::format_of(*chain).format_address(added->destination.address, *chain)));
    }
    if (const auto* order = std::get_if<charter::StandingOrder>(&entry))
        for (auto& line : order_in_words(charter, *order))
            lines.push_back(std::move(line));
    if (!charter::reason_of(entry).empty())
        lines.push_back("reason " + coffer::quoted(charter::reason_of(entry)));
    lines.push_back("dated " + format_time(charter::time_of(entry)));
    return lines;
}

Document describe_entry(const Entry& entry, const EntryHash& hash)
{
    return Document::object()
        .set("kind", "entry")
        .set("entry", charter::name_of(entry))
        .set("entry_hash", Document::hex(hash.bytes()))
        .set("says", charter::in_words(entry))
        .set("time", charter::time_of(entry))
        .set("reason", charter::reason_of(entry));
}

console::CommandResult link_entry(Home& home, const Artefact& artefact, const Precondition& precondition)
{
    const auto entry = charter::decode_entry(artefact);
    const EntryHash hash{artefact.hash()};
    auto transaction = home.database().begin_immediate();
    const auto& chain = home.chain(transaction);
    const bool is_new = !chain.has_entry(hash);
    if (is_new) {
        if (precondition)
            precondition(chain);
        static_cast<void>(with_entry(chain, artefact, home.now()));
        const auto by = signers_of(artefact, chain.charter());
        const auto link = home.append_link(transaction, artefact.encode());
        home.record(transaction, {.type = "entry.linked",
                                  .subject = std::nullopt,
                                  .actor = by.empty() ? std::string{} : by.front(),
                                  .details = {{"kind", std::string{charter::name_of(entry)}},
                                              {"entry", to_bytes(hash.bytes())},
                                              {"says", charter::in_words(entry)},
                                              {"signed_by", join(by, ", ")},
                                              {"reason", charter::reason_of(entry)},
                                              {"link", std::to_string(link.number)},
                                              {"link_hash", to_bytes(link.hash().bytes())}}});
        transaction.commit();
    }
    console::CommandResult result;
    result.document = describe_entry(entry, hash);
    result.document.set("linked", true).set("known", !is_new).set("position", home.chain().position().number);
    result.text = {is_new ? "In force: " + charter::in_words(entry) + "." : "In force already, nothing to do: " + charter::in_words(entry) + ".",
                   "  entry  " + hex_of(hash)};
    if (is_new)
        result.next = {"coffer export --links --out FILE    (the vault learns of it from the next bundle)"};
    return result;
}

console::CommandResult sign_and_link(console::Invocation& invocation, Home& home, const Entry& entry, const Precondition& precondition)
{
    const auto officer = officer_id(invocation, &home.config());
    auto artefact = encode(entry);
    const auto key = OfficerKey::open(invocation, officer_key_file(invocation, &home.config()));
    require_signer(key, home.chain(), officer);
    key.sign(artefact);
    const auto options = invocation.command().options;
    const bool may_be_kept = std::ranges::any_of(options, [](const auto& option) { return option.name == "out"; });
    if (may_be_kept && invocation.has("out"))
        return keep_for_others(invocation, home, artefact, entry);
    try {
        return link_entry(home, artefact, precondition);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::appr_missing || !may_be_kept)
            throw;
        throw Error{error.code(), error.message(), "--out FILE keeps it for the others; they sign it with `coffer entry sign FILE`"};
    }
}

} // namespace coffer::cli
