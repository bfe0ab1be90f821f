// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/codec/jpeg2000_stream.h"

#include <algorithm>

#include <fmt/format.h>

#include "formats/codec/violation_ranges.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::uint8_t k_start_of_tile_part = 0x90;
constexpr std::uint8_t k_start_of_data = 0x93;
constexpr std::size_t k_piece_bytes = 256 * 1024;
constexpr std::uint64_t k_merge_bytes = 8192;  // violations in ciphertext stand closer than this

class StreamWalk {
 public:
  StreamWalk(WalkInput& input, std::uint64_t from, std::uint64_t to, Jpeg2000Effort effort, WalkReport& report)
      : input_(input),
        from_(from),
        to_(std::min(to, input.size_bytes())),
        effort_(effort),
        report_(report),
        at_(from + 2) {}
  Jpeg2000Stream walk();

 private:
  [[nodiscard]] bool header_segments(std::uint8_t until);
  [[nodiscard]] bool read_size(ByteView segment);
  [[nodiscard]] bool tile_part();
  void check_data(std::uint64_t from, std::uint64_t to);
  void breaks(std::string_view rule, std::string sentence, std::uint64_t from, std::uint64_t to) {
    report_.breaks(rule, std::move(sentence), {.from = std::min(from, to), .to = to});
  }

  WalkInput& input_;
  std::uint64_t from_;
  std::uint64_t to_;
  Jpeg2000Effort effort_;
  WalkReport& report_;
  std::uint64_t at_;
  Jpeg2000Stream stream_;
  std::uint64_t tiles_ = 0;
};

/// A.5.1: the picture's size and how many tiles it has. False when they contradict each other.
bool StreamWalk::read_size(ByteView segment) {
  const std::uint64_t x1 = segment.be32(4);
  const std::uint64_t y1 = segment.be32(8);
  const std::uint64_t x0 = segment.be32(12);
  const std::uint64_t y0 = segment.be32(16);
  const std::uint64_t tile_width = segment.be32(20);
  const std::uint64_t tile_height = segment.be32(24);
  const std::uint64_t tile_x0 = segment.be32(28);
  const std::uint64_t tile_y0 = segment.be32(32);
  const std::uint64_t components = segment.be16(36);
  if (x1 <= x0 || y1 <= y0 || tile_width == 0 || tile_height == 0 || tile_x0 > x0 || tile_y0 > y0) return false;
  if (components == 0 || components > 16'384 || segment.be16(0) != 38 + 3 * components) return false;
  tiles_ = ((x1 - tile_x0 + tile_width - 1) / tile_width) * ((y1 - tile_y0 + tile_height - 1) / tile_height);
  stream_.width = static_cast<std::uint32_t>(x1 - x0);
  stream_.height = static_cast<std::uint32_t>(y1 - y0);
  return true;
}

/// Walks marker segments up to the marker `until`, which it does not pass.
bool StreamWalk::header_segments(std::uint8_t until) {
  bool is_first = until == k_start_of_tile_part && stream_.tile_parts == 0;
  while (input_.may_continue()) {
    const ByteView segment = input_.at(at_, 44);
    const std::uint8_t marker = segment.u8(1);
    const std::uint64_t length = segment.be16(2);
    if (segment.u8(0) == 0xFF && marker == until) return true;
    const bool is_size = marker == 0x51;
    const bool is_marker = segment.u8(0) == 0xFF && marker >= 0x50 && marker <= 0x7F;
    if (!is_marker || is_first != is_size || length < 2 || at_ + 2 + length > to_ ||
        (is_size && !read_size(segment.part(2)))) {
      if (input_.stopped()) return false;
      breaks("jp2.marker", fmt::format("no marker segment begins at byte {}", at_), at_, to_);
      return false;
    }
    report_.region(at_, at_ + 2 + length, RegionKind::structured);
    is_first = false;
    at_ += 2 + length;
  }
  return false;
}

/// B.10.1 and C.3.1: in packets no byte above 0x8F follows 0xFF, but for the markers SOP and EPH.
void StreamWalk::check_data(std::uint64_t from, std::uint64_t to) {
  ViolationRanges violations(from, to, k_merge_bytes);
  std::uint64_t at = from;
  while (at < to && input_.may_continue()) {
    const ByteView piece = input_.at(at, static_cast<std::size_t>(std::min<std::uint64_t>(k_piece_bytes, to - at)));
    const bool is_last = at + piece.size() == to;
    std::size_t found = 0;
    while ((found = piece.find("\xFF"sv, found)) != ByteView::npos && found + 1 < piece.size()) {
      const std::uint8_t after = piece.u8(++found);
      if (after > 0x8F && after != 0x91 && after != 0x92) violations.add(at + found);
    }
    if (piece.size() < 2) break;
    at += is_last ? piece.size() : piece.size() - 1;
  }
  tell_violations(violations.ranges(), from, to, "jp2.data", report_);
}

/// A.4.2: from SOT on. False: the chain breaks here, and it has been said.
bool StreamWalk::tile_part() {
  const std::uint64_t start = at_;
  const ByteView head = input_.at(at_, 12);
  const std::uint64_t tile = head.be16(4);
  const std::uint64_t length = head.be32(6);
  constexpr std::uint64_t k_tile_part_bytes_min = 14;  // its first segment and the marker that begins its data
  const std::uint64_t left = to_ - start;
  const bool is_head = head.be16(2) == 10 && tile < tiles_ && (length == 0 || length >= k_tile_part_bytes_min);
  const bool is_sane = is_head && std::max(length, k_tile_part_bytes_min) <= left;
  if (is_head && !is_sane) {
    breaks("jp2.cut",
           fmt::format("tile-part {} at byte {} goes beyond the end at byte {}", stream_.tile_parts + 1, start, to_),
           to_, to_);
    return false;
  }
  if (!is_sane) {
    breaks("jp2.tile-part",
           fmt::format("tile-part {} at byte {} says it is {} bytes long and of tile {} of {}", stream_.tile_parts + 1,
                       start, length, tile, tiles_),
           start, to_);
    return false;
  }
  ++stream_.tile_parts;
  // Length 0: up to EOC. Some writers end without it.
  const bool has_end = to_ - start >= 16 && input_.at(to_ - 2, 2).matches(0, "\xFF\xD9"sv);
  const std::uint64_t end = length != 0 ? start + length : has_end ? to_ - 2 : to_;
  report_.region(start, start + 12, RegionKind::structured);
  at_ = start + 12;
  if (!header_segments(k_start_of_data)) return false;
  const std::uint64_t data = std::min(at_ + 2, end);
  report_.region(at_, data, RegionKind::structured);
  if (effort_ == Jpeg2000Effort::bytes) {
    check_data(data, end);
  } else {
    report_.region(data, end, RegionKind::compressed);
  }
  at_ = end;
  return true;
}

Jpeg2000Stream StreamWalk::walk() {
  report_.region(from_, from_ + 2, RegionKind::structured);
  bool goes_on = header_segments(k_start_of_tile_part);
  while (goes_on && input_.may_continue()) {
    const ByteView marker = input_.at(at_, 2);
    if (marker.matches(0, "\xFF\xD9"sv) && at_ + 2 <= to_) {
      report_.region(at_, at_ + 2, RegionKind::structured);
      at_ += 2;
      stream_.is_closed = true;
      break;
    }
    if (at_ >= to_ && stream_.tile_parts >= tiles_) {
      report_.remarks("jp2.no-end-marker", fmt::format("no end marker, yet every tile is there at byte {}", at_));
      stream_.is_closed = true;
      break;
    }
    if (!marker.matches(0, "\xFF\x90"sv)) {
      breaks("jp2.chain",
             fmt::format("neither a tile-part nor the end stands at byte {}, behind {} tile-parts", at_,
                         stream_.tile_parts),
             at_, to_);
      break;
    }
    goes_on = tile_part();
  }
  stream_.end_bytes = at_;
  stream_.stopped = input_.stopped() || input_.read_error().has_value();
  return stream_;
}

}  // namespace

bool begins_jpeg2000_stream(ByteView head) { return head.matches(0, "\xFF\x4F\xFF\x51"sv); }

Jpeg2000Stream walk_jpeg2000_stream(WalkInput& input, std::uint64_t from, std::uint64_t to, Jpeg2000Effort effort,
                                    WalkReport& report) {
  return StreamWalk(input, from, to, effort, report).walk();
}

}  // namespace lastgood::formats
