#include "core/storage/migrations.h"

#include "core/base/text.h"
#include "core/crypto/hash.h"

#include <string>

namespace coffer::storage {

namespace {

constexpr std::string_view create_table = "CREATE TABLE IF NOT EXISTS schema_migrations ("
                                          "number INTEGER PRIMARY KEY, name TEXT NOT NULL, "
                                          "sha256 BLOB NOT NULL, applied_at INTEGER NOT NULL)";

ByteArray<32> hash_of(const Migration& migration)
{
    return crypto::sha256(bytes_of(migration.sql));
}

std::string label(std::int64_t number, std::string_view name)
{
    return "migration " + std::to_string(number) + " (" + escaped(name) + ")";
}

/// Checks what was applied against what the program knows; answers how many were applied.
std::size_t count_applied(Database& database, std::span<const Migration> migrations)
{
    if (!database.has_table("schema_migrations"))
        return 0;
    std::size_t count = 0;
    auto row = database.query("SELECT number, name, sha256 FROM schema_migrations ORDER BY number");
    while (row.step()) {
        const auto number = row.integer(0);
        const auto name = row.text(1);
        if (count == migrations.size())
            throw Error{ErrorCode::schema,
                        "the database has " + label(number, name) + ", and this program knows " +
                            std::to_string(migrations.size()),
                        "use the version of the program that wrote it, or a newer one"};
        const auto& known = migrations[count];
        if (number != known.number || name != known.name || row.array<32>(2) != hash_of(known))
            throw Error{ErrorCode::schema, "the database has another content of " + label(number, name) + " than this program, " +
                                               label(known.number, known.name)};
        ++count;
    }
    return count;
}

void apply(Database& database, const Migration& migration, UtcTime now)
{
    database.execute(migration.sql);
    database.run("INSERT INTO schema_migrations (number, name, sha256, applied_at) VALUES ($1, $2, $3, $4)",
                 migration.number, migration.name, hash_of(migration), now.seconds);
}

Error without_schema()
{
    return Error{ErrorCode::db_corrupt, "the database has no tables",
                 "restore it from a backup; an empty database knows no limits"};
}

} // namespace

void migrate(Database& database, std::span<const Migration> migrations, UtcTime now, EmptySchema empty)
{
    auto applied = count_applied(database, migrations);
    if (applied == 0 && empty == EmptySchema::refuse)
        throw without_schema();
    while (applied < migrations.size()) {
        auto transaction = database.begin_immediate();
        // Another process may have applied it since.
        database.execute(create_table);
        applied = count_applied(database, migrations);
        if (applied < migrations.size())
            apply(database, migrations[applied++], now);
        transaction.commit();
    }
}

void require_current_schema(Database& database, std::span<const Migration> migrations)
{
    const auto applied = count_applied(database, migrations);
    if (applied == 0)
        throw without_schema();
    if (applied < migrations.size())
        throw Error{ErrorCode::schema,
                    "the database has " + std::to_string(applied) + " of " + std::to_string(migrations.size()) + " migrations",
                    "run a command that writes, such as `coffer doctor`"};
}

} // namespace coffer::storage
