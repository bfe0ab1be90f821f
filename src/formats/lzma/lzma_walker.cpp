// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// .lzma alone. Specification: xz 5.4, doc/lzma-file-format.txt.
//
//   file = properties(1: (pb * 5 + lp) * 9 + lc) dictionary(4) decoded-size(8, or all ones: an end mark stands) data
//
// No magic number and no checksum: the first data byte is always zero, the rest only decoding tells.
#include "formats/lzma/lzma_walker.h"

#include <array>
#include <bit>

#include <fmt/format.h>

#include "formats/codec/decode_stream.h"
#include "formats/decoded_unit.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"lzma", Promise::firm}, NameClaim{"tlz", Promise::loose}};
constexpr std::uint64_t k_header_bytes = 13;
constexpr std::uint64_t k_decoded_bytes_max = std::uint64_t{1} << 38;  // what the tool itself takes for believable
constexpr std::uint64_t k_trial_bytes = 64 * 1024;

/// 2^n or 2^n + 2^(n-1) of at least 4 KiB, as every encoder writes.
bool is_dictionary_size(std::uint32_t bytes) {
  if (bytes < 4096) return false;
  return bytes == UINT32_MAX || std::has_single_bit(bytes) || (bytes % 3 == 0 && std::has_single_bit(bytes / 3));
}

bool is_header(ByteView head) {
  const unsigned properties = head.u8(0);
  const unsigned literal_bits = properties % 9 + properties / 9 % 5;
  const bool size = head.le64(5) == UINT64_MAX || head.le64(5) < k_decoded_bytes_max;
  return head.size() > k_header_bytes && properties > 0 && properties < 225 && literal_bits <= 4 &&
         is_dictionary_size(head.le32(1)) && size && head.u8(k_header_bytes) == 0;
}

Likeness recognise(const Edges& edges) { return is_header(edges.head) ? Likeness::weak : Likeness::none; }

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (!is_header(input.head())) return report;
  const std::uint64_t size = input.size_bytes();
  const std::uint64_t budget_bytes = std::max(k_trial_bytes, decode_budget_bytes(input, DecodeSpeed::slow));
  const Decoded decoded = decode_stream(input, 0, size, Codec::lzma, budget_bytes);
  report.shape = Shape::whole;
  // The stream ends too early, or breaks in the middle of what looks random at every length.
  const auto report_unit = decoded.end == DecodeEnd::cut ? report_decoding_to_end : report_decoding_in_frame;
  if (report_unit(report, decoded, {.from = 0, .to = size}, "lzma.stream", "the stream") == UnitState::broken)
    return report;
  if (decoded.end == DecodeEnd::complete) {
    report.end_bytes = decoded.consumed_bytes;
    report.reach = Reach::content;
    report.holds("lzma.stream", fmt::format("the stream decodes to its end at byte {}, {} bytes",
                                            decoded.consumed_bytes, decoded.produced_bytes));
    return report;
  }
  report.reach = decoded.produced_bytes > 0 ? Reach::sampled : Reach::opening;
  report.holds("lzma.sample", fmt::format("{} bytes decode; the rest was not decoded", decoded.produced_bytes));
  return report;
}

}  // namespace

const Format k_lzma_format = {.id = "lzma",
                              .title = "LZMA compressed data",
                              .family = Family::archive,
                              .claims = k_claims,
                              .recognise = recognise,
                              .walk = walk};

}  // namespace lastgood::formats
