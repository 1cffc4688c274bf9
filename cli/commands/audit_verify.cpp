#include "cli/commands/commands.h"

#include "cli/audit_check.h"
#include "cli/home.h"
#include "core/base/text.h"
#include "core/console/output.h"
#include "core/encoding/hex.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "audit verify",
        .summary = "compute the log again, and hold everything in the home against it",
        .description = "Recomputes the hash chain and the tree; verifies every signed artefact again and compares each row and column with "
                       "the log and with the signed bytes. FILE is an anchor that was kept off this machine: what audit export wrote, or a "
                       "bundle that went to a vault. Without one, a log that was cut together with everything in it is not found out.",
        .arguments = {{.name = "FILE",
                       .help = "an anchor: an export of the log, a bundle, or a signed head",
                       .presence = console::Presence::optional,
                       .completes = console::Completes::file}},
        .exits = home_exits({ExitStatus::signature}),
        .examples = {{"coffer audit verify /media/safe/audit-2026-10.jsonl", ""}},
    };
    return value;
}

/// Audit keys of every charter; that of the home itself before there is one.
std::vector<artefacts::ApprovalKey> audit_keys(Home& home)
{
    std::vector<artefacts::ApprovalKey> keys{artefacts::ApprovalKey{home.audit_key().public_key()}};
    if (!home.has_charter())
        return keys;
    for (const auto& link : home.chain().links()) {
        const auto artefact = artefacts::Artefact::decode_any(link.artefact);
        if (artefact.kind() == artefacts::Kind::charter)
            keys.push_back(charter::open(artefact).audit_key);
    }
    return keys;
}

std::string counted(std::uint64_t count, std::string_view what)
{
    return std::to_string(count) + " " + std::string{what} + (count == 1 ? "" : "s");
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    std::vector<audit::Head> anchors;
    if (invocation.has("FILE"))
        anchors = load_anchors(invocation, invocation.path("FILE"), audit_keys(home));
    const auto report = verify_home(home, anchors);

    console::CommandResult result;
    auto findings = Document::list();
    for (const auto& finding : report.findings) {
        findings.add(Document::object().set("code", name_of(finding.code())).set("message", finding.message()));
        result.text.push_back(std::string{name_of(finding.code())} + "  " + finding.message());
    }
    const auto& count = report.count;
    result.document.set("ok", report.findings.empty())
        .set("records", count.head.size)
        .set("root", Document::hex(count.head.root.bytes()))
        .set("anchored", invocation.has("FILE"))
        .set("links", count.links)
        .set("requests", count.requests)
        .set("votes", count.votes)
        .set("receipts", count.receipts)
        .set("findings", std::move(findings));
    if (report.findings.empty()) {
        result.text = {counted(count.head.size, "record") + ", " + counted(count.links, "link") + ", " +
                           counted(count.requests, "request") + ", " + counted(count.votes, "vote") + ", " +
                           counted(count.receipts, "receipt") + ": everything fits together.",
                       "root " + encoding::encode_hex(count.head.root.bytes())};
        return result;
    }
    const auto& first = report.findings.front();
    result.first_refusal = Error{first.code(), first.message(), first.hint()};
    result.document.set("error", *console::describe_error(*result.first_refusal).find("error"));
    return result;
}

} // namespace

console::Command audit_verify_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
