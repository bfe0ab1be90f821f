// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What time it is. Tests bring their own (testing/stepping_clock.h), so that nothing depends on when it runs.
#pragma once

#include <chrono>
#include <cstdint>

namespace lastgood::os {

class Clock {
 public:
  virtual ~Clock() = default;
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;

  /// Nanoseconds since 1970, UTC. May go backwards: people and NTP set clocks. Any thread.
  [[nodiscard]] virtual std::int64_t now_ns() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] std::int64_t now_ns() const override {
    return std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
  }
};

}  // namespace lastgood::os
