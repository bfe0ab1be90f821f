// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves the Merkle tree against the roots that Certificate Transparency's implementations publish for eight leaves,
// against RFC 9162's own example of seven, and for every pair of sizes against its definitions written down literally.
#include "ledger/merkle_tree.h"

#include <gtest/gtest.h>

namespace lastgood::ledger {

namespace {

using Leaves = std::vector<base::Sha256Digest>;

constexpr std::uint64_t k_sizes = 260;

/// Section 2.1.1, word for word.
base::Sha256Digest slow_root(std::span<const base::Sha256Digest> leaves) {
  if (leaves.empty()) return base::sha256({});
  if (leaves.size() == 1) return leaves.front();
  std::size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  return hash_node(slow_root(leaves.first(k)), slow_root(leaves.subspan(k)));
}

/// Section 2.1.3.1, PATH(m, D[n]).
ProofNodes slow_path(std::size_t m, std::span<const base::Sha256Digest> leaves) {
  if (leaves.size() <= 1) return {};
  std::size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  ProofNodes out = m < k ? slow_path(m, leaves.first(k)) : slow_path(m - k, leaves.subspan(k));
  out.push_back(m < k ? slow_root(leaves.subspan(k)) : slow_root(leaves.first(k)));
  return out;
}

enum class IsWhole : std::uint8_t { no, yes };

/// Section 2.1.4.1, SUBPROOF(m, D[n], b).
ProofNodes slow_subproof(std::size_t m, std::span<const base::Sha256Digest> leaves, IsWhole whole) {
  if (m == leaves.size()) return whole == IsWhole::yes ? ProofNodes{} : ProofNodes{slow_root(leaves)};
  std::size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  if (m <= k) {
    ProofNodes out = slow_subproof(m, leaves.first(k), whole);
    out.push_back(slow_root(leaves.subspan(k)));
    return out;
  }
  ProofNodes out = slow_subproof(m - k, leaves.subspan(k), IsWhole::no);
  out.push_back(slow_root(leaves.first(k)));
  return out;
}

Leaves some_leaves(std::uint64_t count) {
  Leaves out;
  for (std::uint64_t i = 0; i < count; ++i) out.push_back(hash_leaf(base::ByteView(std::to_string(i))));
  return out;
}

MerkleTree tree_of(const Leaves& leaves) {
  MerkleTree out;
  for (const base::Sha256Digest& leaf : leaves) out.add(leaf);
  return out;
}

std::span<const base::Sha256Digest> first(const Leaves& leaves, std::uint64_t count) {
  return std::span<const base::Sha256Digest>(leaves).first(count);
}

/// Each with one bit changed, one node less or one more.
std::vector<ProofNodes> spoilt(const ProofNodes& proof) {
  std::vector<ProofNodes> out;
  for (std::size_t i = 0; i < proof.size(); ++i) {
    out.push_back(proof);
    out.back()[i][i % 32] ^= 1;
  }
  out.push_back(proof);
  out.back().push_back(base::sha256({}));
  if (!proof.empty()) out.emplace_back(proof.begin(), proof.end() - 1);
  if (!proof.empty()) out.emplace_back(proof.begin() + 1, proof.end());
  return out;
}

}  // namespace

TEST(MerkleTree, has_the_published_roots_of_eight_leaves) {
  // Inputs and roots of the reference tests of google/certificate-transparency and transparency-dev/merkle
  // (Apache-2.0).
  const std::vector<std::string> inputs = {
      "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
  const std::vector<std::string> roots = {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                                          "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                          "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                          "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                          "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                          "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  MerkleTree tree;
  EXPECT_EQ(text_of(tree.root(0)), roots[0]);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    tree.add(hash_leaf(base::ByteView(std::string_view(*base::parse_hex(inputs[i])))));
    EXPECT_EQ(text_of(tree.root(i + 1)), roots[i + 1]) << i;
  }
}

TEST(MerkleTree, proves_what_the_example_of_the_rfc_proves) {
  // RFC 9162 section 2.1.5: seven leaves d0 to d6; a to f, j are their hashes, g to i, k, l the nodes above them.
  const Leaves leaf = some_leaves(7);
  const MerkleTree tree = tree_of(leaf);
  const auto g = hash_node(leaf[0], leaf[1]);
  const auto h = hash_node(leaf[2], leaf[3]);
  const auto i = hash_node(leaf[4], leaf[5]);
  const auto j = leaf[6];
  const auto k = hash_node(g, h);
  const auto l = hash_node(i, j);
  EXPECT_EQ(tree.root(7), hash_node(k, l));
  EXPECT_EQ(tree.inclusion_proof(0, 7), (ProofNodes{leaf[1], h, l}));
  EXPECT_EQ(tree.inclusion_proof(3, 7), (ProofNodes{leaf[2], g, l}));
  EXPECT_EQ(tree.inclusion_proof(4, 7), (ProofNodes{leaf[5], j, k}));
  EXPECT_EQ(tree.inclusion_proof(6, 7), (ProofNodes{i, k}));
  EXPECT_EQ(tree.consistency_proof(3, 7), (ProofNodes{leaf[2], leaf[3], g, l}));
  EXPECT_EQ(tree.consistency_proof(4, 7), (ProofNodes{l}));
  EXPECT_EQ(tree.consistency_proof(6, 7), (ProofNodes{i, j, k}));
}

TEST(MerkleTree, is_what_the_rfc_defines_at_every_size) {
  const Leaves leaves = some_leaves(k_sizes);
  const MerkleTree tree = tree_of(leaves);
  for (std::uint64_t size = 0; size <= k_sizes; ++size) {
    ASSERT_EQ(tree.root(size), slow_root(first(leaves, size))) << size;
  }
  for (std::uint64_t size = 1; size <= k_sizes; size += size < 40 ? 1 : 31) {
    for (std::uint64_t index = 0; index < size; ++index) {
      const ProofNodes proof = tree.inclusion_proof(index, size);
      ASSERT_EQ(proof, slow_path(index, first(leaves, size))) << index << " of " << size;
      ASSERT_TRUE(holds_inclusion(leaves[index], index, size, proof, tree.root(size))) << index << " of " << size;
    }
  }
}

TEST(MerkleTree, proves_consistency_for_all_pairs_of_sizes) {
  const Leaves leaves = some_leaves(k_sizes);
  const MerkleTree tree = tree_of(leaves);
  for (std::uint64_t size = 1; size <= k_sizes; ++size) {
    for (std::uint64_t old_size = 1; old_size <= size; ++old_size) {
      const ProofNodes proof = tree.consistency_proof(old_size, size);
      ASSERT_TRUE(holds_consistency(old_size, tree.root(old_size), size, proof, tree.root(size)))
          << old_size << " of " << size;
      if (size <= 70) {
        ASSERT_EQ(proof, slow_subproof(old_size, first(leaves, size), IsWhole::yes)) << old_size << " of " << size;
      }
    }
  }
}

TEST(MerkleTree, refuses_every_spoilt_proof) {
  const Leaves leaves = some_leaves(40);
  const MerkleTree tree = tree_of(leaves);
  for (std::uint64_t size = 1; size <= 40; ++size) {
    const base::Sha256Digest root = tree.root(size);
    for (std::uint64_t index = 0; index < size; ++index) {
      const ProofNodes proof = tree.inclusion_proof(index, size);
      for (const ProofNodes& bad : spoilt(proof)) {
        ASSERT_FALSE(holds_inclusion(leaves[index], index, size, bad, root)) << index << " of " << size;
      }
      ASSERT_FALSE(holds_inclusion(leaves[index], size, size, proof, root));
      ASSERT_FALSE(holds_inclusion(leaves[index], index + 1, size, proof, root));
      ASSERT_FALSE(holds_inclusion(leaves[(index + 1) % 40], index, size, proof, root));
      const std::uint64_t old_size = index + 1;
      const ProofNodes steps = tree.consistency_proof(old_size, size);
      for (const ProofNodes& bad : spoilt(steps)) {
        ASSERT_FALSE(holds_consistency(old_size, tree.root(old_size), size, bad, root)) << old_size << " of " << size;
      }
      ASSERT_FALSE(holds_consistency(old_size, base::sha256({}), size, steps, root));
      ASSERT_FALSE(holds_consistency(size + 1, root, size, steps, root));
      ASSERT_FALSE(holds_consistency(0, root, size, steps, root));
    }
  }
  EXPECT_FALSE(holds_inclusion(leaves[0], 0, 0, {}, tree.root(0)));
  EXPECT_FALSE(holds_inclusion(leaves[0], UINT64_MAX - 1, UINT64_MAX, {}, tree.root(1)));
  EXPECT_FALSE(holds_consistency(1, tree.root(1), UINT64_MAX, ProofNodes(200, tree.root(1)), tree.root(1)));
}

TEST(MerkleTree, reads_back_its_own_digests_and_nothing_else) {
  const base::Sha256Digest digest = base::sha256({});
  EXPECT_EQ(parse_digest(text_of(digest)), digest);
  EXPECT_EQ(parse_digest(std::string(64, 'A')), std::nullopt);
  EXPECT_EQ(parse_digest(std::string(63, 'a')), std::nullopt);
  EXPECT_EQ(parse_digest(std::string(63, 'a') + "g"), std::nullopt);
}

}  // namespace lastgood::ledger
