// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/dicom/dicom_pixels.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "formats/codec/jpeg2000_stream.h"
#include "formats/codec/jpeg_stream.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::size_t k_cell_bytes = 32;
constexpr std::size_t k_piece_bytes = 64 * 1024;
constexpr std::size_t k_sample_bytes = 4096;
constexpr std::uint64_t k_samples = 64;
constexpr std::size_t k_bad_ranges_max = 64;

bool is_jpeg_whole(WalkInput& input, std::uint64_t from, std::uint64_t to, WalkReport& report, bool& verified) {
  const bool full = input.depth() == model::Depth::full;
  const JpegEffort effort = full                    ? JpegEffort::decoded
                            : input.whole().empty() ? JpegEffort::sampled
                                                    : JpegEffort::bytes;
  const JpegStream stream = walk_jpeg_stream(input, from, to, effort, report);
  verified = stream.is_decoded && stream.is_closed;
  return stream.is_closed || stream.stopped;
}

bool is_jpeg_2000_whole(WalkInput& input, std::uint64_t from, std::uint64_t to, WalkReport& report) {
  const bool all = input.depth() == model::Depth::full || !input.whole().empty();
  const Jpeg2000Effort effort = all ? Jpeg2000Effort::bytes : Jpeg2000Effort::frame;
  const Jpeg2000Stream stream = walk_jpeg2000_stream(input, from, to, effort, report);
  return stream.is_closed || stream.stopped;
}

/// PS3.5, G.3.1: PackBits. True when [from, to) decodes to `expected_bytes`, with at most a byte or two of padding
/// behind.
bool is_packed_whole(WalkInput& input, std::uint64_t from, std::uint64_t to, std::uint64_t expected_bytes) {
  constexpr std::uint64_t k_padding_bytes_max = 2;
  std::uint64_t made = 0;
  std::uint64_t at = from;
  while (made < expected_bytes && at < to && input.may_continue()) {
    const ByteView piece = input.at(at, static_cast<std::size_t>(std::min<std::uint64_t>(k_piece_bytes, to - at)));
    std::size_t i = 0;
    while (i < piece.size() && made < expected_bytes) {
      const std::uint8_t control = piece.u8(i);
      i += control < 128 ? 2U + control : control == 128 ? 1U : 2U;
      made += control < 128 ? 1U + control : control == 128 ? 0U : 257U - control;
    }
    if (piece.empty()) break;
    at += i;
  }
  return input.stopped() || (made == expected_bytes && at <= to && to - at <= k_padding_bytes_max);
}

/// PS3.5, G.4 and G.5: 64 bytes of header, then one PackBits segment per byte of a pixel.
bool is_run_length_whole(WalkInput& input, std::uint64_t from, std::uint64_t to, const DicomPixelShape& shape,
                         bool& verified) {
  std::array<std::uint64_t, 16> starts{};
  const ByteView header = input.at(from, 64);
  const std::uint32_t segments = header.le32(0);
  if (header.size() < 64 || segments == 0 || segments > 15 || header.le32(4) != 64) return false;
  for (std::uint32_t i = 0; i < 15; ++i) {
    starts[i] = header.le32(4 + 4 * i);
    if (i < segments ? (i > 0 && starts[i] <= starts[i - 1]) || starts[i] > to - from : starts[i] != 0) return false;
  }
  const bool decode = input.depth() == model::Depth::full || !input.whole().empty();
  const std::uint64_t pixels = shape.rows * shape.columns;
  if (!decode || pixels == 0) return true;
  for (std::uint32_t i = 0; i < segments; ++i) {
    const std::uint64_t end = i + 1 < segments ? from + starts[i + 1] : to;
    if (!is_packed_whole(input, from + starts[i], end, pixels)) return false;
  }
  verified = !input.stopped();
  return true;
}

/// Merges what is near into ascending ranges.
void add_bad(std::vector<model::ByteRange>& bad, std::uint64_t from, std::uint64_t to) {
  if (!bad.empty() && (from <= bad.back().to + k_sample_bytes || bad.size() >= k_bad_ranges_max)) {
    bad.back().to = to;
  } else {
    bad.push_back({.from = from, .to = to});
  }
}

/// True when most of the cell's 16 pixels have many different values above the stored bits. Overlays and padding, which
/// some devices put there, have one or two.
bool is_foreign_cell(ByteView cell, const DicomPixelShape& shape) {
  const unsigned stored = shape.high_bit + 1;
  const unsigned ones = (1U << (16 - stored)) - 1;
  unsigned strange = 0;
  std::uint32_t seen = 0;
  for (std::size_t i = 0; i + 2 <= cell.size(); i += 2) {
    const unsigned pixel = cell.le16(i);
    const unsigned above = pixel >> stored;
    const bool is_sign = shape.is_signed && above == ones && (pixel >> (stored - 1) & 1U) != 0;
    if (above == 0 || is_sign) continue;
    ++strange;
    seen |= 1U << (above & 31U);
  }
  unsigned kinds = 0;
  for (; seen != 0; seen &= seen - 1) ++kinds;
  return strange >= 8 && kinds >= 4;
}

}  // namespace

void check_dicom_pixels(WalkInput& input, std::uint64_t from, std::uint64_t to, const DicomPixelShape& shape,
                        WalkReport& report) {
  report.region(from, to, RegionKind::plain);
  const bool has_spare_bits = shape.bits_allocated == 16 && shape.bits_stored >= 8 && shape.bits_stored <= 13 &&
                              shape.high_bit + 1 == shape.bits_stored;
  if (!has_spare_bits || to - from < k_cell_bytes) return;
  const bool all = input.depth() == model::Depth::full || !input.whole().empty();
  const std::size_t piece_bytes = all ? k_piece_bytes : k_sample_bytes;
  const std::uint64_t samples = input.depth() == model::Depth::quick ? k_samples / 4 : k_samples;
  const std::uint64_t stride =
      all ? piece_bytes : std::max<std::uint64_t>(piece_bytes, (to - from) / samples / k_cell_bytes * k_cell_bytes);
  std::vector<model::ByteRange> bad;
  std::uint64_t cells = 0;
  std::uint64_t foreign = 0;
  for (std::uint64_t at = from; at < to && input.may_continue(); at += stride) {
    const ByteView piece = input.at(at, static_cast<std::size_t>(std::min<std::uint64_t>(piece_bytes, to - at)));
    for (std::size_t i = 0; i + k_cell_bytes <= piece.size(); i += k_cell_bytes) {
      ++cells;
      if (!is_foreign_cell(piece.part(i, k_cell_bytes), shape)) continue;
      ++foreign;
      add_bad(bad, at + i, at + i + k_cell_bytes);
    }
  }
  // A device that leaves what it likes above the stored bits does so everywhere.
  if (foreign * 2 > cells) return;
  for (const model::ByteRange& range : bad) {
    report.breaks(
        "dicom.pixels",
        fmt::format("pixels use more than the {} stored bits from byte {} to {}; {} of {} other places do not",
                    shape.bits_stored, range.from, range.to, cells - foreign, cells),
        range);
  }
}

DicomFragments walk_dicom_fragments(WalkInput& input, std::uint64_t from, DicomFrameCodec codec,
                                    const DicomPixelShape& shape, WalkReport& report) {
  DicomFragments result{.end_bytes = from};
  std::uint64_t items = 0;
  while (input.may_continue()) {
    const std::uint64_t at = result.end_bytes;
    const ByteView item = input.at(at, 16);
    const std::uint64_t length = item.le32(4);
    if (item.matches(0, "\xFE\xFF\xDD\xE0"sv)) {
      report.region(at, at + 8, RegionKind::structured);
      result.end_bytes = std::min(at + 8, input.size_bytes());
      result.is_closed = true;
      return result;
    }
    if (item.size() < 8 || !item.matches(0, "\xFE\xFF\x00\xE0"sv) || length > input.size_bytes() - at - 8)
      return result;
    const std::uint64_t next = at + 8 + length;
    report.region(at, at + 8, RegionKind::structured);
    const bool is_table = ++items == 1;
    const bool begins_jpeg = codec == DicomFrameCodec::jpeg && begins_jpeg_stream(item.part(8));
    const bool begins_jpeg_2000 = codec == DicomFrameCodec::jpeg_2000 && begins_jpeg2000_stream(item.part(8));
    result.end_bytes = next;
    if (is_table) {
      report.region(at + 8, next, RegionKind::structured);
      continue;
    }
    ++result.count;
    // A frame may be cut into several fragments; only one that is a fragment of its own can be walked as it lies.
    const ByteView closing = length >= 4 && input.depth() != model::Depth::quick ? input.at(next - 3, 3) : ByteView();
    const bool ends_jpeg = closing.matches(1, "\xFF\xD9"sv) || closing.matches(0, "\xFF\xD9"sv);
    bool verified = false;
    if (begins_jpeg && ends_jpeg && input.depth() != model::Depth::quick) {
      if (!is_jpeg_whole(input, at + 8, next, report, verified)) return result;
    }
    if (begins_jpeg_2000 && ends_jpeg && input.depth() != model::Depth::quick) {
      if (!is_jpeg_2000_whole(input, at + 8, next, report)) return result;
    }
    if (codec == DicomFrameCodec::run_length && !is_run_length_whole(input, at + 8, next, shape, verified)) {
      report.breaks("dicom.run-length",
                    fmt::format("fragment {} at byte {} does not decode to a plane of {} by {} pixels per segment",
                                result.count, at, shape.columns, shape.rows),
                    {.from = at + 8, .to = next});
    }
    if (verified) ++result.verified;
    report.region(at + 8, next, verified ? RegionKind::verified : RegionKind::compressed);
  }
  return result;
}

}  // namespace lastgood::formats
