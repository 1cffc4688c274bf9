#include "core/audit/log.h"

#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"
#include "core/base/error.h"

#include <limits>
#include <map>
#include <utility>

namespace coffer::audit {

namespace {

constexpr std::string_view edge_key = "audit_edge";

Bytes encode_tree(const MerkleTree& tree)
{
    ByteWriter writer;
    writer.write_u64_be(tree.size());
    for (const auto& hash : tree.edge())
        writer.write(hash.bytes());
    return std::move(writer).bytes();
}

MerkleTree decode_tree(ByteView bytes)
{
    constexpr std::size_t size_bytes = 8;
    if (bytes.size() % Hash256::size != size_bytes)
        throw Error{ErrorCode::log_chain, "the edge of the audit log has " + std::to_string(bytes.size()) + " bytes"};
    ByteReader reader{bytes};
    const auto size = reader.read_u64_be();
    std::vector<Hash256> edge;
    while (!reader.at_end())
        edge.emplace_back(reader.read_array<Hash256::size>());
    return MerkleTree{size, std::move(edge)};
}

/// What no append can have written, so somebody edited it.
Error impossible(std::int64_t sequence, std::string_view what)
{
    return Error{ErrorCode::log_chain, "audit record " + std::to_string(sequence) + " has an impossible " + std::string{what}};
}

Hash256 read_hash(const storage::Statement& row, int column, std::string_view name)
{
    const auto bytes = row.blob(column);
    if (bytes.size() != Hash256::size)
        throw impossible(row.integer(0), name);
    return Hash256::from(bytes);
}

/// A row of `SELECT sequence, stream, at, event, previous, hash`.
Record read_record(const storage::Statement& row)
{
    if (row.integer(0) < 0)
        throw impossible(row.integer(0), "sequence");
    return {.sequence = row.natural(0),
            .stream = row.text(1),
            .time = {row.integer(2)},
            .event = row.blob(3),
            .previous = read_hash(row, 4, "previous hash"),
            .hash = read_hash(row, 5, "hash")};
}

Error truncated(std::uint64_t found, std::uint64_t expected)
{
    return Error{ErrorCode::log_truncated, "the audit log has " + std::to_string(found) + " records, expected at least " +
                                               std::to_string(expected)};
}

/// The anchors that a log must contain, by size; checked as the log grows past them.
class AnchorCheck {
public:
    explicit AnchorCheck(std::span<const Head> anchors)
    {
        for (const auto& anchor : anchors)
            m_anchors.emplace(anchor.size, anchor.root);
    }

    void check(const MerkleTree& tree) const
    {
        const auto [first, last] = m_anchors.equal_range(tree.size());
        for (auto anchor = first; anchor != last; ++anchor)
            if (anchor->second != tree.root())
                throw Error{ErrorCode::log_truncated, "the audit log does not contain the head of " +
                                                          std::to_string(anchor->first) + " records: it was rewritten"};
    }

    void check_end(const MerkleTree& tree) const
    {
        if (!m_anchors.empty() && m_anchors.rbegin()->first > tree.size())
            throw truncated(tree.size(), m_anchors.rbegin()->first);
    }

private:
    std::multimap<std::uint64_t, Hash256> m_anchors;
};

} // namespace

AuditLog::AuditLog(storage::Database& database, std::string stream) : m_database{database}, m_stream{std::move(stream)} {}

Record AuditLog::append(storage::Transaction& transaction, const Event& event, UtcTime time)
{
    require(&transaction.database() == &m_database && transaction.kind() == storage::Transaction::Kind::write,
            "an audit record outside of its transaction");
    auto tree = load_tree();
    Record record{.sequence = tree.size(),
                  .stream = m_stream,
                  .time = time,
                  .event = encode_event(event),
                  .previous = require_end(tree),
                  .hash = {}};
    record.hash = hash_record(record);
    m_database.run("INSERT INTO audit (sequence, stream, at, event, previous, hash) VALUES ($1, $2, $3, $4, $5, $6)",
                   record.sequence, record.stream, record.time.seconds, record.event, record.previous.bytes(),
                   record.hash.bytes());
    tree.append(leaf_of(record));
    save_tree(tree);
    return record;
}

Head AuditLog::head() const
{
    return load_tree().head();
}

Head AuditLog::head_at(std::uint64_t size) const
{
    return {size, merkle_root(leaves(size))};
}

Record AuditLog::record(std::uint64_t sequence) const
{
    auto row = m_database.query("SELECT sequence, stream, at, event, previous, hash FROM audit WHERE sequence = $1", sequence);
    if (!row.step())
        throw Error{ErrorCode::not_found, "there is no audit record " + std::to_string(sequence)};
    return read_record(row);
}

void AuditLog::for_each(const std::function<void(const Record&)>& visit, std::uint64_t first) const
{
    visit_from(static_cast<std::int64_t>(first), visit);
}

void AuditLog::visit_from(std::int64_t first, const std::function<void(const Record&)>& visit) const
{
    auto row = m_database.query(
        "SELECT sequence, stream, at, event, previous, hash FROM audit WHERE sequence >= $1 ORDER BY sequence", first);
    while (row.step())
        visit(read_record(row));
}

std::vector<Hash256> AuditLog::prove_inclusion(std::uint64_t sequence, std::uint64_t size) const
{
    return inclusion_proof(leaves(size), sequence);
}

std::vector<Hash256> AuditLog::prove_consistency(std::uint64_t first, std::uint64_t second) const
{
    return consistency_proof(leaves(second), first);
}

Head AuditLog::verify(std::span<const Head> anchors) const
{
    return verify(m_database.begin_read(), anchors);
}

Head AuditLog::verify(const storage::Transaction& transaction, std::span<const Head> anchors) const
{
    require(&transaction.database() == &m_database, "a transaction of another database");
    const AnchorCheck check{anchors};
    MerkleTree tree;
    Hash256 previous;
    check.check(tree);
    visit_from(std::numeric_limits<std::int64_t>::min(), [&](const Record& record) {
        verify_record(record, tree.size(), previous);
        previous = record.hash;
        tree.append(leaf_of(record));
        check.check(tree);
    });
    check.check_end(tree);
    const auto stored = load_tree();
    if (stored != tree)
        throw Error{ErrorCode::log_chain, "the audit log has " + std::to_string(tree.size()) +
                                              " records, and its edge is of another log, of " + std::to_string(stored.size())};
    return tree.head();
}

MerkleTree AuditLog::load_tree() const
{
    auto row = m_database.query("SELECT value FROM meta WHERE key = $1", edge_key);
    return row.step() ? decode_tree(row.blob(0)) : MerkleTree{};
}

void AuditLog::save_tree(const MerkleTree& tree)
{
    m_database.run("INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                   edge_key, encode_tree(tree));
}

Hash256 AuditLog::require_end(const MerkleTree& tree) const
{
    auto row = m_database.query("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1");
    const bool has_records = row.step();
    const auto count = has_records ? row.integer(0) + 1 : 0;
    if (!std::cmp_equal(count, tree.size()))
        throw Error{ErrorCode::log_chain, "the audit log has " + std::to_string(count) + " records, and its edge says " +
                                              std::to_string(tree.size())};
    if (!has_records)
        return {};
    const auto hash = read_hash(row, 1, "hash");
    if (tree.size() % 2 == 1 && tree.edge().back() != hash_leaf(hash.bytes()))
        throw Error{ErrorCode::log_chain, "the edge of the audit log does not end in record " + std::to_string(row.integer(0))};
    return hash;
}

std::vector<Hash256> AuditLog::leaves(std::uint64_t size) const
{
    auto row = m_database.query("SELECT hash FROM audit WHERE sequence < $1 ORDER BY sequence", size);
    std::vector<Hash256> hashes;
    while (row.step())
        hashes.push_back(hash_leaf(row.array<32>(0)));
    if (hashes.size() != size)
        throw truncated(hashes.size(), size);
    return hashes;
}

} // namespace coffer::audit
