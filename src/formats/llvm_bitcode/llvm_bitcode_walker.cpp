// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// LLVM bitcode. Specification: "LLVM Bitcode File Format", sections "Bitstream Format" and "Wrapper Format".
//
//   file    = "BC" C0 DE block*, or a wrapper: 0B17C0DE(4) version(4) offset(4) size(4) cpu(4), then the same
//   block   = one 32-bit word: 01 (2 bits, enter block) id(8) width(4) 0(18); words(4); word[words]
//   Blocks of the outermost level begin on whole words and tile the file.
#include "formats/llvm_bitcode/llvm_bitcode_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"bc", Promise::loose}};
constexpr std::string_view k_magic = "BC\xc0\xde"sv;
constexpr std::uint32_t k_wrapper = 0x0B17C0DE;
constexpr std::uint64_t k_wrapper_bytes = 20;

Likeness recognise(const Edges& edges) {
  return edges.head.matches(0, k_magic) || edges.head.le32(0) == k_wrapper ? Likeness::strong : Likeness::none;
}

bool enters_block(std::uint32_t word) {
  const std::uint32_t id = (word >> 2U) & 0xFFU;
  const std::uint32_t width = (word >> 10U) & 0xFU;
  return (word & 3U) == 1 && id < 0x80 && width >= 2 && width < 8 && (word >> 14U) == 0;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (recognise({.head = head}) == Likeness::none) return report;
  report.shape = Shape::whole;
  std::uint64_t at = 0;
  std::uint64_t end = input.size_bytes();
  if (head.le32(0) == k_wrapper) {
    at = head.le32(8);
    const std::uint64_t length = head.le32(12);
    if (at < k_wrapper_bytes || at > end || length > end - at || length < k_magic.size() ||
        !input.at(at, 4).matches(0, k_magic)) {
      report.breaks("llvm_bitcode.wrapper",
                    fmt::format("the wrapper leads to byte {} and {} bytes, no bitcode stands there", at, length),
                    {.from = 0, .to = std::min(k_wrapper_bytes, end)});
      return report;
    }
    end = at + length;
  }
  at += k_magic.size();
  report.region(0, at, RegionKind::structured);
  std::uint64_t blocks = 0;
  while (end - at >= 8) {
    if (!input.may_continue()) {
      report.remarks("llvm_bitcode.limit", fmt::format("stopped by a limit after {} blocks", blocks));
      return report;
    }
    const ByteView header = input.at(at, 8);
    if (header.le32(0) == 0 && blocks > 0) break;  // padding
    const std::uint64_t length = std::uint64_t{header.le32(4)} * 4;
    if (!enters_block(header.le32(0)) || length > end - at - 8) {
      report.breaks("llvm_bitcode.block",
                    fmt::format("no block that fits the file stands at byte {} after {} blocks", at, blocks),
                    {.from = at, .to = end});
      return report;
    }
    report.region(at, at + 8, RegionKind::structured);
    report.region(at + 8, at + 8 + length, RegionKind::compressed);
    at += 8 + length;
    ++blocks;
  }
  report.end_bytes = at;
  const ByteView padding = input.at(at, 16);
  const bool is_padding = std::all_of(padding.begin(), padding.end(), [](std::uint8_t byte) { return byte == 0; });
  if (padding.size() < 16 && is_padding) report.allowed_trailing_bytes = padding.size();
  report.reach = Reach::frame;
  report.holds("llvm_bitcode.blocks", fmt::format("{} blocks tile the file to byte {}", blocks, at));
  return report;
}

}  // namespace

const Format k_llvm_bitcode_format = {.id = "llvm-bitcode",
                                      .title = "LLVM bitcode",
                                      .family = Family::program,
                                      .claims = k_claims,
                                      .recognise = recognise,
                                      .walk = walk};

}  // namespace lastgood::formats
