#pragma once

#include "core/base/clock.h"
#include "core/storage/database.h"

#include <span>
#include <string_view>

namespace coffer::storage {

/// One step of a schema: migrations/SET/NNNN_name.sql, compiled into the program.
struct Migration {
    int number;
    std::string_view name;
    std::string_view sql;
};

/// The home's database.
std::span<const Migration> online_migrations();
/// The appliance's ledger.
std::span<const Migration> vault_migrations();

enum class EmptySchema { refuse, accept };

/// Brings the schema up to date, one transaction a migration, each recorded with its hash in
/// `schema_migrations`. Runs at once when there is nothing to do, and then without a lock.
///
/// Throws Error{schema} when the database has a migration that this program does not know, or
/// whose content differs; Error{db_corrupt} for a database without any schema, unless `empty`
/// accepts it (only where a home is made: an empty database has no limits in it).
void migrate(Database& database, std::span<const Migration> migrations, UtcTime now, EmptySchema empty);

/// For readers: throws as migrate() does, and Error{schema} when migrations are missing.
void require_current_schema(Database& database, std::span<const Migration> migrations);

} // namespace coffer::storage
