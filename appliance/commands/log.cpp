#include "appliance/ceremony/presence.h"
#include "appliance/commands/commands.h"
#include "core/base/text.h"
#include "core/console/passphrase.h"
#include "core/console/streams.h"
#include "core/encoding/hex.h"
#include "core/requests/head.h"

namespace coffer::appliance {

namespace {

namespace vault = requests::vault;

template <typename... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};

/// What a record says, in the JSON of `log show` and `log export`.
Document describe(std::uint64_t sequence, const vault::Record& record)
{
    auto document = Document::object();
    document.set("sequence", sequence).set("time", record.time).set("type", name_of(record.event));
    std::visit(Overloaded{
                   [&](const vault::HomeMade& e) { document.set("environment", e.environment).set("identity", e.identity); },
                   [&](const vault::Pinned& e) { document.set("appliance", e.appliance); },
                   [&](const vault::KeyMade& e) { document.set("key", e.id).set("fingerprint", e.fingerprint).set("source", e.source); },
                   [&](const vault::ShareSetBegun& e) {
                       document.set("key", e.set.key).set("identifier", std::uint64_t{e.set.identifier}).set("shape", describe_shape(e.set));
                   },
                   [&](const vault::ShareSetKept& e) { document.set("share_set", Document::hex(e.set.bytes())); },
                   [&](const vault::SharesDrilled& e) {
                       std::vector<std::string> people;
                       for (const auto& [share, person] : e.shown)
                           people.push_back(person);
                       document.set("share_set", Document::hex(e.set.bytes())).set("people", join(people, ", "));
                   },
                   [&](const vault::WordsShown& e) { document.set("key", e.key); },
                   [&](const vault::Linked& e) { document.set("link", e.link.number).set("hash", Document::hex(e.link.hash().bytes())); },
                   [&](const vault::FirstSeen& e) { document.set("request_digest", Document::hex(e.request.bytes())); },
                   [&](const vault::RejectionSeen& e) {
                       document.set("request_digest", Document::hex(e.request.bytes())).set("officer", e.officer);
                   },
                   [&](const vault::SessionBegun& e) { document.set("session", e.number); },
                   [&](const vault::Intended& e) {
                       document.set("request_digest", Document::hex(e.request.bytes())).set("id", format_uuid(e.id));
                       document.set("payloads", static_cast<std::uint64_t>(e.payloads.size()));
                   },
                   [&](const vault::Signed& e) { document.set("request_digest", Document::hex(e.request.bytes())); },
                   [&](const vault::Refused& e) {
                       document.set("request_digest", e.request.is_zero() ? Document{} : Document::hex(e.request.bytes()))
                           .set("code", e.code);
                   },
                   [&](const vault::Declined& e) { document.set("request_digest", Document::hex(e.request.bytes())); },
                   [&](const vault::ReceiptMade& e) { document.set("bundle_digest", Document::hex(e.bundle.bytes())); },
                   [&](const vault::ClockSet& e) { document.set("offset_seconds", e.offset_seconds); },
                   [&](const vault::Restored& e) { document.set("identity", e.identity); },
                   [&](const vault::EntrySeen& e) { document.set("entry_hash", Document::hex(e.entry.bytes())); },
                   [&](const vault::FrozenHere& e) {
                       document.set("entry_hash", Document::hex(artefacts::Artefact::decode(e.entry, artefacts::Kind::entry).hash()));
                   },
                   [&](const vault::BranchTaken& e) {
                       document.set("link", e.links.back().number).set("hash", Document::hex(e.links.back().hash().bytes()));
                   },
               },
               record.event);
    return document;
}

Document describe_all(const requests::VaultLedger& ledger)
{
    auto records = Document::list();
    std::uint64_t sequence = 0;
    for (const auto& record : ledger.records())
        records.add(describe(sequence++, vault::decode_record(record)));
    return records;
}

console::CommandResult show(console::Invocation& invocation)
{
    const auto home = home_of(invocation);
    home.require_usable();
    const LockedHome locked{home};
    warn_of_rehearsal(invocation, locked.ledger());
    console::CommandResult result;
    auto records = describe_all(locked.ledger());
    for (const auto& record : records.items()) {
        std::string line;
        for (const auto& [name, value] : record.fields())
            line += (line.empty() ? "" : "  ") + (name == "sequence" || name == "time" || name == "type" ? "" : name + " ") + value.text();
        result.text.push_back(std::move(line));
    }
    result.text.push_back("(unauthenticated: the home is locked; `coffer-cold log verify` checks it)");
    result.document.set("records", std::move(records)).set("authenticated", false);
    return result;
}

console::CommandResult verify(console::Invocation& invocation)
{
    const auto session = open_session(invocation);
    const auto head = session.ledger().head();
    console::CommandResult result;
    result.document.set("size", head.size).set("root", Document::hex(head.root.bytes())).set("head", short_head(head)).set("authenticated", true);
    result.text = {"The log is whole: " + std::to_string(head.size) + " records, head " + short_head(head) + ".",
                   "root  " + encoding::encode_hex(head.root.bytes())};
    return result;
}

console::CommandResult export_log(console::Invocation& invocation)
{
    const auto session = open_session(invocation);
    const auto& ledger = session.ledger();
    const auto head = ledger.head();
    artefacts::BodyHeader header{.environment = ledger.environment(), .treasury = {}};
    if (ledger.chain())
        header = ledger.chain()->charter().header;
    auto signed_head = encode(requests::Head{.header = header,
                                             .source = ledger.self() == nullptr ? std::string{} : ledger.self()->id,
                                             .size = head.size,
                                             .root = head.root,
                                             .time = session.now(invocation.environment().clock)});
    signed_head.sign(session.identity());
    auto document = Document::object();
    document.set("records", describe_all(ledger)).set("head", Document::hex(signed_head.encode()));
    const auto file = invocation.path("out");
    console::write_output(invocation, file, bytes_of(document.to_json() + "\n"));
    console::CommandResult result;
    result.document.set("file", file.string()).set("size", head.size).set("head", short_head(head));
    result.text = {"Log of " + std::to_string(head.size) + " records with its signed head: " + file.string()};
    return result;
}

} // namespace

console::Command log_show_command()
{
    return {{.name = "log show", .summary = "the records of this appliance", .exits = locked_home_exits()}, show};
}

console::Command log_verify_command()
{
    return {{.name = "log verify",
             .summary = "authenticate the whole log",
             .options = console::secret_options(),
             .exits = session_exits()},
            verify};
}

console::Command log_export_command()
{
    console::CommandSpec spec{.name = "log export",
                              .summary = "the records as JSON with the signed head",
                              .options = console::secret_options(),
                              .exits = session_exits()};
    spec.options.push_back(console::out_option("where the log goes"));
    spec.options.push_back(console::force_option());
    return {std::move(spec), export_log};
}

} // namespace coffer::appliance
