// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a proof given away holds for its entry alone and that no changed bit of it does.
#include "ledger/proof_file.h"

#include <gtest/gtest.h>

#include "ledger/testing/sample_ledger.h"

namespace lastgood::ledger {

namespace {

InclusionProof sample_proof(std::uint64_t entry, std::uint64_t entries) {
  const std::vector<std::string> lines = testing::sample_lines(entries);
  MerkleTree tree;
  for (const std::string& line : lines) tree.add(hash_leaf(base::ByteView(std::string_view(line))));
  return {.case_id = std::string(32, 'c'),
          .entry = entry,
          .entries = entries,
          .root = tree.root(entries),
          .nodes = tree.inclusion_proof(entry - 1, entries),
          .line = lines[entry - 1]};
}

}  // namespace

TEST(ProofFile, holds_for_every_entry) {
  for (std::uint64_t entry = 1; entry <= 11; ++entry) {
    const std::string text = write_proof(sample_proof(entry, 11));
    const auto proof = parse_proof(text);
    ASSERT_TRUE(proof.has_value());
    EXPECT_TRUE(holds(*proof)) << entry;
    EXPECT_EQ(write_proof(*proof), text);
  }
}

// A root does not say how many leaves it has: case and size are proved by the signed head with that root.
TEST(ProofFile, holds_with_no_changed_bit_below_its_size) {
  const std::string text = write_proof(sample_proof(3, 6));
  const std::size_t root = text.find("root ");
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string bad = text;
      bad[at] = static_cast<char>(static_cast<unsigned char>(bad[at]) ^ (1U << bit));
      const auto proof = parse_proof(bad);
      if (proof && at >= root) {
        ASSERT_FALSE(holds(*proof)) << at << " bit " << bit;
      }
    }
  }
}

TEST(ProofFile, is_bounded_and_refuses_what_is_cut_or_too_long) {
  const std::string text = write_proof(sample_proof(3, 6));
  for (std::size_t size = 0; size < text.size(); ++size) ASSERT_FALSE(parse_proof(text.substr(0, size))) << size;
  EXPECT_FALSE(parse_proof(text + "x"));
  EXPECT_FALSE(parse_proof(std::string(3'000'000, 'a')));
  std::string many = text;
  const std::string node = "node " + std::string(64, 'a') + "\n";
  for (int i = 0; i < 70; ++i) many.insert(many.find("line "), node);
  EXPECT_FALSE(parse_proof(many));
}

}  // namespace lastgood::ledger
