// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Login records of Linux (utmp, wtmp, btmp). Specification: utmp(5), the layout of 64-bit and i386 Linux; the byte
// order is the machine's, little endian here.
//
//   record(384) = type(2: 0 to 9) 0(2) process(4) line(32) id(4) user(32) host(256) exit(4) session(4) seconds(4)
//                 microseconds(4) address(16) 0(20); texts are filled up with zeros
#include "formats/utmp/utmp_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::uint64_t k_record_bytes = 384;
constexpr std::uint16_t k_type_max = 9;
constexpr std::uint32_t k_microseconds = 1'000'000;

/// Text to the first zero, printable.
bool is_field(ByteView field) {
  const std::size_t end = std::min(field.find(std::string_view("\0", 1)), field.size());
  const ByteView text = field.part(0, end);
  return std::all_of(text.begin(), text.end(), [](std::uint8_t byte) { return byte >= 0x20 && byte != 0x7F; });
}

bool is_record(ByteView record) {
  if (record.size() < k_record_bytes || record.le16(0) > k_type_max || record.le16(2) != 0) return false;
  // The last field is reserved; login programs that fill a record piece by piece leave host and id as they were.
  return record.le32(344) < k_microseconds && record.le64(364) == 0 && record.le64(372) == 0 &&
         is_field(record.part(8, 32)) && is_field(record.part(44, 32));
}

bool is_login_name(std::string_view name) {
  return name.starts_with("wtmp") || name.starts_with("utmp") || name.starts_with("btmp");
}

Likeness recognise(const Edges& edges) {
  if (edges.size_bytes < k_record_bytes || edges.size_bytes % k_record_bytes != 0) return Likeness::none;
  const ByteView first = edges.head.part(0, k_record_bytes);
  if (is_login_name(edges.name)) return is_record(first) ? Likeness::strong : Likeness::weak;
  // Without the name only a boot, login or similar record with a text in it speaks for the format.
  return is_record(first) && first.le16(0) != 0 && first.u8(8) != 0 ? Likeness::weak : Likeness::none;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const std::uint64_t size = input.size_bytes();
  if (size < k_record_bytes || (!is_record(input.at(0, k_record_bytes)) && !is_login_name(input.name()))) return report;
  report.shape = Shape::whole;
  const std::uint64_t count = size / k_record_bytes;
  std::uint64_t bad_from = 0;
  std::uint64_t bad_to = 0;
  std::uint64_t bad = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!input.may_continue()) {
      report.remarks("utmp.limit", fmt::format("stopped by a limit after {} records", i));
      return report;
    }
    const std::uint64_t at = i * k_record_bytes;
    if (is_record(input.at(at, k_record_bytes))) continue;
    if (bad == 0 || bad_to != at) bad_from = bad == 0 ? at : bad_from;
    bad_to = at + k_record_bytes;
    ++bad;
  }
  report.end_bytes = count * k_record_bytes;
  if (bad != 0) {
    report.breaks("utmp.record",
                  fmt::format("{} of {} are no login records, the first at byte {}", bad, count, bad_from),
                  {.from = bad_from, .to = bad_to});
    return report;
  }
  report.reach = Reach::content;
  report.region(0, *report.end_bytes, RegionKind::structured);
  report.holds("utmp.records", fmt::format("{} login records", count));
  return report;
}

}  // namespace

const Format k_utmp_format = {.id = "utmp",
                              .title = "login records",
                              .family = Family::other,
                              .claims = {},
                              .recognise = recognise,
                              .walk = walk};

}  // namespace lastgood::formats
