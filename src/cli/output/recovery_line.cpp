// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/output/recovery_line.h"

#include <fmt/format.h>

#include "base/human.h"
#include "os/ask_secret.h"

namespace lastgood::cli {

using base::human_bytes;
using base::human_count;
using base::human_seconds;

double RecoveryLine::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
}

void RecoveryLine::indexing(const recovery::IndexTally& tally) {
  line_.say(seconds(), fmt::format("reading folders: snapshot {} of {}, {} different folders, {} different contents",
                                   std::min(tally.snapshots_done + 1, tally.snapshots), tally.snapshots,
                                   human_count(tally.folders), human_count(tally.contents)));
}

void RecoveryLine::judging(const recovery::JudgeTally& tally) {
  std::string line = fmt::format(
      "judging: {} of {} contents, {} of {}  {}/s  suspicious {}  unreadable {}", human_count(tally.contents),
      human_count(tally.contents_total), human_bytes(tally.bytes), human_bytes(tally.bytes_total),
      human_bytes(static_cast<std::uint64_t>(static_cast<double>(tally.bytes) / std::max(tally.seconds, 0.001))),
      human_count(tally.suspicious), human_count(tally.unreadable));
  if (tally.bytes > 0 && tally.bytes_total > tally.bytes) {
    const double left =
        static_cast<double>(tally.bytes_total - tally.bytes) * tally.seconds / static_cast<double>(tally.bytes);
    line += fmt::format("  about {} left", human_seconds(left));
  }
  line_.say(seconds(), line);
}

void RecoveryLine::planning(std::uint64_t folders, std::uint64_t items) {
  line_.say(seconds(), fmt::format("planning: {} folders, {} items", human_count(folders), human_count(items)));
}

std::optional<std::string> TerminalPrompt::ask(const std::string& question) { return os::ask_secret(question); }

}  // namespace lastgood::cli
