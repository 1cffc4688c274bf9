#pragma once

#include "appliance/home.h"
#include "core/console/environment.h"
#include "core/keys/seed_signer.h"
#include "core/requests/vault_ledger.h"
#include "core/storage/sqlite.h"

#include <functional>
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

/// An open home: the passphrase was right, the log is authenticated, and pin, ledger and keys
/// belong together (PROTOCOL 5, binding).
class Session {
public:
    /// Makes the home: home key under the passphrase, identity key, ledger. Returns it open.
    static Session create(const Home& home, artefacts::Environment environment, const SecretBytes& passphrase,
                          crypto::Random& random, UtcTime now);
    /// Makes a home that continues the log of a backup (its records, encoded) under a new identity key. It signs
    /// nothing until an amendment names that key, and holds no wallet keys until they are imported.
    static Session restore(const Home& home, std::vector<Bytes> records, const SecretBytes& passphrase, crypto::Random& random,
                           UtcTime now);
    /// Throws Error{wrong_passphrase}, Error{binding}, and what the ledger throws.
    static Session open(const Home& home, const SecretBytes& passphrase, crypto::Random& random);

    requests::VaultLedger& ledger() { return *m_ledger; }
    const requests::VaultLedger& ledger() const { return *m_ledger; }
    const crypto::Ed25519PrivateKey& identity() const { return m_identity; }

    /// The machine's clock with the offset that `clock set` put into the ledger.
    UtcTime now(const Clock& clock) const;

    /// Stores a wallet key's BIP-39 entropy; after `restore` this puts a key that the log knows back
    /// in its place. Throws Error{exists}.
    void add_key(const std::string& id, const SecretBytes& entropy, std::string_view source, UtcTime now);
    /// The master key of a key of this home. Throws Error{not_found}, Error{binding}.
    keys::ExtendedPrivateKey master_key(const std::string& id) const;
    /// The key that the charter names, found by its origin and derived here. Throws Error{fingerprint}
    /// when this home does not hold it or what the charter names is not the one at that origin.
    keys::ExtendedPrivateKey account_key(const charter::ApplianceKey& key) const;
    /// The same, of a key that is bound; else Error{binding}.
    std::unique_ptr<keys::Signer> signer_for(const charter::ApplianceKey& key) const;

    /// Pins the first charter. Throws Error{binding} when one is pinned already or does not name this
    /// identity, Error{fingerprint} when it names other keys than this home has.
    void pin(const charter::PolicyChain& chain, UtcTime now);
    /// Binds every key of this home that the charter in force names and that is still free, for ever.
    void bind_named_keys(const charter::Charter& charter);

private:
    Session(const Home& home, SecretBytes home_key, crypto::Ed25519PrivateKey identity,
            std::unique_ptr<storage::SqliteDatabase> database, crypto::Random& random);

    /// Makes the files of a home; `first_records` gets the identity key and says how its log begins.
    static Session make(const Home& home, const SecretBytes& passphrase, crypto::Random& random, UtcTime now,
                        const std::function<std::vector<Bytes>(const std::string& identity)>& first_records);
    const requests::vault::KeyMade& own_key(const charter::ApplianceKey& key) const;
    bool has_key_file(const std::string& id) const;
    SecretBytes read_entropy(const std::string& id) const;
    Bytes binding_of(const charter::Charter& charter, const std::string& id) const;

    Home m_home;
    SecretBytes m_home_key;
    crypto::Ed25519PrivateKey m_identity;
    std::unique_ptr<storage::SqliteDatabase> m_database;
    std::unique_ptr<requests::VaultLedger> m_ledger;
    crypto::Random* m_random;
};

} // namespace coffer::appliance
