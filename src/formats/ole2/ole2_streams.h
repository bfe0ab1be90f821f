// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Opens the streams of a compound file, large ones in sectors and small ones in the mini stream ([MS-CFB] 2.4, 2.6).
#pragma once

#include <optional>
#include <vector>

#include "formats/ole2/ole2_directory.h"
#include "formats/ole2/ole2_sectors.h"

namespace lastgood::formats {

class Ole2Streams {
 public:
  Ole2Streams(const Ole2Header& header, Ole2Sectors& sectors) : header_(header), sectors_(sectors) {}

  /// Claims mini allocation table and mini stream.
  void open_mini(WalkInput& input, const Ole2Entry& root, std::vector<Ole2Flaw>& flaws);

  /// Claims the sectors of a stream; nothing, and a flaw, when they do not fit its size. Call once for each.
  std::optional<Ole2Stream> open(const Ole2Entry& entry, std::vector<Ole2Flaw>& flaws);

  /// The sectors of a stream that is not in the mini stream get `kind`.
  void set_kind(const Ole2Stream& stream, std::uint64_t from, std::uint64_t to, model::RegionKind kind);
  [[nodiscard]] bool is_mini(const Ole2Entry& entry) const { return entry.size_bytes < header_.mini_cutoff_bytes; }

 private:
  std::optional<Ole2Stream> open_in_mini(const Ole2Entry& entry, std::vector<Ole2Flaw>& flaws);
  [[nodiscard]] model::ByteRange mini_table_range(std::uint32_t mini) const;

  const Ole2Header& header_;
  Ole2Sectors& sectors_;
  std::optional<Ole2Stream> mini_;
  std::vector<std::uint32_t> mini_table_sectors_;
  std::vector<std::uint32_t> mini_table_;
  std::vector<bool> mini_owned_;
};

}  // namespace lastgood::formats
