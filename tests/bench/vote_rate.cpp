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

#include "tests/bench/bare_database.h"
#include "tests/support/scripted_books.h"

#include <chrono>
#include <cstdio>

namespace {

using namespace coffer;

constexpr std::size_t votes_a_request = 2; // the quorum of the example treasury's rule

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
    bench::copy_database(folder / "coffer.db", folder / "bare.db");
    bench::BareDatabase bare{folder / "bare.db", bench::Turn::ours};
    bench::VoteReader reader{folder / "coffer.db"};
    artefacts::VerifiedSignatures verified;
    const requests::Circumstances circumstances{.clock = books.now_is, .latest = books.now_is, .known_for = {}, .earlier_rejections = {}, .verified = &verified};
    for (std::size_t round = 0; round < rounds; ++round) {
        const auto recorded = seconds_of([&] { record_round(round); });
        const auto recorded_votes = reader.read();
        const auto edge = reader.edge();
        const auto committed = seconds_of([&] {
            for (const auto& vote : recorded_votes)
                bare.insert(vote, edge);
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
