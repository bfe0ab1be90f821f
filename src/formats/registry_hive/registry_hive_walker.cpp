// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Registry hives of Windows. Facts from the public description "Windows registry file format specification" (M.
// Suhanov).
//
//   file  = base block(4096) bin*
//   base  = "regf" sequence(4) sequence(4) time(8) major(4: 1) minor(4) type(4) format(4) root(4) bytes of bins(4) ...
//           at 508: exclusive or of the 127 words before it
//   bin   = "hbin" own offset(4, from the first bin) size(4, a multiple of 4096) ... 32 bytes, then cells that tile it
//   cell  = size(4, negative while in use, a multiple of 8) ...
#include "formats/registry_hive/registry_hive_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"hve", Promise::loose}, NameClaim{"dat", Promise::loose}};
constexpr std::uint64_t k_base_bytes = 4096;
constexpr std::uint64_t k_bin_header_bytes = 32;
constexpr std::uint64_t k_bin_bytes_max = 64ULL * 1024 * 1024;
constexpr std::size_t k_faults_max = 32;

Likeness recognise(const Edges& edges) { return edges.head.matches(0, "regf") ? Likeness::strong : Likeness::none; }

std::uint32_t base_checksum(ByteView base) {
  std::uint32_t sum = 0;
  for (std::uint64_t at = 0; at < 508; at += 4) sum ^= base.le32(at);
  if (sum == 0) return 1;
  return sum == 0xFFFFFFFF ? 0xFFFFFFFE : sum;
}

/// True when the cells of the bin at `from` tile it.
bool cells_tile(WalkInput& input, std::uint64_t from, std::uint64_t size) {
  std::uint64_t at = k_bin_header_bytes;
  while (at < size) {
    if (!input.may_continue()) return true;
    const std::uint32_t field = input.at(from + at, 4).le32(0);
    const std::uint64_t length = (field & 0x80000000U) != 0 ? std::uint64_t{0x100000000} - field : field;
    if (length < 8 || length % 8 != 0 || length > size - at) return input.stopped();
    at += length;
  }
  return true;
}

/// Size of the bin at `from`; 0 when none stands there.
std::uint64_t bin_bytes(WalkInput& input, std::uint64_t from, std::uint64_t end) {
  const ByteView header = input.at(from, k_bin_header_bytes);
  const std::uint64_t size = header.le32(8);
  const bool fits = header.matches(0, "hbin") && header.le32(4) == from - k_base_bytes && size >= 4096 &&
                    size % 4096 == 0 && size <= k_bin_bytes_max;
  return fits && size <= end - from ? size : 0;
}

void walk_bins(WalkInput& input, std::uint64_t end, WalkReport& report) {
  const bool check_cells = input.depth() != model::Depth::quick;
  std::uint64_t at = k_base_bytes;
  std::uint64_t bins = 0;
  std::uint64_t bad_from = 0;
  while (at < end) {
    if (!input.may_continue()) {
      report.reach = Reach::opening;
      report.remarks("registry_hive.limit", fmt::format("stopped by a limit after {} bins", bins));
      return;
    }
    const std::uint64_t size = bin_bytes(input, at, end);
    const bool fits = size != 0 && (!check_cells || cells_tile(input, at, size));
    if (input.read_error()) return;
    if (!fits && bad_from == 0) bad_from = at;
    // Where no bin stands the next may begin at any of the following pages.
    const std::uint64_t step = size != 0 ? size : 4096;
    if (bad_from != 0 && (fits || at + step >= end) && report.findings.size() < k_faults_max) {
      const std::uint64_t bad_to = fits ? at : end;
      report.breaks("registry_hive.bin",
                    fmt::format("no bin whose cells tile it stands in bytes {} to {}", bad_from, bad_to),
                    {.from = bad_from, .to = bad_to});
      bad_from = 0;
    }
    if (fits) {
      report.region(at, at + size, check_cells ? RegionKind::structured : RegionKind::plain);
      ++bins;
    }
    at += step;
  }
  if (report.shape == Shape::broken) return;
  report.holds("registry_hive.bins", fmt::format("{} bins tile the hive to byte {}{}", bins, end,
                                                 check_cells ? ", and their cells tile them" : ""));
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (!head.matches(0, "regf")) return report;
  report.shape = Shape::whole;
  const std::uint64_t size = input.size_bytes();
  const std::uint64_t end = k_base_bytes + head.le32(40);
  if (head.le32(20) != 1 || head.le32(24) > 6 || head.le32(508) != base_checksum(head) || end > size ||
      head.le32(36) >= head.le32(40)) {
    report.breaks("registry_hive.base",
                  fmt::format("the base block's checksum does not fit, or its bins end at byte {} of {}", end, size),
                  {.from = 0, .to = std::min<std::uint64_t>(512, size)});
    return report;
  }
  if (head.le32(4) != head.le32(8))
    report.remarks("registry_hive.sequence", "the hive was being written when it was copied; its log completes it");
  report.end_bytes = end;
  // Windows grows the file in steps: what follows the bins is left from before, or zero.
  report.allowed_trailing_bytes = size - end < 512 * 1024 && (size - end) % 4096 == 0 ? size - end : 0;
  report.reach = Reach::frame;
  report.region(0, k_base_bytes, RegionKind::structured);
  walk_bins(input, end, report);
  return report;
}

}  // namespace

const Format k_registry_hive_format = {.id = "registry-hive",
                                       .title = "Windows registry hive",
                                       .family = Family::database,
                                       .claims = k_claims,
                                       .recognise = recognise,
                                       .walk = walk};

}  // namespace lastgood::formats
