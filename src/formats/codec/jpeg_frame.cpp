// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/codec/jpeg_frame.h"

#include <algorithm>

namespace lastgood::formats {

namespace {

using base::ByteView;

constexpr std::size_t k_components_max = 4;  // the standard allows 255; no file with more than four is known

JpegProcess process_of(std::uint8_t marker) {
  switch (marker) {
    case 0xC0:
    case 0xC1: return JpegProcess::sequential;
    case 0xC2: return JpegProcess::progressive;
    case 0xC3: return JpegProcess::lossless;
    case 0xF7: return JpegProcess::near_lossless;
    default: return JpegProcess::other;
  }
}

std::uint32_t ceil_div(std::uint64_t value, std::uint64_t by) {
  return static_cast<std::uint32_t>((value + by - 1) / by);
}

/// T.81 A.1.1 and A.2: how many blocks (samples in a lossless frame) each component has, and how many MCUs the frame.
void count_blocks(JpegFrame& frame) {
  std::uint32_t h_max = 1;
  std::uint32_t v_max = 1;
  for (const JpegComponent& component : frame.components) {
    h_max = std::max(h_max, component.h);
    v_max = std::max(v_max, component.v);
  }
  const std::uint32_t side = frame.process == JpegProcess::lossless ? 1 : 8;
  frame.mcus_wide = ceil_div(frame.width, std::uint64_t{h_max} * side);
  frame.mcus_high = ceil_div(frame.height, std::uint64_t{v_max} * side);
  for (JpegComponent& component : frame.components) {
    component.blocks_wide = ceil_div(ceil_div(std::uint64_t{frame.width} * component.h, h_max), side);
    component.blocks_high = ceil_div(ceil_div(std::uint64_t{frame.height} * component.v, v_max), side);
    frame.blocks += std::uint64_t{component.blocks_wide} * component.blocks_high;
  }
}

}  // namespace

bool is_jpeg_frame_marker(std::uint8_t marker) {
  return marker == 0xF7 || (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC);
}

std::optional<JpegFrame> parse_jpeg_frame(std::uint8_t marker, ByteView segment) {
  JpegFrame frame{.process = process_of(marker),
                  .precision_bits = segment.u8(2),
                  .width = segment.be16(5),
                  .height = segment.be16(3),
                  .components = {}};
  const std::size_t count = segment.u8(7);
  if (count == 0 || count > k_components_max || segment.size() < 8 + 3 * count) return std::nullopt;
  if (frame.precision_bits < 2 || frame.precision_bits > 16 || frame.width == 0) return std::nullopt;
  for (std::size_t i = 0; i < count; ++i) {
    const ByteView entry = segment.part(8 + 3 * i, 3);
    JpegComponent component{
        .id = entry.u8(0), .h = static_cast<std::uint32_t>(entry.u8(1) >> 4U), .v = entry.u8(1) & 15U, .nonzero = {}};
    const bool sane = component.h >= 1 && component.h <= 4 && component.v >= 1 && component.v <= 4 && entry.u8(2) <= 3;
    if (!sane) return std::nullopt;
    frame.components.push_back(std::move(component));
  }
  count_blocks(frame);
  return frame;
}

std::optional<JpegScan> parse_jpeg_scan(const JpegFrame& frame, ByteView segment) {
  const std::size_t count = segment.u8(2);
  if (count == 0 || count > k_components_max || segment.size() < 6 + 2 * count) return std::nullopt;
  JpegScan scan;
  for (std::size_t i = 0; i < count; ++i) {
    const ByteView entry = segment.part(3 + 2 * i, 2);
    const auto found = std::find_if(frame.components.begin(), frame.components.end(),
                                    [&](const JpegComponent& component) { return component.id == entry.u8(0); });
    if (found == frame.components.end()) return std::nullopt;
    scan.components.push_back({.index = static_cast<std::size_t>(found - frame.components.begin()),
                               .dc_table = (entry.u8(1) >> 4U) & 3U,
                               .ac_table = entry.u8(1) & 3U});
  }
  const ByteView rest = segment.part(3 + 2 * count, 3);
  scan.spectral_from = rest.u8(0);
  scan.spectral_to = rest.u8(1);
  scan.approximation_high = static_cast<std::uint32_t>(rest.u8(2) >> 4U);
  scan.approximation_low = rest.u8(2) & 15U;
  if (frame.process == JpegProcess::progressive) {
    if (scan.spectral_from > scan.spectral_to || scan.spectral_to > 63) return std::nullopt;
    if (scan.spectral_from > 0 && count != 1) return std::nullopt;
  }
  return scan;
}

bool read_jpeg_huffman_tables(JpegTables& tables, ByteView segment) {
  std::size_t at = 2;
  while (at < segment.size()) {
    const std::uint8_t which = segment.u8(at);
    const ByteView counts = segment.part(at + 1, 16);
    std::size_t total = 0;
    for (const std::uint8_t count : counts) total += count;
    if (counts.size() < 16 || total > 256 || (which >> 4U) > 1 || (which & 15U) > 3) return false;
    if (!segment.has(at + 17, total)) return false;
    const std::size_t index = which & 3U;
    JpegHuffmanTable& table = (which >> 4U) == 0 ? tables.dc[index] : tables.ac[index];
    if (total > 0 && !table.build(counts, segment.part(at + 17, total))) return false;
    at += 17 + total;
  }
  return segment.size() > 2;
}

bool read_jpeg_quantisation_tables(JpegTables& tables, ByteView segment) {
  std::size_t at = 2;
  while (at < segment.size()) {
    const std::uint8_t which = segment.u8(at);
    const std::size_t entry_bytes = (which >> 4U) == 0 ? 1 : 2;
    if ((which >> 4U) > 1 || (which & 15U) > 3 || !segment.has(at + 1, 64 * entry_bytes)) return false;
    for (std::size_t k = 0; k < 64; ++k) {
      const std::uint64_t entry_at = at + 1 + k * entry_bytes;
      tables.quantisation[which & 3U][k] = entry_bytes == 1 ? segment.u8(entry_at) : segment.be16(entry_at);
    }
    at += 1 + 64 * entry_bytes;
  }
  return at == segment.size();
}

}  // namespace lastgood::formats
