// Usage: make_home HOME REQUESTS
//
// Fills a home that `coffer init` made with requests of the example treasury, through the store and in one
// transaction: what `coffer list` reads, without thousands of process starts.

#include "core/storage/migrations.h"
#include "core/storage/sqlite.h"
#include "tests/support/scripted_books.h"

#include <cstdio>

namespace {

using namespace coffer;

constexpr std::array statuses = {requests::Status::pending_review, requests::Status::pending_signature, requests::Status::success,
                                 requests::Status::rejected};

requests::StoredRequest make_request(const charter::PolicyChain& chain, std::uint64_t number, UtcTime now)
{
    const test::Proposal proposal{.nonce = number};
    const auto payloads = test::payloads_of(proposal);
    auto request = test::request_for(proposal, chain, payloads, now);
    // As a home makes them: in the order of time, all of one day.
    request.id = make_request_id(now, {0, 0, 0, 0, 0, 0, 0, 0, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)});
    auto artefact = encode(request);
    artefact.sign(test::key_named(proposal.requester));
    const auto status = statuses[number % statuses.size()];
    return {.row = {.id = request.id,
                    .digest = requests::digest_of(artefact),
                    .status = status,
                    .wallet = request.wallet,
                    .kind = std::string{charter::name_of(request.kind)},
                    .created = request.created,
                    .expires = request.expires,
                    .replaces = {},
                    .summary = "5 ETH to exchange",
                    .exported = {}},
            .artefact = artefact.encode(),
            .payloads = {{.digest = request.payloads[0], .bytes = payloads[0], .status = status, .memo = {}}},
            .votes = {}};
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3) {
        std::fputs("usage: make_home HOME REQUESTS\n", stderr);
        return 2;
    }
    const auto count = std::stoull(argv[2]);
    const auto now = SystemClock{}.now();
    const auto chain = test::founded(test::example_charter());
    storage::SqliteDatabase database{std::filesystem::path{argv[1]} / "coffer.db", {.application_id = storage::ApplicationId::online}};
    requests::RequestStore store{database};
    auto transaction = database.begin_immediate();
    for (std::uint64_t number = 0; number < count; ++number)
        store.insert(make_request(chain, number, now - Duration{static_cast<std::int64_t>(count - number)}));
    transaction.commit();
    return 0;
}
