// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Where a content differs from what it was when it became evidence: by the states of SHA-256 that were kept behind each
// block, so that every block is judged alone; and where one bit explains a block, by trying all of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_source.h"
#include "base/checksum.h"
#include "model/finding.h"

namespace lastgood::evidence {

/// What was kept of a content.
struct KnownContent {
  std::uint64_t size_bytes = 0;
  std::string sha256;  // hex
  std::uint64_t block_bytes = 0;
};

/// The state behind block `index`, from where they are kept.
class BlockStates {
 public:
  virtual ~BlockStates() = default;
  [[nodiscard]] virtual base::Result<base::Sha256Digest> state_behind(std::uint64_t block) = 0;
};

struct ChangedByte {
  std::uint64_t offset_bytes = 0;
  std::uint8_t is = 0;
  std::uint8_t was = 0;
  bool operator==(const ChangedByte&) const = default;
};

struct ContentChange {
  std::uint64_t size_bytes = 0;          // now
  std::vector<model::ByteRange> ranges;  // in which it differs, joined where they meet; at most k_ranges_max
  std::uint64_t differing_bytes = 0;     // in all ranges, also those beyond k_ranges_max
  std::vector<ChangedByte> bits;         // of the first blocks that one bit explains
  [[nodiscard]] bool is_same() const { return differing_bytes == 0; }
};

inline constexpr std::size_t k_ranges_max = 1000;

/// Reads all of `source` once. Bytes behind the former end are a range; where it is shorter, so are those that are
/// missing.
[[nodiscard]] base::Result<ContentChange> locate_change(base::ByteSource& source, const KnownContent& known,
                                                        BlockStates& states);

}  // namespace lastgood::evidence
