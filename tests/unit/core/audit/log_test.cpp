#include "core/audit/log.h"

#include "core/base/error.h"
#include "core/storage/migrations.h"
#include "core/storage/sqlite.h"
#include "tests/support/scratch.h"
#include "tests/support/vectors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace coffer::audit {
namespace {

using storage::SqliteDatabase;

constexpr UtcTime start{1'800'000'000};

class Log : public testing::Test {
protected:
    Log() { storage::migrate(database, storage::online_migrations(), start, storage::EmptySchema::accept); }

    SqliteDatabase open()
    {
        return SqliteDatabase{scratch / "coffer.db",
                              {.application_id = storage::ApplicationId::online, .create = storage::Create::yes}};
    }

    static Event event(int number)
    {
        return {.type = "test.event",
                .subject = std::nullopt,
                .actor = "officer-" + std::to_string(number % 3),
                .details = {{"number", std::to_string(number)}}};
    }

    void fill(int count)
    {
        auto transaction = database.begin_immediate();
        for (int i = 0; i < count; ++i)
            log.append(transaction, event(i), start + Duration{i});
        transaction.commit();
    }

    /// Edits what an attacker with the file could edit: the triggers are no obstacle to one.
    template <typename... Values>
    void tamper(std::string_view sql, const Values&... values)
    {
        auto transaction = database.begin_immediate();
        database.execute("DROP TRIGGER IF EXISTS audit_refuses_update; DROP TRIGGER IF EXISTS audit_refuses_delete;");
        database.run(sql, values...);
        transaction.commit();
    }

    /// The message of the Error{code} that verify() throws.
    std::string finding(ErrorCode code, std::vector<Head> anchors = {})
    {
        try {
            log.verify(anchors);
        } catch (const Error& error) {
            EXPECT_EQ(name_of(error.code()), name_of(code)) << error.message();
            return error.message();
        }
        ADD_FAILURE() << "the change was not found";
        return {};
    }

    test::ScratchDirectory scratch;
    SqliteDatabase database = open();
    AuditLog log{database};
};

using testing::HasSubstr;
using testing::StartsWith;

TEST_F(Log, StartsEmpty)
{
    EXPECT_EQ(log.verify(), (Head{0, empty_root()}));
    EXPECT_EQ(log.head(), (Head{0, empty_root()}));
    EXPECT_ERROR(log.record(0), ErrorCode::not_found);
}

TEST_F(Log, KeepsRecordsInOrder)
{
    fill(20);
    int count = 0;
    Hash256 previous;
    log.for_each([&](const Record& record) {
        EXPECT_EQ(record.sequence, static_cast<std::uint64_t>(count));
        EXPECT_EQ(record.time, start + Duration{count});
        EXPECT_EQ(decode_event(record.event), event(count));
        EXPECT_EQ(record.previous, previous);
        previous = record.hash;
        ++count;
    });
    EXPECT_EQ(count, 20);
    EXPECT_EQ(log.record(19).hash, previous);
    log.for_each([&](const Record&) { ++count; }, 15);
    EXPECT_EQ(count, 25);
}

TEST_F(Log, HasTheHeadOfItsRecords)
{
    std::vector<Head> heads;
    std::vector<Hash256> leaves;
    for (int i = 0; i < 20; ++i) {
        auto transaction = database.begin_immediate();
        leaves.push_back(leaf_of(log.append(transaction, event(i), start)));
        transaction.commit();
        heads.push_back(log.head());
        EXPECT_EQ(log.head(), (Head{leaves.size(), merkle_root(leaves)}));
    }
    EXPECT_EQ(log.verify(heads), heads.back());
    for (const auto& head : heads)
        EXPECT_EQ(log.head_at(head.size), head);
    EXPECT_ERROR(log.head_at(21), ErrorCode::log_truncated);
}

TEST_F(Log, ForgetsARecordWhoseTransactionWasUndone)
{
    fill(3);
    const auto before = log.head();
    {
        auto transaction = database.begin_immediate();
        log.append(transaction, event(3), start);
    }
    EXPECT_EQ(log.verify(), before);
    fill(1);
    EXPECT_EQ(log.verify().size, 4U);
}

TEST_F(Log, ContinuesAfterReopening)
{
    fill(5);
    auto other = open();
    AuditLog same{other, "second"};
    auto transaction = other.begin_immediate();
    EXPECT_EQ(same.append(transaction, event(5), start).sequence, 5U);
    transaction.commit();
    EXPECT_EQ(log.verify().size, 6U);
    EXPECT_EQ(log.record(5).stream, "second");
}

TEST_F(Log, LosesNoRecordOfSeveralProcesses)
{
    for (int child = 0; child < 4; ++child) {
        if (::fork() != 0)
            continue;
        try {
            auto own = open();
            AuditLog same{own};
            for (int i = 0; i < 25; ++i) {
                auto transaction = own.begin_immediate();
                same.append(transaction, event(i), start);
                transaction.commit();
            }
        } catch (const Error& error) {
            std::fprintf(stderr, "%s\n", error.what());
            ::_exit(1);
        }
        ::_exit(0);
    }
    for (int child = 0; child < 4; ++child) {
        int status = -1;
        ::wait(&status);
        EXPECT_EQ(status, 0);
    }
    EXPECT_EQ(log.verify().size, 100U);
}

TEST_F(Log, ProvesItsRecordsAndItsGrowth)
{
    fill(20);
    const auto head = log.head();
    for (std::uint64_t i = 0; i < 20; ++i) {
        verify_inclusion(leaf_of(log.record(i)), i, head, log.prove_inclusion(i, 20));
        verify_consistency(log.head_at(i + 1), head, log.prove_consistency(i + 1, 20));
    }
    EXPECT_ERROR(log.prove_consistency(0, 20), ErrorCode::log_chain);
    EXPECT_ERROR(log.prove_consistency(20, 21), ErrorCode::log_truncated);
    EXPECT_ERROR(log.prove_inclusion(20, 20), ErrorCode::not_found);
}

TEST_F(Log, FindsEveryByteThatWasChanged)
{
    fill(20);
    for (std::int64_t sequence = 0; sequence < 20; ++sequence) {
        const auto good = log.record(static_cast<std::uint64_t>(sequence));
        const auto named = StartsWith("audit record " + std::to_string(sequence) + " ");
        const auto try_each = [&](std::string column, Bytes content) {
            for (auto& byte : content) {
                byte ^= 1;
                tamper("UPDATE audit SET " + column + " = $1 WHERE sequence = $2", content, sequence);
                EXPECT_THAT(finding(ErrorCode::log_chain), named);
                byte ^= 1;
            }
            tamper("UPDATE audit SET " + column + " = $1 WHERE sequence = $2", content, sequence);
        };
        try_each("event", good.event);
        try_each("previous", to_bytes(good.previous.bytes()));
        try_each("hash", to_bytes(good.hash.bytes()));
        tamper("UPDATE audit SET at = at + 1 WHERE sequence = $1", sequence);
        EXPECT_THAT(finding(ErrorCode::log_chain), named);
        tamper("UPDATE audit SET at = at - 1, stream = 'main2' WHERE sequence = $1", sequence);
        EXPECT_THAT(finding(ErrorCode::log_chain), named);
        tamper("UPDATE audit SET stream = 'main' WHERE sequence = $1", sequence);
    }
    log.verify();
}

TEST_F(Log, FindsAHashOfAnotherLength)
{
    fill(3);
    tamper("UPDATE audit SET hash = x'00' WHERE sequence = 2");
    EXPECT_THAT(finding(ErrorCode::log_chain), StartsWith("audit record 2 "));
    auto transaction = database.begin_immediate();
    EXPECT_ERROR(log.append(transaction, event(3), start), ErrorCode::log_chain);
}

TEST_F(Log, FindsARecordThatWasRewrittenWithItsHash)
{
    fill(20);
    auto forged = log.record(7);
    forged.event = encode_event(event(100));
    forged.hash = hash_record(forged);
    tamper("UPDATE audit SET event = $1, hash = $2 WHERE sequence = 7", forged.event, forged.hash.bytes());
    EXPECT_THAT(finding(ErrorCode::log_chain), StartsWith("audit record 8 does not follow"));
}

TEST_F(Log, FindsRowsThatWereSwapped)
{
    fill(20);
    for (int i = 0; i < 19; ++i) {
        tamper("UPDATE audit SET sequence = -100 WHERE sequence = $1", i);
        tamper("UPDATE audit SET sequence = $1 WHERE sequence = $2", i, i + 1);
        tamper("UPDATE audit SET sequence = $1 WHERE sequence = -100", i + 1);
        EXPECT_THAT(finding(ErrorCode::log_chain), StartsWith("audit record " + std::to_string(i) + " "));
        tamper("UPDATE audit SET sequence = -100 WHERE sequence = $1", i);
        tamper("UPDATE audit SET sequence = $1 WHERE sequence = $2", i, i + 1);
        tamper("UPDATE audit SET sequence = $1 WHERE sequence = -100", i + 1);
    }
    log.verify();
}

TEST_F(Log, FindsRowsThatWereDeletedAtItsEnd)
{
    fill(20);
    for (int i = 19; i >= 0; --i) {
        tamper("DELETE FROM audit WHERE sequence = $1", i);
        EXPECT_THAT(finding(ErrorCode::log_chain), HasSubstr("the audit log has " + std::to_string(i) + " records"));
    }
}

TEST_F(Log, FindsEveryGap)
{
    fill(20);
    for (int i = 18; i >= 0; --i) {
        tamper("DELETE FROM audit WHERE sequence = $1", i);
        EXPECT_THAT(finding(ErrorCode::log_chain), StartsWith("audit record " + std::to_string(i) + " is missing"));
    }
}

TEST_F(Log, FindsAStrayRow)
{
    fill(3);
    tamper("INSERT INTO audit VALUES (-5, 'main', 0, x'', zeroblob(32), zeroblob(32))");
    EXPECT_THAT(finding(ErrorCode::log_chain), StartsWith("audit record -5 "));
}

TEST_F(Log, FindsATruncationThatHidItsTraces)
{
    fill(12);
    const auto edge = [&] {
        auto row = database.query("SELECT value FROM meta WHERE key = 'audit_edge'");
        EXPECT_TRUE(row.step());
        return row.blob(0);
    };
    const auto old_edge = edge();
    const auto old_head = log.head();
    fill(8);
    const auto new_head = log.head();
    tamper("DELETE FROM audit WHERE sequence >= 12");
    EXPECT_THAT(finding(ErrorCode::log_truncated, {old_head, new_head}), HasSubstr("has 12 records, expected at least 20"));
    tamper("UPDATE meta SET value = $1 WHERE key = 'audit_edge'", old_edge);
    // Alone, the shorter log is flawless: only what somebody else holds can tell.
    EXPECT_EQ(log.verify(std::vector{old_head}), old_head);
    finding(ErrorCode::log_truncated, {new_head, old_head});
    // Growing again with other records does not help.
    auto transaction = database.begin_immediate();
    for (int i = 0; i < 10; ++i)
        log.append(transaction, event(50 + i), start);
    transaction.commit();
    EXPECT_EQ(log.verify(std::vector{old_head}).size, 22U);
    EXPECT_THAT(finding(ErrorCode::log_truncated, {new_head, old_head}), HasSubstr("the head of 20 records"));
}

TEST_F(Log, FindsALogThatWasWrittenAnew)
{
    fill(20);
    const auto anchor = log.head_at(15);
    tamper("DELETE FROM audit");
    tamper("DELETE FROM meta");
    auto transaction = database.begin_immediate();
    for (int i = 0; i < 20; ++i)
        log.append(transaction, event(i == 3 ? 33 : i), start + Duration{i});
    transaction.commit();
    EXPECT_EQ(log.verify().size, 20U);
    EXPECT_THAT(finding(ErrorCode::log_truncated, {anchor}), HasSubstr("the head of 15 records"));
    finding(ErrorCode::log_truncated, {{0, Hash256{}}});
}

TEST_F(Log, FindsAnEdgeThatWasChanged)
{
    fill(13);
    auto row = database.query("SELECT value FROM meta WHERE key = 'audit_edge'");
    ASSERT_TRUE(row.step());
    const auto good = row.blob(0);
    row.reset();
    const auto expect_found = [&](const Bytes& content) {
        tamper("UPDATE meta SET value = $1 WHERE key = 'audit_edge'", content);
        finding(ErrorCode::log_chain);
    };
    for (std::size_t i = 0; i < good.size(); ++i) {
        auto edited = good;
        edited[i] ^= 1;
        expect_found(edited);
        expect_found(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(i)));
    }
    tamper("DELETE FROM meta");
    finding(ErrorCode::log_chain);
    auto transaction = database.begin_immediate();
    EXPECT_ERROR(log.append(transaction, event(0), start), ErrorCode::log_chain);
}

TEST_F(Log, AddsNothingToALogThatDisagreesWithItsEdge)
{
    fill(13);
    const auto expect_refused = [&] {
        auto transaction = database.begin_immediate();
        EXPECT_ERROR(log.append(transaction, event(0), start), ErrorCode::log_chain);
    };
    const auto last = log.record(12);
    tamper("UPDATE audit SET hash = $1 WHERE sequence = 12", Bytes(32, 0));
    expect_refused();
    tamper("DELETE FROM audit WHERE sequence = 12");
    expect_refused();
    tamper("INSERT INTO audit VALUES (12, 'main', $1, $2, $3, $4)", last.time.seconds, last.event, last.previous.bytes(),
           last.hash.bytes());
    log.verify();
}

TEST_F(Log, AppendsWithoutReadingAllOfIt)
{
    fill(200);
    // Were the first records read, this would be noticed.
    tamper("DELETE FROM audit WHERE sequence < 100");
    auto transaction = database.begin_immediate();
    EXPECT_EQ(log.append(transaction, event(200), start).sequence, 200U);
}

} // namespace
} // namespace coffer::audit
