// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The Merkle tree of RFC 9162 section 2.1 with SHA-256, over the ledger's entries: one leaf per entry, in their order,
// the leaf's bytes being the entry's line without its LF. Pure.
//
//   leaf  SHA-256(0x00 || line)      node  SHA-256(0x01 || left || right)      no leaf  SHA-256()
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/checksum.h"

namespace lastgood::ledger {

/// From the leaf to the root, or as the consistency proof has them.
using ProofNodes = std::vector<base::Sha256Digest>;

base::Sha256Digest hash_leaf(base::ByteView line);
base::Sha256Digest hash_node(const base::Sha256Digest& left, const base::Sha256Digest& right);

/// One thread. Memory: 64 bytes a leaf. Any root or proof of any size up to `size()` takes at most 128 hashes.
class MerkleTree {
 public:
  void add(const base::Sha256Digest& leaf);
  [[nodiscard]] std::uint64_t size() const { return levels_.empty() ? 0 : levels_.front().size(); }

  /// MTH of the first `size` leaves (section 2.1.1). REQUIRES: size <= size().
  [[nodiscard]] base::Sha256Digest root(std::uint64_t size) const;
  /// That leaf `index`, from 0, is in the tree of `size` leaves (section 2.1.3.1). REQUIRES: index < size <= size().
  [[nodiscard]] ProofNodes inclusion_proof(std::uint64_t index, std::uint64_t size) const;
  /// That the tree of `old_size` leaves begins the one of `size` (section 2.1.4.1); empty when they are one.
  /// REQUIRES: 0 < old_size <= size <= size().
  [[nodiscard]] ProofNodes consistency_proof(std::uint64_t old_size, std::uint64_t size) const;

 private:
  [[nodiscard]] base::Sha256Digest hash_range(std::uint64_t begin, std::uint64_t end) const;

  std::vector<std::vector<base::Sha256Digest>> levels_;  // [k][i]: leaves i * 2^k up to (i + 1) * 2^k, whole ones only
};

/// Section 2.1.3.2: `proof` leads from `leaf` at `index` to the root. No value of the arguments is out of bounds.
[[nodiscard]] bool holds_inclusion(const base::Sha256Digest& leaf, std::uint64_t index, std::uint64_t size,
                                   const ProofNodes& proof, const base::Sha256Digest& root);
/// Section 2.1.4.2: a tree with `root` begins with the one that has `old_root`.
[[nodiscard]] bool holds_consistency(std::uint64_t old_size, const base::Sha256Digest& old_root, std::uint64_t size,
                                     const ProofNodes& proof, const base::Sha256Digest& root);

/// 64 lower-case digits, and back; nothing for anything else.
std::string text_of(const base::Sha256Digest& digest);
[[nodiscard]] std::optional<base::Sha256Digest> parse_digest(std::string_view digits);

}  // namespace lastgood::ledger
