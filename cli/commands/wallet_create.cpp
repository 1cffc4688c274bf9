#include "cli/commands/commands.h"

#include "cli/files/toml.h"
#include "core/artefacts/key_export.h"
#include "core/base/text.h"
#include "core/chains/payload_format.h"
#include "core/console/streams.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "wallet create",
        .summary = "draft one [[wallet]] block of the charter",
        .description = "An account needs one key. Descriptor policies (--policy) come with Bitcoin.",
        .options = {{.name = "id", .metavar = "W", .help = "of the wallet", .presence = console::Presence::required},
                    {.name = "key",
                     .metavar = "APPLIANCE=FILE",
                     .help = "an appliance's id in the charter and its key export",
                     .presence = console::Presence::required,
                     .occurs = console::Occurs::repeatedly},
                    {.name = "chain", .metavar = "ID", .help = "of the charter", .default_value = "ethereum"},
                    {.name = "path", .metavar = "PATH", .help = "from the exported key", .default_value = "0/0"},
                    {.name = "tier", .metavar = "T", .help = "of the wallet", .default_value = "cold", .choices = {"cold", "warm", "hot"}},
                    {.name = "policy", .metavar = "POLICY", .help = "a descriptor with key names in place of keys"}},
        .exits = {ExitStatus::malformed, ExitStatus::policy, ExitStatus::signature, ExitStatus::not_found},
        .examples = {{"coffer wallet create --id eth-cold --key vault-a=k1.coffer", ""}},
    };
    return value;
}

console::CommandResult run(console::Invocation& invocation)
{
    const auto id = invocation.text("id");
    if (!is_identifier(id) || !is_identifier(invocation.text("chain")))
        throw Error{ErrorCode::usage, "--id and --chain are small letters, digits and dashes, at most 32"};
    if (invocation.has("policy"))
        throw Error{ErrorCode::usage, "--policy is for descriptor wallets, and no chain with descriptors is built in"};
    const auto keys = invocation.all("key");
    if (keys.size() != 1)
        throw Error{ErrorCode::usage, "an account has one key, " + std::to_string(keys.size()) + " were given"};
    const auto equals = keys.front().find('=');
    const auto appliance = keys.front().substr(0, equals);
    if (equals == std::string::npos || !is_identifier(appliance))
        throw Error{ErrorCode::usage, "--key " + coffer::quoted(keys.front()) + " is not APPLIANCE=FILE"};
    const auto file = console::path_of(invocation, keys.front().substr(equals + 1));
    const auto bytes = console::read_input(invocation, file, console::most_artefact_bytes);
    const auto key = artefacts::verify_key_export(artefacts::Artefact::decode(bytes, artefacts::Kind::export_));
    const auto [format, chain] = chains::chain_named(key.family);
    const auto path = invocation.text("path");
    const auto address = format.format_address(format.derive_address(chain, key.extended_public, path), chain);

    console::CommandResult result;
    result.text = {"[[wallet]]",
                   "id = " + toml_string(id),
                   "chain = " + toml_string(invocation.text("chain")),
                   "tier = " + toml_string(invocation.text("tier")),
                   "mode = \"governed\"",
                   "address = " + toml_string(address),
                   "keys = [{ appliance = " + toml_string(appliance) + ", key = " + toml_string(key.key) + ", path = " + toml_string(path) + " }]",
                   "presence = \"person\"",
                   "confirmations = 12"};
    result.document.set("draft", true).set("wallet", id).set("toml", join(result.text, "\n") + "\n");
    return result;
}

} // namespace

console::Command wallet_create_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
