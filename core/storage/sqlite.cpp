#include "core/storage/sqlite.h"

#include "core/base/text.h"
#include "core/storage/descriptor.h"
#include "core/storage/file.h"
#include "core/storage/file_system.h"
#include "core/storage/lock_file.h"

#include <algorithm>
#include <fcntl.h>
#include <map>
#include <optional>
#include <sqlite3.h>
#include <string>
#include <sys/stat.h>
#include <vector>

namespace coffer::storage {

namespace {

using std::filesystem::path;

/// Rows hold artefacts, and a bundle or review has at most 64 MiB.
constexpr int most_row_bytes = 80 * 1024 * 1024;
constexpr std::size_t most_idle_statements = 64;

ErrorCode code_of_result(int result)
{
    switch (result & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL: return ErrorCode::busy;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN: return ErrorCode::disk;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return ErrorCode::db_corrupt;
    case SQLITE_TOOBIG: return ErrorCode::limit;
    default: return ErrorCode::internal;
    }
}

struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};

struct Finalize {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
};
using StatementHandle = std::unique_ptr<sqlite3_stmt, Finalize>;

/// A compiled statement, with where SQLite has put each `$n`: it numbers them as they first appear.
struct Compiled {
    StatementHandle handle;
    std::vector<int> indexes;
};

std::vector<int> parameter_indexes(sqlite3_stmt* handle, std::string_view sql)
{
    const auto count = sqlite3_bind_parameter_count(handle);
    std::vector<int> indexes;
    for (int number = 1; number <= count; ++number) {
        const auto index = sqlite3_bind_parameter_index(handle, ("$" + std::to_string(number)).c_str());
        if (index == 0)
            fatal("parameters are not $1 to $n: " + std::string{sql});
        indexes.push_back(index);
    }
    return indexes;
}

void create_empty(const path& name)
{
    const Descriptor file{uninterrupted(
        [&] { return ::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, private_mode); })};
    // Another process may be making the same home.
    if (!file.is_open() && errno != EEXIST)
        throw file_error(errno, "create", name);
    sync_folder(name.parent_path());
}

/// The file, and what SQLite keeps beside it, are regular, ours and private.
void require_private_files(const path& name)
{
    for (const auto* suffix : {"", "-wal", "-shm", "-journal"}) {
        const path file = name.string() + suffix;
        struct stat status{};
        if (::lstat(file.c_str(), &status) != 0) {
            if (errno == ENOENT && *suffix != '\0')
                continue;
            throw file_error(errno, "open", file);
        }
        if (!S_ISREG(status.st_mode))
            throw Error{ErrorCode::file_type, quoted(file) + " is not a regular file"};
        require_private(file);
    }
}

bool is_empty_file(const path& name)
{
    struct stat status{};
    return ::lstat(name.c_str(), &status) == 0 && status.st_size == 0;
}

void require_content(const path& name)
{
    if (is_empty_file(name))
        throw Error{ErrorCode::db_corrupt, "database " + quoted(name) + " is empty",
                    "restore it from a backup; an empty database knows no limits"};
}

/// The folder may be reached through links; the file itself may not be one.
path resolve(const path& name)
{
    std::error_code failure;
    const auto folder = std::filesystem::canonical(name.has_parent_path() ? name.parent_path() : path{"."}, failure);
    if (failure)
        throw file_error(failure.value(), "open", name);
    return folder / name.filename();
}

} // namespace

class SqliteDatabase::Connection {
public:
    /// Compiled statements by their SQL; a statement in use is a node outside of the map.
    using Statements = std::multimap<std::string, Compiled, std::less<>>;

    Connection(const path& name, const SqliteOptions& options);

    Statements::node_type take(std::string_view sql);
    void give_back(Statements::node_type statement);

    void begin(Transaction::Kind kind);
    void commit();
    void roll_back() noexcept;
    void run_script(std::string_view sql);
    void verify_integrity();

    /// One step of a statement; true when there is a row.
    bool step(sqlite3_stmt* statement);
    /// Also remembers a disk that failed in the middle of a change: what the kernel then holds is
    /// unknown and a second try may falsely succeed, so this connection does no more.
    Error error(int result, std::string_view action);
    sqlite3* handle() const { return m_handle.get(); }

private:
    void open();
    void configure();
    void check_identity(ApplicationId id, Create create);
    void use_wal();

    StatementHandle compile(std::string_view sql, unsigned flags, std::string_view* rest = nullptr);
    /// For the statements of this file, which the rule about transactions does not bind.
    void run(std::string_view sql);
    std::int64_t integer_of(std::string_view sql);
    std::string text_of_first(std::string_view sql);
    void set_and_check(const std::string& name, std::int64_t value);
    void make_name_of_wal_durable();
    void require_permitted(sqlite3_stmt* statement) const;
    void end_transaction() noexcept;

    path m_path;
    Access m_access;
    std::chrono::milliseconds m_patience;
    std::unique_ptr<sqlite3, Close> m_handle;
    Statements m_idle;
    LockFile m_lock_file;
    std::optional<LockFile::Lock> m_lock;
    std::optional<Transaction::Kind> m_transaction;
    bool m_has_failed = false;
    bool m_is_name_durable = false;
};

class SqliteDatabase::CachedStatement final : public StatementDriver {
public:
    CachedStatement(Connection& connection, std::string_view sql)
        : m_connection{connection}, m_node{connection.take(sql)}, m_is_bound(m_node.mapped().indexes.size())
    {
    }
    CachedStatement(const CachedStatement&) = delete;
    CachedStatement& operator=(const CachedStatement&) = delete;
    ~CachedStatement() override
    {
        reset();
        m_connection.give_back(std::move(m_node));
    }

    void bind_integer(int number, std::int64_t value) override
    {
        check(sqlite3_bind_int64(statement(), index(number), value));
    }
    void bind_text(int number, std::string_view value) override
    {
        // A null pointer would bind NULL, and an empty view may have one.
        const auto* data = value.empty() ? "" : value.data();
        check(sqlite3_bind_text64(statement(), index(number), data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    }
    void bind_blob(int number, ByteView value) override
    {
        const auto target = index(number);
        check(value.empty() ? sqlite3_bind_zeroblob(statement(), target, 0)
                            : sqlite3_bind_blob64(statement(), target, value.data(), value.size(), SQLITE_TRANSIENT));
    }
    void bind_null(int number) override { check(sqlite3_bind_null(statement(), index(number))); }

    bool step() override
    {
        if (std::ranges::find(m_is_bound, false) != m_is_bound.end())
            fatal("statement with a parameter that has no value: " + m_node.key());
        if (m_connection.step(statement()))
            return true;
        m_changed_rows = sqlite3_stmt_readonly(statement()) != 0 ? 0 : sqlite3_changes64(m_connection.handle());
        sqlite3_reset(statement());
        return false;
    }

    void reset() override
    {
        sqlite3_reset(statement());
        sqlite3_clear_bindings(statement());
        m_is_bound.assign(m_is_bound.size(), false);
    }

    std::int64_t changed_rows() const override { return m_changed_rows; }

    bool is_null(int column) const override { return type_of(column) == SQLITE_NULL; }
    std::int64_t integer(int column) const override
    {
        expect(column, SQLITE_INTEGER, "an integer");
        return sqlite3_column_int64(statement(), column);
    }
    std::string_view text(int column) const override
    {
        expect(column, SQLITE_TEXT, "a text");
        const auto* data = sqlite3_column_text(statement(), column);
        return text_of(content(column, data));
    }
    ByteView blob(int column) const override
    {
        expect(column, SQLITE_BLOB, "a blob");
        const auto* data = static_cast<const unsigned char*>(sqlite3_column_blob(statement(), column));
        return content(column, data);
    }

private:
    sqlite3_stmt* statement() const { return m_node.mapped().handle.get(); }

    int index(int number)
    {
        const auto position = static_cast<std::size_t>(number) - 1;
        const auto& indexes = m_node.mapped().indexes;
        if (position >= indexes.size())
            fatal("statement without a parameter $" + std::to_string(number) + ": " + m_node.key());
        m_is_bound[position] = true;
        return indexes[position];
    }

    void check(int result)
    {
        if (result != SQLITE_OK)
            throw m_connection.error(result, "bind a value for");
    }

    int type_of(int column) const
    {
        if (column < 0 || column >= sqlite3_data_count(statement()))
            fatal("no such column, or no row: " + m_node.key());
        return sqlite3_column_type(statement(), column);
    }

    void expect(int column, int type, std::string_view what) const
    {
        if (type_of(column) != type)
            throw Error{ErrorCode::db_corrupt, "column " + std::string{sqlite3_column_name(statement(), column)} +
                                                   " of the database is not " + std::string{what}};
    }

    ByteView content(int column, const unsigned char* data) const
    {
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement(), column));
        if (data == nullptr && size != 0)
            throw Error{ErrorCode::internal, "out of memory"};
        return {data, size};
    }

    Connection& m_connection;
    mutable Connection::Statements::node_type m_node;
    std::vector<bool> m_is_bound;
    std::int64_t m_changed_rows = 0;
};

SqliteDatabase::Connection::Connection(const path& name, const SqliteOptions& options)
    : m_path{resolve(name)}, m_access{options.access}, m_patience{options.patience}, m_lock_file{m_path.string() + ".lock"}
{
    require(options.create == Create::no || m_access == Access::read_write, "a reader cannot create a database");
    require_private(m_path.parent_path());
    require_local_file_system(m_path.parent_path());
    // Two processes that make the same home take their turns.
    std::optional<LockFile::Lock> lock;
    if (options.create == Create::yes) {
        lock = m_lock_file.acquire(m_patience);
        create_empty(m_path);
    }
    require_private_files(m_path);
    if (options.create == Create::no)
        require_content(m_path);
    open();
    configure();
    check_identity(options.application_id, options.create);
    use_wal();
}

void SqliteDatabase::Connection::open()
{
    const int access = m_access == Access::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    sqlite3* handle = nullptr;
    // Never SQLITE_OPEN_CREATE: a file that went away in between must not come back empty.
    const auto result = sqlite3_open_v2(m_path.c_str(), &handle,
                                        access | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, nullptr);
    m_handle.reset(handle);
    if (result != SQLITE_OK)
        throw error(result, "open");
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, static_cast<int>(m_patience.count()));
}

void SqliteDatabase::Connection::configure()
{
    const auto set = [&](int option, int value) {
        require(sqlite3_db_config(handle(), option, value, nullptr) == SQLITE_OK, "SQLite lacks a setting");
    };
    set(SQLITE_DBCONFIG_DEFENSIVE, 1);
    set(SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0);
    set(SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0);
    set(SQLITE_DBCONFIG_ENABLE_TRIGGER, 1);
    set(SQLITE_DBCONFIG_DQS_DML, 0);
    set(SQLITE_DBCONFIG_DQS_DDL, 0);
    sqlite3_limit(handle(), SQLITE_LIMIT_LENGTH, most_row_bytes);
    sqlite3_limit(handle(), SQLITE_LIMIT_ATTACHED, 0);
    run("PRAGMA mmap_size = 0");
    run("PRAGMA temp_store = MEMORY");
    set_and_check("cell_size_check", 1);
    set_and_check("foreign_keys", 1);
    set_and_check("recursive_triggers", 1); // so that REPLACE fires delete triggers
    set_and_check("query_only", m_access == Access::read_only ? 1 : 0);
    set_and_check("synchronous", 2); // FULL: NORMAL loses acknowledged commits at a power cut
}

void SqliteDatabase::Connection::check_identity(ApplicationId id, Create create)
{
    const auto wanted = static_cast<std::int32_t>(id);
    // The first read undoes what a power cut has left half done, which may leave nothing.
    auto found = integer_of("PRAGMA application_id");
    // The identity goes in first, in one durable step: a crash leaves an empty file or one of ours.
    if (create == Create::yes && is_empty_file(m_path)) {
        run("PRAGMA application_id = " + std::to_string(wanted));
        found = integer_of("PRAGMA application_id");
    }
    require_content(m_path);
    if (found != wanted)
        throw Error{ErrorCode::db_corrupt,
                    "database " + quoted(m_path) + " has application id " + std::to_string(found) + ", expected " +
                        std::to_string(wanted),
                    "another program wrote it"};
}

void SqliteDatabase::Connection::use_wal()
{
    // This loads the schema, too, and so finds a damaged first page and a file that was cut.
    const auto mode = text_of_first(m_access == Access::read_only ? "PRAGMA journal_mode" : "PRAGMA journal_mode = WAL");
    if (mode != "wal")
        throw Error{ErrorCode::disk, "database " + quoted(m_path) + " has journal mode " + mode + ", expected wal"};
}

Error SqliteDatabase::Connection::error(int result, std::string_view action)
{
    if ((result & 0xff) == SQLITE_IOERR && m_transaction == Transaction::Kind::write)
        m_has_failed = true;
    const std::string_view reason = m_handle != nullptr ? sqlite3_errmsg(handle()) : sqlite3_errstr(result);
    return Error{code_of_result(result),
                 "cannot " + std::string{action} + " database " + quoted(m_path) + ": " + escaped(reason)};
}

StatementHandle SqliteDatabase::Connection::compile(std::string_view sql, unsigned flags, std::string_view* rest)
{
    sqlite3_stmt* statement = nullptr;
    const char* end = nullptr;
    const auto result = sqlite3_prepare_v3(handle(), sql.data(), static_cast<int>(sql.size()), flags, &statement, &end);
    StatementHandle owned{statement};
    if (result != SQLITE_OK)
        throw error(result, "prepare a statement for");
    if (rest != nullptr)
        *rest = sql.substr(static_cast<std::size_t>(end - sql.data()));
    return owned;
}

void SqliteDatabase::Connection::run(std::string_view sql)
{
    const auto statement = compile(sql, 0);
    int result = SQLITE_ROW;
    while (result == SQLITE_ROW)
        result = sqlite3_step(statement.get());
    if (result != SQLITE_DONE)
        throw error(result, "use");
}

std::int64_t SqliteDatabase::Connection::integer_of(std::string_view sql)
{
    const auto statement = compile(sql, 0);
    const auto result = sqlite3_step(statement.get());
    if (result != SQLITE_ROW)
        throw error(result, "read");
    return sqlite3_column_int64(statement.get(), 0);
}

std::string SqliteDatabase::Connection::text_of_first(std::string_view sql)
{
    const auto statement = compile(sql, 0);
    const auto result = sqlite3_step(statement.get());
    if (result != SQLITE_ROW)
        throw error(result, "read");
    const auto* text = sqlite3_column_text(statement.get(), 0);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement.get(), 0));
    return std::string{text_of(ByteView{text, size})};
}

void SqliteDatabase::Connection::set_and_check(const std::string& name, std::int64_t value)
{
    run("PRAGMA " + name + " = " + std::to_string(value));
    require(integer_of("PRAGMA " + name) == value, "SQLite does not take PRAGMA " + name);
}

SqliteDatabase::Connection::Statements::node_type SqliteDatabase::Connection::take(std::string_view sql)
{
    const auto found = m_idle.find(sql);
    if (found != m_idle.end())
        return m_idle.extract(found);
    std::string_view rest;
    auto statement = compile(sql, SQLITE_PREPARE_PERSISTENT, &rest);
    if (statement == nullptr || !trim(rest).empty())
        fatal("not one statement: " + std::string{sql});
    auto indexes = parameter_indexes(statement.get(), sql);
    Statements made;
    made.emplace(sql, Compiled{std::move(statement), std::move(indexes)});
    return made.extract(made.begin());
}

void SqliteDatabase::Connection::give_back(Statements::node_type statement)
{
    if (m_idle.size() < most_idle_statements)
        m_idle.insert(std::move(statement));
}

void SqliteDatabase::Connection::require_permitted(sqlite3_stmt* statement) const
{
    if (m_has_failed)
        throw Error{ErrorCode::disk, "the disk of database " + quoted(m_path) + " has failed",
                    "run the command again when the disk is sound; it finds out what was done"};
    require(sqlite3_stmt_readonly(statement) != 0 || m_transaction == Transaction::Kind::write,
            "a change outside of a write transaction");
}

bool SqliteDatabase::Connection::step(sqlite3_stmt* statement)
{
    require_permitted(statement);
    const auto result = sqlite3_step(statement);
    if (result == SQLITE_ROW || result == SQLITE_DONE)
        return result == SQLITE_ROW;
    const auto failure = error(result, "run a statement on");
    sqlite3_reset(statement);
    throw failure;
}

void SqliteDatabase::Connection::run_script(std::string_view sql)
{
    while (!trim(sql).empty()) {
        const auto statement = compile(sql, 0, &sql);
        while (statement != nullptr && step(statement.get())) {
        }
    }
}

void SqliteDatabase::Connection::begin(Transaction::Kind kind)
{
    require(!m_transaction, "a transaction inside a transaction");
    require(kind == Transaction::Kind::read || m_access == Access::read_write, "a write transaction of a reader");
    if (kind == Transaction::Kind::write)
        m_lock = m_lock_file.acquire(m_patience);
    try {
        if (kind == Transaction::Kind::write)
            make_name_of_wal_durable();
        const auto statement = compile(kind == Transaction::Kind::write ? "BEGIN IMMEDIATE" : "BEGIN", 0);
        m_transaction = kind;
        step(statement.get());
    } catch (...) {
        end_transaction();
        throw;
    }
}

/// SQLite syncs the folder when it has made its log, but goes on when that fails: commits would be in a file without
/// a name.
void SqliteDatabase::Connection::make_name_of_wal_durable()
{
    if (!m_is_name_durable)
        sync_folder(m_path.parent_path());
    m_is_name_durable = true;
}

void SqliteDatabase::Connection::commit()
{
    const auto statement = compile("COMMIT", 0);
    step(statement.get());
    end_transaction();
}

void SqliteDatabase::Connection::roll_back() noexcept
{
    // SQLite has rolled back already after some errors. Nothing helps when this fails; the lock goes all the same.
    if (sqlite3_get_autocommit(handle()) == 0)
        sqlite3_exec(handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    end_transaction();
}

void SqliteDatabase::Connection::end_transaction() noexcept
{
    m_transaction.reset();
    m_lock.reset();
}

void SqliteDatabase::Connection::verify_integrity()
{
    const auto finding = text_of_first("PRAGMA integrity_check(1)");
    if (finding != "ok")
        throw Error{ErrorCode::db_corrupt, "database " + quoted(m_path) + ": " + escaped(finding)};
    const auto orphans = compile("PRAGMA foreign_key_check", 0);
    if (step(orphans.get()))
        throw Error{ErrorCode::db_corrupt, "database " + quoted(m_path) + " has a row without the row that it refers to"};
}

SqliteDatabase::SqliteDatabase(const path& name, const SqliteOptions& options)
    : m_connection{std::make_unique<Connection>(name, options)}
{
}

SqliteDatabase::~SqliteDatabase() = default;

Statement SqliteDatabase::prepare(std::string_view sql)
{
    return Statement{std::make_unique<CachedStatement>(*m_connection, sql)};
}

void SqliteDatabase::execute(std::string_view sql)
{
    m_connection->run_script(sql);
}

bool SqliteDatabase::has_table(std::string_view name)
{
    auto row = query("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = $1", name);
    row.step();
    return row.flag(0);
}

void SqliteDatabase::verify_integrity()
{
    m_connection->verify_integrity();
}

void SqliteDatabase::begin(Transaction::Kind kind)
{
    m_connection->begin(kind);
}

void SqliteDatabase::commit()
{
    m_connection->commit();
}

void SqliteDatabase::roll_back() noexcept
{
    m_connection->roll_back();
}

} // namespace coffer::storage
