// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A clock for tests: each look is `step_ns` later than the one before.
#pragma once

#include "os/clock.h"

namespace lastgood::os::testing {

/// One thread at a time.
class SteppingClock final : public Clock {
 public:
  explicit SteppingClock(std::int64_t first_ns, std::int64_t step_ns = 1'000'000'000)
      : next_ns_(first_ns), step_ns_(step_ns) {}
  [[nodiscard]] std::int64_t now_ns() const override {
    const std::int64_t now = next_ns_;
    next_ns_ += step_ns_;
    return now;
  }

 private:
  mutable std::int64_t next_ns_;
  std::int64_t step_ns_;
};

}  // namespace lastgood::os::testing
