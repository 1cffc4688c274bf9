#include "cli/commands/commands.h"

#include "cli/audit_text.h"
#include "cli/files/csv_table.h"
#include "cli/home.h"
#include "core/audit/log.h"
#include "core/base/text.h"
#include "core/console/streams.h"
#include "core/encoding/hex.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "audit export",
        .summary = "write the log and its signed head to a file that is kept elsewhere",
        .description = "One JSON document a line: the head first, then every record. Kept off this machine, it is the anchor "
                       "against which `audit verify FILE` finds a log that was cut or rewritten.",
        .options = {console::out_option("the file"), console::force_option(),
                    {.name = "csv", .help = "a table for a spreadsheet instead: nothing in it is a formula, and `audit verify` does not read it"}},
        .exits = home_exits(),
        .examples = {{"coffer audit export --out audit-2026-11-21.jsonl", ""}},
    };
    return value;
}

std::string head_line(Home& home, const audit::Head& head)
{
    auto first = Document::object();
    first.set("size", head.size).set("root", Document::hex(head.root.bytes()));
    if (home.has_charter())
        first.set("head", Document::hex(home.signed_head().encode()));
    return first.to_json() + "\n";
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    const bool is_table = invocation.has("csv");
    const auto head = home.audit().verify();
    auto text = is_table ? csv_record(names_of_cells()) : head_line(home, head);
    std::uint64_t count = 0;
    home.audit().for_each([&](const audit::Record& record) {
        if (count++ < head.size) // what was added meanwhile is not under this head
            text += is_table ? csv_record(cells_of(record)) : export_record(record).to_json() + "\n";
    });
    const auto file = invocation.path("out");
    console::write_output(invocation, file, bytes_of(text));

    console::CommandResult result;
    result.document.set("file", file.string()).set("size", head.size).set("root", Document::hex(head.root.bytes()));
    result.text = {std::to_string(head.size) + (head.size == 1 ? " record" : " records") + ", root " +
                   encoding::encode_hex(head.root.bytes())};
    if (!is_table)
        result.next = {"coffer audit verify " + escaped(invocation.text("out"))};
    return result;
}

} // namespace

console::Command audit_export_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
