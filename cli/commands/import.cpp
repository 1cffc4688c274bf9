#include "cli/commands/commands.h"

#include "cli/home.h"
#include "cli/policy_entries.h"
#include "cli/requests/bundling.h"
#include "cli/requests/foreign.h"
#include "cli/requests/home_books.h"
#include "cli/requests/refusals.h"
#include "cli/requests/request_document.h"
#include "core/base/text.h"
#include "core/console/output.h"
#include "core/console/streams.h"
#include "core/encoding/hex.h"

#include <algorithm>

namespace coffer::cli {

namespace {

using artefacts::Artefact;
using artefacts::Kind;
using requests::RequestService;

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "import",
        .summary = "take a receipt from the vault, or a vote, an entry or a signed PSBT from elsewhere",
        .description = "A receipt must be signed by an appliance of the charter in force, and its log must continue the one known here. "
                       "Every signature is verified against this home's own payloads, also those of an outside signer in a PSBT or a whole "
                       "transaction. What was imported before does nothing.",
        .arguments = {{.name = "FILE", .help = "receipt, vote, entry or signed PSBT; - is standard input", .completes = console::Completes::file}},
        .options = {{.name = "comment", .metavar = "TEXT", .help = "the comment that a vote names by its hash"}},
        .exits = home_exits({ExitStatus::signature}),
        .examples = {{"coffer import from-vault.coffer", ""}},
    };
    return value;
}

Document describe(const requests::ImportedResult& result)
{
    auto document = Document::object();
    document.set("id", result.id ? Document{format_uuid(*result.id)} : Document{})
        .set("request_digest", Document::hex(result.request.bytes()))
        .set("status", result.id ? Document{name_of(result.status)} : Document{})
        .set("signatures", Document::object()
                               .set("have", std::uint64_t{result.signatures.have})
                               .set("need", std::uint64_t{result.signatures.need}))
        .set("outcome", result.outcome)
        .set("code", result.code.empty() ? Document{} : Document{result.code})
        .set("error", result.error ? describe_reason(*result.error) : Document{});
    return document;
}

std::string in_words(const requests::ImportedResult& result)
{
    const auto name = result.id ? format_uuid(*result.id) : encoding::encode_hex(result.request.bytes());
    if (result.error)
        return "  " + name + "  not taken over: " + result.error->message();
    if (result.outcome == "signed")
        return "  " + name + "  " + std::string{name_of(result.status)} + ", signatures " + std::to_string(result.signatures.have) + "/" +
               std::to_string(result.signatures.need);
    return "  " + name + "  the vault " + result.outcome + " it (" + escaped(result.code) + ")";
}

console::CommandResult import_receipt(console::Invocation& invocation, Home& home, RequestService& service, const Artefact& artefact)
{
    const auto receipt = facts_of(artefact);
    const auto imported = service.import(receipt);
    if (!imported.is_of_known_bundle)
        invocation.output().warning("the receipt is for a bundle that this home did not export");
    if (!imported.is_newest)
        invocation.output().warning("other receipts of " + receipt.appliance + " came first: the next bundle will ask for what they lack");
    console::CommandResult result;
    auto list = Document::list();
    result.text = {imported.is_known ? "This receipt of " + receipt.appliance + " is known already."
                                     : "Receipt of " + receipt.appliance + ", " + format_time_for_people(receipt.time) + ":"};
    bool is_any_signed = false;
    for (const auto& item : imported.results) {
        list.add(describe(item));
        result.text.push_back(in_words(item));
        if (item.error)
            record_refusal(home, "import", item.id, *item.error);
        if (item.error && !result.first_refusal)
            result.first_refusal = item.error;
        is_any_signed = is_any_signed || item.status == requests::Status::pending_broadcast;
    }
    result.document.set("requests", std::move(list))
        .set("kind", "receipt")
        .set("appliance", receipt.appliance)
        .set("receipt_digest", Document::hex(artefact.hash()))
        .set("bundle_digest", Document::hex(receipt.bundle.bytes()))
        .set("known", imported.is_known);
    if (is_any_signed)
        result.next = {"coffer broadcast"};
    for (const auto& item : imported.results)
        if (item.id && item.status == requests::Status::success && !service.find(*item.id).judgement.open.goes_to_chain())
            result.next.push_back("coffer show " + short_id(service, *item.id));
    return result;
}

/// A vote or a cancel: one request, as `approve` shows it.
console::CommandResult of_one_request(const requests::CheckedRequest& checked, Home& home, std::string kind, std::string line)
{
    console::CommandResult result;
    result.document.set("requests", Document::list().add(describe_request(checked, home.chain().charter())))
        .set("kind", kind)
        .set("known", checked.was_known);
    result.text = {line + " The request is " + std::string{name_of(checked.status)} + "." +
                   (requests::is_open(checked.status) ? " " + approvals_in_words(checked) : "")};
    return result;
}

console::CommandResult import_artefact(console::Invocation& invocation, Home& home, RequestService& service, const Bytes& bytes)
{
    const auto artefact = Artefact::decode_any(bytes);
    switch (artefact.kind()) {
    case Kind::receipt: return import_receipt(invocation, home, service, artefact);
    case Kind::vote: {
        const auto vote = requests::decode_vote(artefact);
        const auto checked = service.record(bytes, invocation.find("comment").value_or(""));
        const auto whose = vote.officer + " (" + std::string{name_of(vote.decision)} + ")";
        return of_one_request(checked, home, "vote",
                              checked.was_known ? "The vote of " + whose + " is known already." : "Vote of " + whose + ".");
    }
    case Kind::entry: {
        if (!std::holds_alternative<charter::Cancel>(charter::decode_entry(artefact)))
            return link_entry(home, artefact);
        const auto checked = service.cancel(bytes);
        return of_one_request(checked, home, "entry",
                              checked.was_known ? "A cancel of this request is known already."
                                                : "Cancel by " + charter::decode_cancel(artefact).officer + ".");
    }
    case Kind::charter: throw Error{ErrorCode::type, "this is a charter", "`coffer charter adopt FILE` takes it"};
    case Kind::bundle: throw Error{ErrorCode::type, "this is a bundle, which goes to the vault", "`coffer-cold sign FILE --out RECEIPT`"};
    case Kind::review: throw Error{ErrorCode::type, "this is a review file", "`coffer approve FILE --key KEY --out VOTE`"};
    default:
        throw Error{ErrorCode::type, "a coffer-" + std::string{name_of(artefact.kind())} + " is neither receipt, vote nor cancel",
                    "`coffer inspect FILE` says what it is"};
    }
}

bool is_complete(const requests::CheckedRequest& checked)
{
    return std::ranges::all_of(checked.signed_transactions, [](const auto& transaction) { return transaction.has_value(); });
}

requests::ImportedResult as_it_is(const requests::CheckedRequest& checked)
{
    return {.request = checked.stored.row.digest,
            .id = checked.id(),
            .outcome = "signed",
            .code = {},
            .status = checked.status,
            .signatures = checked.signatures()};
}

/// A PSBT or the like, signed by somebody outside of the appliances.
console::CommandResult import_foreign(Home& home, RequestService& service, const Bytes& bytes)
{
    const auto& charter = home.chain().charter();
    using requests::Status;
    // Also among those that wait for nothing more: what was imported before does nothing.
    for (const auto& id : service.ids_in({Status::pending_signature, Status::pending_review, Status::pending_broadcast, Status::broadcast})) {
        const auto checked = service.find(id);
        const auto found = foreign_signatures(checked, charter, bytes);
        if (found.empty())
            continue;
        const auto imported = is_complete(checked) ? as_it_is(checked) : service.import_signatures(id, found);
        console::CommandResult result;
        result.text = {"Signatures from outside:", in_words(imported)};
        result.document.set("requests", Document::list().add(describe(imported))).set("kind", "signatures");
        if (imported.status == Status::pending_broadcast)
            result.next = {"coffer broadcast"};
        return result;
    }
    throw Error{ErrorCode::not_found, "no open request of this home has the transaction that this file signs, or it carries no signature"};
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    HomeBooks books{home};
    RequestService service{books};
    const auto bytes = console::read_input(invocation, invocation.path("FILE"), console::most_large_artefact_bytes);
    return recording_refusals(home, invocation.command().name, std::nullopt,
                              [&] {
                                  return is_foreign_artefact(bytes) ? import_foreign(home, service, bytes)
                                                                    : import_artefact(invocation, home, service, bytes);
                              });
}

} // namespace

console::Command import_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
