// Usage: vote_load FOLDER PROCESSES SECONDS ROUNDS VOTES
//
// How many votes a second so many processes record together in one home, against SQLite alone, in turn: ROUNDS rounds,
// which take SECONDS in all for each, or less when all VOTES are recorded. Prints a line a round, of
// RequestService::record and of bare SQLite: votes, seconds, and the longest wait of any process for one vote. The bare
// processes insert the rows that the service left into a copy of its database, one commit a vote with the same
// durability, and wait for their turn as SQLite does.
//
// The two votes of a request come from different processes, and every 64th vote from two of them. Afterwards every vote
// that was acknowledged, and no other, must be in the home once, in the table and in the log; else the status is 1.
// FOLDER must be empty; making the requests and signing the votes is not measured.

#include "tests/bench/bare_database.h"
#include "tests/support/scripted_books.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <functional>
#include <map>
#include <new>
#include <set>
#include <sys/mman.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

using namespace coffer;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr std::array<const char*, 2> voters = {"bob", "carol"}; // the quorum of the example treasury's rule
constexpr std::size_t repeated = 64;

struct Load {
    std::filesystem::path folder;
    std::size_t processes;
    double seconds; ///< of a round
    std::vector<Bytes> votes; ///< those of a request stand together
};

/// What the processes tell each other.
class Board {
public:
    explicit Board(std::size_t votes) : m_size{sizeof(State) + votes}
    {
        void* memory = mmap(nullptr, m_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED)
            std::abort();
        m_state = new (memory) State{};
        m_done = static_cast<std::atomic<char>*>(static_cast<void*>(m_state + 1));
    }
    Board(const Board&) = delete;
    Board& operator=(const Board&) = delete;
    ~Board() { munmap(m_state, m_size); }

    void begin_round() { new (m_state) State{}; }
    void set_done(std::size_t vote) { m_done[vote] = 1; }
    bool is_done(std::size_t vote) const { return m_done[vote] == 1; }
    void wait_for(std::size_t processes)
    {
        for (++m_state->ready; m_state->ready < processes;)
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    void waited(Seconds wait) { raise(m_state->longest_wait, nanoseconds(wait)); }
    void ended_after(Seconds time) { raise(m_state->longest_run, nanoseconds(time)); }
    /// The process takes no vote before this one any more.
    void reached(std::size_t vote) { raise(m_state->next, static_cast<std::int64_t>(vote)); }
    std::size_t next() const { return static_cast<std::size_t>(m_state->next); }
    double longest_wait() const { return static_cast<double>(m_state->longest_wait) * 1e-9; }
    double longest_run() const { return static_cast<double>(m_state->longest_run) * 1e-9; }

private:
    struct State {
        std::atomic<std::size_t> ready = 0;
        std::atomic<std::int64_t> longest_wait = 0; // nanoseconds
        std::atomic<std::int64_t> longest_run = 0;
        std::atomic<std::int64_t> next = 0;
    };

    static std::int64_t nanoseconds(Seconds time) { return std::llround(time.count() * 1e9); }
    static void raise(std::atomic<std::int64_t>& highest, std::int64_t value)
    {
        for (auto known = highest.load(); known < value && !highest.compare_exchange_weak(known, value);) {
        }
    }

    std::size_t m_size;
    State* m_state;
    std::atomic<char>* m_done;
};

/// Runs `record` for each of the process's votes until the time is up.
using Record = std::function<void(std::size_t vote)>;

struct Span {
    std::size_t first;
    std::size_t end;
};

void work(const Load& load, std::size_t process, const Span& votes, Board& board, const Record& record)
{
    board.wait_for(load.processes);
    const auto start = Clock::now();
    auto vote = votes.first + process;
    for (; vote < votes.end && Seconds{Clock::now() - start}.count() < load.seconds; vote += load.processes) {
        const auto asked = Clock::now();
        record(vote);
        board.waited(Clock::now() - asked);
    }
    board.ended_after(Clock::now() - start);
    board.reached(vote);
}

/// `prepare` is called in each process, and answers what records there.
void run_processes(const Load& load, const Span& votes, Board& board, const std::function<Record()>& prepare)
{
    board.begin_round();
    std::vector<pid_t> children;
    for (std::size_t process = 0; process < load.processes; ++process) {
        if (const auto child = fork(); child != 0) {
            children.push_back(child);
            continue;
        }
        try {
            work(load, process, votes, board, prepare());
        } catch (const std::exception& error) {
            std::fprintf(stderr, "vote_load: process %zu: %s\n", process, error.what());
            _exit(1);
        }
        _exit(0);
    }
    for (std::size_t left = children.size(); left > 0; --left) {
        int status = 0;
        if (const auto ended = wait(&status); ended > 0 && status == 0) {
            std::erase(children, ended);
            continue;
        }
        for (const auto child : children)
            kill(child, SIGKILL);
        std::exit(1);
    }
}

requests::StoredRequest stored(const requests::Submission& submission, const requests::OpenRequest& open)
{
    const auto& request = open.request;
    return {.row = {.id = request.id,
                    .digest = open.digest,
                    .status = requests::Status::pending_review,
                    .wallet = request.wallet,
                    .kind = std::string{charter::name_of(request.kind)},
                    .created = request.created,
                    .expires = request.expires,
                    .replaces = {},
                    .summary = "5 ETH to exchange",
                    .exported = {}},
            .artefact = submission.request,
            .payloads = {{.digest = request.payloads[0], .bytes = submission.payloads[0], .status = requests::Status::pending_review, .memo = {}}},
            .votes = {}};
}

/// With a key that is there already: opening its guarded memory costs more than a signature.
Bytes vote_of(const std::string& officer, const crypto::Ed25519PrivateKey& key, const RequestDigest& request, const test::ScriptedBooks& books)
{
    const auto& chain = books.chain();
    auto artefact = encode(requests::Vote{.header = chain.charter().header,
                                          .request = request,
                                          .decision = requests::VoteDecision::approve,
                                          .officer = officer,
                                          .time = books.now_is,
                                          .comment = {},
                                          .charter = chain.charter_hash(),
                                          .position = chain.position(),
                                          .heads = {}});
    artefact.sign(key);
    return artefact.encode();
}

/// Opens requests in one transaction and signs their votes.
std::vector<Bytes> open_requests(const std::filesystem::path& folder, std::size_t votes)
{
    test::ScriptedBooks books{folder};
    requests::RequestStore store{books.database()};
    const std::array keys{test::key_named(voters[0]), test::key_named(voters[1])};
    std::vector<Bytes> signed_votes;
    auto transaction = books.database().begin_immediate();
    for (std::size_t i = 0; i < votes / voters.size(); ++i) {
        const auto submission = test::submission_of({.nonce = i, .id_seed = "request " + std::to_string(i)}, books.chain(), books.now_is);
        const auto open = requests::open_request(books.chain(), submission, books.now_is);
        store.insert(stored(submission, open));
        for (const auto& used : open.slots())
            store.take_slot(open.request.id, used);
        for (std::size_t voter = 0; voter < voters.size(); ++voter)
            signed_votes.push_back(vote_of(voters[voter], keys[voter], open.digest, books));
    }
    books.record(transaction, {.type = "requests.made", .subject = {}, .actor = "vote_load", .details = {}});
    transaction.commit();
    return signed_votes;
}

Record service_of(const Load& load, Board& board)
{
    const auto books = std::make_shared<test::ScriptedBooks>(load.folder);
    const auto service = std::make_shared<requests::RequestService>(*books);
    return [&load, &board, books, service](std::size_t vote) {
        const auto record = [&](std::size_t number) {
            service->record(load.votes[number], "");
            board.set_done(number);
        };
        record(vote);
        if (vote % repeated == 1) // the vote before it is another process's
            record(vote - 1);
    };
}

[[noreturn]] void fail(const std::string& what)
{
    std::fprintf(stderr, "vote_load: %s\n", what.c_str());
    std::exit(1);
}

/// Ends the program unless the home has just the votes that were acknowledged, each once.
void require_recorded(const Load& load, const Board& board)
{
    std::map<Bytes, std::size_t> expected;
    std::size_t complete = 0;
    for (std::size_t vote = 0; vote < load.votes.size(); ++vote)
        if (board.is_done(vote))
            expected.emplace(load.votes[vote], 0);
    for (std::size_t vote = 0; vote < load.votes.size(); vote += voters.size())
        if (board.is_done(vote) && board.is_done(vote + 1))
            ++complete;

    test::ScriptedBooks books{load.folder};
    auto row = books.database().query("SELECT artefact FROM votes");
    while (row.step())
        if (const auto found = expected.find(row.blob(0)); found == expected.end() || ++found->second > 1)
            fail("the home has a vote twice, or one that was not acknowledged");
    if (std::ranges::any_of(expected, [](const auto& vote) { return vote.second == 0; }))
        fail("an acknowledged vote is lost");
    std::map<std::string, std::size_t> told;
    std::set<std::pair<std::optional<RequestId>, std::string>> voted;
    const audit::AuditLog log{books.database()};
    log.for_each([&](const audit::Record& record) {
        const auto event = audit::decode_event(record.event);
        ++told[event.type];
        if (event.type == "vote.recorded" && !voted.emplace(event.subject, event.actor).second)
            fail("the log tells of a vote twice");
    });
    if (told["vote.recorded"] != expected.size() || told["request.pending_signature"] != complete)
        fail("the log tells of other votes than were acknowledged");
    if (!std::cmp_equal(books.count("SELECT count(*) FROM requests WHERE status = 'pending_signature'"), complete))
        fail("other requests are approved than have both votes");
    static_cast<void>(log.verify());
}

std::size_t count_done(const Board& board, const Span& votes)
{
    std::size_t count = 0;
    for (auto vote = votes.first; vote < votes.end; ++vote)
        if (board.is_done(vote))
            ++count;
    return count;
}

void print(std::size_t votes, const Board& board, const char* end)
{
    std::printf("%zu %f %f%s", votes, board.longest_run(), board.longest_wait(), end);
    std::fflush(stdout); // before the next fork
}

/// The rows of one round, written by as many processes.
void run_bare(const Load& load, const std::filesystem::path& file, const std::vector<bench::RecordedVote>& recorded, const bench::Row& edge)
{
    const Span all{0, recorded.size()};
    Board board{recorded.size()};
    run_processes(load, all, board, [&]() -> Record {
        const auto bare = std::make_shared<bench::BareDatabase>(file, bench::Turn::of_sqlite);
        return [&, bare](std::size_t vote) {
            bare->insert(recorded[vote], edge);
            board.set_done(vote);
        };
    });
    print(count_done(board, all), board, "\n");
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 6) {
        std::fputs("usage: vote_load FOLDER PROCESSES SECONDS ROUNDS VOTES\n", stderr);
        return 2;
    }
    const auto rounds = std::stoul(argv[4]);
    Load load{.folder = argv[1], .processes = std::stoul(argv[2]), .seconds = std::stod(argv[3]) / static_cast<double>(rounds), .votes = {}};
    load.votes = open_requests(load.folder, std::stoul(argv[5]));
    const auto copy = load.folder / "bare.db";
    bench::copy_database(load.folder / "coffer.db", copy);
    const bench::BareDatabase kept_open{copy, bench::Turn::of_sqlite};
    bench::VoteReader reader{load.folder / "coffer.db"};
    Board board{load.votes.size()};
    Span votes{0, load.votes.size()};
    for (std::size_t round = 0; round < rounds && votes.first < votes.end; ++round) {
        const auto before = count_done(board, {0, votes.end});
        run_processes(load, votes, board, [&] { return service_of(load, board); });
        print(count_done(board, {0, votes.end}) - before, board, " ");
        votes.first = board.next();
        run_bare(load, copy, reader.read(), reader.edge());
    }
    require_recorded(load, board);
    return 0;
}
