// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Compiled message catalogues (.mo). Specification: GNU gettext manual, section "The Format of GNU MO Files".
//
//   file   = magic(4: 950412DE in the writer's byte order) revision(4) count(4) originals at(4) translations at(4)
//            hash size(4) hash at(4) ..., revision 1.1 adds five fields for system dependent strings
//   table  = (length(4) offset(4))[count]; each string ends with a NUL its length does not count
//   hash   = string number(4, 1 based, 0: empty)[hash size]
#include "formats/gettext/gettext_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"mo", Promise::loose}, NameClaim{"gmo", Promise::loose}};
constexpr std::uint32_t k_magic = 0x950412DE;
constexpr std::uint64_t k_header_bytes = 28;
constexpr std::uint64_t k_quick_strings = 256;

enum class Order : std::uint8_t { little, big };

std::uint32_t u32(Order order, ByteView view, std::uint64_t at) {
  return order == Order::little ? view.le32(at) : view.be32(at);
}

Likeness recognise(const Edges& edges) {
  const bool fits = edges.head.le32(0) == k_magic || edges.head.be32(0) == k_magic;
  return fits ? Likeness::strong : Likeness::none;
}

struct Catalogue {
  Order order = Order::little;
  std::uint64_t count = 0;
  std::uint64_t originals_at = 0;
  std::uint64_t translations_at = 0;
  std::uint64_t hash_count = 0;
  std::uint64_t hash_at = 0;
  bool has_system_strings = false;
  std::uint64_t end = k_header_bytes;
};

bool table_fits(WalkInput& input, Catalogue& catalogue, std::uint64_t at, std::uint64_t bytes) {
  const std::uint64_t size = input.size_bytes();
  if (at > size || bytes > size - at) return false;
  catalogue.end = std::max(catalogue.end, at + bytes);
  return true;
}

/// Every string of one table lies inside the file and ends with NUL. Quick looks at the last ones.
bool strings_fit(WalkInput& input, Catalogue& catalogue, std::uint64_t table_at, WalkReport& report) {
  const std::uint64_t size = input.size_bytes();
  const bool all = input.depth() != model::Depth::quick || !input.whole().empty();
  const std::uint64_t first = all || catalogue.count < k_quick_strings ? 0 : catalogue.count - k_quick_strings;
  for (std::uint64_t i = first; i < catalogue.count; ++i) {
    if (!input.may_continue()) return false;
    const ByteView entry = input.at(table_at + i * 8, 8);
    const std::uint64_t length = u32(catalogue.order, entry, 0);
    const std::uint64_t offset = u32(catalogue.order, entry, 4);
    const bool inside = offset <= size && length < size - offset;
    if (!inside || input.at(offset + length, 1).u8(0) != 0) {
      if (input.stopped() || input.read_error()) return false;
      report.breaks(
          "gettext.string",
          fmt::format("string {} of {}, {} bytes at byte {}, does not end with NUL inside the file", i, catalogue.count,
                      length, offset),
          {.from = inside ? offset : table_at + i * 8, .to = inside ? offset + length + 1 : table_at + i * 8 + 8});
      return false;
    }
    catalogue.end = std::max(catalogue.end, offset + length + 1);
  }
  return true;
}

bool hash_fits(WalkInput& input, const Catalogue& catalogue, WalkReport& report) {
  const std::uint64_t size = catalogue.hash_count * 4;
  if (size > k_window_bytes || catalogue.has_system_strings) return true;
  const ByteView table = input.at(catalogue.hash_at, static_cast<std::size_t>(size));
  for (std::uint64_t i = 0; i < catalogue.hash_count; ++i) {
    if (u32(catalogue.order, table, i * 4) <= catalogue.count) continue;
    report.breaks(
        "gettext.hash",
        fmt::format("hash entry {} names string {} of {}", i, u32(catalogue.order, table, i * 4), catalogue.count),
        {.from = catalogue.hash_at, .to = catalogue.hash_at + size});
    return false;
  }
  return true;
}

Catalogue read_header(ByteView head) {
  Catalogue catalogue;
  catalogue.order = head.le32(0) == k_magic ? Order::little : Order::big;
  const Order order = catalogue.order;
  catalogue.count = u32(order, head, 8);
  catalogue.originals_at = u32(order, head, 12);
  catalogue.translations_at = u32(order, head, 16);
  catalogue.hash_count = u32(order, head, 20);
  catalogue.hash_at = u32(order, head, 24);
  catalogue.has_system_strings = (u32(order, head, 4) & 0xFFFFU) != 0;
  return catalogue;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (recognise({.head = head}) == Likeness::none) return report;
  report.shape = Shape::whole;
  Catalogue catalogue = read_header(head);
  const std::uint32_t revision = u32(catalogue.order, head, 4);
  const bool fits =
      head.size() >= k_header_bytes && (revision >> 16U) <= 1 && (revision & 0xFFFFU) <= 1 &&
      table_fits(input, catalogue, catalogue.originals_at, catalogue.count * 8) &&
      table_fits(input, catalogue, catalogue.translations_at, catalogue.count * 8) &&
      (catalogue.hash_count == 0 || table_fits(input, catalogue, catalogue.hash_at, catalogue.hash_count * 4));
  if (!fits) {
    report.breaks("gettext.header",
                  fmt::format("revision {:#x} or the tables of {} strings do not fit the file's {} bytes", revision,
                              catalogue.count, input.size_bytes()),
                  {.from = 0, .to = std::min(k_header_bytes, input.size_bytes())});
    return report;
  }
  report.reach = Reach::frame;
  if (!hash_fits(input, catalogue, report)) return report;
  const bool strings = strings_fit(input, catalogue, catalogue.originals_at, report) &&
                       strings_fit(input, catalogue, catalogue.translations_at, report);
  if (report.shape == Shape::broken) return report;
  if (!strings) {
    report.reach = Reach::opening;
    report.remarks("gettext.limit", "stopped by a limit among the strings");
    return report;
  }
  // System dependent strings (revision 1.1) lie behind the others; their segments are not followed.
  if (!catalogue.has_system_strings) report.end_bytes = catalogue.end;
  report.region(0, k_header_bytes, RegionKind::structured);
  report.region(k_header_bytes, report.end_bytes.value_or(input.size_bytes()), RegionKind::plain);
  report.holds("gettext.strings",
               fmt::format("{} strings and their translations lie inside the file and end with NUL", catalogue.count));
  return report;
}

}  // namespace

const Format k_gettext_format = {.id = "gettext",
                                 .title = "message catalogue",
                                 .family = Family::other,
                                 .claims = k_claims,
                                 .recognise = recognise,
                                 .walk = walk};

}  // namespace lastgood::formats
