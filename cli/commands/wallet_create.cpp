#include "cli/commands/commands.h"

#include "cli/drafting.h"
#include "cli/files/charter_file.h"
#include "cli/files/key_text.h"
#include "core/base/text.h"
#include "core/console/streams.h"

#include <algorithm>

namespace coffer::cli {

namespace {

constexpr std::uint8_t first_byte_not_ascii = 0x80; // an artefact is CBOR's array or map

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "wallet create",
        .summary = "draft one [[wallet]] block of the charter",
        .description = "An account needs one key. A wallet of several keys needs a policy, a descriptor in which names stand for keys. A key is "
                       "an appliance's export, or of another signer [fingerprint/path]xpub… in a file or as it is.",
        .options = {{.name = "id", .metavar = "W", .help = "of the wallet", .presence = console::Presence::required},
                    {.name = "key",
                     .metavar = "NAME=FILE",
                     .help = "a key, and the id of its appliance in the charter or the name of its outside signer",
                     .presence = console::Presence::required,
                     .occurs = console::Occurs::repeatedly},
                    {.name = "policy", .metavar = "POLICY", .help = "how the keys sign together: wsh(sortedmulti(2,A,B,C))"},
                    {.name = "chain", .metavar = "ID", .help = "of the charter (default: the usual one of the keys)"},
                    {.name = "path", .metavar = "PATH", .help = "of an account, from the exported key (default: 0/0)"},
                    {.name = "tier", .metavar = "T", .help = "of the wallet", .default_value = "cold", .choices = {"cold", "warm", "hot"}}},
        .exits = {ExitStatus::malformed, ExitStatus::policy, ExitStatus::signature, ExitStatus::not_found},
        .examples = {{"coffer wallet create --id eth-cold --key vault-a=k1.coffer", ""},
                     {"coffer wallet create --id btc-cold --policy 'wsh(sortedmulti(2,vault-a,vault-b,electrum))' --key vault-a=k1.coffer --key "
                      "vault-b=k2.coffer --key electrum=electrum.txt",
                      ""}},
    };
    return value;
}

/// A key as it was given: `signed_export` is there when an appliance exported it.
struct GivenKey {
    chains::DraftKey key;
    std::optional<artefacts::KeyExport> signed_export;
};

chains::DraftKey draft_key(const std::string& name, const std::string& id, const artefacts::KeyExport& key, const std::string& path)
{
    return {name, {{.appliance = id, .key = key.key, .path = path, .outside = {}}, key.origin, key.public_key}};
}

GivenKey read_key(const console::Invocation& invocation, const std::string& argument)
{
    const auto equals = argument.find('=');
    const auto name = argument.substr(0, equals);
    const auto id = to_lower_ascii(name);
    if (equals == std::string::npos || !is_identifier(id)) // not quoted: it may be a private key
        throw Error{ErrorCode::usage, "a --key is not NAME=FILE", "the name is an id: letters, digits and dashes, at most 32"};
    const auto source = argument.substr(equals + 1);
    const auto path = invocation.find("path").value_or("");
    try {
        const auto bytes = is_key_text(source) ? to_bytes(bytes_of(source))
                                               : console::read_input(invocation, console::path_of(invocation, source), console::most_artefact_bytes);
        if (!bytes.empty() && bytes.front() >= first_byte_not_ascii) {
            auto key = open_key_export(bytes);
            return {draft_key(name, id, key, path), std::move(key)};
        }
        auto text = parse_key_text(text_of(bytes));
        return {{name, {{.appliance = {}, .key = {}, .path = path, .outside = id}, std::move(text.origin), std::move(text.extended_public)}}, {}};
    } catch (const Error& error) {
        throw error.in("key " + coffer::quoted(name));
    }
}

void require_one_setting(const artefacts::KeyExport& first, const GivenKey& other)
{
    const auto& key = *other.signed_export;
    if (key.family != first.family)
        throw Error{ErrorCode::chain, "key " + coffer::quoted(other.key.name) + " is of the chain family " + key.family + ", another one of " + first.family};
    if (!(key.header == first.header))
        throw Error{ErrorCode::env, "key " + coffer::quoted(other.key.name) + ": environment or treasury differs from the key before"};
}

/// Keys of different names, of one family, and at least one of an appliance, whose export tells the family.
class GivenKeys {
public:
    explicit GivenKeys(const console::Invocation& invocation)
    {
        for (const auto& argument : invocation.all("key"))
            add(read_key(invocation, argument));
        if (m_first == 0)
            throw Error{ErrorCode::enrol_not_member, "none of the keys is of an appliance: somebody else's wallet stands in no charter",
                        "--key NAME=FILE with what coffer-cold keys export-public wrote"};
    }
    const artefacts::KeyExport& first() const { return *m_keys[m_first - 1].signed_export; }
    const std::vector<GivenKey>& all() const { return m_keys; }
    std::vector<chains::DraftKey> drafts() const
    {
        std::vector<chains::DraftKey> drafts;
        for (const auto& given : m_keys)
            drafts.push_back(given.key);
        return drafts;
    }

private:
    void add(GivenKey given)
    {
        for (const auto& known : m_keys)
            if (to_lower_ascii(known.key.name) == to_lower_ascii(given.key.name))
                throw Error{ErrorCode::usage, "two keys are called " + coffer::quoted(given.key.name)};
        if (given.signed_export && m_first != 0)
            require_one_setting(first(), given);
        m_keys.push_back(std::move(given));
        if (m_keys.back().signed_export && m_first == 0)
            m_first = m_keys.size();
    }

    std::vector<GivenKey> m_keys;
    std::size_t m_first = 0; ///< of an appliance, counted from 1
};

Document describe_keys(const charter::Wallet& wallet, const std::vector<GivenKey>& keys)
{
    auto list = Document::list();
    for (const auto& holder : wallet.keys) {
        const auto given = std::ranges::find(keys, holder.outside.empty() ? holder.appliance : holder.outside,
                                             [](const GivenKey& one) { return to_lower_ascii(one.key.name); });
        auto item = Document::object();
        if (given->signed_export)
            item.set("appliance", holder.appliance).set("key", holder.key).set("appliance_key", given->signed_export->appliance.format());
        else
            item.set("outside", holder.outside);
        list.add(std::move(item.set("origin", given->key.held.origin).set("public", given->key.held.extended_public)));
    }
    return list;
}

console::CommandResult run(console::Invocation& invocation)
{
    const auto id = invocation.text("id");
    if (!is_identifier(id) || !is_identifier(invocation.find("chain").value_or("default")))
        throw Error{ErrorCode::usage, "--id and --chain are small letters, digits and dashes, at most 32"};
    const GivenKeys keys{invocation};
    const auto& format = *chains::find_format(keys.first().family);
    const auto chain = chain_of_draft(format, invocation.find("chain"), keys.first().public_key);
    auto wallet = format.draft_wallet(chain, invocation.find("policy").value_or(""), keys.drafts());
    wallet.id = id;
    wallet.chain = chain.id;
    wallet.tier = parse_tier(invocation.text("tier"));
    DraftCharter draft{wallet, chain};
    for (const auto& given : keys.all())
        if (given.signed_export)
            draft.add_key(given.key.held.holder.appliance, *given.signed_export);
    draft.require_sound();

    const auto address = format.format_address(format.derive_address(draft.charter(), wallet, chains::Branch::receive, 0), chain);
    console::CommandResult result;
    result.text = wallet_block(wallet, address);
    result.document.set("draft", true).set("wallet", id).set("chain", chain.id).set("address", address);
    if (!wallet.descriptor.empty()) {
        result.text.insert(result.text.begin(), "# First receive address, the same in every signer: " + address);
        result.document.set("descriptor", wallet.descriptor);
    }
    result.document.set("keys", describe_keys(wallet, keys.all())).set("toml", join(result.text, "\n") + "\n");
    return result;
}

} // namespace

console::Command wallet_create_command()
{
    return {spec(), run};
}

} // namespace coffer::cli
