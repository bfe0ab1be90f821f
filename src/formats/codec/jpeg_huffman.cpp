// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/codec/jpeg_huffman.h"

#include <algorithm>

namespace lastgood::formats {

namespace {
constexpr std::size_t k_view_bytes = 64 * 1024;
}

bool JpegHuffmanTable::build(base::ByteView counts, base::ByteView symbols) {
  present_ = false;
  fast_.fill({});
  std::uint32_t code = 0;
  std::uint32_t taken = 0;
  for (unsigned length = 1; length <= 16; ++length) {
    const std::uint32_t count = counts.u8(length - 1);
    first_code_[length] = code;
    code_count_[length] = count;
    first_symbol_[length] = taken;
    if (code + count > (1U << length) || taken + count > symbols_.size()) return false;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint8_t symbol = symbols.u8(taken + i);
      symbols_[taken + i] = symbol;
      if (length > k_fast_bits) continue;
      const std::uint32_t from = (code + i) << (k_fast_bits - length);
      const std::uint32_t to = (code + i + 1) << (k_fast_bits - length);
      std::fill(fast_.begin() + from, fast_.begin() + to,
                Code{.length = static_cast<std::uint8_t>(length), .symbol = symbol});
    }
    taken += count;
    code = (code + count) << 1U;
  }
  present_ = taken > 0;
  return present_;
}

JpegHuffmanTable::Code JpegHuffmanTable::slow(std::uint32_t sixteen_bits) const {
  for (unsigned length = 1; length <= 16; ++length) {
    const std::uint32_t code = sixteen_bits >> (16 - length);
    if (code < first_code_[length] || code - first_code_[length] >= code_count_[length]) continue;
    const std::uint32_t index = first_symbol_[length] + code - first_code_[length];
    return {.length = static_cast<std::uint8_t>(length), .symbol = symbols_[index & 0xFFU]};
  }
  return {};
}

int JpegBits::next_raw_byte() {
  if (view_at_ == view_.size()) {
    if (at_ >= to_) return -1;
    view_ = input_.at(at_, static_cast<std::size_t>(std::min<std::uint64_t>(k_view_bytes, to_ - at_)));
    view_at_ = 0;
    if (view_.empty()) return -1;
  }
  ++at_;
  return view_.u8(view_at_++);
}

int JpegBits::next_data_byte() {
  const int byte = next_raw_byte();
  if (byte != 0xFF) return byte;
  int after = next_raw_byte();
  if (after == 0) return 0xFF;
  while (after == 0xFF) after = next_raw_byte();
  if (after > 0) {
    marker_ = static_cast<std::uint8_t>(after);
    marker_at_ = at_ - 2;
  }
  return -1;
}

void JpegBits::refill() {
  while (count_ <= 48) {
    const int byte = ended_ ? -1 : next_data_byte();
    if (byte < 0) {
      ended_ = true;
      padding_bits_ += 8;
    }
    bits_ = (bits_ << 8U) | static_cast<std::uint64_t>(byte < 0 ? 0 : byte);
    count_ += 8;
  }
  // What was padding and is consumed stays counted: ran_out compares with what is left.
  padding_bits_ = std::min(padding_bits_, 4096U);
}

std::uint64_t JpegBits::drop_rest() {
  std::uint64_t left = 0;
  bool is_filling = true;
  int filling = -1;
  const auto count_byte = [&](int byte) {
    if (filling < 0) filling = byte;
    is_filling = is_filling && byte == filling && (byte == 0 || byte == 0xFF);
    ++left;
  };
  unsigned real_bits = count_ > padding_bits_ ? count_ - padding_bits_ : 0;
  for (unsigned bytes = real_bits / 8; bytes > 0; --bytes) {
    count_byte(static_cast<int>((bits_ >> (padding_bits_ + 8 * (bytes - 1))) & 0xFFU));
  }
  while (!ended_) {
    const int byte = next_data_byte();
    if (byte < 0) {
      ended_ = true;
    } else {
      count_byte(byte);
    }
  }
  bits_ = 0;
  count_ = 0;
  padding_bits_ = 0;
  return is_filling ? 0 : left;
}

void JpegBits::pass_marker() {
  marker_ = 0;
  ended_ = false;
}

}  // namespace lastgood::formats
