#include "appliance/commands/keys.h"

#include "appliance/ceremony/share_entry.h"
#include "appliance/commands/commands.h"
#include "core/console/passphrase.h"
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
        .set("passphrase", shares.set.has_passphrase)
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
            result.text.push_back("    share set " + std::to_string(shares->set.identifier) + ": " + describe_shape(shares->set) + (shares->set.has_passphrase ? " and their passphrase" : "") + ", last seen whole " +
                                  format_time(shares->last_seen_whole()).substr(0, 10));
    }
    if (result.text.empty())
        result.text.push_back("No keys.");
    result.text.push_back("(unauthenticated: the home is locked)");
    result.document.set("keys", std::move(keys)).set("authenticated", false);
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

} // namespace coffer::appliance
