// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The directory of a compound file ([MS-CFB] 2.6): entries, tree, and the bytes of a stream.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "formats/ole2/ole2_sectors.h"

namespace lastgood::formats {

enum class Ole2EntryType : std::uint8_t { unused = 0, storage = 1, stream = 2, root = 5 };

struct Ole2Entry {
  std::string name;  // letters outside of ASCII as '?', control letters as they are
  Ole2EntryType type = Ole2EntryType::unused;
  bool reached = false;  // from the root through the tree
  std::uint32_t left = 0;
  std::uint32_t right = 0;
  std::uint32_t child = 0;
  std::uint32_t parent = 0;  // entry of the storage it is in
  std::uint32_t start = 0;
  std::uint64_t size_bytes = 0;
  std::uint64_t class_low = 0;  // first half of the class id
};

struct Ole2Directory {
  static constexpr std::size_t k_entries_max = 1'000'000;
  std::vector<Ole2Entry> entries;
  std::uint64_t unreached = 0;
};

/// Entries from the directory's sectors; what does not fit goes to `flaws`.
void read_ole2_directory(WalkInput& input, const Ole2Header& header, const std::vector<std::uint32_t>& chain,
                         Ole2Directory& directory, std::vector<Ole2Flaw>& flaws);

/// A stream's bytes, wherever its sectors are.
class Ole2Stream {
 public:
  /// `units` are sectors, or mini sectors inside of `container`.
  Ole2Stream(const Ole2Header& header, std::vector<std::uint32_t> units, std::uint64_t size_bytes,
             const Ole2Stream* container)
      : header_(&header), units_(std::move(units)), size_bytes_(size_bytes), container_(container) {}

  [[nodiscard]] std::uint64_t size_bytes() const { return size_bytes_; }
  [[nodiscard]] const std::vector<std::uint32_t>& units() const { return units_; }
  /// Where in the content the stream's byte `offset` stands; UINT64_MAX when nowhere.
  [[nodiscard]] std::uint64_t place(std::uint64_t offset) const;
  /// Up to `length` bytes copied from `offset`; fewer at the end.
  [[nodiscard]] std::vector<std::uint8_t> copy(WalkInput& input, std::uint64_t offset, std::uint64_t length) const;

 private:
  [[nodiscard]] std::uint64_t unit_bytes() const {
    return container_ != nullptr ? header_->mini_bytes() : header_->sector_bytes();
  }

  const Ole2Header* header_;
  std::vector<std::uint32_t> units_;
  std::uint64_t size_bytes_;
  const Ole2Stream* container_;
};

}  // namespace lastgood::formats
