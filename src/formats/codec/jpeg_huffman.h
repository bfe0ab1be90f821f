// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Huffman tables and the bit stream of JPEG scans (ITU-T T.81, annexes C and F.2.2.5), bounded.
#pragma once

#include <array>
#include <cstdint>

#include "formats/walk_input.h"

namespace lastgood::formats {

/// One table of a DHT segment, ready for decoding.
class JpegHuffmanTable {
 public:
  static constexpr unsigned k_fast_bits = 9;
  /// Length 0 means: no code of at most k_fast_bits begins so.
  struct Code {
    std::uint8_t length = 0;
    std::uint8_t symbol = 0;
  };

  /// `counts`: 16 bytes, codes per length; `symbols`: as many as the counts announce. False: no such table can exist.
  [[nodiscard]] bool build(base::ByteView counts, base::ByteView symbols);
  [[nodiscard]] bool is_present() const { return present_; }
  [[nodiscard]] Code fast(std::uint32_t next_bits) const { return fast_[next_bits & ((1U << k_fast_bits) - 1)]; }
  /// The code at the top of `sixteen_bits`; length 0 when there is none.
  [[nodiscard]] Code slow(std::uint32_t sixteen_bits) const;

 private:
  std::array<Code, 1U << k_fast_bits> fast_{};
  std::array<std::uint32_t, 17> first_code_{};
  std::array<std::uint32_t, 17> code_count_{};
  std::array<std::uint32_t, 17> first_symbol_{};
  std::array<std::uint8_t, 256> symbols_{};
  bool present_ = false;
};

/// The bits of one entropy-coded segment: stuffed zeros removed, zeros after its end. Uses the input's window: no other
/// call of `at` may come between.
class JpegBits {
 public:
  /// REQUIRES: `to` is at most the size of `input`.
  JpegBits(WalkInput& input, std::uint64_t from, std::uint64_t to) : input_(input), at_(from), to_(to) {}

  static constexpr int k_no_symbol = -1;
  /// The next symbol, or k_no_symbol where no code fits.
  [[nodiscard]] int symbol(const JpegHuffmanTable& table) {
    if (count_ < 16) refill();
    JpegHuffmanTable::Code code = table.fast(peek(JpegHuffmanTable::k_fast_bits));
    if (code.length == 0) {
      code = table.slow(peek(16));
      if (code.length == 0) return k_no_symbol;
    }
    count_ -= code.length;
    return code.symbol;
  }
  /// REQUIRES: 0 < `bits` <= 16.
  [[nodiscard]] std::uint32_t take(unsigned bits) {
    if (count_ < bits) refill();
    const std::uint32_t value = peek(bits);
    count_ -= bits;
    return value;
  }
  /// REQUIRES: `bits` <= 16.
  void skip(unsigned bits) {
    if (count_ < bits) refill();
    count_ -= bits;
  }

  /// More bits were taken than the segment holds.
  [[nodiscard]] bool ran_out() const { return padding_bits_ > count_; }
  /// Drops what is left of the segment and goes to its end: how many bytes that were, besides the last byte's own bits
  /// and filling with one value (0x00 or 0xFF).
  std::uint64_t drop_rest();
  /// After drop_rest: the marker that ended the segment and where it begins; 0 when the range ended first.
  [[nodiscard]] std::uint8_t marker() const { return marker_; }
  [[nodiscard]] std::uint64_t marker_at() const { return marker_at_; }
  /// After drop_rest: goes on behind a two-byte marker.
  void pass_marker();
  /// About where decoding stands.
  [[nodiscard]] std::uint64_t offset() const {
    return at_ - (count_ > padding_bits_ ? (count_ - padding_bits_) / 8 : 0);
  }

 private:
  [[nodiscard]] std::uint32_t peek(unsigned bits) const {
    return static_cast<std::uint32_t>(bits_ >> (count_ - bits)) & ((1U << bits) - 1);
  }
  void refill();
  [[nodiscard]] int next_data_byte();
  [[nodiscard]] int next_raw_byte();

  WalkInput& input_;
  std::uint64_t at_;  // next byte to read
  std::uint64_t to_;
  base::ByteView view_;
  std::size_t view_at_ = 0;
  std::uint64_t bits_ = 0;
  unsigned count_ = 0;
  unsigned padding_bits_ = 0;  // of count_, those behind the end
  bool ended_ = false;
  std::uint8_t marker_ = 0;
  std::uint64_t marker_at_ = 0;
};

}  // namespace lastgood::formats
