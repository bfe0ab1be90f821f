// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Pages of a table that were emptied or cut off. An empty page is a sound one to the server, and a table that ends
// sooner is a shorter table: only the visibility map still knows that there were rows. Layout of the map: two bits a
// page, the lower one says that all its rows are visible to everybody (access/visibilitymapdefs.h). Private to
// engines/postgresql/.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engines/postgresql/relation_files.h"

namespace lastgood::engines::postgresql {

/// The blocks of one main fork that hold something. Grows with what is filled, whatever a file says of its length.
class FilledBlocks {
 public:
  void fill(std::uint64_t block);
  [[nodiscard]] bool is_filled(std::uint64_t block) const { return block < filled_.size() && filled_[block]; }
  [[nodiscard]] bool is_any_filled() const { return !filled_.empty(); }

 private:
  static constexpr std::uint64_t k_blocks_max = std::uint64_t{1} << 30U;
  std::vector<bool> filled_;
};

/// The first block cannot be empty when a later one is not. `main` are the fork's segments.
void check_first_block(UnitCheck& check, std::span<const RelationFile> main, const FilledBlocks& filled,
                       const PageRules& rules);
/// `map` are the segments of the same relation's visibility map. Blocks that replay makes anew are left alone.
void check_against_map(UnitCheck& check, std::span<const RelationFile> main, const FilledBlocks& filled,
                       std::span<const RelationFile> map, const PageRules& rules);

}  // namespace lastgood::engines::postgresql
