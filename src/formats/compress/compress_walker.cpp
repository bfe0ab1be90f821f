// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// compress (.Z). Specification: POSIX.1-2024, compress; the layout of codes is told by ncompress 5.0.
//
//   file = 1F 9D flags(1: 80 clear code in use, 60 reserved, 1F maximal code width 9-16) codes
//
// Codes are as wide as the dictionary needs, lowest bit first; eight codes form a group, and a change of width skips
// the rest of a group. A code may be at most the one the decoder is about to define: random bits break that soon, as
// long as the dictionary is not full. There is no checksum and no end.
#include "formats/compress/compress_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::Depth;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"z", Promise::loose}, NameClaim{"taz", Promise::loose}};
constexpr std::uint64_t k_header_bytes = 3;
constexpr unsigned k_width_min = 9;
constexpr unsigned k_width_max = 16;
constexpr std::uint32_t k_clear_code = 256;
constexpr std::uint64_t k_sample_bytes = 64 * 1024;
constexpr std::uint64_t k_named_after_break_bytes = 64 * 1024;

bool is_header(ByteView head) {
  const unsigned flags = head.u8(2);
  const unsigned width = flags & 0x1FU;
  return head.matches(0, "\x1f\x9d"sv) && (flags & 0x60U) == 0 && width >= k_width_min && width <= k_width_max;
}

Likeness recognise(const Edges& edges) { return is_header(edges.head) ? Likeness::weak : Likeness::none; }

/// What a decoder knows of its dictionary without keeping it.
struct Dictionary {
  unsigned width_max = k_width_max;
  bool has_clear = true;
  unsigned width = k_width_min;
  std::uint32_t next_code = 0;
  bool first = true;
  std::uint64_t group_from = k_header_bytes;  // groups of eight codes begin where the width last changed

  void reset() {
    width = k_width_min;
    next_code = has_clear ? k_clear_code + 1 : k_clear_code;
    first = true;
  }
};

enum class CodeKind : std::uint8_t { fits, clear, impossible };

CodeKind take(Dictionary& dictionary, std::uint32_t code) {
  if (dictionary.has_clear && code == k_clear_code && !dictionary.first) return CodeKind::clear;
  if (dictionary.first) {
    dictionary.first = false;
    return code < k_clear_code ? CodeKind::fits : CodeKind::impossible;
  }
  const bool full = dictionary.next_code >= (std::uint32_t{1} << dictionary.width_max);
  const std::uint32_t highest = full ? dictionary.next_code - 1 : dictionary.next_code;
  if (!full) ++dictionary.next_code;
  return code <= highest ? CodeKind::fits : CodeKind::impossible;
}

/// The next byte offset at which a group may begin: widths change only between groups.
std::uint64_t next_group(const Dictionary& dictionary, std::uint64_t bit) {
  const std::uint64_t group_bits = std::uint64_t{dictionary.width} * 8;
  const std::uint64_t done = bit - dictionary.group_from * 8;
  return dictionary.group_from + (done + group_bits - 1) / group_bits * dictionary.width;
}

struct Checked {
  std::uint64_t at = 0;  // first byte that was not looked at, or whose code is impossible
  bool impossible = false;
};

Checked check_codes(WalkInput& input, std::uint64_t to) {
  const unsigned flags = input.head().u8(2);
  Dictionary dictionary{.width_max = flags & 0x1FU, .has_clear = (flags & 0x80U) != 0};
  dictionary.reset();
  std::uint64_t bit = k_header_bytes * 8;
  while (bit + dictionary.width <= to * 8) {
    if (bit % 8192 < dictionary.width && !input.may_continue()) break;
    const std::uint32_t code =
        (input.at(bit / 8, 4).le24(0) >> (bit % 8)) & ((std::uint32_t{1} << dictionary.width) - 1);
    if (input.size_bytes() - bit / 8 < 3) break;
    const CodeKind kind = take(dictionary, code);
    if (kind == CodeKind::impossible) return {.at = bit / 8, .impossible = true};
    bit += dictionary.width;
    const bool wider =
        dictionary.next_code > (std::uint32_t{1} << dictionary.width) - 1 && dictionary.width < dictionary.width_max;
    if (kind != CodeKind::clear && !wider) continue;
    dictionary.group_from = next_group(dictionary, bit);
    bit = dictionary.group_from * 8;
    if (kind == CodeKind::clear)
      dictionary.reset();
    else
      ++dictionary.width;
  }
  return {.at = std::min(bit / 8, to)};
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const std::uint64_t size = input.size_bytes();
  if (!is_header(input.head())) return report;
  const bool all = input.depth() == Depth::full || (input.depth() == Depth::standard && !input.whole().empty());
  const std::uint64_t to = all ? size : std::min(size, k_sample_bytes);
  const Checked checked = check_codes(input, to);
  report.shape = Shape::whole;
  report.region(0, k_header_bytes, RegionKind::structured);
  report.region(k_header_bytes, checked.at, RegionKind::compressed);
  if (checked.impossible) {
    report.breaks("compress.code", fmt::format("the code at byte {} is not yet defined there", checked.at),
                  {.from = std::max(k_header_bytes, checked.at - std::min<std::uint64_t>(checked.at, 4096)),
                   .to = std::min(size, checked.at + k_named_after_break_bytes)});
    return report;
  }
  report.region(checked.at, size, RegionKind::compressed);
  report.reach = Reach::sampled;
  report.holds("compress.codes", fmt::format("every code to byte {} is defined where it stands", checked.at));
  return report;
}

}  // namespace

const Format k_compress_format = {.id = "compress",
                                  .title = "compress (.Z) data",
                                  .family = Family::archive,
                                  .claims = k_claims,
                                  .recognise = recognise,
                                  .walk = walk};

}  // namespace lastgood::formats
