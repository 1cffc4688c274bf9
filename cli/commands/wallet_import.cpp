#include "cli/commands/commands.h"

#include "cli/drafting.h"
#include "cli/files/charter_file.h"
#include "cli/files/toml.h"
#include "core/base/text.h"
#include "core/console/streams.h"

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
                    {.name = "chain", .metavar = "ID", .help = "the chain of the wallets in the charter (default: the usual one of the keys)"},
                    {.name = "tier", .metavar = "T", .help = "of the wallets", .default_value = "cold", .choices = {"cold", "warm", "hot"}}},
        .exits = {ExitStatus::malformed, ExitStatus::policy, ExitStatus::signature, ExitStatus::not_found},
        .examples = {{"coffer wallet import k1.coffer >> charter.toml", ""}},
    };
    return value;
}

struct Draft {
    std::string appliance;
    artefacts::KeyExport key;
};

artefacts::KeyExport load_export(const console::Invocation& invocation, const std::string& name)
{
    try {
        return open_key_export(console::read_input(invocation, console::path_of(invocation, name), console::most_artefact_bytes));
    } catch (const Error& error) {
        throw error.in(escaped(name));
    }
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
            if (known.key.public_key == key.public_key)
                throw Error{ErrorCode::policy_sharedkey, escaped(file) + ": key " + key.key + " is the same as key " + known.key.key};
            if (!(known.key.header == key.header))
                throw Error{ErrorCode::env, escaped(file) + ": environment or treasury differs from the file before"};
        }
        drafts.push_back({name, std::move(key)});
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
                    ", origin = " + toml_string(draft.key.origin) + ", public = " + toml_string(draft.key.public_key) + " }";
        }
    for (const auto& line : split("keys = [" + keys + ",\n]", '\n'))
        lines.push_back(line);
    lines.emplace_back();
    return lines;
}

/// Nothing for the key of a cosigner: `wallet create` puts several into one wallet.
std::vector<std::string> block_of_own_wallet(const Draft& draft, const std::optional<std::string>& chain_id, const std::string& tier)
{
    const auto& key = draft.key;
    const auto& format = *chains::find_format(key.family);
    if (format.use_of(keys::KeyOrigin::parse(key.origin)) == chains::AccountUse::cosigner)
        return {};
    const auto chain = chain_of_draft(format, chain_id, key.public_key);
    const chains::DraftKey own{key.key, {{.appliance = draft.appliance, .key = key.key, .path = {}, .outside = {}}, key.origin, key.public_key}};
    auto wallet = format.draft_wallet(chain, "", {&own, 1});
    const auto id = key.key + "-" + tier;
    wallet.id = is_identifier(id) ? id : "w-" + tier;
    wallet.chain = chain.id;
    wallet.tier = parse_tier(tier);
    auto lines = wallet_block(wallet, wallet.descriptor.empty() ? format.format_address(wallet.address, chain) : std::string{});
    lines.emplace_back();
    return lines;
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
        for (auto& line : block_of_own_wallet(draft, invocation.find("chain"), tier))
            result.text.push_back(std::move(line));
        list.add(Document::object()
                     .set("appliance", draft.appliance)
                     .set("appliance_key", draft.key.appliance.format())
                     .set("appliance_fingerprint", Document::hex(draft.key.appliance.id().bytes()))
                     .set("key", draft.key.key)
                     .set("origin", draft.key.origin)
                     .set("public", draft.key.public_key)
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
