#include "cli/commands/commands.h"

#include "cli/files/charter_file.h"
#include "cli/files/config.h"
#include "cli/files/toml.h"
#include "cli/home.h"
#include "core/base/text.h"
#include "core/console/streams.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "charter new",
        .summary = "write a template of a charter, with a new treasury id",
        .description = "Every treasury has one id for ever: amendments repeat it.",
        .options = {{.name = "environment",
                     .metavar = "E",
                     .help = "default: the home's, else production",
                     .choices = {"production", "test", "rehearsal"}},
                    console::out_option("write it there instead of standard output", console::Presence::optional), console::force_option()},
        .exits = {ExitStatus::malformed, ExitStatus::policy, ExitStatus::conflict, ExitStatus::not_found, ExitStatus::integrity},
        .examples = {{"coffer charter new > charter.toml", ""}},
    };
    return value;
}

/// What the home adds to the template, where there is one.
struct HomeFacts {
    std::string environment = "production";
    std::string audit_key{};
};

HomeFacts facts_of_home(const console::Invocation& invocation)
{
    HomeFacts facts;
    if (std::filesystem::exists(home_paths(invocation).config)) {
        auto home = Home::open(invocation);
        facts.environment = std::string{artefacts::name_of(home.config().environment)};
        facts.audit_key = artefacts::ApprovalKey{home.audit_key().public_key()}.format();
    }
    if (const auto given = invocation.find("environment"))
        facts.environment = *given;
    return facts;
}

/// The template with the home's audit key in its place.
std::string make_template(const HomeFacts& facts, const TreasuryId& treasury)
{
    auto text = charter_template(treasury, artefacts::parse_environment(facts.environment));
    const auto section = text.find("\n[audit]\n");
    const auto begin = section == std::string::npos ? section : text.find("\nkey = ", section);
    if (facts.audit_key.empty() || begin == std::string::npos)
        return text;
    const auto end = text.find('\n', begin + 1);
    return text.replace(begin + 1, end - begin - 1, "key = " + toml_string(facts.audit_key) + " # of this home");
}

console::CommandResult run(console::Invocation& invocation)
{
    const auto facts = facts_of_home(invocation);
    const TreasuryId treasury{invocation.environment().random.array<32>()};
    const auto text = make_template(facts, treasury);

    console::CommandResult result;
    result.document.set("treasury", Document::hex(treasury.bytes())).set("environment", facts.environment);
    if (invocation.has("out")) {
        const auto file = invocation.path("out");
        console::write_output(invocation, file, bytes_of(text));
        result.document.set("file", file.string());
        result.text = {"Template written to " + escaped(file.string())};
        result.next = {"coffer charter check " + escaped(invocation.text("out"))};
        return result;
    }
    result.document.set("template", text);
    result.text = split(std::string_view{text}.substr(0, text.size() - 1), '\n');
    return result;
}

} // namespace

console::Command charter_new_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
