#pragma once

#include "core/audit/event.h"
#include "core/storage/lock_file.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <sqlite3.h>
#include <vector>

/// SQLite without anything of ours around it, and the rows that votes leave in a home's database.
namespace coffer::bench {

/// A statement or a setting that SQLite refuses ends the program.
inline void must(int result, int expected = SQLITE_OK)
{
    if (result != expected)
        std::abort();
}

struct Free {
    void operator()(sqlite3_value* value) const { sqlite3_value_free(value); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    void operator()(sqlite3* database) const { sqlite3_close(database); }
};

using Row = std::vector<std::unique_ptr<sqlite3_value, Free>>;
using Bare = std::unique_ptr<sqlite3, Free>;

inline Bare open_bare(const std::filesystem::path& file)
{
    sqlite3* handle = nullptr;
    must(sqlite3_open(file.c_str(), &handle));
    return Bare{handle};
}

class BareStatement {
public:
    BareStatement(const Bare& database, const char* sql)
    {
        sqlite3_stmt* statement = nullptr;
        must(sqlite3_prepare_v2(database.get(), sql, -1, &statement, nullptr));
        m_statement.reset(statement);
    }

    void run(const Row& row = {})
    {
        bind(row);
        must(sqlite3_step(m_statement.get()), SQLITE_DONE);
        must(sqlite3_reset(m_statement.get()));
    }

    std::vector<Row> read(const Row& parameters = {})
    {
        bind(parameters);
        std::vector<Row> rows;
        while (sqlite3_step(m_statement.get()) == SQLITE_ROW) {
            auto& row = rows.emplace_back();
            for (int column = 0; column < sqlite3_column_count(m_statement.get()); ++column)
                row.emplace_back(sqlite3_value_dup(sqlite3_column_value(m_statement.get(), column)));
        }
        must(sqlite3_reset(m_statement.get()));
        return rows;
    }

private:
    void bind(const Row& row)
    {
        for (std::size_t i = 0; i < row.size(); ++i)
            must(sqlite3_bind_value(m_statement.get(), static_cast<int>(i) + 1, row[i].get()));
    }

    std::unique_ptr<sqlite3_stmt, Free> m_statement;
};

/// A copy of a home's database as it is now.
inline void copy_database(const std::filesystem::path& from, const std::filesystem::path& to)
{
    BareStatement{open_bare(from), ("VACUUM INTO '" + to.string() + "'").c_str()}.run();
}

/// What the transaction of one vote left behind: the vote, its record, and one more where it was the last needed.
struct RecordedVote {
    Row vote;
    std::vector<Row> audit;
};

/// Reads what came since it was asked last, in the order in which it came.
class VoteReader {
public:
    explicit VoteReader(const std::filesystem::path& file) : m_database{open_bare(file)} { remember_last(); }

    std::vector<RecordedVote> read()
    {
        std::vector<RecordedVote> recorded;
        for (auto& vote : m_votes.read(m_last_vote))
            recorded.push_back({std::move(vote), {}});
        std::size_t begun = 0;
        for (auto& row : m_audit.read(m_last_audit)) {
            if (is_vote(row))
                ++begun;
            if (begun == 0 || begun > recorded.size())
                std::abort();
            recorded[begun - 1].audit.push_back(std::move(row));
        }
        if (begun != recorded.size())
            std::abort();
        remember_last();
        return recorded;
    }
    /// The edge of the audit log; every vote writes one of about its size.
    Row edge() { return std::move(m_edge.read().front()); }

private:
    void remember_last()
    {
        m_last_vote = std::move(BareStatement{m_database, "SELECT max(rowid) FROM votes"}.read().front());
        m_last_audit = std::move(BareStatement{m_database, "SELECT max(sequence) FROM audit"}.read().front());
    }
    static bool is_vote(const Row& audit)
    {
        auto* event = audit[3].get();
        const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_value_blob(event));
        return audit::decode_event({bytes, static_cast<std::size_t>(sqlite3_value_bytes(event))}).type == "vote.recorded";
    }

    Bare m_database;
    BareStatement m_votes{m_database, "SELECT request_id, officer, decision, artefact, at, comment FROM votes "
                                      "WHERE rowid > ifnull(?1, 0) ORDER BY rowid"};
    BareStatement m_audit{m_database, "SELECT sequence, stream, at, event, previous, hash FROM audit "
                                      "WHERE sequence > ifnull(?1, -1) ORDER BY sequence"};
    BareStatement m_edge{m_database, "SELECT value FROM meta WHERE key = 'audit_edge'"};
    Row m_last_vote;
    Row m_last_audit;
};

/// Where writers wait for their turn: in our queue, or in SQLite, which sleeps and tries again.
enum class Turn { ours, of_sqlite };

/// The copy of a home's database, written to as bare as can be: WAL, FULL, one commit a vote, statements prepared once; nothing is read
/// or checked.
class BareDatabase {
public:
    BareDatabase(const std::filesystem::path& file, Turn turn) : m_queue{file.string() + ".lock"}, m_turn{turn}, m_database{open_bare(file)}
    {
        must(sqlite3_busy_timeout(m_database.get(), static_cast<int>(patience.count())));
        must(sqlite3_exec(m_database.get(), "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", nullptr, nullptr, nullptr));
    }

    void insert(const RecordedVote& recorded, const Row& edge)
    {
        const auto turn = m_turn == Turn::ours ? std::optional{m_queue.acquire(patience)} : std::nullopt;
        m_begin.run();
        m_vote.run(recorded.vote);
        for (const auto& row : recorded.audit)
            m_audit.run(row);
        if (recorded.audit.size() > 1) {
            m_request.run(id_of(recorded.vote));
            m_payloads.run(id_of(recorded.vote));
        }
        m_edge.run(edge);
        m_commit.run();
    }

private:
    static constexpr std::chrono::milliseconds patience{600'000};

    static Row id_of(const Row& vote)
    {
        Row row;
        row.emplace_back(sqlite3_value_dup(vote.front().get()));
        return row;
    }

    storage::LockFile m_queue;
    Turn m_turn;
    Bare m_database;
    BareStatement m_begin{m_database, "BEGIN IMMEDIATE"};
    BareStatement m_vote{m_database, "INSERT INTO votes (request_id, officer, decision, artefact, at, comment) "
                                     "VALUES (?1, ?2, ?3, ?4, ?5, ?6)"};
    BareStatement m_audit{m_database, "INSERT INTO audit (sequence, stream, at, event, previous, hash) "
                                      "VALUES (?1, ?2, ?3, ?4, ?5, ?6)"};
    BareStatement m_edge{m_database, "UPDATE meta SET value = ?1 WHERE key = 'audit_edge'"};
    BareStatement m_request{m_database, "UPDATE requests SET status = 'pending_signature' WHERE id = ?1"};
    BareStatement m_payloads{m_database, "UPDATE payloads SET status = 'pending_signature' WHERE request_id = ?1"};
    BareStatement m_commit{m_database, "COMMIT"};
};

} // namespace coffer::bench
