// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The moving line of a restore and of its verification.
#pragma once

#include <chrono>
#include <iosfwd>

#include "cli/output/progress_line.h"
#include "recovery/restore_plan.h"
#include "recovery/verify_restored.h"

namespace lastgood::cli {

class RestoreLine final : public recovery::RestoreProgress, public recovery::VerifyProgress {
 public:
  RestoreLine(std::ostream& err, Terminal terminal) : line_(err, terminal, 0) {}

  void restoring(const recovery::RestoreTally& tally) override;
  void digesting(const recovery::DigestTally& tally) override;
  void verifying(const recovery::VerifyTally& tally) override;
  void step(const std::string& what) override;
  [[nodiscard]] bool cancelled() const override { return line_.cancelled(); }
  void clear() { line_.clear(); }
  /// How far the restore was when it last said so.
  [[nodiscard]] const recovery::RestoreTally& last() const { return last_; }

 private:
  ProgressLine line_;
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }
  recovery::RestoreTally last_;
  std::string step_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace lastgood::cli
