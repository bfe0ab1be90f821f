// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The answer to a sheet's question, bounded and cleaned while it comes in: what a database holds may be anybody's.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engines/scratch_server.h"

namespace lastgood::sheets {

inline constexpr std::uint64_t k_rows_max = 20'000;
inline constexpr std::size_t k_columns_max = 64;
inline constexpr std::size_t k_cell_bytes_max = 65'536;
inline constexpr std::uint64_t k_answer_bytes_max = std::uint64_t{64} << 20U;

/// Clean text (documents/clean_text.h) throughout; NULL is an empty cell.
struct SheetRows {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // each as long as `columns`
  /// What is not here and should be: "only the first 20 000 rows are here". Printed on each page.
  std::vector<std::string> missing;
  /// What is here and shorter than it was: "1 long text is cut".
  std::vector<std::string> shortened;
  std::vector<std::pair<std::size_t, std::size_t>> cut;  // these cells: row and column
};

/// On a page stand as many letters of a text; CSV and JSON have all that came in.
inline constexpr std::size_t k_page_letters_max = 2'000;
[[nodiscard]] bool fits_page(std::string_view text);
/// The beginning of one that does not, marked.
[[nodiscard]] std::string cut_for_page(std::string_view text);

/// "1 long text is cut, marked '... (cut)'"
[[nodiscard]] std::string words_of_cut(std::uint64_t cells);

[[nodiscard]] bool has_column(const std::vector<std::string>& names, const std::string& name);
/// "the answer has no column 'clinik' (there is 'clinic')".
[[nodiscard]] std::string no_such_column(const std::vector<std::string>& names, const std::string& name);

/// Takes an answer in. One thread.
class RowCollector : public engines::RowSink {
 public:
  explicit RowCollector(std::uint64_t rows_max = k_rows_max) : rows_max_(rows_max) {}
  void on_columns(std::span<const std::string> names) override;
  bool on_row(std::span<const std::optional<std::string_view>> values) override;
  /// What came in, with what was left out. Call once, at the end.
  [[nodiscard]] SheetRows take();

 private:
  std::uint64_t rows_max_;
  SheetRows rows_;
  std::size_t columns_given_ = 0;
  std::uint64_t bytes_ = 0;
  enum class Full : std::uint8_t { no, rows, bytes } full_ = Full::no;
};

}  // namespace lastgood::sheets
