// Usage: make_log HOME RECORDS
//
// Fills the empty audit log of a home that `coffer init` made, in one transaction, with records that tell of nothing else in the home.
// Prints how many bytes a record and its place in the tree make SHA-256 hash: record, leaf and node.

#include "core/audit/hash_chain.h"
#include "core/audit/log.h"
#include "core/audit/merkle.h"
#include "core/base/byte_writer.h"
#include "core/crypto/hash.h"
#include "core/storage/sqlite.h"
#include "tests/support/treasury.h"

#include <cstdio>

namespace {

using namespace coffer;

/// What a change of a payload's state leaves, without the payload.
Bytes event_of(std::uint64_t number)
{
    const auto digest = crypto::sha256(bytes_of(std::to_string(number)));
    return audit::encode_event({.type = "payload.noticed",
                                .subject = make_request_id(test::founding_day, to_array<10>(ByteView{digest}.first(10), "id")),
                                .actor = "user:treasury",
                                .details = {{"digest", to_bytes(digest)}, {"was", std::string{"pending_broadcast"}}}});
}

/// As core/audit/log.h lays it out.
Bytes encode_edge(const audit::MerkleTree& tree)
{
    ByteWriter writer;
    writer.write_u64_be(tree.size());
    for (const auto& hash : tree.edge())
        writer.write(hash.bytes());
    return std::move(writer).bytes();
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3) {
        std::fputs("usage: make_log HOME RECORDS\n", stderr);
        return 2;
    }
    const auto count = std::stoull(argv[2]);
    storage::SqliteDatabase database{std::filesystem::path{argv[1]} / "coffer.db", {.application_id = storage::ApplicationId::online}};
    auto transaction = database.begin_immediate();
    audit::MerkleTree tree;
    Hash256 previous;
    std::size_t event_bytes = 0;
    for (std::uint64_t number = 0; number < count; ++number) {
        audit::Record record{.sequence = number,
                             .stream = "main",
                             .time = test::founding_day + Duration{static_cast<std::int64_t>(number)},
                             .event = event_of(number),
                             .previous = previous,
                             .hash = {}};
        record.hash = audit::hash_record(record);
        database.run("INSERT INTO audit (sequence, stream, at, event, previous, hash) VALUES ($1, $2, $3, $4, $5, $6)", record.sequence,
                     record.stream, record.time.seconds, record.event, record.previous.bytes(), record.hash.bytes());
        previous = record.hash;
        tree.append(audit::leaf_of(record));
        event_bytes = record.event.size();
    }
    database.run("INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                 std::string_view{"audit_edge"}, encode_edge(tree));
    transaction.commit();
    std::printf("%zu 33 65\n", std::string_view{"coffer/v1/record"}.size() + 1 + 8 + 8 + 4 + 4 + Hash256::size + event_bytes);
    return 0;
}
