// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/output/restore_line.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/human.h"

namespace lastgood::cli {

using base::human_bytes;
using base::human_count;
using base::human_seconds;

void RestoreLine::restoring(const recovery::RestoreTally& tally) {
  last_ = tally;
  const double seconds = std::max(tally.seconds, 0.001);
  std::string line = fmt::format(
      "restoring: {} of {} files, {} of {}  {}/s, {} files/s  refused {}", human_count(tally.files),
      human_count(tally.files_total), human_bytes(tally.bytes), human_bytes(tally.bytes_total),
      human_bytes(static_cast<std::uint64_t>(static_cast<double>(tally.bytes) / seconds)),
      human_count(static_cast<std::uint64_t>(static_cast<double>(tally.files) / seconds)), human_count(tally.refused));
  if (tally.bytes > 0 && tally.bytes_total > tally.bytes) {
    const double left =
        static_cast<double>(tally.bytes_total - tally.bytes) * seconds / static_cast<double>(tally.bytes);
    line += fmt::format("  about {} left", human_seconds(left));
  }
  line_.say(tally.seconds, line);
}

void RestoreLine::digesting(const recovery::DigestTally& tally) {
  const double took = std::max(seconds(), 0.001);
  std::string line =
      fmt::format("{}: {} of {} files, {} of {}  {}/s", step_, human_count(tally.files), human_count(tally.files_total),
                  human_bytes(tally.bytes), human_bytes(tally.bytes_total),
                  human_bytes(static_cast<std::uint64_t>(static_cast<double>(tally.bytes) / took)));
  if (tally.bytes > 0 && tally.bytes_total > tally.bytes) {
    const double left = static_cast<double>(tally.bytes_total - tally.bytes) * took / static_cast<double>(tally.bytes);
    line += fmt::format("  about {} left", human_seconds(left));
  }
  line_.say(took, line);
}

void RestoreLine::step(const std::string& what) {
  step_ = what;
  line_.step(what);
}

void RestoreLine::verifying(const recovery::VerifyTally& tally) {
  const double seconds = this->seconds();
  const std::uint64_t done = tally.same + tally.differs + tally.missing + tally.unrestored + tally.unreadable;
  line_.say(seconds, fmt::format("verifying: {} of {} paths, {} read  different {}  missing {}", human_count(done),
                                 human_count(tally.paths_total), human_bytes(tally.bytes_read),
                                 human_count(tally.differs), human_count(tally.missing)));
}

}  // namespace lastgood::cli
