#include "appliance/commands/keys.h"

#include "appliance/ceremony/share_entry.h"
#include "appliance/commands/commands.h"
#include "core/artefacts/key_export.h"
#include "core/base/text.h"
#include "core/chains/payload_format.h"
#include "core/console/passphrase.h"
#include "core/console/streams.h"
#include "core/keys/mnemonic.h"

#include <algorithm>

namespace coffer::appliance {

namespace {

constexpr std::size_t most_mnemonic_bytes = 1024;

SecretBytes read_words(console::Invocation& invocation)
{
    if (invocation.has("mnemonic-file"))
        return console::read_secret_file(invocation.path("mnemonic-file"), most_mnemonic_bytes);
    return invocation.environment().terminal.read_secret("Words, separated by spaces (not shown): ");
}

console::CommandResult import(console::Invocation& invocation)
{
    auto session = open_session(invocation);
    const auto id = invocation.text("id");
    session.add_key({.id = id, .source = "imported", .rest = requests::vault::parse_key_rest(invocation.text("rest"))}, keys::entropy_from_mnemonic(read_words(invocation)),
                    session.now(invocation.environment().clock));
    return describe_new_key(session, id);
}

Document describe_shares(const requests::KnownShareSet& shares)
{
    auto holders = Document::list();
    for (const auto& group : shares.set.groups)
        for (const auto& holding : group.holdings)
            holders.add(holding.label);
    return Document::object()
        .set("identifier", std::uint64_t{shares.set.identifier})
        .set("shape", describe_shape(shares.set))
        .set("holders", std::move(holders))
        .set("made", *shares.kept)
        .set("last_seen", shares.last_seen_whole());
}

std::string rest_in_words(const requests::vault::KeyMade& key, const requests::KnownShareSet* shares, bool is_here)
{
    if (!is_here && (key.rest == requests::vault::KeyRest::sealed || shares == nullptr))
        return "not in this home"; // since it was restored
    if (key.rest == requests::vault::KeyRest::sealed)
        return "sealed here";
    return shares == nullptr ? "sealed here until its shares are made" : "rests in its shares alone";
}

console::CommandResult list(console::Invocation& invocation)
{
    const auto home = home_of(invocation);
    home.require_usable();
    const LockedHome locked{home};
    warn_of_rehearsal(invocation, locked.ledger());
    console::CommandResult result;
    auto keys = Document::list();
    for (const auto& key : locked.ledger().keys()) {
        const bool is_bound = locked.ledger().has_named(key);
        const bool is_here = std::filesystem::exists(home.free_key(key.id)) || std::filesystem::exists(home.bound_key(key.id));
        const auto* shares = locked.ledger().shares().current_of(key.id);
        keys.add(Document::object()
                     .set("id", key.id)
                     .set("fingerprint", key.fingerprint)
                     .set("source", key.source)
                     .set("scheme", name_of(key.scheme))
                     .set("rest", name_of(key.rest))
                     .set("bound", is_bound)
                     .set("here", is_here)
                     .set("shares", shares == nullptr ? Document{} : describe_shares(*shares)));
        result.text.push_back(key.id + "  " + key.fingerprint + "  " + key.source + "  " + std::string{name_of(key.scheme)} + "  " + rest_in_words(key, shares, is_here) +
                              "  " + (is_bound ? "bound to the charter" : "not named by a charter, signs nothing"));
        if (shares != nullptr)
            result.text.push_back("    share set " + std::to_string(shares->set.identifier) + ": " + describe_shape(shares->set) + ", last seen whole " +
                                  format_time(shares->last_seen_whole()).substr(0, 10));
    }
    if (result.text.empty())
        result.text.push_back("No keys.");
    result.text.push_back("(unauthenticated: the home is locked)");
    result.document.set("keys", std::move(keys)).set("authenticated", false);
    return result;
}

console::CommandResult export_path(const Session& session, const std::string& id, const std::string& path)
{
    const auto extended = session.master_key(id).derive(keys::DerivationPath::parse(path)).extended_public_key().format();
    console::CommandResult result;
    result.document.set("id", id).set("path", keys::DerivationPath::parse(path).format()).set("xpub", extended);
    result.text = {extended};
    return result;
}

console::CommandResult export_public(console::Invocation& invocation)
{
    const auto id = invocation.text("K");
    if (invocation.has("chain") == invocation.has("path"))
        throw Error{ErrorCode::usage, "give either --chain or --path"};
    auto session = open_session(invocation);
    unlock_key(invocation, session, id);
    if (invocation.has("path"))
        return export_path(session, id, invocation.text("path"));

    const auto [format, chain] = chains::chain_named(invocation.text("chain"));
    const auto account = static_cast<std::uint32_t>(invocation.number("account", 0, 0x7fffffff));
    const auto use = invocation.has("cosigner") ? chains::AccountUse::cosigner : chains::AccountUse::alone;
    const auto path = keys::DerivationPath::parse(format.account_path(chain, use, account));
    const auto master = session.master_key(id);
    const auto extended = master.derive(path).extended_public_key().on(format.key_network(chain));
    const keys::KeyOrigin origin{master.fingerprint(), path};
    const auto& ledger = session.ledger();
    artefacts::BodyHeader header{.environment = ledger.environment(), .treasury = {}};
    if (ledger.chain())
        header.treasury = ledger.chain()->charter().header.treasury;
    auto artefact = encode(artefacts::KeyExport{.header = header,
                                                .appliance = ledger.identity(),
                                                .key = id,
                                                .origin = origin.format(),
                                                .extended_public = extended.format(),
                                                .family = std::string{format.family()}});
    artefact.sign(session.identity());

    console::CommandResult result;
    result.document.set("id", id)
        .set("chain", invocation.text("chain"))
        .set("origin", origin.format())
        .set("xpub", extended.format())
        .set("public_key", Document::hex(extended.derive(keys::DerivationPath::parse("0/0")).key().compressed()))
        .set("identity", ledger.identity().format());
    result.text = {"origin    " + origin.format(), "xpub      " + extended.format()};
    if (use == chains::AccountUse::alone) { // a cosigner has no address of its own
        const auto address = format.format_address(format.derive_address(chain, extended.format(), "0/0"), chain);
        result.document.set("address", address);
        result.text.push_back("address   " + address + "  (0/0)");
    }
    result.text.push_back("identity  " + ledger.identity().format());
    if (invocation.has("out")) {
        const auto file = invocation.path("out");
        console::write_output(invocation, file, artefact.encode());
        result.document.set("file", file.string());
        result.next = {"coffer wallet import " + file.filename().string()};
    }
    return result;
}

} // namespace

console::OptionSpec key_id_option()
{
    return {.name = "id", .metavar = "K", .help = "the key's id in this home", .presence = console::Presence::required};
}

console::CommandResult describe_new_key(const Session& session, const std::string& id)
{
    const auto* key = session.ledger().find_key(id);
    require(key != nullptr, "a key that was added is in the log");
    console::CommandResult result;
    result.document.set("id", id).set("fingerprint", key->fingerprint).set("source", key->source).set("scheme", name_of(key->scheme)).set("rest", name_of(key->rest));
    result.text = {"Key " + id + " with fingerprint " + key->fingerprint + " is in the appliance."};
    result.next = {"coffer-cold keys export-public " + id + " --chain evm --out " + id + ".export"};
    if (key->rest == requests::vault::KeyRest::none && session.ledger().shares().current_of(id) == nullptr)
        result.next.push_back("coffer-cold shares create " + id + " --threshold T --count N");
    return result;
}

console::OptionSpec key_scheme_option(std::string default_value)
{
    return {.name = "scheme",
            .metavar = "S",
            .help = "how the secret becomes a seed: bip39, by the words that stand for it; slip39, it is the seed, as wallets restore it from shares",
            .default_value = std::move(default_value),
            .choices = {"bip39", "slip39"}};
}

console::OptionSpec key_rest_option()
{
    return {.name = "rest",
            .metavar = "R",
            .help = "where the key is between sessions: sealed under the passphrase, or none: once its shares are made it lies nowhere here",
            .default_value = "sealed",
            .choices = {"sealed", "none"}};
}

std::vector<console::OptionSpec> with_secrets(std::vector<console::OptionSpec> options)
{
    for (auto& option : console::secret_options())
        options.push_back(std::move(option));
    return options;
}

std::vector<console::OptionSpec> with_shares(std::vector<console::OptionSpec> options)
{
    for (auto& option : share_entry_options())
        options.push_back(std::move(option));
    return with_secrets(std::move(options));
}

console::Command keys_import_command()
{
    return {{.name = "keys import",
             .summary = "take over a wallet key from its BIP-39 words",
             .options = with_secrets({key_id_option(),
                                      {.name = "mnemonic-file",
                                       .metavar = "FILE",
                                       .help = "a private file with the words; else they are asked for",
                                       .completes = console::Completes::file},
                                      key_rest_option()}),
             .exits = session_exits()},
            import};
}

console::Command keys_list_command()
{
    return {{.name = "keys list", .summary = "list the wallet keys of this home", .exits = locked_home_exits()}, list};
}

console::Command keys_export_public_command()
{
    return {{.name = "keys export-public",
             .summary = "the public half of a wallet key, signed by the appliance",
             .description = "With --chain the account key of that chain, as `coffer wallet import` takes it. With --path the bare "
                            "extended public key there.",
             .arguments = {{.name = "K", .help = "the key's id"}},
             .options = with_shares({{.name = "chain", .metavar = "C", .help = "bitcoin, testnet, testnet4, signet, regtest, evm"},
                                      {.name = "cosigner", .metavar = {}, .help = "the account for a wallet of several keys (BIP-48)"},
                                      {.name = "account", .metavar = "N", .help = "account number", .default_value = "0"},
                                      {.name = "path", .metavar = "m/…", .help = "a derivation path instead of a chain"},
                                      console::out_option("where the signed export goes", console::Presence::optional),
                                      console::force_option()}),
             .exits = session_exits()},
            export_public};
}

} // namespace coffer::appliance
