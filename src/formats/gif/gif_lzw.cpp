// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/gif/gif_lzw.h"

namespace lastgood::formats {

namespace {
constexpr unsigned k_codes_max = 4096;
constexpr unsigned k_width_max = 12;
}  // namespace

GifCodes::GifCodes(unsigned code_bits) : root_bits_(code_bits) {
  for (unsigned i = 0; i < (1U << root_bits_); ++i) length_[i] = 1;
  clear();
}

void GifCodes::clear() {
  width_ = root_bits_ + 1;
  next_ = (1U << root_bits_) + 2;
  previous_ = 0;
}

bool GifCodes::code(unsigned value) {
  const unsigned clear_code = 1U << root_bits_;
  if (value == clear_code) {
    clear();
    return true;
  }
  if (value == clear_code + 1) {
    ended_ = true;
    return true;
  }
  if (previous_ == 0) {
    if (value > clear_code) return false;  // the first code after a clear is a root
    previous_ = 1;
    pixels_ += 1;
    return true;
  }
  if (value > next_ || (value == next_ && next_ >= k_codes_max)) return false;
  const unsigned length = value == next_ ? previous_ + 1 : length_[value];
  if (next_ < k_codes_max) {
    length_[next_] = static_cast<std::uint16_t>(previous_ + 1);
    ++next_;
    if (next_ == (1U << width_) && width_ < k_width_max) ++width_;
  }
  previous_ = length;
  pixels_ += length;
  return true;
}

bool GifCodes::take(base::ByteView block) {
  for (const std::uint8_t byte : block) {
    bits_ |= std::uint32_t{byte} << count_;
    count_ += 8;
    while (count_ >= width_ && !ended_) {
      const unsigned width = width_;
      const unsigned value = bits_ & ((1U << width) - 1);
      bits_ >>= width;
      count_ -= width;
      if (!code(value)) return false;
    }
    if (ended_) return true;
  }
  return true;
}

}  // namespace lastgood::formats
