#include "core/audit/merkle.h"

#include "core/base/error.h"
#include "core/encoding/hex.h"
#include "tests/support/vectors.h"

#include <bit>
#include <gtest/gtest.h>

namespace coffer::audit {
namespace {

using test::load_vectors;
using test::Vector;

std::vector<Hash256> hashes(const Vector& vector, const std::string& field)
{
    std::vector<Hash256> list;
    for (std::size_t i = 0; i < vector.count(field); ++i)
        list.push_back(Hash256::from(vector.bytes(field + "." + std::to_string(i))));
    return list;
}

Hash256 hash(const Vector& vector, std::string_view field)
{
    return Hash256::from(vector.bytes(field));
}

void verify(const Vector& vector)
{
    if (vector.kind() == "inclusion")
        verify_inclusion(hash(vector, "leafHash"), vector.number("leafIdx"), {vector.number("treeSize"), hash(vector, "root")},
                         hashes(vector, "proof"));
    else
        verify_consistency({vector.number("size1"), hash(vector, "root1")}, {vector.number("size2"), hash(vector, "root2")},
                           hashes(vector, "proof"));
}

Hash256 root_over(const Vector& vector)
{
    std::vector<Hash256> leaves;
    for (std::size_t i = 0; i < vector.count("leaves"); ++i)
        leaves.push_back(hash_leaf(vector.bytes("leaves." + std::to_string(i))));
    return merkle_root(leaves);
}

TEST(Merkle, AgreesWithPublishedVectors)
{
    for (const auto& vector : load_vectors("rfc6962_merkle.json")) {
        SCOPED_TRACE(vector.name() + (vector.has("case") ? " " + vector.text("case") : ""));
        if (vector.kind() == "hash")
            EXPECT_EQ(empty_root(), hash(vector, "result"));
        else if (vector.kind() == "leaf")
            EXPECT_EQ(hash_leaf(vector.bytes("data")), hash(vector, "result"));
        else if (vector.kind() == "root")
            EXPECT_EQ(root_over(vector), hash(vector, "result"));
        else if (vector.is_invalid())
            EXPECT_ERROR(verify(vector), vector.error_code());
        else
            verify(vector);
    }
}

std::vector<Hash256> some_leaves(std::size_t count)
{
    std::vector<Hash256> leaves;
    for (std::size_t i = 0; i < count; ++i)
        leaves.push_back(hash_leaf(Bytes{static_cast<std::uint8_t>(i)}));
    return leaves;
}

/// MTH of RFC 9162, 2.1.1, word by word.
Hash256 root_by_definition(std::span<const Hash256> leaves)
{
    if (leaves.empty())
        return empty_root();
    if (leaves.size() == 1)
        return leaves[0];
    std::size_t k = 1;
    while (k * 2 < leaves.size())
        k *= 2;
    return hash_node(root_by_definition(leaves.first(k)), root_by_definition(leaves.subspan(k)));
}

TEST(Merkle, ProvesEveryLeafOfEveryTree)
{
    const auto all = some_leaves(40);
    for (std::size_t size = 1; size <= all.size(); ++size) {
        const auto leaves = std::span{all}.first(size);
        const Head head{size, root_by_definition(leaves)};
        ASSERT_EQ(merkle_root(leaves), head.root);
        for (std::size_t index = 0; index < size; ++index) {
            const auto proof = inclusion_proof(leaves, index);
            verify_inclusion(leaves[index], index, head, proof);
            EXPECT_ERROR(verify_inclusion(all[(index + 1) % 40], index, head, proof), ErrorCode::log_chain);
        }
        EXPECT_ERROR(inclusion_proof(leaves, size), ErrorCode::not_found);
    }
}

TEST(Merkle, ProvesThatEveryTreeContinuesEverySmallerOne)
{
    const auto all = some_leaves(40);
    auto forged = all;
    forged[0] = hash_leaf(Bytes{0xff});
    for (std::size_t second = 1; second <= all.size(); ++second) {
        const auto leaves = std::span{all}.first(second);
        const Head new_head{second, merkle_root(leaves)};
        const Head forged_head{second, merkle_root(std::span{forged}.first(second))};
        for (std::size_t first = 1; first <= second; ++first) {
            const Head old_head{first, merkle_root(leaves.first(first))};
            const auto proof = consistency_proof(leaves, first);
            verify_consistency(old_head, new_head, proof);
            EXPECT_ERROR(verify_consistency(old_head, forged_head, consistency_proof(std::span{forged}.first(second), first)),
                         ErrorCode::log_chain);
            for (std::size_t i = 0; i < proof.size(); ++i) {
                auto shorter = proof;
                shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
                EXPECT_ERROR(verify_consistency(old_head, new_head, shorter), ErrorCode::log_chain);
            }
        }
    }
}

TEST(Merkle, RefusesAProofFromNothing)
{
    const auto leaves = some_leaves(3);
    const Head head{3, merkle_root(leaves)};
    EXPECT_ERROR(consistency_proof(leaves, 0), ErrorCode::log_chain);
    EXPECT_ERROR(verify_consistency({0, empty_root()}, head, {}), ErrorCode::log_chain);
    EXPECT_ERROR(verify_consistency({0, empty_root()}, {0, empty_root()}, {}), ErrorCode::log_chain);
    EXPECT_ERROR(verify_inclusion(leaves[0], 0, {0, empty_root()}, {}), ErrorCode::log_chain);
}

TEST(Merkle, NeedsNoProofForTheSameHead)
{
    const auto leaves = some_leaves(3);
    const Head head{3, merkle_root(leaves)};
    verify_consistency(head, head, {});
    EXPECT_ERROR(verify_consistency(head, head, leaves), ErrorCode::log_chain);
    EXPECT_ERROR(verify_consistency(head, {3, empty_root()}, {}), ErrorCode::log_chain);
}

TEST(Merkle, RefusesAProofOfWhatWasTruncated)
{
    EXPECT_ERROR(consistency_proof(some_leaves(3), 4), ErrorCode::log_truncated);
    EXPECT_ERROR(verify_consistency({4, empty_root()}, {3, empty_root()}, {}), ErrorCode::log_chain);
}

TEST(MerkleTree, GrowsAsTheDefinitionSays)
{
    const auto leaves = some_leaves(130);
    MerkleTree tree;
    EXPECT_EQ(tree.root(), empty_root());
    for (std::size_t size = 1; size <= leaves.size(); ++size) {
        tree.append(leaves[size - 1]);
        EXPECT_EQ(tree.head(), (Head{size, root_by_definition(std::span{leaves}.first(size))}));
        EXPECT_EQ(tree.edge().size(), static_cast<std::size_t>(std::popcount(size)));
    }
}

TEST(MerkleTree, ContinuesFromItsEdge)
{
    const auto leaves = some_leaves(50);
    MerkleTree tree;
    for (const auto& leaf : leaves) {
        tree = MerkleTree{tree.size(), tree.edge()};
        tree.append(leaf);
    }
    EXPECT_EQ(tree.root(), merkle_root(leaves));
}

TEST(MerkleTree, RefusesAnEdgeOfAnotherSize)
{
    EXPECT_ERROR((MerkleTree{3, some_leaves(1)}), ErrorCode::log_chain);
    EXPECT_ERROR((MerkleTree{0, some_leaves(1)}), ErrorCode::log_chain);
    EXPECT_ERROR((MerkleTree{4, some_leaves(3)}), ErrorCode::log_chain);
}

} // namespace
} // namespace coffer::audit
