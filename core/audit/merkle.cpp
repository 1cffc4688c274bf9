#include "core/audit/merkle.h"

#include "core/base/error.h"
#include "core/crypto/hash.h"

#include <array>
#include <bit>
#include <string>
#include <utility>

namespace coffer::audit {

namespace {

using Leaves = std::span<const Hash256>;
using Proof = std::vector<Hash256>;

constexpr std::array<std::uint8_t, 1> leaf_prefix = {0x00};
constexpr std::array<std::uint8_t, 1> node_prefix = {0x01};

/// The largest power of two below n, for n of at least 2.
std::size_t split_point(std::size_t n)
{
    return std::bit_floor(n - 1);
}

/// SUBPROOF(m, D, b) of 2.1.4.1: `is_known` is b, whether the verifier has the root of these leaves.
void append_subproof(Proof& proof, Leaves leaves, std::size_t size, bool is_known)
{
    if (size == leaves.size()) {
        if (!is_known)
            proof.push_back(merkle_root(leaves));
        return;
    }
    const auto split = split_point(leaves.size());
    if (size <= split) {
        append_subproof(proof, leaves.first(split), size, is_known);
        proof.push_back(merkle_root(leaves.subspan(split)));
    } else {
        append_subproof(proof, leaves.subspan(split), size - split, false);
        proof.push_back(merkle_root(leaves.first(split)));
    }
}

Error broken_proof(std::string message)
{
    return Error{ErrorCode::log_chain, std::move(message)};
}

/// Hands out the hashes of a proof one by one.
class ProofReader {
public:
    explicit ProofReader(Leaves proof) : m_left{proof} {}

    bool at_end() const { return m_left.empty(); }
    const Hash256& next()
    {
        if (m_left.empty())
            throw broken_proof("the proof is too short");
        const auto& hash = m_left.front();
        m_left = m_left.subspan(1);
        return hash;
    }
    void expect_end() const
    {
        if (!m_left.empty())
            throw broken_proof("the proof has " + std::to_string(m_left.size()) + " hashes too many");
    }

private:
    Leaves m_left;
};

} // namespace

Hash256 hash_leaf(ByteView data)
{
    return Hash256{crypto::Sha256{}.update(leaf_prefix).update(data).finish()};
}

Hash256 hash_node(const Hash256& left, const Hash256& right)
{
    return Hash256{crypto::Sha256{}.update(node_prefix).update(left.bytes()).update(right.bytes()).finish()};
}

Hash256 empty_root()
{
    return Hash256{crypto::sha256({})};
}

Hash256 merkle_root(Leaves leaves)
{
    MerkleTree tree;
    for (const auto& leaf : leaves)
        tree.append(leaf);
    return tree.root();
}

Proof inclusion_proof(Leaves leaves, std::uint64_t index)
{
    if (index >= leaves.size())
        throw Error{ErrorCode::not_found,
                    "record " + std::to_string(index) + " is not in a log of " + std::to_string(leaves.size())};
    Proof proof;
    // PATH(m, D_n) of 2.1.3.1 from the root down, so the siblings come in reverse.
    while (leaves.size() > 1) {
        const auto split = split_point(leaves.size());
        const bool is_left = index < split;
        proof.insert(proof.begin(), merkle_root(is_left ? leaves.subspan(split) : leaves.first(split)));
        leaves = is_left ? leaves.first(split) : leaves.subspan(split);
        index -= is_left ? 0 : split;
    }
    return proof;
}

Proof consistency_proof(Leaves leaves, std::uint64_t size)
{
    if (size == 0)
        throw broken_proof("an empty log proves nothing about a later one");
    if (size > leaves.size())
        throw Error{ErrorCode::log_truncated, "the log has " + std::to_string(leaves.size()) + " records, expected at least " +
                                                  std::to_string(size)};
    Proof proof;
    append_subproof(proof, leaves, size, true);
    return proof;
}

void verify_inclusion(const Hash256& leaf, std::uint64_t index, const Head& head, Leaves proof)
{
    if (index >= head.size)
        throw broken_proof("record " + std::to_string(index) + " is not in a log of " + std::to_string(head.size));
    // The names are those of 2.1.3.2.
    ProofReader path{proof};
    auto fn = index;
    auto sn = head.size - 1;
    auto r = leaf;
    while (!path.at_end()) {
        if (sn == 0)
            path.expect_end();
        const auto& p = path.next();
        if ((fn & 1) != 0 || fn == sn) {
            r = hash_node(p, r);
            while ((fn & 1) == 0 && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            r = hash_node(r, p);
        }
        fn >>= 1;
        sn >>= 1;
    }
    if (sn != 0)
        throw broken_proof("the proof is too short");
    if (r != head.root)
        throw broken_proof("the proof does not lead from record " + std::to_string(index) + " to the root");
}

void verify_consistency(const Head& first, const Head& second, Leaves proof)
{
    if (first.size == 0)
        throw broken_proof("an empty log proves nothing about a later one");
    if (first.size > second.size)
        throw broken_proof("a log of " + std::to_string(second.size) + " records does not continue one of " +
                           std::to_string(first.size));
    ProofReader path{proof};
    if (first.size == second.size) {
        path.expect_end();
        if (first.root != second.root)
            throw broken_proof("two logs of " + std::to_string(first.size) + " records differ");
        return;
    }
    // The names are those of 2.1.4.2. A first log of a power of two is a subtree whose root is known.
    auto fn = first.size - 1;
    auto sn = second.size - 1;
    while ((fn & 1) != 0) {
        fn >>= 1;
        sn >>= 1;
    }
    auto fr = std::has_single_bit(first.size) ? first.root : path.next();
    auto sr = fr;
    while (!path.at_end()) {
        if (sn == 0)
            path.expect_end();
        const auto& c = path.next();
        if ((fn & 1) != 0 || fn == sn) {
            fr = hash_node(c, fr);
            sr = hash_node(c, sr);
            while ((fn & 1) == 0 && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            sr = hash_node(sr, c);
        }
        fn >>= 1;
        sn >>= 1;
    }
    if (sn != 0)
        throw broken_proof("the proof is too short");
    if (fr != first.root || sr != second.root)
        throw broken_proof("the log of " + std::to_string(second.size) + " records does not continue that of " +
                           std::to_string(first.size));
}

MerkleTree::MerkleTree(std::uint64_t size, std::vector<Hash256> edge) : m_size{size}, m_edge{std::move(edge)}
{
    const auto expected = static_cast<std::size_t>(std::popcount(size));
    if (m_edge.size() != expected)
        throw Error{ErrorCode::log_chain, "the edge of a log of " + std::to_string(size) + " records has " +
                                              std::to_string(m_edge.size()) + " hashes, expected " + std::to_string(expected)};
}

void MerkleTree::append(const Hash256& leaf)
{
    auto node = leaf;
    // Each trailing 1 bit of the size is a complete subtree that the new leaf completes to a larger one.
    for (auto rest = m_size; (rest & 1) != 0; rest >>= 1) {
        node = hash_node(m_edge.back(), node);
        m_edge.pop_back();
    }
    m_edge.push_back(node);
    ++m_size;
}

Hash256 MerkleTree::root() const
{
    if (m_edge.empty())
        return empty_root();
    auto node = m_edge.back();
    for (auto left = m_edge.rbegin() + 1; left != m_edge.rend(); ++left)
        node = hash_node(*left, node);
    return node;
}

} // namespace coffer::audit
