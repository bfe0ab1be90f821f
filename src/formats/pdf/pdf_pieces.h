// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The objects of a small PDF by number, those inside object streams too (ISO 32000-1, 7.3.10 and 7.5.7), for reading
// what the document says. Nothing is checked here: that is the walker's work.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/byte_view.h"
#include "formats/walk_input.h"

namespace lastgood::formats {

class PdfPieces {
 public:
  /// REQUIRES: `input.whole()` holds the content; it outlives the pieces.
  explicit PdfPieces(WalkInput& input);

  /// Every object's bytes behind "obj", in the order of the file, then those of object streams.
  [[nodiscard]] const std::vector<base::ByteView>& all() const { return bodies_; }
  /// The last object of this number; empty when there is none.
  [[nodiscard]] base::ByteView find(std::uint64_t number) const;
  /// What `value` refers to when it is "n g R", else `value` itself.
  [[nodiscard]] base::ByteView resolve(base::ByteView value) const;
  /// The data of a stream object through its filters; empty when one is unknown or fails. Bounded for all calls
  /// together.
  [[nodiscard]] std::string decode_stream(base::ByteView body);

 private:
  void unpack_object_stream(base::ByteView body);

  WalkInput& input_;
  std::vector<base::ByteView> bodies_;
  std::unordered_map<std::uint64_t, std::size_t> index_;  // of the number's body
  std::deque<std::string> unpacked_;                      // views stay valid while it grows
  std::uint64_t decoded_bytes_ = 0;
};

/// The number of "n g R" at the beginning of `value`.
std::optional<std::uint64_t> parse_pdf_reference(base::ByteView value);

/// The bytes of the literal or hexadecimal string at the beginning of `value` (7.3.4); empty when there is none.
std::string parse_pdf_string(base::ByteView value);

/// The words and values of an array at the beginning of `value`, without its brackets.
std::vector<base::ByteView> list_pdf_array(base::ByteView value, std::size_t count_max);

}  // namespace lastgood::formats
