// Usage: vote_rate FOLDER ROUNDS VOTES
//
// How many votes a second RequestService records, against bare SQLite and against judging alone. Three jobs
// in turn, ROUNDS times, VOTES each; a line a round with the seconds of each, so that a disk or a machine
// that changes its speed changes that of all three:
//
//   service  RequestService::record: load, judge, change, audit record, durable commit
//   bare     the rows that the service left, into a copy of its database: the same tables, queue of writers
//            and durability (WAL, FULL), one commit a vote, statements prepared once; nothing read or checked
//   judge    one judgement a vote, without a database
//
// FOLDER must be empty; making the requests and signing the votes is not measured.

#include "core/storage/lock_file.h"
#include "tests/support/scripted_books.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <sqlite3.h>

namespace {

using namespace coffer;

constexpr std::size_t votes_a_request = 2; // the quorum of the example treasury's rule

/// A statement or a setting that SQLite refuses ends the program.
void must(int result, int expected = SQLITE_OK)
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

Bare open_bare(const std::filesystem::path& file)
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

/// What the votes of one round left behind, in the order in which they came.
struct Rows {
    std::vector<Row> votes;
    std::vector<Row> audit;
    std::vector<Row> edge;
};

/// Reads the rows that came since it was asked last.
class RowReader {
public:
    explicit RowReader(const std::filesystem::path& file) : m_database{open_bare(file)} { static_cast<void>(read()); }

    Rows read()
    {
        Rows rows{m_votes.read(m_last_vote), m_audit.read(m_last_audit), m_edge.read()};
        m_last_vote = std::move(BareStatement{m_database, "SELECT max(rowid) FROM votes"}.read().front());
        m_last_audit = std::move(BareStatement{m_database, "SELECT max(sequence) FROM audit"}.read().front());
        return rows;
    }

private:
    Bare m_database;
    BareStatement m_votes{m_database, "SELECT request_id, officer, decision, artefact, at, comment FROM votes "
                                      "WHERE rowid > ifnull(?1, 0) ORDER BY rowid"};
    BareStatement m_audit{m_database, "SELECT sequence, stream, at, event, previous, hash FROM audit "
                                      "WHERE sequence > ifnull(?1, -1) ORDER BY sequence"};
    BareStatement m_edge{m_database, "SELECT value FROM meta WHERE key = 'audit_edge'"};
    Row m_last_vote;
    Row m_last_audit;
};

/// The copy of a home's database, written to as bare as can be.
class BareDatabase {
public:
    explicit BareDatabase(const std::filesystem::path& file) : m_queue{file.string() + ".lock"}, m_database{open_bare(file)}
    {
        must(sqlite3_exec(m_database.get(), "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", nullptr, nullptr, nullptr));
    }

    /// The last vote of each request reaches its quorum, and so changes its status and adds a record.
    void replay(const Rows& rows)
    {
        auto audit = rows.audit.begin();
        for (std::size_t i = 0; i < rows.votes.size(); ++i) {
            const auto turn = m_queue.acquire(std::chrono::seconds{30});
            m_begin.run();
            m_vote.run(rows.votes[i]);
            m_audit.run(*audit++);
            if ((i + 1) % votes_a_request == 0) {
                m_request.run(id_of(rows.votes[i]));
                m_payloads.run(id_of(rows.votes[i]));
                m_audit.run(*audit++);
            }
            m_edge.run(rows.edge.front());
            m_commit.run();
        }
        if (audit != rows.audit.end())
            std::abort();
    }

private:
    static Row id_of(const Row& vote)
    {
        Row row;
        row.emplace_back(sqlite3_value_dup(vote.front().get()));
        return row;
    }

    storage::LockFile m_queue;
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

template <typename Job>
double seconds_of(Job job)
{
    const auto start = std::chrono::steady_clock::now();
    job();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// A request that waits for votes, and those votes.
struct Waiting {
    requests::Submission submission;
    std::vector<Bytes> votes;
};

std::vector<Waiting> open_requests(test::ScriptedBooks& books, std::size_t count)
{
    requests::RequestService service{books};
    std::vector<Waiting> opened;
    for (std::size_t i = 0; i < count; ++i) {
        const test::Proposal proposal{.nonce = i, .id_seed = "request " + std::to_string(i)};
        auto submission = test::submission_of(proposal, books.chain(), books.now_is);
        const auto digest = service.open(submission).stored.row.digest;
        opened.push_back({std::move(submission), {}});
        for (const auto* officer : {"bob", "carol"})
            opened.back().votes.push_back(test::vote_of(officer, digest, requests::VoteDecision::approve, books.chain(), books.now_is));
    }
    return opened;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 4) {
        std::fputs("usage: vote_rate FOLDER ROUNDS VOTES\n", stderr);
        return 2;
    }
    const std::filesystem::path folder{argv[1]};
    const auto rounds = std::stoul(argv[2]);
    const auto requests_a_round = std::stoul(argv[3]) / votes_a_request;

    test::ScriptedBooks books{folder};
    requests::RequestService service{books};
    // One round more, unmeasured: it warms up.
    const auto waiting = open_requests(books, (rounds + 1) * requests_a_round);
    const auto record_round = [&](std::size_t round) {
        for (std::size_t i = round * requests_a_round; i < (round + 1) * requests_a_round; ++i)
            for (const auto& vote : waiting[i].votes)
                service.record(vote, "");
    };
    record_round(rounds);
    BareStatement{open_bare(folder / "coffer.db"), ("VACUUM INTO '" + (folder / "bare.db").string() + "'").c_str()}.run();
    BareDatabase bare{folder / "bare.db"};
    RowReader reader{folder / "coffer.db"};
    artefacts::VerifiedSignatures verified;
    const requests::Circumstances circumstances{.clock = books.now_is, .latest = books.now_is, .known_for = {}, .earlier_rejections = {}, .verified = &verified};
    for (std::size_t round = 0; round < rounds; ++round) {
        const auto recorded = seconds_of([&] { record_round(round); });
        const auto rows = reader.read();
        const auto committed = seconds_of([&] { bare.replay(rows); });
        const auto judged = seconds_of([&] {
            for (std::size_t i = round * requests_a_round; i < (round + 1) * requests_a_round; ++i) {
                auto submission = waiting[i].submission;
                for (const auto& vote : waiting[i].votes) {
                    submission.votes.push_back(vote);
                    static_cast<void>(requests::judge(books.chain(), submission, circumstances));
                }
            }
        });
        std::printf("%f %f %f\n", recorded, committed, judged);
    }
    return 0;
}
