// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Header, allocation table and sector ownership of a compound file ([MS-CFB] 2.2 to 2.5). Used by ole2_walker.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "formats/walk_input.h"
#include "model/finding.h"
#include "model/region.h"

namespace lastgood::formats {

inline constexpr std::uint32_t k_ole2_sector_max = 0xFFFFFFFA;  // greater values are marks, not sectors
inline constexpr std::uint32_t k_ole2_difat_mark = 0xFFFFFFFC;
inline constexpr std::uint32_t k_ole2_fat_mark = 0xFFFFFFFD;
inline constexpr std::uint32_t k_ole2_end_of_chain = 0xFFFFFFFE;
inline constexpr std::uint32_t k_ole2_free = 0xFFFFFFFF;

struct Ole2Header {
  unsigned sector_shift = 9;
  unsigned mini_shift = 6;
  std::uint16_t major_version = 3;
  std::uint32_t fat_sectors = 0;
  std::uint32_t directory_start = 0;
  std::uint32_t mini_cutoff_bytes = 4096;
  std::uint32_t mini_fat_start = 0;
  std::uint32_t difat_start = 0;
  std::uint32_t difat_sectors = 0;

  [[nodiscard]] std::uint64_t sector_bytes() const { return std::uint64_t{1} << sector_shift; }
  [[nodiscard]] std::uint64_t mini_bytes() const { return std::uint64_t{1} << mini_shift; }
  [[nodiscard]] std::uint64_t offset_of(std::uint32_t sector) const {
    return (std::uint64_t{sector} + 1) << sector_shift;
  }
};

/// Nothing, with the reason in `why`, when a field has a value no writer gives it.
std::optional<Ole2Header> parse_ole2_header(base::ByteView head, std::string& why);

struct Ole2Flaw {
  std::string why;
  model::ByteRange range;
};

/// The allocation table in memory, and for every sector what it is used for.
class Ole2Sectors {
 public:
  static constexpr std::uint64_t k_sectors_max = 16 * 1024 * 1024;  // 64 MiB of table

  /// Reads the table; what does not fit goes to `flaws`. False: too large, or a limit stopped it.
  bool read(WalkInput& input, const Ole2Header& header, std::vector<Ole2Flaw>& flaws);

  [[nodiscard]] std::uint32_t count() const { return count_; }
  [[nodiscard]] std::uint32_t next(std::uint32_t sector) const {
    return sector < fat_.size() ? fat_[sector] : k_ole2_free;
  }

  /// The chain from `start`, at most `sectors_max` long; its sectors get `kind` (`random`: no name). Nothing when it
  /// leaves the content, meets a free sector, or a sector that belongs to another chain: then `flaw` says where.
  std::optional<std::vector<std::uint32_t>> claim_chain(std::uint32_t start, std::uint64_t sectors_max,
                                                        model::RegionKind kind, Ole2Flaw& flaw);
  void set_kind(std::uint32_t sector, model::RegionKind kind);

  /// Behind the last sector that belongs to a table, the directory or a stream.
  [[nodiscard]] std::uint64_t used_to(std::uint64_t size_bytes) const;
  [[nodiscard]] std::uint64_t lost() const;  // in use by the table, owned by nobody
  void name_regions(std::uint64_t size_bytes, std::vector<model::Region>& regions) const;

 private:
  bool read_difat(WalkInput& input, std::vector<Ole2Flaw>& flaws);
  void read_fat_sector(WalkInput& input, std::uint32_t sector, std::vector<Ole2Flaw>& flaws);
  bool claim(std::uint32_t sector, model::RegionKind kind);
  [[nodiscard]] model::ByteRange table_range(std::uint32_t sector) const;

  Ole2Header header_;
  std::uint32_t count_ = 0;                 // sectors in the content, the last one may be cut
  std::vector<std::uint32_t> fat_sectors_;  // where the table stands
  std::vector<std::uint32_t> fat_;
  std::vector<std::uint8_t> owner_;  // 0: nobody, else RegionKind + 1
};

}  // namespace lastgood::formats
