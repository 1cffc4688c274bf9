#include "cli/commands/commands.h"

#include "cli/files/config.h"
#include "cli/home.h"
#include "core/audit/event.h"
#include "core/base/text.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "init",
        .summary = "create the home: configuration, database, audit key",
        .description = "Makes the folder with mode 0700. Repeated, it finishes what an interrupted run left, and "
                       "says so when there is nothing to do.",
        .options = {{.name = "environment",
                     .metavar = "E",
                     .help = "what it is for; artefacts of one environment are refused in another",
                     .default_value = "production",
                     .choices = {"production", "test", "rehearsal"}},
                    {.name = "rpc",
                     .metavar = "CHAIN=URL",
                     .help = "a node of a chain, in the order in which they are asked; plain http to loopback only",
                     .occurs = console::Occurs::repeatedly}},
        .exits = home_exits(),
        .examples = {{"coffer init --environment test --rpc ethereum=http://127.0.0.1:8545", "a home for a local node"}},
    };
    return value;
}

Config config_of(const console::Invocation& invocation)
{
    Config config;
    config.environment = artefacts::parse_environment(invocation.text("environment"));
    for (const auto& given : invocation.all("rpc")) {
        const auto equals = given.find('=');
        const auto chain = given.substr(0, equals);
        if (equals == std::string::npos || !is_identifier(chain))
            throw Error{ErrorCode::usage, "--rpc " + coffer::quoted(given) + " is not CHAIN=URL"};
        HttpEndpoint endpoint{given.substr(equals + 1), {}, {}};
        static_cast<void>(HttpClient{endpoint}); // refuses what is no URL, or plain http to elsewhere
        config.rpc[chain].push_back(std::move(endpoint));
    }
    return config;
}

console::CommandResult describe(Home& home, bool is_new)
{
    const artefacts::ApprovalKey key{home.audit_key().public_key()};
    console::CommandResult result;
    result.document.set("home", home.paths().folder.string())
        .set("environment", artefacts::name_of(home.config().environment))
        .set("audit_key", key.format())
        .set("created", is_new);
    result.text = {(is_new ? "Home made: " : "The home is there already, nothing to do: ") + escaped(home.paths().folder.string()),
                   "", "  environment  " + std::string{artefacts::name_of(home.config().environment)},
                   "  audit key    " + key.format()};
    if (is_new)
        result.next = {"coffer officer keygen --id ID --out FILE", "coffer charter new > charter.toml"};
    return result;
}

console::CommandResult run(console::Invocation& invocation)
{
    const auto config = config_of(invocation);
    const auto paths = home_paths(invocation);
    if (std::filesystem::exists(paths.config)) {
        auto home = Home::open(invocation);
        if (invocation.has("environment") && home.config().environment != config.environment)
            throw Error{ErrorCode::exists, "the home at " + coffer::quoted(paths.folder.string()) + " is there already, for environment " +
                                               std::string{artefacts::name_of(home.config().environment)}};
        static_cast<void>(home.database());
        return describe(home, false);
    }
    auto home = Home::create(invocation, config);
    return describe(home, true);
}

} // namespace

console::Command init_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
