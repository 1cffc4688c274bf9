#pragma once

#include "core/base/ids.h"

#include <cstdint>
#include <span>
#include <vector>

/// The hash tree of RFC 9162, section 2.1 (that of RFC 6962) with SHA-256.
namespace coffer::audit {

/// What a log was at some moment: its number of records and the root over them. Signed, it is an
/// anchor that a later log must contain.
struct Head {
    std::uint64_t size = 0;
    Hash256 root;
    bool operator==(const Head&) const = default;
};

/// SHA-256(00 ‖ data).
Hash256 hash_leaf(ByteView data);
/// SHA-256(01 ‖ left ‖ right).
Hash256 hash_node(const Hash256& left, const Hash256& right);
/// SHA-256 of nothing.
Hash256 empty_root();

/// In each function below, `leaves` are leaf hashes.
Hash256 merkle_root(std::span<const Hash256> leaves);

/// The siblings from leaf `index` up to the root (2.1.3.1). An index outside of the tree throws Error{not_found}.
std::vector<Hash256> inclusion_proof(std::span<const Hash256> leaves, std::uint64_t index);
/// Proves that the first `size` leaves are what a head of that size named (2.1.4.1). Size 0 proves nothing and
/// throws Error{log_chain}; a size over that of the tree throws Error{log_truncated}.
std::vector<Hash256> consistency_proof(std::span<const Hash256> leaves, std::uint64_t size);

/// Throws Error{log_chain} unless the proof shows that `leaf` is leaf `index` of the tree (2.1.3.2).
void verify_inclusion(const Hash256& leaf, std::uint64_t index, const Head& head, std::span<const Hash256> proof);
/// Throws Error{log_chain} unless the proof shows that `second` continues `first` (2.1.4.2); for a
/// first head of size 0, too.
void verify_consistency(const Head& first, const Head& second, std::span<const Hash256> proof);

/// A tree that grows at its right edge: it keeps one hash for each complete subtree, so that
/// append() and root() take O(log n).
class MerkleTree {
public:
    MerkleTree() = default;
    /// Continues from what edge() gave. Throws Error{log_chain} unless it has one hash for each 1 bit of `size`.
    MerkleTree(std::uint64_t size, std::vector<Hash256> edge);

    void append(const Hash256& leaf);

    std::uint64_t size() const { return m_size; }
    Hash256 root() const;
    Head head() const { return {m_size, root()}; }
    /// The roots of the complete subtrees, the largest (leftmost) first.
    const std::vector<Hash256>& edge() const { return m_edge; }

    bool operator==(const MerkleTree&) const = default;

private:
    std::uint64_t m_size = 0;
    std::vector<Hash256> m_edge;
};

} // namespace coffer::audit
