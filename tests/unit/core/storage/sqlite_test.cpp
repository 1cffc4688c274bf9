#include "core/storage/sqlite.h"

#include "core/storage/file.h"
#include "tests/support/scratch.h"
#include "tests/support/vectors.h"

#include <csignal>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace coffer::storage {
namespace {

using namespace std::chrono_literals;
using test::ScratchDirectory;
namespace fs = std::filesystem;

class Sqlite : public testing::Test {
protected:
    SqliteDatabase open(SqliteOptions options = {.application_id = ApplicationId::online})
    {
        return SqliteDatabase{path, options};
    }
    SqliteDatabase create() { return open({.application_id = ApplicationId::online, .create = Create::yes}); }
    SqliteDatabase open_reader() { return open({.application_id = ApplicationId::online, .access = Access::read_only}); }

    /// A database with a table `counter` of one row and `filler` of many pages.
    void make()
    {
        auto database = create();
        auto transaction = database.begin_immediate();
        database.execute("CREATE TABLE counter (value INTEGER NOT NULL) STRICT; INSERT INTO counter VALUES (0);"
                         "CREATE TABLE filler (id INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT;");
        for (int i = 0; i < 40; ++i)
            database.run("INSERT INTO filler VALUES ($1, $2)", i, Bytes(1000, 0x11));
        transaction.commit();
    }

    /// Everything that a program could ask for.
    void open_and_read_all()
    {
        auto database = open();
        database.verify_integrity();
        auto rows = database.query("SELECT id, content FROM filler ORDER BY id");
        for (int i = 0; i < 40; ++i) {
            EXPECT_TRUE(rows.step());
            EXPECT_EQ(rows.integer(0), i);
            EXPECT_EQ(rows.blob(1), Bytes(1000, 0x11));
        }
        EXPECT_FALSE(rows.step());
    }

    std::int64_t counter(Database& database)
    {
        auto row = database.query("SELECT value FROM counter");
        EXPECT_TRUE(row.step());
        return row.integer(0);
    }

    ScratchDirectory scratch;
    fs::path path = scratch / "coffer.db";
};

void overwrite(const fs::path& path, std::size_t offset, std::string_view content)
{
    std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(static_cast<std::streamoff>(offset));
    file << content;
}

TEST_F(Sqlite, KeepsEveryTypeAsItWas)
{
    auto database = create();
    auto transaction = database.begin_immediate();
    database.execute("CREATE TABLE t (a INTEGER, b TEXT, c BLOB, d TEXT) STRICT");
    database.run("INSERT INTO t VALUES ($1, $2, $3, $4)", INT64_MIN, "a\0b\xc3\xa9" + std::string(1, '\0'), Bytes{0, 1, 255}, nullptr);
    database.run("INSERT INTO t VALUES ($1, $2, $3, $4)", true, std::string_view{}, ByteView{}, std::optional<std::string>{"set"});
    transaction.commit();
    auto row = database.query("SELECT a, b, c, d FROM t ORDER BY a");
    ASSERT_TRUE(row.step());
    EXPECT_EQ(row.integer(0), INT64_MIN);
    EXPECT_EQ(row.text(1), "a" + std::string(1, '\0'));
    EXPECT_EQ(row.blob(2), (Bytes{0, 1, 255}));
    EXPECT_EQ(row.array<3>(2), (ByteArray<3>{0, 1, 255}));
    EXPECT_EQ(row.optional_text(3), std::nullopt);
    ASSERT_TRUE(row.step());
    EXPECT_EQ(row.natural(0), 1U);
    EXPECT_TRUE(row.flag(0));
    EXPECT_EQ(row.text(1), "");
    EXPECT_EQ(row.optional_blob(2), Bytes{});
    EXPECT_EQ(row.optional_text(3), "set");
    EXPECT_FALSE(row.step());
}

TEST_F(Sqlite, BindsByNumberNotByAppearance)
{
    auto database = create();
    auto row = database.query("SELECT $2, $1, $2", 1, 2);
    ASSERT_TRUE(row.step());
    EXPECT_EQ(row.integer(0), 2);
    EXPECT_EQ(row.integer(1), 1);
    EXPECT_EQ(row.integer(2), 2);
}

TEST_F(Sqlite, NeverConvertsWhatItReads)
{
    auto database = create();
    auto row = database.query("SELECT NULL, 'text', x'0102', 5, -1");
    ASSERT_TRUE(row.step());
    EXPECT_ERROR(row.integer(0), ErrorCode::db_corrupt);
    EXPECT_ERROR(row.text(0), ErrorCode::db_corrupt);
    EXPECT_ERROR(row.blob(0), ErrorCode::db_corrupt);
    EXPECT_ERROR(row.integer(1), ErrorCode::db_corrupt);
    EXPECT_ERROR(row.blob(1), ErrorCode::db_corrupt);
    EXPECT_ERROR(row.text(2), ErrorCode::db_corrupt);
    EXPECT_ERROR(row.array<3>(2), ErrorCode::db_corrupt);
    EXPECT_ERROR(row.text(3), ErrorCode::db_corrupt);
    EXPECT_ERROR(row.natural(4), ErrorCode::db_corrupt);
}

TEST_F(Sqlite, RefusesAnIntegerOver63Bits)
{
    auto database = create();
    EXPECT_ERROR(database.query("SELECT $1", std::uint64_t{1} << 63), ErrorCode::limit);
}

TEST_F(Sqlite, ReusesAStatementWithoutItsOldValues)
{
    make();
    auto database = open();
    for (int i = 0; i < 100; ++i) {
        auto row = database.query("SELECT id FROM filler WHERE id = $1", i % 40);
        ASSERT_TRUE(row.step());
        EXPECT_EQ(row.integer(0), i % 40);
    }
    auto outer = database.query("SELECT id FROM filler WHERE id < $1 ORDER BY id", 3);
    int count = 0;
    while (outer.step()) {
        auto inner = database.query("SELECT id FROM filler WHERE id < $1 ORDER BY id", 2);
        while (inner.step())
            ++count;
    }
    EXPECT_EQ(count, 6);
}

TEST_F(Sqlite, RunAnswersHowManyRowsChanged)
{
    make();
    auto database = open();
    auto transaction = database.begin_immediate();
    EXPECT_EQ(database.run("DELETE FROM filler WHERE id < $1", 7), 7);
    EXPECT_EQ(database.run("DELETE FROM filler WHERE id < $1", 7), 0);
    EXPECT_EQ(database.run("SELECT 1"), 0);
}

TEST_F(Sqlite, UndoesWhatWasNotCommitted)
{
    make();
    auto database = open();
    {
        auto transaction = database.begin_immediate();
        database.run("UPDATE counter SET value = 7");
        EXPECT_EQ(counter(database), 7);
    }
    EXPECT_EQ(counter(database), 0);
    auto transaction = database.begin_immediate();
    database.run("UPDATE counter SET value = 8");
    transaction.commit();
    EXPECT_EQ(counter(database), 8);
}

TEST_F(Sqlite, RefusesSqlThatItDoesNotKnowAndConstraintsThatDoNotHold)
{
    make();
    auto database = open();
    EXPECT_ERROR(database.prepare("SELECT nothing FROM nowhere"), ErrorCode::internal);
    EXPECT_ERROR(database.prepare("SELECT \"not a column\" FROM counter"), ErrorCode::internal);
    auto transaction = database.begin_immediate();
    EXPECT_ERROR(database.run("INSERT INTO filler VALUES (0, x'00')"), ErrorCode::internal);
    EXPECT_ERROR(database.run("INSERT INTO filler VALUES (100, 'text')"), ErrorCode::internal);
}

using SqliteDeath = Sqlite;

TEST_F(SqliteDeath, EndsTheProcessOnAMisuse)
{
    testing::GTEST_FLAG(death_test_style) = "threadsafe";
    make();
    auto database = open();
    EXPECT_DEATH(database.run("UPDATE counter SET value = 1"), "outside of a write transaction");
    EXPECT_DEATH(database.execute("DELETE FROM counter"), "outside of a write transaction");
    EXPECT_DEATH(database.prepare("SELECT $1").step(), "has no value");
    EXPECT_DEATH(
        {
            auto again = database.query("SELECT $1", 1);
            again.step();
            again.reset();
            again.step();
        },
        "has no value");
    EXPECT_DEATH(database.query("SELECT $1", 1, 2), "without a parameter");
    EXPECT_DEATH(database.prepare("SELECT 1; SELECT 2"), "not one statement");
    EXPECT_DEATH(database.prepare("SELECT ?"), "parameters are not");
    EXPECT_DEATH(
        {
            auto first = database.begin_read();
            auto second = database.begin_immediate();
        },
        "inside a transaction");
    EXPECT_DEATH(open_reader().begin_immediate(), "of a reader");
}

TEST_F(Sqlite, ReaderSeesCommitsAndKeepsItsSnapshot)
{
    make();
    auto writer = open();
    auto reader = open_reader();
    auto view = reader.begin_read();
    EXPECT_EQ(counter(reader), 0);
    auto transaction = writer.begin_immediate();
    writer.run("UPDATE counter SET value = 1");
    transaction.commit();
    EXPECT_EQ(counter(reader), 0);
    view.commit();
    EXPECT_EQ(counter(reader), 1);
}

TEST_F(Sqlite, ReaderDoesNotWaitForAWriter)
{
    make();
    auto writer = open();
    auto transaction = writer.begin_immediate();
    writer.run("UPDATE counter SET value = 1");
    auto reader = open({.application_id = ApplicationId::online, .access = Access::read_only, .patience = 0ms});
    EXPECT_EQ(counter(reader), 0);
}

TEST_F(Sqlite, SecondWriterIsBusyAfterItsPatience)
{
    make();
    auto first = open();
    auto second = open({.application_id = ApplicationId::online, .patience = 50ms});
    auto transaction = first.begin_immediate();
    EXPECT_ERROR(second.begin_immediate(), ErrorCode::busy);
    transaction.commit();
    second.begin_immediate().commit();
}

TEST_F(Sqlite, LosesNoIncrementOfEightProcesses)
{
    make();
    for (int child = 0; child < 8; ++child) {
        if (::fork() != 0)
            continue;
        try {
            auto database = open();
            for (int i = 0; i < 50; ++i) {
                auto transaction = database.begin_immediate();
                database.run("UPDATE counter SET value = $1", counter(database) + 1);
                transaction.commit();
            }
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
    auto database = open();
    EXPECT_EQ(counter(database), 400);
}

TEST_F(Sqlite, KeepsCommitsAndUndoesTheRestWhenKilled)
{
    make();
    const auto child = ::fork();
    if (child == 0) {
        auto database = open();
        auto first = database.begin_immediate();
        database.run("UPDATE counter SET value = 1");
        first.commit();
        auto second = database.begin_immediate();
        database.run("UPDATE counter SET value = 2");
        ::kill(::getpid(), SIGKILL);
    }
    ::waitpid(child, nullptr, 0);
    auto database = open({.application_id = ApplicationId::online, .patience = 0ms});
    EXPECT_EQ(counter(database), 1);
    database.begin_immediate().commit();
}

TEST_F(Sqlite, SyncsEveryCommitAndChecksItsReferences)
{
    auto database = create();
    const auto setting = [&](std::string_view sql) {
        auto row = database.query(sql);
        EXPECT_TRUE(row.step());
        return row.integer(0);
    };
    EXPECT_EQ(setting("PRAGMA synchronous"), 2);
    EXPECT_EQ(setting("PRAGMA foreign_keys"), 1);
    EXPECT_EQ(setting("PRAGMA recursive_triggers"), 1);
    EXPECT_EQ(setting("PRAGMA trusted_schema"), 0);
    EXPECT_EQ(setting("PRAGMA cell_size_check"), 1);
    EXPECT_EQ(setting("PRAGMA mmap_size"), 0);
    // SQLite's file format, 1.3.3: write and read version 2 are WAL.
    const auto header = read_file(path, 1 << 20);
    EXPECT_EQ(header.at(18), 2);
    EXPECT_EQ(header.at(19), 2);
}

TEST_F(Sqlite, NeverMakesAnEmptyDatabaseUnasked)
{
    EXPECT_ERROR(open(), ErrorCode::not_found);
    EXPECT_ERROR(open_reader(), ErrorCode::not_found);
    EXPECT_FALSE(fs::exists(path));
    std::ofstream{path};
    ::chmod(path.c_str(), 0600);
    EXPECT_ERROR(open(), ErrorCode::db_corrupt);
    EXPECT_ERROR(open_reader(), ErrorCode::db_corrupt);
    create(); // finishes what a crash left
}

TEST_F(Sqlite, MakesPrivateFiles)
{
    const auto before = ::umask(0);
    make();
    auto database = open();
    auto transaction = database.begin_immediate();
    database.run("UPDATE counter SET value = 1");
    transaction.commit();
    ::umask(before);
    for (const auto& entry : fs::directory_iterator{scratch.path()}) {
        struct stat status{};
        ASSERT_EQ(::lstat(entry.path().c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 07777, 0600U) << entry.path();
    }
}

TEST_F(Sqlite, RefusesWhatOthersMayAccess)
{
    make();
    ::chmod(path.c_str(), 0640);
    EXPECT_ERROR(open(), ErrorCode::file_perm);
    EXPECT_ERROR(open_reader(), ErrorCode::file_perm);
    ::chmod(path.c_str(), 0600);
    ::chmod(scratch.path().c_str(), 0750);
    EXPECT_ERROR(open(), ErrorCode::file_perm);
    EXPECT_ERROR(create(), ErrorCode::file_perm);
    ::chmod(scratch.path().c_str(), 0700);
    std::ofstream{path.string() + "-wal"};
    ::chmod((path.string() + "-wal").c_str(), 0666);
    EXPECT_ERROR(open(), ErrorCode::file_perm);
}

TEST_F(Sqlite, RefusesALinkOrAFifoInItsPlace)
{
    make();
    fs::rename(path, scratch / "real.db");
    fs::create_symlink(scratch / "real.db", path);
    EXPECT_ERROR(open(), ErrorCode::file_type);
    EXPECT_ERROR(create(), ErrorCode::file_type);
    fs::remove(path);
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    EXPECT_ERROR(open(), ErrorCode::file_type);
    fs::remove(path);
    fs::create_symlink(scratch / "real.db-wal2", path.string() + "-wal");
    fs::rename(scratch / "real.db", path);
    EXPECT_ERROR(open(), ErrorCode::file_type);
}

TEST_F(Sqlite, OpensThroughALinkedFolder)
{
    make();
    const ScratchDirectory other;
    fs::create_directory_symlink(scratch.path(), other / "home");
    SqliteDatabase database{other / "home/coffer.db", {.application_id = ApplicationId::online}};
    EXPECT_EQ(counter(database), 0);
}

TEST_F(Sqlite, RefusesAnotherProgramsDatabase)
{
    make();
    EXPECT_ERROR(open({.application_id = ApplicationId::vault}), ErrorCode::db_corrupt);
    EXPECT_ERROR(open({.application_id = ApplicationId::vault, .create = Create::yes}), ErrorCode::db_corrupt);
    overwrite(path, 68, std::string(4, '\0'));
    EXPECT_ERROR(open(), ErrorCode::db_corrupt);
}

TEST_F(Sqlite, RefusesWhatIsNotADatabase)
{
    std::ofstream{path} << std::string(10'000, 'x');
    ::chmod(path.c_str(), 0600);
    EXPECT_ERROR(open(), ErrorCode::db_corrupt);
    EXPECT_ERROR(open_reader(), ErrorCode::db_corrupt);
    EXPECT_ERROR(create(), ErrorCode::db_corrupt);
}

TEST_F(Sqlite, RefusesAFileThatWasCut)
{
    make();
    const auto whole = fs::file_size(path);
    for (auto size = whole - 4096;; size -= 4096) {
        SCOPED_TRACE(size);
        fs::resize_file(path, size);
        EXPECT_ERROR(open(), ErrorCode::db_corrupt);
        EXPECT_ERROR(open_reader(), ErrorCode::db_corrupt);
        if (size == 0)
            break;
    }
}

TEST_F(Sqlite, FindsEveryPageThatWasZeroedOrOverwritten)
{
    make();
    const auto good = read_file(path, 1 << 20);
    for (std::size_t page = 0; page < good.size() / 4096; ++page)
        for (const char filler : {'\0', '\xff', 'x'}) {
            SCOPED_TRACE("page " + std::to_string(page + 1));
            write_file_atomically(path, good, private_mode, Overwrite::yes);
            overwrite(path, page * 4096, std::string(4096, filler));
            EXPECT_ERROR(open_and_read_all(), ErrorCode::db_corrupt);
        }
}

TEST_F(Sqlite, RefusesADamagedSchemaWhenItOpens)
{
    make();
    overwrite(path, 100, std::string(3996, '\xff'));
    EXPECT_ERROR(open(), ErrorCode::db_corrupt);
    EXPECT_ERROR(open_reader(), ErrorCode::db_corrupt);
}

TEST_F(Sqlite, LetsNobodyEditTheSchemaItself)
{
    make();
    auto database = open();
    auto transaction = database.begin_immediate();
    database.execute("PRAGMA writable_schema = ON");
    EXPECT_ERROR(database.execute("DELETE FROM sqlite_schema"), ErrorCode::internal);
}

TEST_F(Sqlite, FindsADamagedPageWhileItReads)
{
    make();
    const auto size = fs::file_size(path);
    for (std::size_t page = 2; page < size / 4096; ++page)
        overwrite(path, page * 4096, std::string(4096, '\xff'));
    auto database = open();
    auto rows = database.query("SELECT content FROM filler");
    EXPECT_ERROR(rows.run(), ErrorCode::db_corrupt);
}

TEST_F(Sqlite, CallsAFullDiskADiskErrorAndKeepsWhatWasThere)
{
    make();
    const auto child = ::fork();
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{100'000, 100'000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        auto code = ErrorCode::internal;
        try {
            auto database = open();
            try {
                auto transaction = database.begin_immediate();
                for (int i = 100; i < 2000; ++i)
                    database.run("INSERT INTO filler VALUES ($1, $2)", i, Bytes(1000, 0x22));
                transaction.commit();
            } catch (const Error& error) {
                code = error.code();
            }
            // Nothing is tried again on a disk that failed.
            if (code == ErrorCode::disk)
                database.run("SELECT 1");
        } catch (const Error& error) {
            ::_exit(code == ErrorCode::disk && error.code() == ErrorCode::disk ? 42 : 1);
        }
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(WEXITSTATUS(status), 42);
    open_and_read_all();
}

TEST_F(Sqlite, FindsABrokenReference)
{
    auto database = create();
    auto transaction = database.begin_immediate();
    database.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY) STRICT;"
                     "CREATE TABLE child (parent INTEGER NOT NULL REFERENCES parent (id)) STRICT;"
                     "INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1);");
    EXPECT_ERROR(database.run("DELETE FROM parent"), ErrorCode::internal);
    transaction.commit();
    database.verify_integrity();
    // What another program may do.
    database.run("PRAGMA foreign_keys = OFF");
    auto other = database.begin_immediate();
    database.run("DELETE FROM parent");
    other.commit();
    EXPECT_ERROR(database.verify_integrity(), ErrorCode::db_corrupt);
}

} // namespace
} // namespace coffer::storage
