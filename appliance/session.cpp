#include "appliance/session.h"

#include "appliance/home_key.h"
#include "core/base/text.h"
#include "core/encoding/hex.h"
#include "core/keys/sealed_key.h"
#include "core/storage/file.h"
#include "core/storage/migrations.h"

#include <algorithm>

namespace coffer::appliance {

namespace {

using requests::VaultLedger;

constexpr std::string_view identity_purpose = "appliance-identity";
constexpr std::string_view key_purpose = "wallet-key";
constexpr std::size_t most_key_file_bytes = 64 * 1024;

SecretBytes ledger_key(const SecretBytes& home_key)
{
    return crypto::hkdf_sha256(home_key.reveal(), {}, bytes_of("coffer/v1/ledger-key"), 32);
}

SecretBytes sealing_key(const SecretBytes& home_key)
{
    return crypto::hkdf_sha256(home_key.reveal(), {}, bytes_of("coffer/v1/sealing-key"), 32);
}

/// Opens what is sealed under the home key; what does not open belongs to another home.
SecretBytes open_own(const std::filesystem::path& file, std::string_view purpose, ByteView context, const SecretBytes& home_key)
{
    storage::require_private(file);
    try {
        return keys::open_with_key(storage::read_file(file, most_key_file_bytes), purpose, context, sealing_key(home_key));
    } catch (const Error& error) {
        if (error.code() != ErrorCode::db_tamper)
            throw;
        throw Error{ErrorCode::binding, storage::quoted(file) + " does not belong to this home, its charter and its appliance",
                    "sign nothing with this appliance; keep it as it is and tell compliance"};
    }
}

std::unique_ptr<storage::SqliteDatabase> open_ledger(const Home& home, storage::Access access)
{
    return std::make_unique<storage::SqliteDatabase>(
        home.ledger(), storage::SqliteOptions{.application_id = storage::ApplicationId::vault, .access = access});
}

keys::ExtendedPrivateKey master_of(const SecretBytes& secret, keys::SeedScheme scheme)
{
    return keys::ExtendedPrivateKey::from_seed(keys::seed_of(secret, scheme));
}

} // namespace

std::string named_fingerprint(const charter::ApplianceKey& key)
{
    return encoding::encode_hex(keys::KeyOrigin::parse(key.origin).fingerprint.bytes());
}

bool has_seed(const SecretBytes& secret, keys::SeedScheme scheme)
{
    return scheme == keys::SeedScheme::slip39 || secret.size() % 4 == 0;
}

std::string fingerprint_of(const SecretBytes& secret, keys::SeedScheme scheme)
{
    if (!has_seed(secret, scheme))
        throw Error{ErrorCode::share_length, "a secret of " + std::to_string(secret.size()) + " bytes is that of no BIP-39 words", "--scheme slip39 takes it as it is"};
    return encoding::encode_hex(master_of(secret, scheme).fingerprint().bytes());
}

LockedHome::LockedHome(const Home& home)
    : m_database{home.ledger(), {.application_id = storage::ApplicationId::vault, .access = storage::Access::read_only}},
      m_ledger{m_database, std::nullopt}
{
}

Session::Session(const Home& home, SecretBytes home_key, crypto::Ed25519PrivateKey identity,
                 std::unique_ptr<storage::SqliteDatabase> database, crypto::Random& random)
    : m_home{home}, m_home_key{std::move(home_key)}, m_identity{std::move(identity)}, m_database{std::move(database)},
      m_ledger{std::make_unique<VaultLedger>(*m_database, ledger_key(m_home_key))}, m_random{&random}
{
    if (artefacts::ApprovalKey{m_identity.public_key()} != m_ledger->identity())
        throw Error{ErrorCode::binding, "the identity key is not the one that the ledger was made with"};
}

Session Session::create(const Home& home, artefacts::Environment environment, const SecretBytes& passphrase,
                        crypto::Random& random, UtcTime now, crypto::Argon2Cost cost)
{
    return make(home, passphrase, random, now, cost, [&](const std::string& identity) {
        return std::vector<Bytes>{encode(requests::vault::Record{now, requests::vault::HomeMade{std::string{name_of(environment)}, identity}})};
    });
}

Session Session::restore(const Home& home, std::vector<Bytes> records, const SecretBytes& passphrase, crypto::Random& random,
                         UtcTime now, crypto::Argon2Cost cost)
{
    return make(home, passphrase, random, now, cost, [&](const std::string& identity) {
        records.push_back(encode(requests::vault::Record{now, requests::vault::Restored{identity}}));
        return std::move(records);
    });
}

Session Session::make(const Home& home, const SecretBytes& passphrase, crypto::Random& random, UtcTime now, crypto::Argon2Cost cost,
                      const std::function<std::vector<Bytes>(const std::string& identity)>& first_records)
{
    if (home.exists())
        throw Error{ErrorCode::exists, "there is already an appliance in " + storage::quoted(home.folder())};
    if (!std::filesystem::exists(home.folder()))
        storage::create_private_directory(home.folder());
    storage::require_private(home.folder());
    // An interrupted run left no home key, so nothing that it made is in use yet. It made no keys either:
    // a folder with some is another one, or a home that has lost its home key.
    if (std::filesystem::exists(home.keys_folder()) && !std::filesystem::is_empty(home.keys_folder()))
        throw Error{ErrorCode::exists, storage::quoted(home.keys_folder()) + " holds files already", "name an empty folder with --home"};
    for (const auto* leftover : {"identity.key", "ledger.db", "ledger.db-wal", "ledger.db-shm", "keys"})
        std::filesystem::remove_all(home.folder() / leftover);
    storage::create_private_directory(home.keys_folder());

    const auto home_key = random.secret(32);
    const auto seed = random.secret(32);
    crypto::Ed25519PrivateKey identity{seed};
    const auto identity_text = artefacts::ApprovalKey{identity.public_key()}.format();
    storage::write_file_atomically(home.identity_key(),
                                   keys::seal_with_key(identity_purpose, {}, sealing_key(home_key), seed, random),
                                   storage::private_mode, storage::Overwrite::no);
    auto database = std::make_unique<storage::SqliteDatabase>(
        home.ledger(),
        storage::SqliteOptions{.application_id = storage::ApplicationId::vault, .create = storage::Create::yes});
    storage::migrate(*database, storage::vault_migrations(), now, storage::EmptySchema::accept);
    VaultLedger::found(*database, ledger_key(home_key), first_records(identity_text));
    make_home_key(home, identity_text, home_key, passphrase, random, cost);
    return {home, home_key.clone(), std::move(identity), std::move(database), random};
}

Session Session::open(const Home& home, const SecretBytes& passphrase, crypto::Random& random)
{
    home.require_usable();
    auto opened = open_home_key(home, passphrase);
    const auto seed = open_own(home.identity_key(), identity_purpose, {}, opened.secret);
    auto database = open_ledger(home, storage::Access::read_write);
    storage::migrate(*database, storage::vault_migrations(), UtcTime{}, storage::EmptySchema::refuse);
    Session session{home, std::move(opened.secret), crypto::Ed25519PrivateKey{seed}, std::move(database), random};
    if (session.ledger().chain()) // a `pin` that was cut off is finished here
        session.bind_named_keys(session.ledger().chain()->charter());
    session.remove_files_of_shared_keys(); // the same
    return session;
}

UtcTime Session::now(const Clock& clock) const
{
    return clock.now() + m_ledger->clock_offset();
}

void Session::add_key(const NewKey& key, const SecretBytes& secret, UtcTime now)
{
    if (!is_identifier(key.id))
        throw Error{ErrorCode::usage,
                    "key id " + coffer::quoted(key.id) + " is not a small letter followed by small letters, digits and dashes"};
    const auto fingerprint = fingerprint_of(secret, key.scheme);
    const auto& known = m_ledger->keys();
    const auto same = std::ranges::find_if(known, [&](const auto& one) { return one.id == key.id || one.fingerprint == fingerprint; });
    const bool is_in_shares = same != known.end() && same->rest == requests::vault::KeyRest::none && m_ledger->shares().current_of(key.id) != nullptr;
    if (same != known.end() && (same->id != key.id || same->fingerprint != fingerprint || has_key_file(key.id) || is_in_shares))
        throw Error{ErrorCode::exists, "this home already has key " + coffer::quoted(same->id) + " with fingerprint " +
                                           same->fingerprint};
    // The file first: a record without its file would be a lost key, a file without a record is none.
    storage::write_file_atomically(m_home.free_key(key.id),
                                   keys::seal_with_key(key_purpose, bytes_of(key.id), sealing_key(m_home_key), secret, *m_random),
                                   storage::private_mode, storage::Overwrite::yes);
    if (same == known.end())
        m_ledger->append({{now, requests::vault::KeyMade{key.id, fingerprint, key.source, key.scheme, key.rest}}});
    if (m_ledger->chain())
        bind_named_keys(m_ledger->chain()->charter());
}

bool Session::has_key_file(const std::string& id) const
{
    return std::filesystem::exists(m_home.free_key(id)) || std::filesystem::exists(m_home.bound_key(id));
}

Bytes Session::binding_of(const charter::Charter& charter, const std::string& id) const
{
    auto context = to_bytes(bytes_of(id));
    context.push_back(0);
    append(context, charter.header.treasury.bytes());
    append(context, bytes_of(m_ledger->identity().format()));
    return context;
}

const requests::vault::KeyMade& Session::known_key(const std::string& id) const
{
    const auto* known = m_ledger->find_key(id);
    if (known == nullptr)
        throw Error{ErrorCode::not_found, "there is no key " + coffer::quoted(id) + " in this home", "coffer-cold keys list"};
    return *known;
}

bool Session::has_secret(const std::string& id) const
{
    return m_entered.contains(id) || has_key_file(id);
}

bool Session::is_secret_of(const std::string& id, const SecretBytes& secret) const
{
    const auto& known = known_key(id);
    return fingerprint_of(secret, known.scheme) == known.fingerprint;
}

void Session::enter_key(const std::string& id, SecretBytes secret)
{
    const auto& known = known_key(id);
    if (!is_secret_of(id, secret))
        throw Error{ErrorCode::fingerprint, "what was entered makes the key " + fingerprint_of(secret, known.scheme) + ", key " + coffer::quoted(id) + " is " +
                                                known.fingerprint,
                    "the shares are of another key, or were made with a passphrase of their own"};
    m_entered.insert_or_assign(id, std::move(secret));
}

SecretBytes Session::secret_of(const std::string& id) const
{
    const auto& known = known_key(id);
    if (const auto entered = m_entered.find(id); entered != m_entered.end())
        return entered->second.clone();
    if (known.rest == requests::vault::KeyRest::none && !has_key_file(id))
        throw Error{ErrorCode::state, "key " + coffer::quoted(id) + " lies nowhere in this home", "its shares are entered when it is used"};
    if (m_ledger->chain() && std::filesystem::exists(m_home.bound_key(id)))
        return open_own(m_home.bound_key(id), key_purpose, binding_of(m_ledger->chain()->charter(), id), m_home_key);
    return open_own(m_home.free_key(id), key_purpose, bytes_of(id), m_home_key);
}

void Session::keep_shares(const Hash256& set, UtcTime now)
{
    m_ledger->append({{now, requests::vault::ShareSetKept{set}}});
    remove_files_of_shared_keys();
}

void Session::remove_files_of_shared_keys()
{
    for (const auto& key : m_ledger->keys()) {
        if (key.rest != requests::vault::KeyRest::none || m_ledger->shares().current_of(key.id) == nullptr)
            continue;
        std::filesystem::remove(m_home.free_key(key.id));
        std::filesystem::remove(m_home.bound_key(key.id));
    }
}

SecretBytes Session::seed(const std::string& id) const
{
    return keys::seed_of(secret_of(id), known_key(id).scheme);
}

keys::ExtendedPrivateKey Session::master_key(const std::string& id) const
{
    return keys::ExtendedPrivateKey::from_seed(seed(id));
}

keys::Slip10Key Session::slip10_key(const std::string& id, const keys::DerivationPath& path) const
{
    return keys::Slip10Key::derive(seed(id), path);
}

const requests::vault::KeyMade* Session::find_own_key(const charter::ApplianceKey& key) const
{
    const auto& known = m_ledger->keys();
    const auto own = std::ranges::find(known, named_fingerprint(key), &requests::vault::KeyMade::fingerprint);
    return own == known.end() ? nullptr : &*own;
}

const requests::vault::KeyMade& Session::own_key(const charter::ApplianceKey& key) const
{
    const auto* own = find_own_key(key);
    if (own == nullptr)
        throw Error{ErrorCode::fingerprint, "key " + coffer::quoted(key.id) + " has the fingerprint " + named_fingerprint(key) +
                                                ", which no key of this home has"};
    return *own;
}

keys::ExtendedPrivateKey Session::account_key(const charter::ApplianceKey& key) const
{
    const auto& own = own_key(key);
    const auto path = keys::KeyOrigin::parse(key.origin).path;
    auto account = master_key(own.id).derive(path);
    const auto named = keys::ExtendedPublicKey::parse(key.extended_public);
    if (account.extended_public_key().on(named.position().network) != named)
        throw Error{ErrorCode::fingerprint, "key " + coffer::quoted(own.id) + " at " + path.format() +
                                                " is not the extended key that the charter names",
                    "somebody put another key into the charter: use no address of it, and tell compliance"};
    return account;
}

std::unique_ptr<keys::Signer> Session::signer_for(const charter::ApplianceKey& key) const
{
    const auto& own = own_key(key);
    const bool is_bound = m_entered.contains(own.id) ? m_ledger->has_named(own) : std::filesystem::exists(m_home.bound_key(own.id));
    if (!is_bound)
        throw Error{ErrorCode::binding, "key " + coffer::quoted(own.id) + " is not bound to this charter, so it signs nothing"};
    return std::make_unique<keys::SeedSigner>(account_key(key));
}

void Session::pin(const charter::PolicyChain& chain, UtcTime now)
{
    if (m_ledger->chain())
        throw Error{ErrorCode::binding, "a charter is pinned already; later ones come as amendments in bundles"};
    const auto& charter = chain.charter();
    if (charter.header.environment != m_ledger->environment())
        throw Error{ErrorCode::env, "charter is of environment " + std::string{name_of(charter.header.environment)} +
                                        ", this home is " + std::string{name_of(m_ledger->environment())}};
    const auto& identity = m_ledger->identity();
    const auto self = std::ranges::find(charter.appliances, identity, &charter::Appliance::key);
    if (self == charter.appliances.end())
        throw Error{ErrorCode::binding, "no appliance of the charter has this identity key: " + identity.format()};
    // An address of a key that somebody else has must not be compared in the room, nor ever handed out.
    for (const auto& key : self->keys)
        static_cast<void>(account_key(key));
    m_ledger->append({{now, requests::vault::Pinned{self->id, chain.links().front().artefact}}});
    bind_named_keys(charter);
}

void Session::bind_named_keys(const charter::Charter& charter)
{
    const auto* self = m_ledger->self();
    if (self == nullptr)
        return;
    for (const auto& named : self->keys) {
        const auto fingerprint = encoding::encode_hex(keys::KeyOrigin::parse(named.origin).fingerprint.bytes());
        const auto own = std::ranges::find(m_ledger->keys(), fingerprint, &requests::vault::KeyMade::fingerprint);
        if (own == m_ledger->keys().end() || !has_key_file(own->id))
            continue;
        const auto bound = m_home.bound_key(own->id);
        if (!std::filesystem::exists(bound)) {
            const auto entropy = open_own(m_home.free_key(own->id), key_purpose, bytes_of(own->id), m_home_key);
            storage::write_file_atomically(
                bound, keys::seal_with_key(key_purpose, binding_of(charter, own->id), sealing_key(m_home_key), entropy, *m_random),
                storage::private_mode, storage::Overwrite::no);
        }
        std::filesystem::remove(m_home.free_key(own->id));
    }
}

} // namespace coffer::appliance
