// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What differs between the three forms of a personal store, and the checks all its pages and blocks share.
// Specification: [MS-PST], sections 2.2.2.6 to 2.2.2.8, 5.3 and 5.5; the form with pages of 4 KiB is not published.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/byte_view.h"
#include "formats/walk_input.h"
#include "formats/walk_report.h"

namespace lastgood::formats {

enum class PstForm : std::uint8_t { ansi, unicode, unicode_4k };

struct PstLayout {
  PstForm form = PstForm::unicode;
  std::uint64_t page_bytes = 512;
  std::uint64_t page_trailer_bytes = 16;
  std::uint64_t block_align_bytes = 64;
  std::uint64_t first_map_at = 0x4400;
  std::uint64_t map_every_bytes = 253952;  // what one allocation map covers
  std::uint64_t end_bytes = 0;             // as the header says
  std::uint64_t nodes_root_at = 0;
  std::uint64_t blocks_root_at = 0;
  std::uint8_t cipher = 0;  // 0 none, 1 permuted bytes, 2 cyclic
};

/// Empty when the version is unknown.
std::optional<PstLayout> parse_pst_header(base::ByteView head);

/// CRC of section 5.3: the polynomial of CRC-32, begun with 0 and not inverted.
std::uint32_t pst_sum(base::ByteView bytes);

enum class PstPageType : std::uint8_t { blocks = 0x80, nodes = 0x81, allocation = 0x84 };

/// Why the page at `at` is none of that type; empty when it is.
std::string_view find_pst_page_fault(const PstLayout& layout, base::ByteView page, std::uint64_t at, PstPageType type);

struct PstTree {
  std::uint64_t pages = 0;
  std::uint64_t blocks = 0;                // whose CRC fits
  std::vector<model::ByteRange> verified;  // pages and blocks, in no order
  std::vector<model::ByteRange> bad;
  std::string_view first_fault;
  bool is_complete = false;  // no limit on the way
};

enum class PstBlocks : std::uint8_t { skip, check };

/// Follows a B-tree from its root; with `check` every block it names is read. At most `pages_max` pages.
PstTree walk_pst_tree(WalkInput& input, const PstLayout& layout, PstPageType type, PstBlocks blocks,
                      std::uint64_t pages_max);

}  // namespace lastgood::formats
