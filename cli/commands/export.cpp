#include "cli/commands/commands.h"

#include "cli/home.h"
#include "cli/requests/bundling.h"
#include "cli/requests/following.h"
#include "cli/requests/home_books.h"
#include "cli/requests/refusals.h"
#include "cli/requests/request_document.h"
#include "core/base/text.h"
#include "core/chains/payload_format.h"
#include "core/console/streams.h"
#include "core/crypto/hash.h"
#include "core/encoding/hex.h"
#include "core/payments/ceremony.h"

namespace coffer::cli {

namespace {

using requests::CheckedRequest;
using requests::RequestService;

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "export",
        .summary = "write a bundle for the vault, or a review file for an officer",
        .description = "A bundle holds approved requests with their votes, and the links of the policy chain that the vault may lack. "
                       "Nothing in it is secret and nothing in it is trusted: the vault verifies all of it. Exported twice, a request "
                       "gives equivalent bundles.\n"
                       "A psbt is for an outside signer: Sparrow, Electrum, a hardware wallet.\n"
                       "A review file holds one request with the whole policy chain, for `coffer approve FILE` on an officer's own machine.",
        .arguments = {{.name = "ID", .help = "requests, or the beginnings of their ids", .presence = console::Presence::optional, .occurs = console::Occurs::repeatedly}},
        .options = {console::out_option("where the bundle or review goes"),
                    {.name = "format",
                     .metavar = "FORMAT",
                     .help = "what to write",
                     .default_value = "bundle",
                     .choices = {"bundle", "review", "psbt", "psbt-base64"}},
                    {.name = "payload", .metavar = "N", .help = "which payload of several a psbt holds, counted from 0"},
                    {.name = "links", .help = "no request, only what the vault may lack of the policy chain: a freeze, say"},
                    {.name = "all-links", .help = "the whole policy chain, for a vault that was restored"},
                    console::force_option()},
        .exits = home_exits({ExitStatus::signature, ExitStatus::person}),
        .examples = {{"coffer export 0191f3c2 --out to-vault.coffer", ""},
                     {"coffer export 0191f3c2 --format review --out review.coffer", "for an officer elsewhere"}},
    };
    return value;
}

/// The file that is there already, when it carries the same: all but the moment of the online log.
std::optional<artefacts::Artefact> same_bundle_at(const console::Invocation& invocation, const std::filesystem::path& file,
                                                  const bundle::Bundle& made)
{
    if (file == "-" || !std::filesystem::is_regular_file(file))
        return std::nullopt;
    try {
        const auto bytes = console::read_input(invocation, file, console::most_large_artefact_bytes);
        auto there = artefacts::Artefact::decode(bytes, artefacts::Kind::bundle);
        auto content = bundle::decode_bundle(there);
        content.online_head = made.online_head;
        return encode(content).body() == encode(made).body() ? std::optional{there} : std::nullopt;
    } catch (const Error&) {
        return std::nullopt; // something else: write_output() refuses to overwrite it
    }
}

console::CommandResult finish(const std::filesystem::path& file, const artefacts::Artefact& artefact,
                              const std::vector<CheckedRequest>& checked)
{
    console::CommandResult result;
    auto list = Document::list();
    for (const auto& request : checked)
        list.add(Document::object()
                     .set("id", format_uuid(request.id()))
                     .set("status", name_of(request.status))
                     .set("request_digest", Document::hex(request.stored.row.digest.bytes())));
    result.document.set("file", file.string()).set("bundle_digest", Document::hex(artefact.hash())).set("requests", std::move(list));
    return result;
}

console::CommandResult export_bundle(const console::Invocation& invocation, Home& home, RequestService& service)
{
    if (invocation.has("ID") == invocation.has("links"))
        throw Error{ErrorCode::usage, "export takes requests, or --links alone"};
    const auto ids = invocation.has("links") ? std::vector<RequestId>{} : named_requests(invocation, service);
    const auto checked = service.find_all(ids);
    for (const auto& request : checked) {
        try {
            requests::require_approved(request);
        } catch (const Error& error) {
            throw error.in("request " + format_uuid(request.id()));
        }
    }
    const auto file = invocation.path("out");
    const auto made = make_bundle(home, service, checked, invocation.has("all-links") ? Links::all : Links::since_known);
    auto artefact = encode(made);
    if (const auto there = same_bundle_at(invocation, file, made)) {
        artefact = *there;
        service.record_export(BundleDigest{artefact.hash()}, ids, heads_shown(made));
    } else {
        if (file != "-" && std::filesystem::exists(file) && !invocation.has("force"))
            throw Error{ErrorCode::exists, coffer::quoted(file.string()) + " exists", "choose another name, or overwrite it with --force"};
        service.record_export(BundleDigest{artefact.hash()}, ids, heads_shown(made));
        console::write_output(invocation, file, artefact.encode());
    }
    auto result = finish(file, artefact, checked);
    result.text = {std::to_string(ids.size()) + (ids.size() == 1 ? " request" : " requests") + " in " + escaped(file.string()) +
                   ", bundle " + encoding::encode_hex(artefact.hash()).substr(0, 16)};
    if (invocation.has("links"))
        result.text = {std::to_string(made.links.size()) + (made.links.size() == 1 ? " link" : " links") + " of the policy chain in " + escaped(file.string())};
    for (const auto& request : checked)
        result.text.push_back("  " + format_uuid(request.id()) + "  " + request.stored.row.summary + "  " +
                              requests::fingerprint(request.stored.row.digest));
    result.next = {"coffer-cold sign " + escaped(file.string()) + " --out RECEIPT    (in the vault)", "coffer import RECEIPT"};
    if (const auto* ceremony = checked.empty() ? nullptr : checked.front().judgement.open.ceremony())
        result.next.front() = std::string{"coffer-cold "} + (ceremony->operation == payments::Ceremony::Operation::words ? "keys " : "shares ") +
                              std::string{name_of(ceremony->operation)} + " … --bundle " + escaped(file.string()) + " --out RECEIPT    (in the vault)";
    if (invocation.has("links"))
        result.next = {"coffer-cold verify " + escaped(file.string()) + "    (in the vault)"};
    return result;
}

console::CommandResult export_review(const console::Invocation& invocation, Home& home, RequestService& service)
{
    const auto ids = named_requests(invocation, service);
    if (ids.size() != 1)
        throw Error{ErrorCode::usage, "a review file holds one request, not " + std::to_string(ids.size())};
    std::vector<CheckedRequest> checked;
    checked.push_back(service.find(ids.front()));
    if (checked.front().judgement.refused)
        throw *checked.front().judgement.refused;
    requests::require_open(checked.front());
    const auto artefact = encode(make_review(home, service, checked.front()));
    const auto file = invocation.path("out");
    console::write_output(invocation, file, artefact.encode());
    auto result = finish(file, artefact, checked);
    result.text = {"Review of request " + format_uuid(ids.front()) + " in " + escaped(file.string()) + "  " +
                   requests::fingerprint(checked.front().stored.row.digest)};
    result.next = {"coffer approve " + escaped(file.string()) + " --key FILE --out VOTE    (on the officer's machine)", "coffer import VOTE"};
    return result;
}

/// For an outside signer, who knows nothing of votes: only what officers have approved leaves.
console::CommandResult export_foreign(const console::Invocation& invocation, Home& home, RequestService& service, const std::string& kind)
{
    const auto ids = named_requests(invocation, service);
    if (ids.size() != 1)
        throw Error{ErrorCode::usage, "a " + kind + " holds one request, not " + std::to_string(ids.size())};
    std::vector<CheckedRequest> checked;
    checked.push_back(service.find(ids.front()));
    const auto& request = checked.front();
    requests::require_approved(request);
    const auto& payloads = request.judgement.open.payloads;
    if (payloads.size() > 1 && !invocation.has("payload"))
        throw Error{ErrorCode::usage, "request " + format_uuid(request.id()) + " has " + std::to_string(payloads.size()) + " payloads, a " + kind + " holds one",
                    "name it with --payload 0 to " + std::to_string(payloads.size() - 1) + ", a file for each"};
    const auto number = invocation.has("payload") ? invocation.number("payload", 0, payloads.size() - 1) : 0;
    const auto& chain = home.chain().charter().chain(request.judgement.open.wallet->chain);
    const auto file = invocation.path("out");
    const auto bytes = chains::format_of(chain).export_foreign(kind, *payloads[number], request.stored.payloads[number].signatures);
    service.record_export(BundleDigest{crypto::sha256(bytes)}, ids, {});
    console::write_output(invocation, file, bytes);
    console::CommandResult result;
    result.document.set("file", file.string())
        .set("requests", Document::list().add(Document::object()
                                                  .set("id", format_uuid(request.id()))
                                                  .set("status", name_of(request.status))
                                                  .set("request_digest", Document::hex(request.stored.row.digest.bytes()))));
    result.text = {"Request " + format_uuid(request.id()) + " in " + escaped(file.string()) + ", as other wallets take it.",
                   "  Compare destination and amount on the screen that signs it: it knows nothing of the votes."};
    result.next = {"coffer import SIGNED"};
    return result;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    HomeBooks books{home};
    RequestService service{books};
    return recording_refusals(home, invocation.command().name, std::nullopt, [&] {
        const auto format = invocation.text("format");
        if (format == "bundle")
            return export_bundle(invocation, home, service);
        return format == "review" ? export_review(invocation, home, service) : export_foreign(invocation, home, service, format);
    });
}

} // namespace

console::Command export_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
