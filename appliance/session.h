#pragma once

#include "appliance/home.h"
#include "core/console/environment.h"
#include "core/crypto/kdf.h"
#include "core/keys/seed_signer.h"
#include "core/keys/slip10.h"
#include "core/requests/vault_ledger.h"
#include "core/storage/sqlite.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace coffer::appliance {

/// What the log says while it is locked: shown as unauthenticated, and nothing can be changed.
class LockedHome {
public:
    explicit LockedHome(const Home& home);

    const requests::VaultLedger& ledger() const { return m_ledger; }

private:
    storage::SqliteDatabase m_database;
    requests::VaultLedger m_ledger;
};

/// That the charter says, of its master key.
std::string named_fingerprint(const charter::ApplianceKey& key);
/// Of the master key that the secret makes: 8 hex digits.
/// Error{share_length} for what has_seed() denies.
std::string fingerprint_of(const SecretBytes& secret, keys::SeedScheme scheme);
/// False for a size that no BIP-39 words have: SLIP-39 shares restore secrets of 18 bytes, too.
bool has_seed(const SecretBytes& secret, keys::SeedScheme scheme);

/// An open home: the passphrase was right, the log is authenticated, and pin, ledger and keys
/// belong together (PROTOCOL 5, binding).
class Session {
public:
    /// Makes the home: home key under the passphrase, identity key, ledger. Returns it open.
    static Session create(const Home& home, artefacts::Environment environment, const SecretBytes& passphrase,
                          crypto::Random& random, UtcTime now, crypto::Argon2Cost cost = crypto::argon2_floor);
    /// Makes a home that continues the log of a backup (its records, encoded) under a new identity key. It signs
    /// nothing until an amendment names that key, and holds no wallet keys until they are imported.
    static Session restore(const Home& home, std::vector<Bytes> records, const SecretBytes& passphrase, crypto::Random& random,
                           UtcTime now, crypto::Argon2Cost cost = crypto::argon2_floor);
    /// Throws Error{wrong_passphrase}, Error{binding}, and what the ledger throws.
    static Session open(const Home& home, const SecretBytes& passphrase, crypto::Random& random);

    requests::VaultLedger& ledger() { return *m_ledger; }
    const requests::VaultLedger& ledger() const { return *m_ledger; }
    const crypto::Ed25519PrivateKey& identity() const { return m_identity; }

    /// The machine's clock with the offset that `clock set` put into the ledger.
    UtcTime now(const Clock& clock) const;

    /// A key that is new to this home.
    struct NewKey {
        std::string id;
        std::string source;
        keys::SeedScheme scheme = keys::SeedScheme::bip39;
        requests::vault::KeyRest rest = requests::vault::KeyRest::sealed;
    };
    /// Stores a wallet key by its secret, sealed; after `restore` this puts a key that the log knows back in its place, as the log
    /// knows it. Throws Error{exists}.
    void add_key(const NewKey& key, const SecretBytes& secret, UtcTime now);
    /// True when the secret lies in a file of this home or was entered.
    bool has_secret(const std::string& id) const;
    /// Keeps the secret of a key that rests nowhere for this session. Throws Error{fingerprint} when it is of another key.
    void enter_key(const std::string& id, SecretBytes secret);
    /// Whether it is the secret of a key of this home, by its fingerprint. Throws Error{not_found}.
    bool is_secret_of(const std::string& id, const SecretBytes& secret) const;
    /// What a key's shares share. Throws Error{not_found}, Error{binding}, and Error{state} for a key that rests nowhere and was not entered.
    SecretBytes secret_of(const std::string& id) const;
    /// The set restores its key: those before it are retired, and a key that rests nowhere lies in no file from now on.
    void keep_shares(const Hash256& set, UtcTime now);

    /// The master key of a key of this home. Throws what secret_of() does.
    keys::ExtendedPrivateKey master_key(const std::string& id) const;
    /// The key at a path of SLIP-10 over Ed25519, of the same seed. Throws as above, and what Slip10Key::derive() does.
    keys::Slip10Key slip10_key(const std::string& id, const keys::DerivationPath& path) const;
    /// The key that the charter names, found by its origin and derived here. Throws Error{fingerprint}
    /// when this home does not hold it or what the charter names is not the one at that origin.
    keys::ExtendedPrivateKey account_key(const charter::ApplianceKey& key) const;
    /// The same, of a key that is bound; else Error{binding}.
    std::unique_ptr<keys::Signer> signer_for(const charter::ApplianceKey& key) const;

    /// Pins the first charter. Throws Error{binding} when one is pinned already or does not name this
    /// identity, Error{fingerprint} when it names other keys than this home has.
    void pin(const charter::PolicyChain& chain, UtcTime now);
    /// The key of this home that the charter names, by the fingerprint of its origin. Throws Error{fingerprint}.
    const requests::vault::KeyMade& own_key(const charter::ApplianceKey& key) const;
    /// Null when this home never had the key.
    const requests::vault::KeyMade* find_own_key(const charter::ApplianceKey& key) const;
    /// Binds every key of this home that the charter in force names and that is still free, for ever.
    void bind_named_keys(const charter::Charter& charter);

private:
    Session(const Home& home, SecretBytes home_key, crypto::Ed25519PrivateKey identity,
            std::unique_ptr<storage::SqliteDatabase> database, crypto::Random& random);

    /// Makes the files of a home; `first_records` gets the identity key and says how its log begins.
    static Session make(const Home& home, const SecretBytes& passphrase, crypto::Random& random, UtcTime now, crypto::Argon2Cost cost,
                        const std::function<std::vector<Bytes>(const std::string& identity)>& first_records);
    const requests::vault::KeyMade& known_key(const std::string& id) const;
    bool has_key_file(const std::string& id) const;
    void remove_files_of_shared_keys();
    SecretBytes seed(const std::string& id) const;
    Bytes binding_of(const charter::Charter& charter, const std::string& id) const;

    Home m_home;
    SecretBytes m_home_key;
    crypto::Ed25519PrivateKey m_identity;
    std::unique_ptr<storage::SqliteDatabase> m_database;
    std::unique_ptr<requests::VaultLedger> m_ledger;
    crypto::Random* m_random;
    std::map<std::string, SecretBytes> m_entered; ///< of keys that rest nowhere, by id
};

} // namespace coffer::appliance
