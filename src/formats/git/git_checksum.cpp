// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/git/git_checksum.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/digest.h"

namespace lastgood::formats {

DigestState check_git_trailer(WalkInput& input, std::uint64_t end, std::uint64_t digest_bytes) {
  const bool affordable = input.depth() == model::Depth::full || !input.whole().empty();
  if (!affordable || end < digest_bytes || end > input.size_bytes()) return DigestState::not_checked;
  base::Digest digest(digest_bytes == 20 ? base::DigestKind::sha1 : base::DigestKind::sha256);
  const std::uint64_t to = end - digest_bytes;
  std::uint64_t at = 0;
  while (at < to) {
    if (!input.may_continue(64)) return DigestState::not_checked;
    const base::ByteView piece = input.at(at, static_cast<std::size_t>(std::min<std::uint64_t>(to - at, 256 * 1024)));
    if (piece.empty()) return DigestState::not_checked;
    digest.update(piece);
    at += piece.size();
  }
  const std::vector<std::uint8_t> computed = digest.finish();
  const base::ByteView stored = input.at(to, static_cast<std::size_t>(digest_bytes));
  // index.skipHash leaves zeros (git 2.40).
  const bool skipped = std::all_of(stored.begin(), stored.end(), [](std::uint8_t byte) { return byte == 0; });
  if (skipped) return DigestState::not_checked;
  return std::equal(computed.begin(), computed.end(), stored.begin(), stored.end()) ? DigestState::fits
                                                                                    : DigestState::wrong;
}

void report_git_trailer(WalkInput& input, WalkReport& report, DigestState state, std::string_view kind,
                        std::uint64_t from, std::uint64_t digest_bytes) {
  const std::uint64_t size = input.size_bytes();
  switch (state) {
    case DigestState::fits:
      report.region(from, size, model::RegionKind::verified);
      report.reach = Reach::content;
      report.end_bytes = size;
      report.holds("git.digest",
                   fmt::format("{}: the digest at the end fits all {} bytes before it", kind, size - digest_bytes));
      return;
    case DigestState::wrong:
      report.breaks(
          "git.digest",
          fmt::format("{}: the digest at the end does not fit the {} bytes before it", kind, size - digest_bytes),
          {.from = from, .to = size});
      return;
    case DigestState::not_checked: report.region(from, size, model::RegionKind::compressed); return;
  }
}

}  // namespace lastgood::formats
