#pragma once

#include "core/artefacts/artefact.h"
#include "core/charter/policy_chain.h"
#include "core/console/command.h"
#include "core/storage/database.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace coffer::audit {
class AuditLog;
struct Event;
}

namespace coffer::cli {

struct Config;

/// Where the files of a home are.
struct HomePaths {
    std::filesystem::path folder;
    std::filesystem::path config; ///< `coffer.toml` there, or what --config names

    std::filesystem::path database() const { return folder / "coffer.db"; }
    std::filesystem::path audit_key() const { return folder / "audit.key"; }
};

/// --home and --config, global options of the program.
std::vector<console::OptionSpec> home_options();

/// --home, else $COFFER_HOME, else $XDG_DATA_HOME/coffer, else $HOME/.local/share/coffer. Throws
/// Error{usage} when there is none of them.
HomePaths home_paths(const console::Invocation& invocation);

/// What a command that opens a home and its policy chain may end with, and what it may besides.
std::vector<ExitStatus> home_exits(std::vector<ExitStatus> more = {});

/// The online home: configuration, database, the policy chain in it, the audit log and its key.
///
/// Everything is opened at first use. A state change is one write transaction that holds its
/// audit record:
///
///     auto transaction = home.database().begin_immediate();
///     const auto& chain = home.chain(transaction);
///     …
///     home.record(transaction, {.type = "vote.recorded", …});
///     transaction.commit();
class Home {
public:
    /// What `init` makes: a folder of mode 0700 with the configuration, an empty database and a new
    /// audit key. Repeating it finishes what an interrupted run left. Throws Error{exists} when there is a home
    /// already.
    static Home create(const console::Invocation& invocation, const Config& config);
    /// Throws Error{not_found} with the advice to run `coffer init`, Error{file_perm}, and what the
    /// configuration gets wrong.
    static Home open(const console::Invocation& invocation);

    Home(Home&&) noexcept;
    Home& operator=(Home&&) noexcept;
    ~Home();

    const HomePaths& paths() const;
    const Config& config() const;
    UtcTime now() const;

    /// Migrated. Errors: those of SqliteDatabase, `schema`.
    storage::Database& database();
    audit::AuditLog& audit();

    /// False until a first charter is adopted.
    bool has_charter();
    /// The policy chain, every link verified. Throws Error{not_found} before a charter is adopted,
    /// Error{db_tamper} naming the row of a link that does not verify, Error{env} when the charter is
    /// for another environment than the configuration.
    const charter::PolicyChain& chain();
    /// The same with what others have linked meanwhile; inside of a write transaction it stays the newest.
    const charter::PolicyChain& chain(storage::Transaction& transaction);

    /// Verifies `artefact` (a charter or an entry) as the next link, stores it, and returns it. A
    /// first charter founds the chain. Errors: those of PolicyChain. What was verified counts in
    /// chain() at once: after a transaction that is not committed this object is of no more use.
    charter::Link append_link(storage::Transaction& transaction, Bytes artefact);

    /// Appends to the audit log. The actor of an event that names none is the account that runs the program.
    void record(storage::Transaction& transaction, audit::Event event);

    /// Environment and treasury of the charter in force.
    const artefacts::BodyHeader& header();
    /// The audit key. Throws Error{file_perm}, Error{malformed}.
    const crypto::Ed25519PrivateKey& audit_key();
    /// The head of the audit log as of now, signed: a `coffer-head` of source `online`.
    artefacts::Artefact signed_head();

private:
    struct Parts;
    explicit Home(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> m_parts;
};

} // namespace coffer::cli
