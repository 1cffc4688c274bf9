#include "appliance/ceremony/share_entry.h"
#include "appliance/ceremony/voted_ceremony.h"
#include "appliance/commands/commands.h"
#include "appliance/commands/keys.h"
#include "core/base/text.h"

#include <algorithm>

namespace coffer::appliance {

namespace {

using Operation = payments::Ceremony::Operation;

/// After `restore`, and until an amendment names the new identity, the home is inactive: its keys come back before officers vote on it.
bool is_inactive(const Session& session)
{
    return session.ledger().chain() && session.ledger().self() == nullptr;
}

struct NamedKey {
    std::string appliance;
    std::string id;
    std::string fingerprint;
};

/// Those of the charter in force; none before one is pinned.
std::vector<NamedKey> named_keys(const Session& session)
{
    std::vector<NamedKey> named;
    if (session.ledger().chain())
        for (const auto& appliance : session.ledger().chain()->charter().appliances)
            for (const auto& key : appliance.keys)
                named.push_back({appliance.id, key.id, named_fingerprint(key)});
    return named;
}

/// Under an id of its own a key would come out that officers vote on. By either scheme: the other one is a choice on the command line.
void require_named_nowhere(const Session& session, const SecretBytes& secret)
{
    for (const auto& key : named_keys(session))
        for (const auto scheme : {keys::SeedScheme::bip39, keys::SeedScheme::slip39})
            if (has_seed(secret, scheme) && fingerprint_of(secret, scheme) == key.fingerprint)
                throw Error{ErrorCode::appr_missing, "the shares restore key " + key.id + " of appliance " + key.appliance + ", which is bound by the charter: that needs the votes of officers",
                            "coffer propose ceremony --operation combine, then --bundle FILE --out RECEIPT in that appliance"};
}

void require_as_named(const Session& session, const std::string& id, const std::string& fingerprint)
{
    std::vector<std::string> named;
    for (const auto& key : named_keys(session))
        if (key.id == id)
            named.push_back(key.fingerprint);
    if (!named.empty() && std::ranges::find(named, fingerprint) == named.end())
        throw Error{ErrorCode::fingerprint, "the shares restore the key " + fingerprint + ", the charter names " + join(named, ", ") + " as " + coffer::quoted(id),
                    "the shares are of another key, or were made with a passphrase of their own"};
}

keys::SeedScheme scheme_of(const console::Invocation& invocation)
{
    return keys::parse_seed_scheme(invocation.text("scheme"));
}

void keep(const console::Invocation& invocation, Session& session, const std::string& id, const SecretBytes& secret, bool was_voted_for)
{
    const auto now = session.now(invocation.environment().clock);
    if (const auto* known = session.ledger().find_key(id)) {
        if (session.has_secret(id) || known->rest == requests::vault::KeyRest::none) {
            session.enter_key(id, secret.clone()); // compares; there is nothing to keep
            return;
        }
        session.add_key({.id = id, .source = known->source, .scheme = known->scheme, .rest = known->rest}, secret, now);
        return;
    }
    const auto scheme = scheme_of(invocation);
    if (!is_inactive(session) && !was_voted_for)
        require_named_nowhere(session, secret);
    require_as_named(session, id, fingerprint_of(secret, scheme));
    session.add_key({.id = id, .source = "shares", .scheme = scheme, .rest = requests::vault::parse_key_rest(invocation.text("rest"))}, secret, now);
}

console::CommandResult combine(console::Invocation& invocation)
{
    auto session = open_session(invocation);
    const auto id = invocation.text("id");
    std::optional<VotedCeremony> ceremony;
    if (invocation.has("bundle"))
        ceremony.emplace(invocation, session, Operation::combine, id);
    else if (!is_inactive(session))
        require_free(session, id, Operation::combine);
    const auto* known = session.ledger().find_key(id);
    const bool was_here = known != nullptr && (session.has_secret(id) || known->rest == requests::vault::KeyRest::none);
    if (!ceremony || !ceremony->was_signed())
        keep(invocation, session, id, restore_from_shares(invocation, session.ledger(), id), ceremony.has_value());
    auto result = describe_new_key(session, id);
    if (was_here)
        result.text.front() = "The shares restore key " + id + " with fingerprint " + session.ledger().find_key(id)->fingerprint + "; nothing was stored.";
    if (ceremony)
        ceremony->finish(result);
    return result;
}

} // namespace

console::Command shares_combine_command()
{
    console::CommandSpec spec{.name = "shares combine",
                              .summary = "restore a key from its shares",
                              .description = "A key that this home or its charter knows must be the one that comes out; of one that this home has, or "
                                             "that rests nowhere, this is a check and nothing is stored.",
                              .options = share_entry_options(),
                              .exits = session_exits()};
    spec.options.push_back(key_id_option());
    spec.options.push_back(key_scheme_option("slip39"));
    spec.options.push_back(key_rest_option());
    for (auto& option : voted_ceremony_options())
        spec.options.push_back(std::move(option));
    spec.options = with_secrets(std::move(spec.options));
    return {std::move(spec), combine};
}

} // namespace coffer::appliance
