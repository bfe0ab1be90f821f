// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Windows icons and cursors. Specification: Microsoft, "Icons" (ICONDIR, ICONDIRENTRY); PNG inside since Windows Vista.
//
//   file  = 0(2) type(2: 1 icon, 2 cursor) count(2) entry(16)*count picture*
//   entry = width height colours 0 planes(2) bits(2) length(4) offset(4)
//   picture = bitmap header of 40 bytes, colours, pixels, mask | PNG file
#include "formats/ico/ico_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "formats/zero_run.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"ico", Promise::firm}, NameClaim{"cur", Promise::firm}};
constexpr std::uint64_t k_header_bytes = 6;
constexpr std::uint64_t k_entry_bytes = 16;
constexpr std::uint64_t k_pictures_max = 1024;
constexpr std::uint64_t k_filling_bytes_max = 64 * 1024;

/// Header, and a first entry that points behind the directory.
bool begins_icon(ByteView head, std::uint64_t size_bytes) {
  const bool has_type = head.matches(0, "\0\0\1\0"sv) || head.matches(0, "\0\0\2\0"sv);
  const std::uint64_t count = head.le16(4);
  if (!has_type || count == 0 || count > k_pictures_max || head.size() < k_header_bytes + k_entry_bytes) return false;
  const std::uint64_t directory_end = k_header_bytes + count * k_entry_bytes;
  const std::uint64_t length = head.le32(14);
  const std::uint64_t offset = head.le32(18);
  return directory_end <= size_bytes && offset >= directory_end && offset <= size_bytes && length >= 8;
}

Likeness recognise(const Edges& edges) {
  if (!begins_icon(edges.head, edges.size_bytes)) return Likeness::none;
  const ByteView first = edges.head.part(edges.head.le32(18));
  const bool is_known = first.le32(0) == 40 || first.matches(0, "\x89PNG\r\n\x1a\n"sv);
  return is_known ? Likeness::strong : Likeness::weak;
}

/// A bitmap's colours, pixels and mask, as far as its header tells; 0 when it is none.
std::uint64_t bitmap_bytes(ByteView picture) {
  if (picture.le32(0) != 40 || picture.le16(12) > 1) return 0;
  const std::uint64_t width = picture.le32(4);
  const std::uint64_t height = picture.le32(8) / 2;  // pixels and mask together
  const std::uint64_t bits = picture.le16(14);
  if (width == 0 || width > 4096 || height == 0 || height > 4096 || bits == 0 || bits > 32) return 0;
  const std::uint64_t colours = bits > 8                ? 0
                                : picture.le32(32) != 0 ? std::min<std::uint64_t>(picture.le32(32), 256)
                                                        : std::uint64_t{1} << bits;
  return 40 + colours * 4 + (width * bits + 31) / 32 * 4 * height;  // the mask may be missing with 32 bits
}

/// Says what is wrong with the picture at `from`; empty when nothing is.
std::string find_fault(WalkInput& input, std::uint64_t from, std::uint64_t to) {
  const ByteView picture = input.at(from, 40);
  if (picture.matches(0, "\x89PNG\r\n\x1a\n"sv)) {
    const bool is_closed = to - from >= 57 && input.at(to - 8, 4).matches(0, "IEND"sv);
    return is_closed ? "" : "is a PNG file without its end";
  }
  const std::uint64_t needed = bitmap_bytes(picture);
  if (needed == 0) return "is neither a bitmap nor a PNG file";
  return needed > to - from ? fmt::format("needs {} bytes", needed) : "";
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (!begins_icon(input.head(), input.size_bytes())) return report;
  report.shape = Shape::whole;
  const std::uint64_t count = input.head().le16(4);
  const std::uint64_t directory_end = k_header_bytes + count * k_entry_bytes;
  report.region(0, directory_end, RegionKind::structured);
  std::uint64_t end = directory_end;
  std::uint64_t before = directory_end;
  for (std::uint64_t i = 0; i < count && input.may_continue(); ++i) {
    const ByteView entry = input.at(k_header_bytes + i * k_entry_bytes, k_entry_bytes);
    const std::uint64_t length = entry.le32(8);
    const std::uint64_t from = entry.le32(12);
    const model::ByteRange entry_range{.from = k_header_bytes + i * k_entry_bytes,
                                       .to = k_header_bytes + (i + 1) * k_entry_bytes};
    if (from < directory_end || from > input.size_bytes() || length > input.size_bytes() - from) {
      report.breaks("ico.entry",
                    fmt::format("picture {} is said to lie at byte {}, {} bytes long; the content has {}", i + 1, from,
                                length, input.size_bytes()),
                    entry_range);
      continue;
    }
    const std::string fault = find_fault(input, from, from + length);
    if (!fault.empty())
      report.breaks("ico.picture", fmt::format("picture {} at byte {} with {} bytes {}", i + 1, from, length, fault),
                    {.from = from, .to = from + length});
    const bool is_png = input.at(from, 4).matches(0, "\x89PNG"sv);
    if (from >= before) report.region(from, from + length, is_png ? RegionKind::compressed : RegionKind::plain);
    before = std::max(before, from + length);
    end = std::max(end, from + length);
  }
  if (input.stopped()) {
    report.remarks("ico.limit", "stopped by a limit");
    return report;
  }
  report.end_bytes = end;
  const std::uint64_t rest = input.size_bytes() - end;
  if (rest <= k_filling_bytes_max && zero_run_bytes(input, end, rest) == rest) report.allowed_trailing_bytes = rest;
  report.reach = Reach::frame;
  if (report.shape == Shape::broken) return report;
  report.holds("ico.pictures", fmt::format("{} pictures lie in the content to byte {}", count, end));
  return report;
}

}  // namespace

const Format k_ico_format = {.id = "ico",
                             .title = "Windows icon",
                             .family = Family::image,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
