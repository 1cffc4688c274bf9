#include "cli/commands/commands.h"

#include "cli/sealed_charter.h"
#include "core/base/text.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "charter diff",
        .summary = "what an amendment changes, in words",
        .arguments = {{.name = "OLD", .help = "a charter, sealed or as TOML", .completes = console::Completes::file},
                      {.name = "NEW", .help = "a charter, sealed or as TOML", .completes = console::Completes::file}},
        .exits = {ExitStatus::malformed, ExitStatus::policy, ExitStatus::signature, ExitStatus::not_found, ExitStatus::integrity},
        .examples = {{"coffer charter diff charter-6.coffer charter-7.coffer", ""}},
    };
    return value;
}

console::CommandResult run(console::Invocation& invocation)
{
    const auto before = load_any_charter(invocation, invocation.path("OLD"));
    const auto after = load_any_charter(invocation, invocation.path("NEW"));
    const auto changes = charter::describe_changes(before.charter, after.charter);
    auto list = Document::list();
    for (const auto& change : changes)
        list.add(change);
    const auto name = [](const SealedCharter& charter) {
        return "version " + std::to_string(charter.charter.version) + " (" + shortened(charter.hash.bytes()) + ")";
    };
    console::CommandResult result;
    result.document.set("from", Document::hex(before.hash.bytes()))
        .set("to", Document::hex(after.hash.bytes()))
        .set("changes", std::move(list));
    result.text = {name(after) + (changes.empty() ? " changes nothing in " : " changes ") + name(before)};
    for (const auto& line : changes_in_words(before.charter, after.charter))
        result.text.push_back("  " + line);
    if (before.charter.header.treasury != after.charter.header.treasury)
        result.text.push_back("! They are of different treasuries.");
    if (after.charter.version != before.charter.version + 1 || after.charter.previous != before.hash)
        result.text.push_back("! The second does not name the first as the one that it amends.");
    return result;
}

} // namespace

console::Command charter_diff_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
