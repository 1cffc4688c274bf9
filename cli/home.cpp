#include "cli/home.h"

#include "cli/files/config.h"
#include "core/audit/log.h"
#include "core/base/text.h"
#include "core/console/output.h"
#include "core/requests/head.h"
#include "core/storage/file.h"
#include "core/storage/migrations.h"
#include "core/storage/sqlite.h"

#include <optional>
#include <system_error>
#include <unistd.h>

namespace coffer::cli {

namespace {

using charter::Link;
using charter::PolicyChain;

constexpr std::size_t seed_size = 32;

std::filesystem::path default_folder(const console::Environment& environment)
{
    const auto set = [&](const char* name) {
        const auto value = environment.variable(name);
        return value && !value->empty() ? value : std::nullopt;
    };
    if (const auto home = set("COFFER_HOME"))
        return *home;
    if (const auto data = set("XDG_DATA_HOME"))
        return std::filesystem::path{*data} / "coffer";
    if (const auto user = set("HOME"))
        return std::filesystem::path{*user} / ".local/share/coffer";
    throw Error{ErrorCode::usage, "there is no home: neither --home nor COFFER_HOME, XDG_DATA_HOME or HOME is set",
                "name one with --home DIR"};
}

/// Who runs the program, for records that no officer signs.
std::string account(const console::Environment& environment)
{
    const auto user = environment.variable("USER");
    return user && !user->empty() ? "user:" + *user : "uid:" + std::to_string(::getuid());
}

Error tampered(std::uint64_t number, const std::string& message)
{
    return {ErrorCode::db_tamper, "table links, row " + std::to_string(number) + ": " + message,
            "nothing was changed; keep the home as it is and tell compliance"};
}

void apply_stored(std::optional<PolicyChain>& chain, const Link& link)
{
    if (chain) {
        chain->apply(link, std::nullopt);
        return;
    }
    if (link.number != 0 || !link.previous.is_zero())
        throw Error{ErrorCode::policy_gap, "the first charter is missing"};
    chain = PolicyChain::found(link.artefact);
}

/// Applies the links that `chain` lacks. Every one is verified as if it came from outside.
void load_links(storage::Database& database, std::optional<PolicyChain>& chain)
{
    const auto held = chain ? chain->links().size() : 0;
    auto row = database.query("SELECT number, previous, artefact, hash, entry_hash FROM links "
                              "WHERE number >= $1 ORDER BY number", held);
    while (row.step()) {
        const Link link{row.natural(0), LinkHash{row.array<32>(1)}, row.blob(2)};
        try {
            apply_stored(chain, link);
        } catch (const Error& error) {
            throw tampered(link.number, error.message());
        }
        if (row.array<32>(3) != link.hash().bytes() || row.array<32>(4) != link.entry_hash().bytes())
            throw tampered(link.number, "a hash in the row is not that of the signed bytes");
    }
}

bool is_empty(storage::Database& database, std::string_view query)
{
    auto row = database.query(query);
    return !row.step();
}

} // namespace

std::vector<console::OptionSpec> home_options()
{
    return {
        {.name = "home",
         .metavar = "DIR",
         .help = "the home (default: $COFFER_HOME, else $XDG_DATA_HOME/coffer)",
         .completes = console::Completes::directory},
        {.name = "config",
         .metavar = "FILE",
         .help = "another configuration than coffer.toml in the home",
         .completes = console::Completes::file},
    };
}

HomePaths home_paths(const console::Invocation& invocation)
{
    const auto& environment = invocation.environment();
    HomePaths paths;
    paths.folder = invocation.has("home") ? invocation.path("home")
                                          : environment.working_directory / default_folder(environment);
    paths.config = invocation.has("config") ? invocation.path("config") : paths.folder / "coffer.toml";
    return paths;
}

std::vector<ExitStatus> home_exits(std::vector<ExitStatus> more)
{
    more.insert(more.end(), {ExitStatus::malformed, ExitStatus::policy, ExitStatus::conflict, ExitStatus::not_found,
                             ExitStatus::unavailable, ExitStatus::integrity});
    return more;
}

struct Home::Parts {
    console::Environment& environment;
    HomePaths paths;
    Config config;
    std::unique_ptr<storage::SqliteDatabase> database{};
    std::unique_ptr<audit::AuditLog> audit{};
    std::optional<PolicyChain> chain{};
    bool has_loaded_chain = false;
    std::optional<crypto::Ed25519PrivateKey> audit_key{};

    void load_chain()
    {
        if (has_loaded_chain)
            return;
        refresh_chain();
        has_loaded_chain = true;
    }

    void refresh_chain()
    {
        load_links(open_database(), chain);
        if (!chain && !is_empty(*database, "SELECT version FROM charters LIMIT 1"))
            throw Error{ErrorCode::db_tamper, "table links has no row, but table charters has"};
        if (chain && chain->charter().header.environment != config.environment)
            throw Error{ErrorCode::env, "the charter is for environment " +
                                            std::string{name_of(chain->charter().header.environment)} +
                                            ", the configuration says " + std::string{name_of(config.environment)}};
    }

    storage::SqliteDatabase& open_database(storage::Create create = storage::Create::no)
    {
        if (!database) {
            auto opened = std::make_unique<storage::SqliteDatabase>(
                paths.database(),
                storage::SqliteOptions{.application_id = storage::ApplicationId::online, .create = create});
            storage::migrate(*opened, storage::online_migrations(), environment.clock.now(),
                             create == storage::Create::yes ? storage::EmptySchema::accept : storage::EmptySchema::refuse);
            database = std::move(opened);
        }
        return *database;
    }

    const PolicyChain& require_chain() const
    {
        if (!chain)
            throw Error{ErrorCode::not_found, "no charter is in force in " + storage::quoted(paths.folder),
                        "coffer charter adopt SEALED"};
        return *chain;
    }
};

Home::Home(std::unique_ptr<Parts> parts) : m_parts{std::move(parts)} {}
Home::Home(Home&&) noexcept = default;
Home& Home::operator=(Home&&) noexcept = default;
Home::~Home() = default;

Home Home::create(const console::Invocation& invocation, const Config& config)
{
    auto& environment = invocation.environment();
    const auto paths = home_paths(invocation);
    std::error_code ignored;
    if (paths.folder.has_parent_path())
        std::filesystem::create_directories(paths.folder.parent_path(), ignored);
    if (std::filesystem::exists(paths.config))
        throw Error{ErrorCode::exists, "there is a home already: " + storage::quoted(paths.config)};
    if (!std::filesystem::exists(paths.folder))
        storage::create_private_directory(paths.folder);
    storage::require_private(paths.folder);

    Home home{std::make_unique<Parts>(Parts{.environment = environment, .paths = paths, .config = config})};
    auto& parts = *home.m_parts;
    parts.open_database(storage::Create::yes);
    if (!std::filesystem::exists(paths.audit_key())) {
        if (!is_empty(*parts.database, "SELECT number FROM links LIMIT 1"))
            throw Error{ErrorCode::binding, storage::quoted(paths.audit_key()) + " is missing, and the database has a charter that names it",
                        "restore the home from its backup"};
        const auto seed = environment.random.secret(seed_size);
        storage::write_file_atomically(paths.audit_key(), seed.reveal(), storage::private_mode, storage::Overwrite::no);
    }
    // Last, since it is what makes a folder a home.
    storage::write_file_atomically(paths.config, bytes_of(write_config(config)), storage::private_mode,
                                   storage::Overwrite::no);
    return home;
}

Home Home::open(const console::Invocation& invocation)
{
    const auto paths = home_paths(invocation);
    if (!std::filesystem::exists(paths.folder) || !std::filesystem::exists(paths.config))
        throw Error{ErrorCode::not_found, "there is no home at " + storage::quoted(paths.folder), "coffer init makes one"};
    storage::require_private(paths.folder);
    auto config = load_config(paths.config);
    if (config.environment == artefacts::Environment::rehearsal)
        invocation.output().warning("this is a rehearsal: nothing here is worth anything");
    return Home{std::make_unique<Parts>(Parts{.environment = invocation.environment(), .paths = paths, .config = std::move(config)})};
}

const HomePaths& Home::paths() const
{
    return m_parts->paths;
}

const Config& Home::config() const
{
    return m_parts->config;
}

UtcTime Home::now() const
{
    return m_parts->environment.clock.now();
}

storage::Database& Home::database()
{
    return m_parts->open_database();
}

audit::AuditLog& Home::audit()
{
    if (!m_parts->audit)
        m_parts->audit = std::make_unique<audit::AuditLog>(database());
    return *m_parts->audit;
}

bool Home::has_charter()
{
    m_parts->load_chain();
    return m_parts->chain.has_value();
}

const PolicyChain& Home::chain()
{
    m_parts->load_chain();
    return m_parts->require_chain();
}

const PolicyChain& Home::chain(storage::Transaction&)
{
    m_parts->refresh_chain();
    m_parts->has_loaded_chain = true;
    return m_parts->require_chain();
}

Link Home::append_link(storage::Transaction& transaction, Bytes artefact)
{
    m_parts->refresh_chain();
    m_parts->has_loaded_chain = true;
    auto& chain = m_parts->chain;
    const auto kind = artefacts::Artefact::decode_any(artefact).kind();
    if (!chain)
        chain = PolicyChain::found(artefact);
    else
        chain->apply(chain->next(artefact), now());
    const auto& link = chain->links().back();

    auto& own = transaction.database();
    own.run("INSERT INTO links (number, hash, previous, entry_hash, artefact, linked_at) VALUES ($1, $2, $3, $4, $5, $6)",
            link.number, link.hash().bytes(), link.previous.bytes(), link.entry_hash().bytes(), link.artefact, now().seconds);
    if (kind == artefacts::Kind::charter)
        own.run("INSERT INTO charters (version, hash, sealed, adopted_at) VALUES ($1, $2, $3, $4)",
                chain->charter().version, chain->charter_hash().bytes(), link.artefact, now().seconds);
    return link;
}

void Home::record(storage::Transaction& transaction, audit::Event event)
{
    if (event.actor.empty())
        event.actor = account(m_parts->environment);
    audit().append(transaction, event, now());
}

const artefacts::BodyHeader& Home::header()
{
    return chain().charter().header;
}

const crypto::Ed25519PrivateKey& Home::audit_key()
{
    if (!m_parts->audit_key) {
        const auto file = paths().audit_key();
        const auto seed = storage::read_secret_file(file, seed_size);
        if (seed.size() != seed_size)
            throw Error{ErrorCode::malformed, storage::quoted(file) + " has " + std::to_string(seed.size()) + " bytes, not 32"};
        m_parts->audit_key.emplace(seed);
    }
    return *m_parts->audit_key;
}

artefacts::Artefact Home::signed_head()
{
    const auto head = audit().head();
    auto artefact = requests::encode({.header = header(),
                                      .source = std::string{requests::online_source},
                                      .size = head.size,
                                      .root = head.root,
                                      .time = now()});
    artefact.sign(audit_key());
    return artefact;
}

} // namespace coffer::cli
