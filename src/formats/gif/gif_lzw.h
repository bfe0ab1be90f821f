// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The LZW codes of one GIF image (GIF89a, appendix F), followed as far as it takes to count its pixels.
#pragma once

#include <array>
#include <cstdint>

#include "base/byte_view.h"

namespace lastgood::formats {

class GifCodes {
 public:
  /// REQUIRES: `code_bits` (the image's "LZW minimum code size") is 1 to 11.
  explicit GifCodes(unsigned code_bits);

  /// Takes the next sub-block. False: a code stands in it that no encoder can have written.
  [[nodiscard]] bool take(base::ByteView block);

  [[nodiscard]] bool is_ended() const { return ended_; }
  [[nodiscard]] std::uint64_t pixels() const { return pixels_; }

 private:
  [[nodiscard]] bool code(unsigned value);
  void clear();

  unsigned root_bits_;
  unsigned width_ = 0;
  unsigned next_ = 0;      // code that the next new string gets
  unsigned previous_ = 0;  // length of the string before; 0 behind a clear code
  bool ended_ = false;
  std::uint64_t pixels_ = 0;
  std::uint32_t bits_ = 0;
  unsigned count_ = 0;
  std::array<std::uint16_t, 4096> length_{};
};

}  // namespace lastgood::formats
