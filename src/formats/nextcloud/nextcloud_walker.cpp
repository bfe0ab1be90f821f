// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Nextcloud and ownCloud server-side encryption. Source: Nextcloud administration manual, "Encryption details".
//
//   file   = header block*
//   header = "HBEGIN:" (key ":" value ":")* "HEND" "-"*, padded to 8192 bytes
//   block  = 8192 bytes (the last one shorter): ciphertext "00iv00" iv(16) ["00sig00" signature(64)] "xxx" or "xx"
#include "formats/nextcloud/nextcloud_walker.h"

#include <algorithm>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::string_view k_magic = "HBEGIN:oc_encryption_module:";
constexpr std::uint64_t k_block_bytes = 8192;
constexpr std::uint64_t k_ending_bytes = 96;  // "00iv00" 16 "00sig00" 64 "xxx"

Likeness recognise(const Edges& edges) { return edges.head.matches(0, k_magic) ? Likeness::strong : Likeness::none; }

bool has_ending(WalkInput& input, std::uint64_t to) {
  const std::uint64_t from = to > k_ending_bytes ? to - k_ending_bytes : 0;
  const ByteView ending = input.at(from, static_cast<std::size_t>(to - from));
  return ending.find("00iv00") != ByteView::npos && ending.matches(ending.size() - 2, "xx");
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView header = input.head().part(0, k_block_bytes);
  if (!header.matches(0, k_magic)) return report;
  const std::size_t header_end = header.find(":HEND");
  std::size_t padding = header_end == ByteView::npos ? 0 : header_end + 5;
  while (padding != 0 && padding < header.size() && header.u8(padding) == '-') ++padding;
  if (header_end == ByteView::npos || header.size() < k_block_bytes || padding != k_block_bytes) {
    report.breaks("nextcloud.header",
                  fmt::format("the header and its padding end at byte {}, not {}", padding, k_block_bytes),
                  {.from = 0, .to = header.size()});
    return report;
  }
  report.shape = Shape::sealed;
  report.region(0, k_block_bytes, RegionKind::structured);
  const std::uint64_t size = input.size_bytes();
  const std::uint64_t blocks = (size - k_block_bytes + k_block_bytes - 1) / k_block_bytes;
  const std::uint64_t step = input.depth() == model::Depth::quick ? std::max<std::uint64_t>(1, blocks / 16) : 1;
  std::uint64_t bad = 0;
  for (std::uint64_t block = 0; block < blocks && input.may_continue(); block += step) {
    const std::uint64_t from = k_block_bytes * (block + 1);
    const std::uint64_t to = std::min(from + k_block_bytes, size);
    report.region(from, to, RegionKind::compressed);
    if (has_ending(input, to)) continue;
    ++bad;
    report.breaks("nextcloud.block",
                  fmt::format("the block at byte {} does not end with its initialisation vector", from),
                  {.from = from, .to = to});
  }
  report.reach = input.stopped() || step > 1 ? Reach::sampled : Reach::frame;
  if (bad == 0) report.holds("nextcloud.blocks", fmt::format("header and {} blocks, each with its ending", blocks));
  return report;
}

}  // namespace

const Format k_nextcloud_format = {.id = "nextcloud",
                                   .title = "file encrypted by a Nextcloud server",
                                   .family = Family::owner_encrypted,
                                   .claims = {},
                                   .recognise = recognise,
                                   .walk = walk};

}  // namespace lastgood::formats
