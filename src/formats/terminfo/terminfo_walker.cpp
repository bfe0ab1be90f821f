// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Compiled terminal descriptions. Specification: ncurses, term(5), "Storage format" and "Extended storage format".
//
//   file     = header names flags(1)[] [pad to even] numbers(2 or 4)[] string offsets(2)[] strings [extended]
//   header   = magic(2: 011A, numbers of 2 bytes; 021E, of 4) and five counts(2): bytes of names, flags, numbers,
//   strings,
//              bytes of strings; little endian
//   extended = [pad to even] flags(2) numbers(2) strings(2) offsets(2) bytes of strings(2), then the same parts again
#include "formats/terminfo/terminfo_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::uint64_t k_header_bytes = 12;
constexpr std::uint16_t k_magic_16 = 0x011A;
constexpr std::uint16_t k_magic_32 = 0x021E;
constexpr std::uint16_t k_absent = 0xFFFE;  // and 0xFFFF: a string the terminal does not have

bool begins_as_terminal(ByteView head) {
  const std::uint16_t magic = head.le16(0);
  const std::uint64_t names_bytes = head.le16(2);
  if ((magic != k_magic_16 && magic != k_magic_32) || names_bytes < 2 || names_bytes > 1024) return false;
  const ByteView names = head.part(k_header_bytes, names_bytes);
  if (names.size() != names_bytes || names.u8(names_bytes - 1) != 0) return false;
  return std::all_of(names.begin(), names.end() - 1, [](std::uint8_t byte) { return byte >= 0x20 && byte < 0x7F; });
}

Likeness recognise(const Edges& edges) { return begins_as_terminal(edges.head) ? Likeness::strong : Likeness::none; }

struct Part {
  std::uint64_t flags = 0;
  std::uint64_t numbers = 0;
  std::uint64_t offsets = 0;  // of strings; in the extended part also of the names of all that is in it
  std::uint64_t strings_bytes = 0;
};

/// End of the part whose flags begin at `at`; 0 when it leaves the file or a string does.
std::uint64_t walk_part(WalkInput& input, std::uint64_t at, const Part& part, std::uint64_t number_bytes) {
  at += part.flags;
  at += at % 2;
  at += part.numbers * number_bytes;
  const std::uint64_t strings_at = at + part.offsets * 2;
  if (strings_at + part.strings_bytes > input.size_bytes()) return 0;
  for (std::uint64_t i = 0; i < part.offsets; ++i) {
    const std::uint16_t offset = input.at(at + i * 2, 2).le16(0);
    if (offset < k_absent && offset >= part.strings_bytes) return 0;
  }
  return strings_at + part.strings_bytes;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (!begins_as_terminal(head)) return report;
  report.shape = Shape::whole;
  const std::uint64_t size = input.size_bytes();
  const std::uint64_t number_bytes = head.le16(0) == k_magic_32 ? 4 : 2;
  const Part basic{
      .flags = head.le16(4), .numbers = head.le16(6), .offsets = head.le16(8), .strings_bytes = head.le16(10)};
  std::uint64_t end = walk_part(input, k_header_bytes + head.le16(2), basic, number_bytes);
  const std::uint64_t extended_at = end + end % 2;
  if (end != 0 && extended_at + 10 <= size) {
    const ByteView header = input.at(extended_at, 10);
    const Part extended{
        .flags = header.le16(0), .numbers = header.le16(2), .offsets = header.le16(6), .strings_bytes = header.le16(8)};
    // Names are counted from their own beginning, so only the sum of all sizes is held to the file here.
    const std::uint64_t numbers_at = extended_at + 10 + extended.flags + extended.flags % 2;
    const std::uint64_t names = std::uint64_t{header.le16(0)} + header.le16(2) + header.le16(4);
    const std::uint64_t offsets = std::uint64_t{header.le16(4)} + names;
    end = numbers_at + extended.numbers * number_bytes + offsets * 2 + extended.strings_bytes;
  }
  if (end == 0 || end > size) {
    report.breaks("terminfo.parts",
                  fmt::format("{} flags, {} numbers and {} strings do not fit the file's {} bytes", basic.flags,
                              basic.numbers, basic.offsets, size),
                  {.from = 0, .to = size});
    return report;
  }
  report.end_bytes = end;
  report.allowed_trailing_bytes = std::min<std::uint64_t>(end % 2, size - end);
  report.reach = Reach::content;
  report.region(0, end, RegionKind::structured);
  report.holds("terminfo.parts", fmt::format("{} flags, {} numbers and {} strings tile the file to byte {}",
                                             basic.flags, basic.numbers, basic.offsets, end));
  return report;
}

}  // namespace

const Format k_terminfo_format = {.id = "terminfo",
                                  .title = "terminal description",
                                  .family = Family::other,
                                  .claims = {},
                                  .recognise = recognise,
                                  .walk = walk};

}  // namespace lastgood::formats
