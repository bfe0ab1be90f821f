// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/isobmff/isobmff_items.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "formats/isobmff/isobmff_samples.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::uint64_t k_items_max = 65'536;
constexpr std::size_t k_table_bytes_max = 512 * 1024;

/// Items whose payload is a chain of NAL units, from 'iinf'.
std::vector<std::uint32_t> find_hevc_items(WalkInput& input, const IsoBox& list) {
  std::vector<std::uint32_t> items;
  const std::uint8_t version = input.at(list.payload, 1).u8(0);
  std::uint64_t at = list.payload + (version == 0 ? 6 : 8);
  while (at < list.end && items.size() < k_items_max && input.may_continue()) {
    const IsoBoxRead read = read_iso_box(input, at, list.end);
    if (!read.box) break;
    const ByteView entry = input.at(read.box->payload, 16);
    const bool is_wide = entry.u8(0) >= 3;
    const ByteView type = entry.part(is_wide ? 10 : 8, 4);
    if (entry.u8(0) >= 2 && type.text() == "hvc1") items.push_back(is_wide ? entry.be32(4) : entry.be16(4));
    at = read.box->end;
  }
  return items;
}

std::uint64_t read_number(ByteView bytes, std::uint64_t& at, unsigned length_bytes) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < length_bytes; ++i) value = value << 8U | bytes.u8(at + i);
  at += length_bytes;
  return value;
}

struct Extent {
  std::uint32_t item = 0;
  std::uint64_t from = 0;
  std::uint64_t length = 0;
  bool is_alone = false;  // the item's only extent
};

/// 8.11.3: all extents that lie in the file itself (construction method 0).
std::vector<Extent> read_locations(WalkInput& input, const IsoBox& box) {
  std::vector<Extent> extents;
  const ByteView table = input.at(
      box.payload, static_cast<std::size_t>(std::min<std::uint64_t>(box.end - box.payload, k_table_bytes_max)));
  const std::uint8_t version = table.u8(0);
  const unsigned offset_bytes = table.u8(4) >> 4U;
  const unsigned length_bytes = table.u8(4) & 15U;
  const unsigned base_bytes = table.u8(5) >> 4U;
  const unsigned index_bytes = version > 0 ? table.u8(5) & 15U : 0;
  std::uint64_t at = 6;
  const std::uint64_t items = read_number(table, at, version < 2 ? 2 : 4);
  for (std::uint64_t i = 0; i < std::min(items, k_items_max) && at < table.size() && input.may_continue(); ++i) {
    const auto item = static_cast<std::uint32_t>(read_number(table, at, version < 2 ? 2 : 4));
    const unsigned method = version > 0 ? static_cast<unsigned>(read_number(table, at, 2) & 15U) : 0;
    at += 2;  // data reference
    const std::uint64_t base = read_number(table, at, base_bytes);
    const std::uint64_t count = read_number(table, at, 2);
    for (std::uint64_t k = 0; k < count && at < table.size() && extents.size() < k_items_max; ++k) {
      at += index_bytes;
      const std::uint64_t offset = base + read_number(table, at, offset_bytes);
      const std::uint64_t length = read_number(table, at, length_bytes);
      if (method == 0) extents.push_back({.item = item, .from = offset, .length = length, .is_alone = count == 1});
    }
  }
  return extents;
}

bool lies_in(std::span<const model::ByteRange> media, const Extent& extent) {
  return std::any_of(media.begin(), media.end(), [&](const model::ByteRange& range) {
    return extent.from >= range.from && extent.from <= range.to && extent.length <= range.to - extent.from;
  });
}

}  // namespace

IsoItemCount check_iso_items(WalkInput& input, const IsoBox& meta, std::span<const model::ByteRange> media,
                             WalkReport& report) {
  IsoItemCount count;
  std::vector<std::uint32_t> hevc;
  std::vector<Extent> extents;
  std::uint64_t at = meta.payload + 4;
  while (at < meta.end && input.may_continue()) {
    const IsoBoxRead read = read_iso_box(input, at, meta.end);
    if (!read.box) {
      report.breaks("isobmff.meta",
                    fmt::format("no box fits at byte {}, inside 'meta' from byte {} to {}", at, meta.from, meta.end),
                    {.from = at, .to = meta.end});
      return count;
    }
    if (read.box->type == box_type("iinf")) hevc = find_hevc_items(input, *read.box);
    if (read.box->type == box_type("iloc")) extents = read_locations(input, *read.box);
    at = read.box->end;
  }
  for (const Extent& extent : extents) {
    if (!input.may_continue()) return count;
    ++count.extents;
    const model::ByteRange range{.from = extent.from, .to = extent.from + std::min(extent.length, input.size_bytes())};
    if (!lies_in(media, extent)) {
      report.breaks("isobmff.item",
                    fmt::format("item {} is said to lie at byte {}, {} bytes long, where no media data is", extent.item,
                                extent.from, extent.length),
                    {.from = meta.from, .to = meta.end});
      return count;
    }
    const bool is_chain =
        extent.is_alone && extent.length > 0 && std::find(hevc.begin(), hevc.end(), extent.item) != hevc.end();
    if (!is_chain || input.depth() == model::Depth::quick) continue;
    ++count.checked;
    if (are_nal_units(input, range.from, range.to, 4, IsoSampleKind::hevc) || input.stopped()) continue;
    report.breaks(
        "isobmff.item",
        fmt::format("the parts of item {} at bytes {} to {} do not add up to it", extent.item, range.from, range.to),
        range);
  }
  return count;
}

}  // namespace lastgood::formats
