// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A ledger read from its beginning to its end: checked as a chain, and built into a Merkle tree. Needs no case.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/chain.h"
#include "ledger/find_changed_bit.h"
#include "ledger/merkle_tree.h"

namespace lastgood::ledger {

/// Where an entry's line stands.
struct LineSpan {
  std::uint64_t offset_bytes = 0;
  std::uint64_t size_bytes = 0;  // without its LF
};

struct ReadLedger {
  ChainState state;
  MerkleTree tree;                    // of the entries that hold
  std::vector<LineSpan> lines;        // of the same
  std::optional<BreakExtent> extent;  // of the break, or of the torn end
  /// Nothing is broken, and a torn end is none that one changed bit explains.
  [[nodiscard]] bool is_whole() const { return !state.broken && !(extent && extent->changed); }
};

/// What is wrong with the ledger is in the result; an Error means that the file could not be read. Memory: 80 bytes an
/// entry. `visitor` sees each entry that holds.
[[nodiscard]] base::Result<ReadLedger> read_ledger(const std::string& path, std::span<const Anchor> anchors = {},
                                                   const EntryVisitor& visitor = {});

/// One line, without its LF. REQUIRES: `span` comes from read_ledger of this file.
[[nodiscard]] base::Result<std::string> read_line(const std::string& path, const LineSpan& span);

/// SHA-256 of the first `size_bytes` bytes of a file of ours; ErrorCode::damaged_container when it is shorter.
[[nodiscard]] base::Result<base::Sha256Digest> hash_beginning(const std::string& path, std::uint64_t size_bytes);

}  // namespace lastgood::ledger
