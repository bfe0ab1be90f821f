// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The door to tables: what kind of content this is, and its rows. Streaming, one row in memory, any content at all.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/byte_source.h"
#include "base/result.h"
#include "tables/csv_reader.h"
#include "tables/table_sink.h"

namespace lastgood::tables {

enum class ContentKind : std::uint8_t {
  none,  // nothing that holds tables in a form known here
  csv,
  sql,
  hl7,
  fhir,
  dicom,
  sqlite,  // not read here: whoever asked has an engine
  unread,  // holds tables surely or likely, in a form that is not read: packed, binary dump, office sheet, data files
};
[[nodiscard]] std::string_view name_of(ContentKind kind);

struct FoundContent {
  ContentKind kind = ContentKind::none;
  CsvShape csv;
  std::string why;  // of unread: what it is and what helps
};

inline constexpr std::size_t k_content_head_bytes = std::size_t{64} << 10;

/// Pure. `head`: the first k_content_head_bytes, or all when `end` says so.
[[nodiscard]] FoundContent find_content(std::string_view head, HeadEnd end, std::string_view name);

/// Rows to the sink. An error when reading fails; what came before counts. `found` must be of this source and readable.
[[nodiscard]] base::Status read_tables(base::ByteSource& source, const FoundContent& found, TableSink& sink);

}  // namespace lastgood::tables
