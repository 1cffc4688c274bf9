// Usage: vote_rate FOLDER ROUNDS VOTES
//
// How many votes a second RequestService records, against bare SQLite and against judging alone. Three jobs
// in turn, ROUNDS times, VOTES each; a line a round with the seconds of each, so that a disk or a machine
// that changes its speed changes that of all three:
//
//   service  RequestService::record: load, judge, change, audit record, durable commit
//   bare     rows of the same sizes into three tables, one durable commit a vote (WAL, FULL), same file system
//   judge    what the service judges a vote by, without a database
//
// FOLDER must be empty; making the requests and signing the votes is not measured.

#include "tests/support/scripted_books.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <sqlite3.h>

namespace {

using namespace coffer;

constexpr std::size_t votes_a_request = 2; // the quorum of the example treasury's rule

struct Sizes {
    std::size_t vote = 0;
    std::size_t event = 0;
    std::size_t edge = 0;
};

/// A statement or a setting that SQLite refuses ends the program.
class BareDatabase {
public:
    BareDatabase(const std::filesystem::path& file, const Sizes& sizes) : m_content{Bytes(sizes.vote), Bytes(sizes.event), Bytes(sizes.edge)}
    {
        must(sqlite3_open(file.c_str(), &m_handle));
        run("PRAGMA journal_mode = WAL");
        run("PRAGMA synchronous = FULL");
        run("CREATE TABLE votes (sequence INTEGER PRIMARY KEY, content BLOB)");
        run("CREATE TABLE audit (sequence INTEGER PRIMARY KEY, content BLOB)");
        run("CREATE TABLE meta (sequence INTEGER PRIMARY KEY, content BLOB)");
        for (const auto* sql : {"BEGIN IMMEDIATE", "INSERT INTO votes (content) VALUES (?1)", "INSERT INTO audit (content) VALUES (?1)",
                                "INSERT OR REPLACE INTO meta (sequence, content) VALUES (1, ?1)", "COMMIT"})
            must(sqlite3_prepare_v2(m_handle, sql, -1, &m_statements.emplace_back(), nullptr));
        for (std::size_t i = 0; i < m_content.size(); ++i)
            must(sqlite3_bind_blob(m_statements[i + 1], 1, m_content[i].data(), static_cast<int>(m_content[i].size()), SQLITE_STATIC));
    }
    BareDatabase(const BareDatabase&) = delete;
    BareDatabase& operator=(const BareDatabase&) = delete;
    ~BareDatabase()
    {
        for (auto* statement : m_statements)
            sqlite3_finalize(statement);
        sqlite3_close(m_handle);
    }

    void commit_one()
    {
        for (auto* statement : m_statements) {
            if (sqlite3_step(statement) != SQLITE_DONE)
                std::abort();
            must(sqlite3_reset(statement));
        }
    }

private:
    static void must(int result)
    {
        if (result != SQLITE_OK)
            std::abort();
    }
    void run(const char* sql) { must(sqlite3_exec(m_handle, sql, nullptr, nullptr, nullptr)); }

    sqlite3* m_handle = nullptr;
    std::vector<sqlite3_stmt*> m_statements;
    std::vector<Bytes> m_content;
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

/// How large the rows are that one vote leaves behind.
Sizes sizes_of_a_vote(test::ScriptedBooks& books)
{
    const auto number = [&](std::string_view sql) { return static_cast<std::size_t>(books.count(sql)); };
    return {.vote = number("SELECT CAST(avg(16 + length(officer) + length(decision) + length(artefact) + 8) AS INTEGER) FROM votes"),
            .event = number("SELECT CAST(avg(16 + length(event) + length(previous) + length(hash)) AS INTEGER) FROM audit"),
            .edge = number("SELECT length(value) FROM meta WHERE key = 'audit_edge'")};
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
    // One round more, unmeasured: it warms up, and tells how large the rows are.
    const auto waiting = open_requests(books, (rounds + 1) * requests_a_round);
    const auto record_round = [&](std::size_t round) {
        for (std::size_t i = round * requests_a_round; i < (round + 1) * requests_a_round; ++i)
            for (const auto& vote : waiting[i].votes)
                service.record(vote, "");
    };
    record_round(rounds);
    BareDatabase bare{folder / "bare.db", sizes_of_a_vote(books)};
    const requests::Circumstances circumstances{.clock = books.now_is, .latest = books.now_is, .known_for = {}, .earlier_rejections = {}};
    for (std::size_t round = 0; round < rounds; ++round) {
        const auto recorded = seconds_of([&] { record_round(round); });
        const auto committed = seconds_of([&] {
            for (std::size_t i = 0; i < requests_a_round * votes_a_request; ++i)
                bare.commit_one();
        });
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
