// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What readers of rows share: rows get the width of their head, and what is wrong with many rows is one finding.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tables/table_sink.h"

namespace lastgood::tables {

/// A finding that the rows are wrong (shape, length) is given once a content, with the place of the first and the count
/// of all. One thread.
class RowFindings {
 public:
  RowFindings(TableSink& sink, std::string_view format) : sink_(sink), format_(format) {}
  RowFindings(const RowFindings&) = delete;
  RowFindings& operator=(const RowFindings&) = delete;

  /// `rule` is behind the format: "width" becomes "csv.width".
  void see(std::string_view rule, std::uint64_t offset_bytes, std::string_view what);
  /// Gives what was seen. Called at the end of the content.
  void flush();

 private:
  struct Seen {
    std::string rule;
    std::string what;
    std::uint64_t first_bytes = 0;
    std::uint64_t count = 0;
  };
  TableSink& sink_;
  std::string format_;
  std::vector<Seen> seen_;
};

/// `values` as wide as `columns`: cut or filled up with empty ones. True when it was so already.
bool fit_width(std::vector<std::string_view>& values, std::size_t columns);

}  // namespace lastgood::tables
