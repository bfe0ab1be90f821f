// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/output/progress_line.h"

#include <ostream>

#include <fmt/format.h>

#include "base/human.h"
#include "os/terminal.h"

namespace lastgood::cli {

using base::human_bytes;
using base::human_count;
using base::human_seconds;
using base::utc_time;

namespace {
constexpr double k_quiet_seconds = 2;  // shorter work needs no line
constexpr double k_plain_interval_seconds = 30;
}  // namespace

void ProgressLine::walking(const scan::ScanTally& tally) {
  if (tally.seconds < k_quiet_seconds) return;
  const double seconds = tally.seconds;
  std::string line = fmt::format("{} files, {}  {}/s, {} files/s  suspicious {}  unreadable {}",
                                 human_count(tally.files), human_bytes(tally.bytes),
                                 human_bytes(static_cast<std::uint64_t>(static_cast<double>(tally.bytes) / seconds)),
                                 human_count(static_cast<std::uint64_t>(static_cast<double>(tally.files) / seconds)),
                                 human_count(tally.suspicious), human_count(tally.unreadable));
  if (tally.known > 0) line += fmt::format("  done before {}", human_count(tally.known));
  if (bytes_expected_ > tally.bytes && tally.bytes > 0) {
    const double left = static_cast<double>(bytes_expected_ - tally.bytes) * seconds / static_cast<double>(tally.bytes);
    line += fmt::format("  about {} left", human_seconds(left));
  }
  say(seconds, line);
}

void ProgressLine::say(double seconds, const std::string& line) {
  if (seconds < k_quiet_seconds) return;
  if (terminal_ == Terminal::no) {
    if (seconds - said_at_seconds_ < k_plain_interval_seconds) return;
    said_at_seconds_ = seconds;
    err_ << line << std::endl;
    return;
  }
  show(line);
}

void ProgressLine::step(const std::string& what) {
  if (terminal_ == Terminal::yes) show(what);
}

void ProgressLine::step_of_many(double seconds, const std::string& what) {
  terminal_ == Terminal::yes ? show(what) : say(seconds, what);
}

bool ProgressLine::cancelled() const { return os::stop_requested(); }

void ProgressLine::show(const std::string& line) {
  err_ << "\r\x1b[K" << line.substr(0, os::terminal_columns() - 1) << std::flush;
  shown_ = true;
}

void ProgressLine::clear() {
  if (shown_) err_ << "\r\x1b[K" << std::flush;
  shown_ = false;
}

}  // namespace lastgood::cli
