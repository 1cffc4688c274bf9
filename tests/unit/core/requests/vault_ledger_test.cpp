#include "core/requests/vault_ledger.h"

#include "core/base/error.h"
#include "core/crypto/ed25519.h"
#include "core/storage/migrations.h"
#include "core/storage/sqlite.h"
#include "tests/support/scratch.h"

#include <functional>
#include <gtest/gtest.h>

namespace coffer::requests {
namespace {

using storage::SqliteDatabase;

constexpr UtcTime start{1'800'000'000};
constexpr std::size_t size_of_log = 20;

SecretBytes key(std::uint8_t number = 0x42)
{
    return SecretBytes::copy_of(Bytes(32, number));
}

RequestDigest digest_of(std::uint8_t number)
{
    ByteArray<32> digest{};
    digest.fill(number);
    return RequestDigest{digest};
}

/// Four requests: seen, intended, signed, with receipt; beside them a key, a refusal, a decline.
std::vector<vault::Record> records()
{
    const crypto::Ed25519PrivateKey identity{key()};
    std::vector<vault::Event> events{vault::HomeMade{"test", artefacts::ApprovalKey{identity.public_key()}.format()},
                                     vault::KeyMade{"k1", "0badc0de", "generated"}, vault::SessionBegun{1},
                                     vault::Refused{digest_of(9), "appr_missing"}};
    for (std::uint8_t number = 1; number <= 4; ++number) {
        const auto digest = digest_of(number);
        vault::Intended intended;
        intended.request = digest;
        intended.slots.push_back(payments::SpendSlot{Bytes(20, number), number});
        events.emplace_back(vault::FirstSeen{digest});
        events.emplace_back(intended);
        events.emplace_back(vault::Signed{digest, {{payments::TaskSignature{.input = 0, .public_key = Bytes(33, 2), .signature = Bytes(64, number)}}}});
        events.emplace_back(vault::ReceiptMade{BundleDigest{digest.bytes()}, Bytes(100, number), true});
    }
    std::vector<vault::Record> made;
    for (auto& event : events)
        made.push_back({start, std::move(event)});
    return made;
}

class VaultLog : public testing::Test {
protected:
    VaultLog()
    {
        storage::migrate(database, storage::vault_migrations(), start, storage::EmptySchema::accept);
        std::vector<Bytes> encoded;
        for (const auto& record : records())
            encoded.push_back(encode(record));
        EXPECT_EQ(encoded.size(), size_of_log);
        VaultLedger::found(database, key(), encoded);
        auto transaction = database.begin_immediate();
        database.execute("DROP TRIGGER log_refuses_update; DROP TRIGGER log_refuses_delete; DROP TRIGGER log_refuses_replacement;"
                         "CREATE TEMP TABLE kept_log AS SELECT * FROM log; CREATE TEMP TABLE kept_meta AS SELECT * FROM meta;");
        transaction.commit();
    }

    /// What opening the ledger as it was written, but for this change, says.
    template <typename Change>
    std::optional<ErrorCode> finding_after(Change change)
    {
        std::optional<ErrorCode> finding;
        {
            auto transaction = database.begin_immediate();
            database.execute("DELETE FROM log; INSERT INTO log SELECT * FROM kept_log; DELETE FROM meta; INSERT INTO meta SELECT * FROM kept_meta;");
            change();
            transaction.commit();
        }
        try {
            static_cast<void>(VaultLedger{database, key()});
        } catch (const Error& error) {
            finding = error.code();
            EXPECT_EQ(error.exit_status(), ExitStatus::integrity) << error.message();
        }
        return finding;
    }

    std::vector<Bytes> events()
    {
        std::vector<Bytes> found;
        auto rows = database.query("SELECT event FROM log ORDER BY sequence");
        while (rows.step())
            found.push_back(rows.blob(0));
        return found;
    }

    test::ScratchDirectory scratch;
    SqliteDatabase database{scratch / "ledger.db", {.application_id = storage::ApplicationId::vault, .create = storage::Create::yes}};
};

TEST_F(VaultLog, OpensAsItWasWritten)
{
    EXPECT_EQ(finding_after([] {}), std::nullopt);
    const VaultLedger ledger{database, key()};
    EXPECT_EQ(ledger.head().size, size_of_log);
    EXPECT_NE(ledger.find_signed(digest_of(4)), nullptr);
}

TEST_F(VaultLog, FindsEveryByteThatWasChanged)
{
    const auto kept = events();
    std::size_t changed = 0;
    for (std::size_t sequence = 0; sequence < kept.size(); ++sequence)
        for (std::size_t place = 0; place < kept[sequence].size(); ++place) {
            auto event = kept[sequence];
            event[place] ^= 1 << (place % 8);
            const auto finding = finding_after([&] { database.run("UPDATE log SET event = $1 WHERE sequence = $2", event, sequence); });
            ASSERT_EQ(finding, ErrorCode::binding) << "byte " << place << " of record " << sequence;
            ++changed;
        }
    EXPECT_GT(changed, 1000u);
}

TEST_F(VaultLog, FindsEveryByteOfItsHeadThatWasChanged)
{
    auto row = database.query("SELECT value FROM meta WHERE key = 'head'");
    ASSERT_TRUE(row.step());
    const Bytes kept = row.blob(0);
    row = database.query("SELECT 1");
    ASSERT_EQ(kept.size(), 32u);
    for (std::size_t place = 0; place < kept.size(); ++place) {
        auto head = kept;
        head[place] ^= 0x80;
        EXPECT_EQ(finding_after([&] { database.run("UPDATE meta SET value = $1", head); }), ErrorCode::binding) << place;
    }
    EXPECT_EQ(finding_after([&] { database.run("DELETE FROM meta"); }), ErrorCode::binding);
    EXPECT_EQ(finding_after([&] { database.run("UPDATE meta SET key = 'other'"); }), ErrorCode::binding);
}

TEST_F(VaultLog, FindsRecordsThatWereTakenOutMovedOrAdded)
{
    for (std::size_t sequence = 0; sequence < size_of_log; ++sequence) {
        SCOPED_TRACE(sequence);
        const bool is_last = sequence + 1 == size_of_log;
        EXPECT_EQ(finding_after([&] { database.run("DELETE FROM log WHERE sequence = $1", sequence); }),
                  is_last ? ErrorCode::binding : ErrorCode::log_chain);
        EXPECT_EQ(finding_after([&] { database.run("UPDATE log SET sequence = 1000 WHERE sequence = $1", sequence); }), ErrorCode::log_chain);
        // With the numbers of those after it made to fit.
        EXPECT_EQ(finding_after([&] {
                      database.run("DELETE FROM log WHERE sequence = $1", sequence);
                      for (auto next = sequence + 1; next < size_of_log; ++next)
                          database.run("UPDATE log SET sequence = $1 WHERE sequence = $2", next - 1, next);
                  }),
                  ErrorCode::binding);
        if (!is_last)
            EXPECT_EQ(finding_after([&] {
                          database.run("UPDATE log SET sequence = -1 WHERE sequence = $1", sequence);
                          database.run("UPDATE log SET sequence = $1 WHERE sequence = $2", sequence, sequence + 1);
                          database.run("UPDATE log SET sequence = $1 WHERE sequence = -1", sequence + 1);
                      }),
                      ErrorCode::binding);
        EXPECT_EQ(finding_after([&] { database.run("DELETE FROM log WHERE sequence > $1", sequence); }), is_last ? std::nullopt : std::optional{ErrorCode::binding});
    }
    EXPECT_EQ(finding_after([&] { database.run("INSERT INTO log(sequence, event) SELECT $1, event FROM log WHERE sequence = 3", size_of_log); }),
              ErrorCode::binding);
    EXPECT_EQ(finding_after([&] { database.run("DELETE FROM log"); }), ErrorCode::db_corrupt);
}

TEST_F(VaultLog, FindsAHeadOfAnotherHome)
{
    EXPECT_THROW((VaultLedger{database, key(0x43)}), Error);
}

TEST_F(VaultLog, FindsAWholeLogOfAnotherHome)
{
    std::vector<Bytes> others;
    for (const auto& record : records())
        others.push_back(encode(record));
    EXPECT_EQ(finding_after([&] {
                  database.execute("DELETE FROM log; DELETE FROM meta");
                  for (std::size_t sequence = 0; sequence < others.size(); ++sequence)
                      database.run("INSERT INTO log(sequence, event) VALUES ($1, $2)", sequence, others[sequence]);
                  database.run("INSERT INTO meta(key, value) VALUES ('head', $1)", Bytes(32, 1));
              }),
              ErrorCode::binding);
}

} // namespace
} // namespace coffer::requests
