#pragma once

#include "core/audit/event.h"
#include "core/audit/hash_chain.h"
#include "core/audit/merkle.h"
#include "core/storage/database.h"

#include <functional>
#include <span>
#include <string>

namespace coffer::audit {

/// The log of a home: records in the table `audit`, chained by hash, with an RFC 9162 tree over
/// them. Whoever can write to the database can rewrite all of it, so what it proves is relative to
/// heads that somebody else holds.
class AuditLog {
public:
    /// `stream` labels what this log appends; all streams share one chain and one tree.
    explicit AuditLog(storage::Database& database, std::string stream = "main");

    /// Adds a record in the transaction of the change that it tells of. Takes O(log n): the tree's
    /// right edge is kept in `meta` under `audit_edge` (size, then its hashes).
    /// Throws Error{log_chain} when the newest record or the edge is not what the other says.
    Record append(storage::Transaction& transaction, const Event& event, UtcTime time);

    /// The size and root of now, from the edge; verify() holds the edge against the records.
    Head head() const;
    /// The head when there were `size` records. Throws Error{log_truncated} when there are fewer now.
    Head head_at(std::uint64_t size) const;

    /// Throws Error{not_found}.
    Record record(std::uint64_t sequence) const;
    /// Calls `visit` for each record from `first` on, in order, in one snapshot, without checking
    /// them. `visit` must not change the database.
    void for_each(const std::function<void(const Record&)>& visit, std::uint64_t first = 0) const;

    /// Shows that record `sequence` is in the log of the first `size` records.
    std::vector<Hash256> prove_inclusion(std::uint64_t sequence, std::uint64_t size) const;
    /// Shows that the log of `second` records continues that of `first`. Throws Error{log_chain} for
    /// a first size of 0, Error{log_truncated} when the log is shorter.
    std::vector<Hash256> prove_consistency(std::uint64_t first, std::uint64_t second) const;

    /// Computes everything again from the events. Throws Error{log_chain} naming the first record
    /// that was edited, moved or removed; Error{log_truncated} when the log does not contain one of
    /// `anchors`; Error{log_chain} when the stored edge is not that of the records. Reads in a
    /// transaction of its own.
    Head verify(std::span<const Head> anchors = {}) const;
    /// The same in the view of a transaction that is open.
    Head verify(const storage::Transaction& transaction, std::span<const Head> anchors) const;

private:
    MerkleTree load_tree() const;
    void save_tree(const MerkleTree& tree);
    /// The hash of the newest record, zero in an empty log; it and the tree must agree, since they
    /// came into being together.
    Hash256 require_end(const MerkleTree& tree) const;
    void visit_from(std::int64_t first, const std::function<void(const Record&)>& visit) const;
    std::vector<Hash256> leaves(std::uint64_t size) const;

    storage::Database& m_database;
    std::string m_stream;
};

} // namespace coffer::audit
