// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Text as lines, for grammars that are made of them.
#pragma once

#include <string>
#include <string_view>

#include "formats/text/text_scan.h"

namespace lastgood::formats {

/// Ends a line at LF, CR or CR LF. Of a long line only the beginning is given.
class LineReader : public TextReader {
 public:
  static constexpr std::size_t k_line_bytes_max = 4096;
  void read(base::ByteView piece, std::uint64_t offset, std::size_t unit) final;
  /// Gives what stands behind the last line end. Call once, when all was read.
  void finish();

 protected:
  virtual void line(std::string_view text, std::uint64_t offset) = 0;

 private:
  void take(std::string_view text, std::uint64_t offset);

  std::string carry_;  // beginning of a line whose end was not seen yet
  std::uint64_t carry_offset_ = 0;
  bool has_carry_ = false;
  bool after_return_ = false;
};

}  // namespace lastgood::formats
