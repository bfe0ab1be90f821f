// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/postgresql_wal/wal_records.h"

#include <algorithm>
#include <array>

#include "base/checksum.h"

namespace lastgood::formats {

namespace {

using base::ByteView;

constexpr std::uint64_t k_short_header_bytes = 24;
constexpr std::uint64_t k_long_header_bytes = 40;
constexpr std::uint64_t k_record_header_bytes = 24;
constexpr std::uint64_t k_record_bytes_max = 1U << 30;

std::uint64_t aligned(std::uint64_t offset) { return (offset + 7) / 8 * 8; }

/// Reads a stream of bytes that steps over page headers.
class RecordStream {
 public:
  RecordStream(WalkInput& input, const WalExtent& extent) : input_(input), extent_(extent) { begin(); }

  [[nodiscard]] std::uint64_t at() const { return at_; }
  [[nodiscard]] bool is_behind() const { return at_ >= extent_.page_count * extent_.page_bytes; }

  /// Aligned start of the next record. False at the end of the extent.
  bool to_next_record() {
    at_ = aligned(at_);
    step_over_header();
    return !is_behind();
  }

  /// Appends up to `length` bytes to `sum` or copies them. False when the extent ends before.
  bool read(std::uint64_t length, std::span<std::uint8_t> copy, std::uint32_t& sum) {
    std::uint64_t done = 0;
    while (done < length) {
      step_over_header();
      if (is_behind()) return false;
      const std::uint64_t page_left = extent_.page_bytes - at_ % extent_.page_bytes;
      const ByteView piece = input_.at(at_, static_cast<std::size_t>(std::min(page_left, length - done)));
      if (piece.empty()) return false;
      for (std::size_t i = 0; i < piece.size() && done + i < copy.size(); ++i) copy[done + i] = piece.u8(i);
      if (copy.empty()) sum = base::crc32c(piece, sum);
      done += piece.size();
      at_ += piece.size();
    }
    return true;
  }

 private:
  /// The first record that begins in this segment stands behind what remains of one from the segment before.
  void begin() {
    const ByteView head = input_.at(0, k_long_header_bytes);
    const std::uint64_t remaining = head.le32(16);
    at_ = k_long_header_bytes;
    if ((head.le16(2) & 1) == 0) return;
    std::uint32_t unused = 0;
    std::array<std::uint8_t, 1> none{};
    if (!read(remaining, none, unused)) at_ = extent_.page_count * extent_.page_bytes;
  }

  void step_over_header() {
    if (at_ % extent_.page_bytes != 0) return;
    at_ += at_ == 0 ? k_long_header_bytes : k_short_header_bytes;
  }

  WalkInput& input_;
  const WalExtent& extent_;
  std::uint64_t at_ = 0;
};

}  // namespace

WalChain walk_wal_records(WalkInput& input, const WalExtent& extent) {
  WalChain chain;
  RecordStream stream(input, extent);
  std::uint64_t before = 0;
  while (stream.to_next_record() && input.may_continue()) {
    const std::uint64_t from = stream.at();
    std::array<std::uint8_t, k_record_header_bytes> copy{};
    std::uint32_t sum = 0;
    if (!stream.read(k_record_header_bytes, copy, sum)) return chain;
    const ByteView header{std::span<const std::uint8_t>(copy)};
    const std::uint64_t length = header.le32(0);
    const auto bad = [&](std::string_view fault, std::uint64_t to) {
      chain.bad_from_bytes = from;
      chain.bad_to_bytes = std::min(to, extent.page_count * extent.page_bytes);
      chain.fault = fault;
      return chain;
    };
    if (length == 0 && header.le64(8) == 0) return chain;  // the end of the log
    const std::uint64_t page_end = from + extent.page_bytes - from % extent.page_bytes;
    if (length < k_record_header_bytes || length > k_record_bytes_max) return bad("its length cannot be", page_end);
    if (before != 0 && header.le64(8) != before) return bad("it does not name the record before it", page_end);
    if (!stream.read(length - k_record_header_bytes, {}, sum))
      return chain;  // goes on in the next segment, or was never finished
    sum = base::crc32c(header.part(0, 20), sum);
    if (sum != header.le32(20)) return bad("its CRC-32C does not fit", stream.at());
    before = extent.address + from;
    ++chain.records;
  }
  return chain;
}

}  // namespace lastgood::formats
