// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The words of PDF syntax (ISO 32000-1, 7.2 and 7.3): just enough to step over a value and to look up a key.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/byte_view.h"

namespace lastgood::formats {

bool is_pdf_space(std::uint8_t byte);

/// First byte at or after `from` that is neither white space nor part of a comment; the size when there is none.
std::size_t skip_pdf_space(base::ByteView bytes, std::size_t from);

struct PdfNumber {
  std::uint64_t value = 0;
  std::size_t to = 0;  // behind the last digit
};
/// Up to 19 digits at `from`.
std::optional<PdfNumber> parse_pdf_number(base::ByteView bytes, std::size_t from);

struct PdfObjectHead {
  std::uint64_t number = 0;
  std::uint64_t generation = 0;
  std::size_t body_from = 0;  // behind "obj" and white space
};
/// "n g obj" at `from`, white space before it allowed.
std::optional<PdfObjectHead> parse_pdf_object_head(base::ByteView bytes, std::size_t from);

/// Where the value at `from` (dictionary, array, string, name, number, word) ends; nothing when `bytes` ends first or
/// brackets do not pair.
std::optional<std::size_t> find_pdf_value_end(base::ByteView bytes, std::size_t from);

/// A dictionary at the start of `bytes`: from its "<<" on.
class PdfDictionary {
 public:
  explicit PdfDictionary(base::ByteView bytes) : bytes_(bytes) {}

  /// What stands behind the key `name` (with its slash), from its first byte to the dictionary's end; empty without it.
  [[nodiscard]] base::ByteView find(std::string_view name) const;
  /// A direct number; nothing when it is missing or a reference.
  [[nodiscard]] std::optional<std::uint64_t> number(std::string_view name) const;
  /// The value is the name `value`, or an array whose first element is.
  [[nodiscard]] bool first_name_is(std::string_view name, std::string_view value) const;

 private:
  base::ByteView bytes_;
};

}  // namespace lastgood::formats
