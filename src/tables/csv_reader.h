// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Values parted by commas, semicolons, tabs or bars: RFC 4180 section 2, with what programs make of it. The delimiter
// and whether the first row names the columns are told by the first rows.
#pragma once

#include <optional>
#include <string_view>

#include "tables/table_sink.h"
#include "tables/text_input.h"

namespace lastgood::tables {

struct CsvShape {
  char delimiter = ',';
  std::size_t columns = 0;
  bool has_header = false;
};

/// What is read without a name that promises it.
enum class CsvName : std::uint8_t {
  promised,  // .csv, .tsv: also one column alone
  unknown,   // the rows must agree for themselves: three columns and more
};
/// Pure. Nothing: these are no rows of values. `head`: the beginning, cut anywhere unless `is_whole`.
enum class HeadEnd : std::uint8_t { whole, cut };
[[nodiscard]] std::optional<CsvShape> find_csv_shape(std::string_view head, HeadEnd end, CsvName name);

/// Rows to the sink until it says stop. A quote that is never closed is taken for a letter: the next line counts again.
void read_csv(TextInput& input, const CsvShape& shape, TableSink& sink);

}  // namespace lastgood::tables
