#include "core/storage/migrations.h"

#include "core/storage/sqlite.h"
#include "tests/support/scratch.h"
#include "tests/support/vectors.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace coffer::storage {
namespace {

using test::ScratchDirectory;

constexpr UtcTime now{1'800'000'000};
constexpr Migration first{1, "first", "CREATE TABLE a (x INTEGER) STRICT"};
constexpr Migration second{2, "second", "CREATE TABLE b (x INTEGER) STRICT; INSERT INTO b VALUES (1)"};

class Migrations : public testing::Test {
protected:
    SqliteDatabase open()
    {
        return SqliteDatabase{scratch / "coffer.db", {.application_id = ApplicationId::online, .create = Create::yes}};
    }
    static void apply(Database& database, const std::vector<Migration>& set, EmptySchema empty = EmptySchema::accept)
    {
        migrate(database, set, now, empty);
    }

    ScratchDirectory scratch;
    SqliteDatabase database = open();
};

TEST_F(Migrations, RunOnceEachAndAreRecorded)
{
    apply(database, {first});
    apply(database, {first, second});
    apply(database, {first, second}, EmptySchema::refuse);
    auto row = database.query("SELECT number, name, applied_at FROM schema_migrations ORDER BY number DESC");
    ASSERT_TRUE(row.step());
    EXPECT_EQ(row.integer(0), 2);
    EXPECT_EQ(row.text(1), "second");
    EXPECT_EQ(row.integer(2), now.seconds);
    EXPECT_TRUE(database.has_table("a"));
    EXPECT_TRUE(database.has_table("b"));
}

TEST_F(Migrations, RefuseADatabaseWithoutTables)
{
    EXPECT_ERROR(apply(database, {first}, EmptySchema::refuse), ErrorCode::db_corrupt);
    EXPECT_ERROR(require_current_schema(database, std::vector{first}), ErrorCode::db_corrupt);
    EXPECT_FALSE(database.has_table("a"));
}

TEST_F(Migrations, RefuseANewerSchema)
{
    apply(database, {first, second});
    EXPECT_ERROR(apply(database, {first}), ErrorCode::schema);
    EXPECT_ERROR(require_current_schema(database, std::vector{first}), ErrorCode::schema);
}

TEST_F(Migrations, RefuseAnOlderSchemaToReaders)
{
    apply(database, {first});
    require_current_schema(database, std::vector{first});
    EXPECT_ERROR(require_current_schema(database, std::vector{first, second}), ErrorCode::schema);
}

TEST_F(Migrations, RefuseAChangedMigration)
{
    apply(database, {first});
    const Migration edited{1, "first", "CREATE TABLE a (x INTEGER, y INTEGER) STRICT"};
    const Migration renamed{1, "other", first.sql};
    EXPECT_ERROR(apply(database, {edited}), ErrorCode::schema);
    EXPECT_ERROR(apply(database, {renamed, second}), ErrorCode::schema);
    EXPECT_FALSE(database.has_table("b"));
}

TEST_F(Migrations, RefuseARecordThatWasEdited)
{
    apply(database, {first, second});
    {
        auto transaction = database.begin_immediate();
        database.run("UPDATE schema_migrations SET sha256 = $1 WHERE number = 2", Bytes(32, 0));
        transaction.commit();
    }
    EXPECT_ERROR(apply(database, {first, second}), ErrorCode::schema);
}

TEST_F(Migrations, RefuseAGapInTheirRecords)
{
    apply(database, {first, second});
    const auto change = [&](std::string_view sql) {
        auto transaction = database.begin_immediate();
        database.run(sql);
        transaction.commit();
        EXPECT_ERROR(apply(database, {first, second}), ErrorCode::schema);
    };
    change("UPDATE schema_migrations SET number = 3 WHERE number = 2");
    change("DELETE FROM schema_migrations WHERE number = 1");
}

TEST_F(Migrations, LeaveNothingOfOneThatFails)
{
    const Migration broken{2, "broken", "CREATE TABLE b (x INTEGER) STRICT; CREATE TABLE a (x INTEGER) STRICT"};
    EXPECT_ERROR(apply(database, {first, broken}), ErrorCode::internal);
    EXPECT_TRUE(database.has_table("a"));
    EXPECT_FALSE(database.has_table("b"));
    apply(database, {first, second});
}

TEST_F(Migrations, OfSeveralProcessesRunOnce)
{
    for (int child = 0; child < 8; ++child) {
        if (::fork() != 0)
            continue;
        try {
            auto own = open();
            apply(own, {first, second});
        } catch (const Error& error) {
            std::fprintf(stderr, "%s\n", error.what());
            ::_exit(1);
        }
        ::_exit(0);
    }
    for (int child = 0; child < 8; ++child) {
        int status = -1;
        ::wait(&status);
        EXPECT_EQ(status, 0);
    }
    auto row = database.query("SELECT count(*) FROM b");
    ASSERT_TRUE(row.step());
    EXPECT_EQ(row.integer(0), 1);
}

/// `table` with its columns, since later migrations may add some.
void expect_insert_only(Database& database, const std::string& table, const std::string& columns, const std::string& values)
{
    const auto into = " INTO " + table + " " + columns + " VALUES " + values;
    const auto insert = "INSERT" + into;
    {
        auto transaction = database.begin_immediate();
        database.execute(insert);
        transaction.commit();
    }
    // A connection of another program need not have this setting of ours.
    database.run("PRAGMA recursive_triggers = OFF");
    auto transaction = database.begin_immediate();
    EXPECT_ERROR(database.execute("UPDATE " + table + " SET event = x'00'"), ErrorCode::internal);
    EXPECT_ERROR(database.execute("DELETE FROM " + table), ErrorCode::internal);
    EXPECT_ERROR(database.execute("INSERT OR REPLACE" + into), ErrorCode::internal);
    EXPECT_ERROR(database.execute(insert + " ON CONFLICT DO UPDATE SET event = x'00'"), ErrorCode::internal);
}

TEST_F(Migrations, MakeTheOnlineTables)
{
    migrate(database, online_migrations(), now, EmptySchema::accept);
    for (const auto* table : {"charters", "charter_drafts", "links", "requests", "payloads", "slots", "votes", "signatures",
                              "receipts", "heads", "audit", "meta"})
        EXPECT_TRUE(database.has_table(table)) << table;
    expect_insert_only(database, "audit", "(sequence, stream, at, event, previous, hash)", "(0, 'main', 0, x'', x'', x'')");
}

TEST_F(Migrations, MakeTheVaultTables)
{
    migrate(database, vault_migrations(), now, EmptySchema::accept);
    EXPECT_TRUE(database.has_table("meta"));
    expect_insert_only(database, "log", "(sequence, event)", "(0, x'')");
}

TEST_F(Migrations, HoldOneSlotOnceUntilItIsReleased)
{
    migrate(database, online_migrations(), now, EmptySchema::accept);
    auto transaction = database.begin_immediate();
    for (std::uint8_t i = 1; i <= 2; ++i) {
        database.run("INSERT INTO requests (id, digest, artefact, status, wallet, kind, created_at, expires_at) "
                     "VALUES ($1, $1, x'', 'open', 'w', 'transfer', 0, 0)",
                     Bytes{i});
        database.run("INSERT INTO payloads (request_id, position, digest, payload, status) VALUES ($1, 0, x'', x'', 'open')", Bytes{i});
    }
    const auto take = [&](std::uint8_t request) {
        database.run("INSERT INTO slots (account, slot, request_id, position) VALUES (x'aa', x'05', $1, 0)", Bytes{request});
    };
    take(1);
    EXPECT_ERROR(take(2), ErrorCode::internal);
    database.run("UPDATE slots SET released = 1 WHERE request_id = $1", Bytes{1});
    take(2);
    EXPECT_ERROR(take(3), ErrorCode::internal); // no such request
}

} // namespace
} // namespace coffer::storage
