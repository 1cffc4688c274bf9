#include "appliance/ceremony/share_entry.h"
#include "appliance/ceremony/voted_ceremony.h"
#include "appliance/commands/commands.h"
#include "appliance/commands/keys.h"
#include "core/base/text.h"
#include "core/encoding/hex.h"

#include <algorithm>

namespace coffer::appliance {

namespace {

using Operation = payments::Ceremony::Operation;

/// After `restore`, and until an amendment names the new identity, the home is inactive: its keys come back before officers vote on it.
bool is_inactive(const Session& session)
{
    return session.ledger().chain() && session.ledger().self() == nullptr;
}

/// The fingerprints that the charter gives to keys of this id.
std::vector<std::string> named_fingerprints(const Session& session, const std::string& id)
{
    std::vector<std::string> named;
    if (session.ledger().chain())
        for (const auto& appliance : session.ledger().chain()->charter().appliances)
            for (const auto& key : appliance.keys)
                if (key.id == id)
                    named.push_back(encoding::encode_hex(keys::KeyOrigin::parse(key.origin).fingerprint.bytes()));
    return named;
}

keys::SeedScheme scheme_of(const console::Invocation& invocation)
{
    return keys::parse_seed_scheme(invocation.text("scheme"));
}

void keep(const console::Invocation& invocation, Session& session, const std::string& id, const SecretBytes& secret)
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
    const auto fingerprint = fingerprint_of(secret, scheme);
    const auto named = named_fingerprints(session, id);
    if (!named.empty() && std::ranges::find(named, fingerprint) == named.end())
        throw Error{ErrorCode::fingerprint, "the shares restore the key " + fingerprint + ", the charter names " + join(named, ", ") + " as " + coffer::quoted(id),
                    "the shares are of another key, or were made with a passphrase of their own"};
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
    if (!ceremony || !ceremony->was_signed())
        keep(invocation, session, id, restore_from_shares(invocation, session.ledger(), session.ledger().find_key(id) == nullptr ? std::string{} : id));
    auto result = describe_new_key(session, id);
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
