// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The moving line of a scan. On a terminal it rewrites itself; elsewhere it says a line every half minute.
#pragma once

#include <iosfwd>
#include <string>

#include "scan/scan_request.h"

namespace lastgood::cli {

enum class Terminal : std::uint8_t { no, yes };

class ProgressLine final : public scan::ScanProgress {
 public:
  /// `bytes_expected` 0: unknown, no time left is shown.
  ProgressLine(std::ostream& err, Terminal terminal, std::uint64_t bytes_expected)
      : err_(err), terminal_(terminal), bytes_expected_(bytes_expected) {}
  ~ProgressLine() override { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void walking(const scan::ScanTally& tally) override;
  void step(const std::string& what) override;
  /// The same, of work that may take hours: without a terminal a line now and then; `seconds` since it began.
  void step_of_many(double seconds, const std::string& what);
  [[nodiscard]] bool cancelled() const override;
  /// Shows `line` `seconds` after the beginning: at once on a terminal, every half minute elsewhere, and not at all for
  /// work of a second or two.
  void say(double seconds, const std::string& line);
  void clear();

 private:
  void show(const std::string& line);

  std::ostream& err_;
  Terminal terminal_;
  std::uint64_t bytes_expected_;
  double said_at_seconds_ = 0;
  bool shown_ = false;
};

}  // namespace lastgood::cli
