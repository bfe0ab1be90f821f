// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/zip/zip_salvage.h"

#include <fmt/format.h>

#include <algorithm>

#include "formats/codec/deflate.h"
#include "formats/zip/zip_members.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::uint64_t k_scan_bytes_max = 256 * 1024 * 1024;  // beyond it only `full` looks
constexpr std::size_t k_scan_piece_bytes = 64 * 1024;
constexpr std::size_t k_names_bytes_max = 600;
constexpr std::size_t k_name_bytes_max = 80;

/// Offset of the next local header or central header at or after `from`; the size when there is none.
std::uint64_t find_next_header(WalkInput& input, std::uint64_t from) {
  std::uint64_t at = from;
  while (at < input.size_bytes() && input.may_continue(1 + k_scan_piece_bytes / 16384)) {
    const ByteView piece = input.at(at, k_scan_piece_bytes);
    if (piece.size() < 4) break;
    const std::size_t local = piece.find("PK\x03\x04"sv);
    const std::size_t central = piece.find("PK\x01\x02"sv);
    const std::size_t found = std::min(local, central);
    if (found != ByteView::npos) return at + found;
    at += piece.size() - 3;
    if (piece.size() < k_scan_piece_bytes) break;
  }
  return input.size_bytes();
}

/// Sizes that stand behind the payload only: DEFLATE data tells its own end.
bool find_sizes(WalkInput& input, std::uint64_t data_from, ZipEntry& entry, ZipSalvage& salvage) {
  if (entry.method != 8 || entry.encrypted()) return false;
  const Decoded decoded =
      decode_deflate(input, data_from, input.size_bytes(), DeflateFrame::raw, input.size_bytes() * 1040);
  if (decoded.end == DecodeEnd::malformed) ++salvage.malformed;
  salvage.is_cut = decoded.end == DecodeEnd::cut;
  if (decoded.end != DecodeEnd::complete) return false;
  entry.packed_bytes = decoded.consumed_bytes;
  entry.unpacked_bytes = decoded.produced_bytes;
  entry.crc32 = decoded.crc32;
  return find_zip_descriptor_bytes(input, entry, data_from + entry.packed_bytes) != 0;
}

void note_name(WalkInput& input, std::uint64_t from, std::uint16_t name_bytes, ZipSalvage& salvage) {
  if (salvage.good_names.size() > k_names_bytes_max) return;
  const ByteView name = input.at(from + k_zip_local_header_bytes, std::min<std::size_t>(name_bytes, k_name_bytes_max));
  salvage.good_names += fmt::format("{}'{}'", salvage.good_names.empty() ? "" : ", ", base::printable(name.text()));
}

/// Where the member at `from` ends; 0 when it is bad, with the reason in `why`.
std::uint64_t check_member(WalkInput& input, std::uint64_t from, const ZipLocalHeader& local, ZipSalvage& salvage,
                           WalkReport& report, std::string& why) {
  ZipEntry entry{.header_from = from,
                 .packed_bytes = local.packed_bytes,
                 .unpacked_bytes = local.unpacked_bytes,
                 .crc32 = local.crc32,
                 .flags = local.flags,
                 .method = local.method};
  const bool sizes_follow = entry.has_descriptor() && local.packed_bytes == 0;
  if (sizes_follow && !find_sizes(input, local.data_from, entry, salvage)) {
    why = fmt::format("the member at byte {} does not decode to its end", from);
    return 0;
  }
  if (local.data_from > input.size_bytes() || entry.packed_bytes > input.size_bytes() - local.data_from) {
    salvage.is_cut = true;
    why = fmt::format("the member at byte {} ends behind the content", from);
    return 0;
  }
  ZipPayload payload = sizes_follow ? ZipPayload::fits : ZipPayload::unknown;
  if (!sizes_follow && !entry.encrypted()) payload = check_zip_payload(input, entry, local.data_from);
  if (payload == ZipPayload::fails) {
    ++salvage.malformed;
    why = fmt::format("payload of the member at byte {} does not decode to what its checksum says", from);
    return 0;
  }
  const std::uint64_t data_to = local.data_from + entry.packed_bytes;
  report.region(from, local.data_from, RegionKind::structured);
  report.region(local.data_from, data_to, payload == ZipPayload::fits ? RegionKind::verified : RegionKind::compressed);
  if (payload == ZipPayload::fits) {
    ++salvage.good;
    note_name(input, from, local.name_bytes, salvage);
  } else {
    ++salvage.unproven;
  }
  const std::uint64_t descriptor_bytes = entry.has_descriptor() ? find_zip_descriptor_bytes(input, entry, data_to) : 0;
  report.region(data_to, data_to + descriptor_bytes, RegionKind::structured);
  return data_to + descriptor_bytes;
}

/// Where a bad unit ends: as its header says, if something stands there, else at the next header found.
std::uint64_t find_unit_end(WalkInput& input, std::uint64_t from, const std::optional<ZipLocalHeader>& local) {
  const std::uint64_t found = find_next_header(input, from + 1);
  if (!local || local->data_from > input.size_bytes()) return found;
  if (local->packed_bytes == 0 || local->packed_bytes > input.size_bytes() - local->data_from) return found;
  const std::uint64_t told = local->data_from + local->packed_bytes;
  return found >= input.size_bytes() || input.at(told, 2).matches(0, "PK"sv) ? told : found;
}

}  // namespace

ZipSalvage salvage_zip_members(WalkInput& input, std::uint64_t from, BrokenUnits& broken, WalkReport& report) {
  ZipSalvage salvage{.read_to = from};
  const bool limited = input.depth() != model::Depth::full;
  std::uint64_t at = from;
  while (at < input.size_bytes() && input.may_continue()) {
    if (limited && at - from > k_scan_bytes_max) break;
    const std::optional<ZipLocalHeader> local = read_zip_local_header(input, at);
    if (!local && input.at(at, 4).matches(0, "PK\x01\x02"sv)) break;
    std::string why = local ? "" : fmt::format("no local header stands at byte {}", at);
    const std::uint64_t member_to = local ? check_member(input, at, *local, salvage, report, why) : 0;
    if (input.stopped()) break;
    if (member_to > at) {
      at = member_to;
      salvage.read_to = at;
      continue;
    }
    const std::uint64_t next = find_unit_end(input, at, local);
    if (next >= input.size_bytes() && salvage.is_cut) {
      const std::uint64_t data_from = std::min(local->data_from, next);
      report.region(at, data_from, RegionKind::structured);
      report.region(data_from, next, RegionKind::compressed);
      break;
    }
    salvage.is_cut = false;
    if (next >= input.size_bytes() && !local) break;  // what follows is no member: the directory, or what was it
    broken.add({.from = at, .to = next}, std::move(why));
    at = next;
    salvage.read_to = at;
  }
  return salvage;
}

}  // namespace lastgood::formats
