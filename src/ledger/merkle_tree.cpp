// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "ledger/merkle_tree.h"

#include <algorithm>
#include <bit>

#include "base/assert.h"

namespace lastgood::ledger {

namespace {

base::ByteView view_of(const base::Sha256Digest& digest) {
  return base::ByteView(std::span<const std::uint8_t>(digest));
}

/// The largest power of two below `count`: where RFC 9162 splits a tree. REQUIRES: count > 1.
std::uint64_t split_of(std::uint64_t count) { return std::bit_floor(count - 1); }

}  // namespace

base::Sha256Digest hash_leaf(base::ByteView line) {
  base::Sha256 digest;
  digest.update(base::ByteView(std::string_view("\0", 1)));
  digest.update(line);
  return digest.finish();
}

base::Sha256Digest hash_node(const base::Sha256Digest& left, const base::Sha256Digest& right) {
  std::array<std::uint8_t, 65> bytes{};
  bytes[0] = 1;
  std::copy(left.begin(), left.end(), bytes.begin() + 1);
  std::copy(right.begin(), right.end(), bytes.begin() + 33);
  return base::sha256(base::ByteView(std::span<const std::uint8_t>(bytes)));
}

void MerkleTree::add(const base::Sha256Digest& leaf) {
  base::Sha256Digest whole = leaf;
  for (std::size_t level = 0;; ++level) {
    if (level == levels_.size()) levels_.emplace_back();
    auto& nodes = levels_.at(level);
    nodes.push_back(whole);
    if (nodes.size() % 2 != 0) return;
    whole = hash_node(nodes[nodes.size() - 2], whole);
  }
}

/// Of whole subtrees that stand in `levels_`, from the right end to the left: RFC 9162 splits off the largest power of
/// two each time, so the parts of a range that begins where one of them may begin are those of its length's bits.
base::Sha256Digest MerkleTree::hash_range(std::uint64_t begin, std::uint64_t end) const {
  if (begin == end) return base::sha256({});
  std::optional<base::Sha256Digest> right;
  while (end > begin) {
    const auto level = static_cast<std::size_t>(std::countr_zero(end - begin));
    end -= std::uint64_t{1} << level;
    const base::Sha256Digest& left = levels_.at(level).at(end >> level);
    right = right ? hash_node(left, *right) : left;
  }
  return *right;
}

base::Sha256Digest MerkleTree::root(std::uint64_t size) const {
  LG_ASSERT(size <= this->size());
  return hash_range(0, size);
}

ProofNodes MerkleTree::inclusion_proof(std::uint64_t index, std::uint64_t size) const {
  LG_ASSERT(index < size && size <= this->size());
  ProofNodes out;
  std::uint64_t begin = 0;
  std::uint64_t end = size;
  while (end - begin > 1) {
    const std::uint64_t middle = begin + split_of(end - begin);
    if (index < middle) {
      out.push_back(hash_range(middle, end));
      end = middle;
    } else {
      out.push_back(hash_range(begin, middle));
      begin = middle;
    }
  }
  std::reverse(out.begin(), out.end());
  return out;
}

ProofNodes MerkleTree::consistency_proof(std::uint64_t old_size, std::uint64_t size) const {
  LG_ASSERT(old_size > 0 && old_size <= size && size <= this->size());
  ProofNodes out;
  std::uint64_t begin = 0;
  std::uint64_t end = size;
  while (end != old_size) {
    const std::uint64_t middle = begin + split_of(end - begin);
    if (old_size <= middle) {
      out.push_back(hash_range(middle, end));
      end = middle;
    } else {
      out.push_back(hash_range(begin, middle));
      begin = middle;
    }
  }
  // The old root itself is known to who checks; a part of the old tree is not.
  if (begin != 0) out.push_back(hash_range(begin, end));
  std::reverse(out.begin(), out.end());
  return out;
}

bool holds_inclusion(const base::Sha256Digest& leaf, std::uint64_t index, std::uint64_t size, const ProofNodes& proof,
                     const base::Sha256Digest& root) {
  if (index >= size) return false;
  std::uint64_t at = index;
  std::uint64_t last = size - 1;
  base::Sha256Digest reached = leaf;
  for (const base::Sha256Digest& node : proof) {
    if (last == 0) return false;
    if (at % 2 == 1 || at == last) {
      reached = hash_node(node, reached);
      while (at % 2 == 0 && at != 0) {
        at >>= 1;
        last >>= 1;
      }
    } else {
      reached = hash_node(reached, node);
    }
    at >>= 1;
    last >>= 1;
  }
  return last == 0 && view_of(reached).text() == view_of(root).text();
}

bool holds_consistency(std::uint64_t old_size, const base::Sha256Digest& old_root, std::uint64_t size,
                       const ProofNodes& proof, const base::Sha256Digest& root) {
  if (old_size == 0 || old_size > size) return false;
  if (old_size == size) return proof.empty() && old_root == root;
  if (proof.empty()) return false;
  ProofNodes nodes;
  if (std::has_single_bit(old_size)) nodes.push_back(old_root);
  nodes.insert(nodes.end(), proof.begin(), proof.end());
  std::uint64_t at = old_size - 1;
  std::uint64_t last = size - 1;
  while (at % 2 == 1) {
    at >>= 1;
    last >>= 1;
  }
  base::Sha256Digest old_reached = nodes.front();
  base::Sha256Digest reached = nodes.front();
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    if (last == 0) return false;
    if (at % 2 == 1 || at == last) {
      old_reached = hash_node(nodes[i], old_reached);
      reached = hash_node(nodes[i], reached);
      while (at % 2 == 0 && at != 0) {
        at >>= 1;
        last >>= 1;
      }
    } else {
      reached = hash_node(reached, nodes[i]);
    }
    at >>= 1;
    last >>= 1;
  }
  return last == 0 && old_reached == old_root && reached == root;
}

std::string text_of(const base::Sha256Digest& digest) { return base::hex(view_of(digest)); }

std::optional<base::Sha256Digest> parse_digest(std::string_view digits) {
  if (digits.size() != 64 || digits.find_first_not_of("0123456789abcdef") != std::string_view::npos)
    return std::nullopt;
  const std::optional<std::string> bytes = base::parse_hex(digits);
  if (!bytes) return std::nullopt;
  base::Sha256Digest out{};
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

}  // namespace lastgood::ledger
