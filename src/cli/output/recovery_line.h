// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The moving line of judging and planning, and the question for a password.
#pragma once

#include <chrono>
#include <iosfwd>
#include <string>

#include "cli/output/progress_line.h"
#include "recovery/judge_backup.h"
#include "recovery/plan_recovery.h"

namespace lastgood::cli {

class RecoveryLine final : public recovery::JudgeProgress, public recovery::PlanProgress {
 public:
  RecoveryLine(std::ostream& err, Terminal terminal) : line_(err, terminal, 0) {}

  void indexing(const recovery::IndexTally& tally) override;
  void judging(const recovery::JudgeTally& tally) override;
  void planning(std::uint64_t folders, std::uint64_t items) override;
  void step(const std::string& what) override { line_.step_of_many(seconds(), what); }
  [[nodiscard]] bool cancelled() const override { return line_.cancelled(); }
  /// Something that takes long: now and then a line also where there is no terminal.
  void say(const std::string& what) { line_.say(seconds(), what); }
  void clear() { line_.clear(); }

 private:
  [[nodiscard]] double seconds() const;

  ProgressLine line_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

class TerminalPrompt final : public recovery::PasswordPrompt {
 public:
  [[nodiscard]] std::optional<std::string> ask(const std::string& question) override;
};

}  // namespace lastgood::cli
