#include "cli/commands/commands.h"

#include "cli/files/toml.h"
#include "core/artefacts/key_export.h"
#include "core/base/text.h"
#include "core/chains/payload_format.h"
#include "core/console/streams.h"
#include "core/encoding/hex.h"
#include "core/keys/derivation.h"

#include <map>

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "wallet import",
        .summary = "draft the charter's blocks from the appliances' key exports",
        .description = "Prints [[appliance]] and [[wallet]] blocks for charter.toml. This is a draft: no address is handed out until a "
                       "charter in force names the wallet. Compare the key of each appliance with the one that it shows itself.",
        .arguments = {{.name = "FILE",
                       .help = "what coffer-cold keys export-public wrote",
                       .occurs = console::Occurs::repeatedly,
                       .completes = console::Completes::file}},
        .options = {{.name = "appliance",
                     .metavar = "ID",
                     .help = "name of an appliance, in the order in which their keys first appear (default: vault-a, vault-b, …)",
                     .occurs = console::Occurs::repeatedly},
                    {.name = "chain", .metavar = "ID", .help = "the chain of the wallets in the charter (default: by family)"},
                    {.name = "tier", .metavar = "T", .help = "of the wallets", .default_value = "cold", .choices = {"cold", "warm", "hot"}}},
        .exits = {ExitStatus::malformed, ExitStatus::policy, ExitStatus::signature, ExitStatus::not_found},
        .examples = {{"coffer wallet import k1.coffer >> charter.toml", ""}},
    };
    return value;
}

struct Draft {
    std::string appliance;
    artefacts::KeyExport key;
    std::string address; ///< of path 0/0; shown as a draft in the charter only
};

std::string default_chain(const std::string& family)
{
    return family == "evm" ? "ethereum" : family;
}

/// Verified twice over: the identity key signed it, and its key is one.
artefacts::KeyExport load_export(const console::Invocation& invocation, const std::string& name)
{
    try {
        const auto bytes = console::read_input(invocation, console::path_of(invocation, name), console::most_artefact_bytes);
        auto key_export = artefacts::verify_key_export(artefacts::Artefact::decode(bytes, artefacts::Kind::export_));
        static_cast<void>(keys::KeyOrigin::parse(key_export.origin));
        if (chains::find_format(key_export.family) == nullptr)
            throw Error{ErrorCode::chain, "chain family " + coffer::quoted(key_export.family) + " is not built in"};
        return key_export;
    } catch (const Error& error) {
        throw error.in(escaped(name));
    }
}

std::string draft_address(const artefacts::KeyExport& key)
{
    const auto [format, chain] = chains::chain_named(key.family);
    return format.format_address(format.derive_address(chain, key.extended_public, "0/0"), chain);
}

std::vector<Draft> read_drafts(const console::Invocation& invocation)
{
    const auto given = invocation.all("appliance");
    std::map<std::string, std::string> names; // by identity key
    std::vector<Draft> drafts;
    for (const auto& file : invocation.all("FILE")) {
        auto key = load_export(invocation, file);
        const auto count = names.size();
        auto& name = names[key.appliance.format()];
        if (name.empty())
            name = count < given.size() ? given[count] : "vault-" + std::string(1, static_cast<char>('a' + count % 26));
        if (!is_identifier(name))
            throw Error{ErrorCode::usage, "--appliance " + coffer::quoted(name) + " is not an id"};
        for (const auto& known : drafts) {
            if (known.appliance == name && known.key.key == key.key)
                throw Error{ErrorCode::policy_dupkey, escaped(file) + ": key " + key.key + " of this appliance was given twice"};
            if (known.key.extended_public == key.extended_public)
                throw Error{ErrorCode::policy_sharedkey, escaped(file) + ": key " + key.key + " is the same as key " + known.key.key};
            if (!(known.key.header == key.header))
                throw Error{ErrorCode::env, escaped(file) + ": environment or treasury differs from the file before"};
        }
        auto address = draft_address(key);
        drafts.push_back({name, std::move(key), std::move(address)});
    }
    return drafts;
}

std::vector<std::string> appliance_block(const std::vector<Draft>& drafts, const std::string& name)
{
    std::vector<std::string> lines;
    std::string keys;
    for (const auto& draft : drafts)
        if (draft.appliance == name) {
            if (lines.empty())
                lines = {"[[appliance]]", "id = " + toml_string(name), "key = " + toml_string(draft.key.appliance.format()),
                         "state = \"active\""};
            keys += (keys.empty() ? "" : ",") + std::string{"\n  { id = "} + toml_string(draft.key.key) +
                    ", origin = " + toml_string(draft.key.origin) + ", public = " + toml_string(draft.key.extended_public) + " }";
        }
    for (const auto& line : split("keys = [" + keys + ",\n]", '\n'))
        lines.push_back(line);
    lines.emplace_back();
    return lines;
}

std::vector<std::string> wallet_block(const Draft& draft, const std::string& chain, const std::string& tier)
{
    const auto id = draft.key.key + "-" + tier;
    return {"[[wallet]]",
            "id = " + toml_string(is_identifier(id) ? id : "w-" + tier),
            "chain = " + toml_string(chain),
            "tier = " + toml_string(tier),
            "mode = \"governed\"",
            "address = " + toml_string(draft.address),
            "keys = [{ appliance = " + toml_string(draft.appliance) + ", key = " + toml_string(draft.key.key) + ", path = \"0/0\" }]",
            "presence = \"person\"",
            "confirmations = 12",
            ""};
}

console::CommandResult run(console::Invocation& invocation)
{
    const auto drafts = read_drafts(invocation);
    const auto tier = invocation.text("tier");
    console::CommandResult result;
    result.text = {"# A draft from signed exports: no address is in use until a charter in force names the wallet."};
    auto list = Document::list();
    std::string shown;
    for (const auto& draft : drafts) {
        if (shown.find("|" + draft.appliance + "|") != std::string::npos)
            continue;
        shown += "|" + draft.appliance + "|";
        for (auto& line : appliance_block(drafts, draft.appliance))
            result.text.push_back(std::move(line));
    }
    for (const auto& draft : drafts) {
        for (auto& line : wallet_block(draft, invocation.find("chain").value_or(default_chain(draft.key.family)), tier))
            result.text.push_back(std::move(line));
        list.add(Document::object()
                     .set("appliance", draft.appliance)
                     .set("appliance_key", draft.key.appliance.format())
                     .set("appliance_fingerprint", Document::hex(draft.key.appliance.id().bytes()))
                     .set("key", draft.key.key)
                     .set("origin", draft.key.origin)
                     .set("public", draft.key.extended_public)
                     .set("family", draft.key.family)
                     .set("environment", artefacts::name_of(draft.key.header.environment)));
    }
    result.text.pop_back();
    std::string toml;
    for (const auto& line : result.text)
        toml += line + "\n";
    result.document.set("draft", true).set("keys", std::move(list)).set("toml", toml);
    return result;
}

} // namespace

console::Command wallet_import_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
