// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One page of an InnoDB tablespace, checked by itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/byte_view.h"
#include "model/region.h"

namespace lastgood::model::pages {

/// What all pages of one tablespace have in common.
struct InnodbLayout {
  std::uint32_t page_bytes = 0;  // as it lies in the file
  bool is_zipped = false;        // ROW_FORMAT=COMPRESSED: no trailer
  bool is_full_crc32 = false;    // MariaDB 10.4 and newer
  std::uint32_t space_id = 0;
  std::uint32_t first_number = 0;      // number of the file's first page: not 0 in ibdata2 and later
  std::uint64_t tablespace_pages = 0;  // as the header of the tablespace says; 0: not known
};

struct InnodbPageOpinion {
  model::RegionKind kind = model::RegionKind::verified;
  bool is_sealed = false;  // encrypted by the server with its owner's key
  std::string_view fault;  // empty: it fits
};

/// Layout by the tablespace header in page 0; empty when there is none.
std::optional<InnodbLayout> parse_innodb_header(base::ByteView page_zero);

/// Pages of zeros are the caller's concern. Whose page it is (number and space) is checked by
/// `find_innodb_owner_fault`.
InnodbPageOpinion judge_innodb_page(const InnodbLayout& layout, base::ByteView page);
std::string_view find_innodb_owner_fault(const InnodbLayout& layout, std::uint64_t index, base::ByteView page);

/// Does a page of `page_bytes` with this number, of any tablespace and version, stand here? For contents without
/// header.
std::optional<InnodbLayout> guess_innodb_layout(base::ByteView page, std::uint32_t page_bytes, std::uint64_t index);

}  // namespace lastgood::model::pages
