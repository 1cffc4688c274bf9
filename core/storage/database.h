#pragma once

#include "core/storage/statement.h"

#include <string_view>

namespace coffer::storage {

class Database;

/// A transaction that is undone when it goes out of scope without commit().
class Transaction {
public:
    enum class Kind { read, write };

    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();

    /// Makes everything durable: when it returns, the changes survive a power cut. When it throws,
    /// the transaction is undone, with one exception that no database can avoid: after `disk` the
    /// outcome is known only after reopening, and the connection refuses further work.
    void commit();

    Database& database() const { return *m_database; }
    Kind kind() const { return m_kind; }

private:
    friend class Database;
    Transaction(Database& database, Kind kind) : m_database{&database}, m_kind{kind} {}

    Database* m_database;
    Kind m_kind;
    bool m_is_open = true;
};

/// A connection to a database; one thread uses it.
///
/// The same SQL goes to SQLite and PostgreSQL: parameters `$1`, `$2`, …; values are 64-bit
/// integers, texts and blobs. Every change happens inside a write transaction; a change outside
/// of one, or a transaction inside another, is a broken invariant.
class Database {
public:
    Database() = default;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    virtual ~Database() = default;

    /// Waits its turn among the writers and takes the write lock at once, so that what is read
    /// inside holds until commit. Throws Error{busy} when its turn does not come in time.
    Transaction begin_immediate();
    /// One unchanging view of the database for several statements.
    Transaction begin_read();

    /// Throws Error{internal} for SQL that the database does not understand.
    virtual Statement prepare(std::string_view sql) = 0;
    /// Runs statements that are separated by semicolons and have neither parameters nor results.
    virtual void execute(std::string_view sql) = 0;
    virtual bool has_table(std::string_view name) = 0;

    /// Prepares and binds: `while (row.step())` reads the rows.
    template <typename... Values>
    Statement query(std::string_view sql, const Values&... values)
    {
        auto statement = prepare(sql);
        statement.bind(values...);
        return statement;
    }

    /// Prepares, binds and runs; answers how many rows changed.
    template <typename... Values>
    std::int64_t run(std::string_view sql, const Values&... values)
    {
        return query(sql, values...).run();
    }

protected:
    friend class Transaction;
    virtual void begin(Transaction::Kind kind) = 0;
    virtual void commit() = 0;
    virtual void roll_back() noexcept = 0;
};

} // namespace coffer::storage
