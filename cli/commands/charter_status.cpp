#include "cli/commands/commands.h"

#include "cli/home.h"
#include "cli/sealed_charter.h"
#include "core/base/text.h"
#include "core/console/output.h"
#include "core/encoding/hex.h"
#include "formats/bundle/receipt.h"

#include <map>

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "charter status",
        .summary = "the charter in force and which appliance has acknowledged it",
        .description = "An appliance acknowledges a charter by a receipt that states its position in the policy chain.",
        .exits = home_exits(),
    };
    return value;
}

/// What an appliance's newest receipt says.
struct Acknowledgement {
    charter::Position position;
    UtcTime time;
    std::uint64_t log_size = 0;
};

/// Of receipts that an appliance of the charter in force has signed.
std::map<std::string, Acknowledgement> newest_receipts(Home& home)
{
    std::map<std::string, Acknowledgement> newest;
    auto row = home.database().query("SELECT artefact FROM receipts");
    while (row.step()) {
        const auto artefact = artefacts::Artefact::decode(row.blob(0), artefacts::Kind::receipt);
        const auto receipt = bundle::decode_receipt(artefact);
        const auto* appliance = home.chain().charter().find_appliance(receipt.appliance);
        if (appliance == nullptr || !artefact.is_signed_by(appliance->key))
            continue;
        auto& known = newest[receipt.appliance];
        if (known.log_size <= receipt.log_size)
            known = {receipt.position, receipt.time, receipt.log_size};
    }
    return newest;
}

std::string in_words(const charter::PolicyChain& chain, const Acknowledgement* known)
{
    if (known == nullptr)
        return "has sent no receipt yet";
    if (!chain.contains(known->position))
        return "is at another link " + std::to_string(known->position.number) + ": a fork";
    const auto behind = chain.position().number - known->position.number;
    if (behind == 0)
        return "has it since " + format_time(known->time) + " or before";
    return "is " + std::to_string(behind) + (behind == 1 ? " link" : " links") + " behind; the next bundle carries them";
}

Document by_of(const std::vector<std::string>& names)
{
    auto list = Document::list();
    for (const auto& name : names)
        list.add(name);
    return list;
}

/// What entries have changed since the charter.
void describe_entries(Document& document, Home& home)
{
    const auto& chain = home.chain();
    const auto in_force = chain.restrictions();
    auto frozen = Document::list();
    for (const auto& [wallet, freeze] : in_force.frozen)
        if (home.now() < freeze.until)
            frozen.add(Document::object()
                           .set("wallet", wallet)
                           .set("until", freeze.until)
                           .set("by", freeze.by)
                           .set("renewed", freeze.is_renewed)
                           .set("entry_hash", Document::hex(freeze.entry.bytes())));
    auto suspended = Document::list();
    for (const auto& one : in_force.suspended)
        suspended.add(Document::object()
                          .set("officer", one.what.officer)
                          .set("key", one.what.key ? Document{one.what.key->format()} : Document{})
                          .set("time", one.what.time)
                          .set("by", by_of(one.by))
                          .set("entry_hash", Document::hex(one.entry.bytes())));
    auto retired = Document::list();
    for (const auto& one : in_force.retired)
        retired.add(Document::object()
                        .set("appliance", one.appliance)
                        .set("key", one.key.format())
                        .set("time", one.time)
                        .set("by", by_of(one.by))
                        .set("entry_hash", Document::hex(one.entry.bytes())));
    auto added = Document::list();
    for (const auto& [id, one] : chain.added())
        added.add(Document::object().set("destination", id).set("time", one.time).set("entry_hash", Document::hex(one.entry.bytes())));
    auto removed = Document::list();
    for (const auto& one : in_force.removed)
        removed.add(Document::object()
                        .set("destination", one.destination.id)
                        .set("time", one.time)
                        .set("by", one.by)
                        .set("entry_hash", Document::hex(one.entry.bytes())));
    auto orders = Document::list();
    for (const auto& [entry, ordered] : chain.orders())
        if (home.now() < ordered->order.last)
            orders.add(Document::object()
                           .set("order", ordered->order.id)
                           .set("last", ordered->order.last)
                           .set("entry_hash", Document::hex(entry.bytes())));
    document.set("frozen", std::move(frozen))
        .set("orders", std::move(orders))
        .set("suspended", std::move(suspended))
        .set("retired", std::move(retired))
        .set("destinations_added", std::move(added))
        .set("destinations_removed", std::move(removed));
}

std::vector<std::string> entries_in_words(Home& home)
{
    const auto& chain = home.chain();
    const auto in_force = chain.restrictions();
    const auto entry = [](const EntryHash& hash) { return "  entry " + encoding::encode_hex(hash.bytes()); };
    std::vector<std::string> lines;
    for (const auto& [wallet, freeze] : in_force.frozen)
        if (home.now() < freeze.until) {
            lines.push_back("frozen     " + wallet + " until " + format_time(freeze.until) + " by " + freeze.by + (freeze.is_renewed ? ", renewed" : ""));
            lines.push_back(entry(freeze.entry));
        }
    for (const auto& one : in_force.suspended) {
        lines.push_back("suspended  " + one.what.officer + (one.what.key ? ", key " + one.what.key->format() : "") + " since " +
                        format_time(one.what.time) + " by " + join(one.by, ", "));
        lines.push_back(entry(one.entry));
    }
    for (const auto& one : in_force.retired) {
        lines.push_back("retired    " + one.appliance + ", identity " + one.key.format() + " since " + format_time(one.time));
        lines.push_back(entry(one.entry));
    }
    for (const auto& [id, one] : chain.added())
        lines.push_back("added      destination " + id + " on " + format_time(one.time) + ", until the next amendment");
    for (const auto& [hash, ordered] : chain.orders()) {
        if (ordered->order.last <= home.now())
            continue;
        lines.push_back("ordered    " + ordered->order.id + " until " + format_time(ordered->order.last) + ", or the next amendment");
        lines.push_back(entry(hash));
    }
    for (const auto& one : in_force.removed)
        lines.push_back("removed    destination " + one.destination.id + " on " + format_time(one.time) + " by " + one.by + ", until the next amendment");
    if (!lines.empty())
        lines.insert(lines.begin(), "");
    return lines;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    const auto& chain = home.chain();
    const auto newest = newest_receipts(home);

    console::CommandResult result;
    auto list = Document::list();
    console::Table table{{{"appliance"}, {"state"}, {"policy"}}};
    for (const auto& appliance : chain.charter().appliances) {
        const auto found = newest.find(appliance.id);
        const auto* known = found == newest.end() ? nullptr : &found->second;
        const std::string state = chain.find_retirement(appliance.key) != nullptr               ? "retired"
                                  : appliance.state == charter::Appliance::State::active ? "active"
                                                                                         : "standby";
        auto item = Document::object();
        item.set("id", appliance.id)
            .set("state", state)
            .set("position", known == nullptr ? Document{} : Document{known->position.number})
            .set("acknowledged", known != nullptr && known->position == chain.position())
            .set("time", known == nullptr ? Document{} : Document{known->time});
        list.add(std::move(item));
        table.add({appliance.id, state, in_words(chain, known)});
    }
    result.document.set("hash", Document::hex(chain.charter_hash().bytes()))
        .set("version", chain.charter().version)
        .set("position", chain.position().number)
        .set("link", Document::hex(chain.position().link.bytes()))
        .set("appliances", std::move(list));
    describe_entries(result.document, home);
    result.text = {"charter version " + std::to_string(chain.charter().version) + ", " +
                       encoding::encode_hex(chain.charter_hash().bytes()) + ", link " + std::to_string(chain.position().number),
                   "position " + chain.position().format(),
                   ""};
    for (auto& line : table.lines(invocation.output().width()))
        result.text.push_back(std::move(line));
    for (auto& line : entries_in_words(home))
        result.text.push_back(std::move(line));
    return result;
}

} // namespace

console::Command charter_status_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
