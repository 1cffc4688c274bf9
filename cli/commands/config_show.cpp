#include "cli/commands/commands.h"

#include "cli/files/config.h"
#include "cli/home.h"
#include "cli/net/http_client.h"
#include "core/base/text.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "config show",
        .summary = "the configuration in effect and where it comes from",
        .description = "Endpoints are shown without credentials, path and query.",
        .exits = {ExitStatus::malformed, ExitStatus::policy, ExitStatus::not_found},
    };
    return value;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    const auto& config = home.config();
    const auto audit_key = artefacts::ApprovalKey{home.audit_key().public_key()}.format();
    const auto or_none = [](const std::string& text) { return text.empty() ? Document{} : Document{text}; };
    console::CommandResult result;
    result.text = {"  home         " + escaped(home.paths().folder.string()), "  file         " + escaped(home.paths().config.string()),
                   "  environment  " + std::string{artefacts::name_of(config.environment)},
                   "  officer      " + (config.officer.id.empty() ? "not set" : escaped(config.officer.id)),
                   "  key          " + (config.officer.key_file.empty() ? "not set" : escaped(config.officer.key_file)),
                   "  audit key    " + audit_key};
    auto rpc = Document::object();
    for (const auto& [chain, endpoints] : config.rpc) {
        auto names = Document::list();
        for (const auto& endpoint : endpoints) {
            const auto name = HttpClient{endpoint}.name();
            names.add(name);
            result.text.push_back("  rpc          " + escaped(chain) + " " + name);
        }
        rpc.set(chain, std::move(names));
    }
    result.document.set("home", home.paths().folder.string())
        .set("file", home.paths().config.string())
        .set("environment", artefacts::name_of(config.environment))
        .set("officer", or_none(config.officer.id))
        .set("key", or_none(config.officer.key_file))
        .set("audit_key", audit_key)
        .set("rpc", std::move(rpc));
    return result;
}

} // namespace

console::Command config_show_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
