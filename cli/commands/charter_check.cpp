#include "cli/commands/commands.h"

#include "cli/charter_survey.h"
#include "cli/sealed_charter.h"
#include "core/base/text.h"
#include "core/encoding/hex.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "charter check",
        .summary = "say everything that is wrong with a charter",
        .arguments = {{.name = "FILE", .help = "the charter as TOML", .completes = console::Completes::file}},
        .exits = {ExitStatus::malformed, ExitStatus::policy, ExitStatus::signature, ExitStatus::not_found},
        .examples = {{"coffer charter check charter.toml", ""}},
    };
    return value;
}

std::string count(std::size_t number, const std::string& singular)
{
    return std::to_string(number) + " " + singular + (number == 1 ? "" : "s");
}

void add_survey(console::CommandResult& result, const charter::Charter& charter)
{
    const auto found = survey(charter);
    auto sums = Document::list();
    for (const auto& sum : found.largest_sums) {
        sums.add(sum.describe(charter));
        result.text.push_back("  " + sum.in_words(charter));
    }
    auto unlimited = Document::list();
    for (const auto& wallet : found.unlimited)
        unlimited.add(wallet);
    if (!found.unlimited.empty())
        result.text.push_back("  no limit bounds all that leaves " + join(found.unlimited, ", "));
    auto points = Document::list();
    for (const auto& point : found.single_points) {
        points.add(point);
        result.text.push_back("  " + point);
    }
    result.document.set("largest_sums", std::move(sums)).set("unlimited", std::move(unlimited)).set("single_points", std::move(points));
}

console::CommandResult run(console::Invocation& invocation)
{
    const auto name = invocation.text("FILE");
    const auto checked = check_charter_file(invocation, invocation.path("FILE"));
    if (!checked.sealed)
        return report_problems(name, checked.problems);
    const auto& charter = checked.sealed->charter;
    console::CommandResult result;
    result.document.set("problems", Document::list())
        .set("hash", Document::hex(checked.sealed->hash.bytes()))
        .set("version", charter.version);
    result.text = {escaped(name) + ": no problems. Version " + std::to_string(charter.version) + ", " +
                   count(charter.officers.size(), "officer") + ", " + count(charter.appliances.size(), "appliance") + ", " +
                   count(charter.wallets.size(), "wallet") + ", " + count(charter.destinations.size(), "destination") + ", " +
                   count(charter.rules.size(), "rule") + "."};
    add_survey(result, charter);
    result.document.set("warnings", warn_of_weaknesses(invocation, *checked.sealed));
    result.next = {"coffer charter seal " + escaped(name) + " --out charter-" + std::to_string(charter.version) + ".coffer"};
    return result;
}

} // namespace

console::Command charter_check_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
