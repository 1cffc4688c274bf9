#pragma once

#include "core/storage/database.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>

namespace coffer::storage {

enum class Access { read_only, read_write };
enum class Create { no, yes };

/// What `PRAGMA application_id` says, so that a database of something else is never taken for ours.
enum class ApplicationId : std::int32_t {
    online = 0x436f6631, // "Cof1"
    vault = 0x436f6656,  // "CofV"
};

struct SqliteOptions {
    ApplicationId application_id;
    Access access = Access::read_write;
    /// `yes` makes a missing file; without it a missing or empty one is an error, never an empty database.
    Create create = Create::no;
    /// How long a writer waits for its turn.
    std::chrono::milliseconds patience{30'000};
};

/// A SQLite database in WAL mode with `synchronous=FULL`, so that a commit survives a power cut.
class SqliteDatabase final : public Database {
public:
    /// The file, its folder and SQLite's files beside it must belong to this user and be closed to
    /// group and others. Throws Error: `not_found`; `file_perm`; `file_type`; `db_corrupt` for a file
    /// that is empty, damaged, cut or another program's; `busy`; `disk`, also for a file system of another machine.
    SqliteDatabase(const std::filesystem::path& path, const SqliteOptions& options);
    ~SqliteDatabase() override;

    Statement prepare(std::string_view sql) override;
    void execute(std::string_view sql) override;
    bool has_table(std::string_view name) override;

    /// Reads every page, index and foreign key. Slow: for `doctor` and tests. Throws Error{db_corrupt}
    /// with the first thing that is wrong. It cannot see a change inside a value; the audit chain can.
    void verify_integrity();

private:
    void begin(Transaction::Kind kind) override;
    void commit() override;
    void roll_back() noexcept override;

    class Connection;
    class CachedStatement;
    std::unique_ptr<Connection> m_connection;
};

} // namespace coffer::storage
