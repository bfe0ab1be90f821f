// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A TargetGate whose n-th call fails, or just before whose n-th call somebody else acts. A test loops n from 0 until
// `struck` stays false: then every call has failed once.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "os/restore_target.h"

namespace lastgood::os::testing {

class FaultyTargetGate final : public TargetGate {
 public:
  std::uint64_t failing_call = UINT64_MAX;
  int errno_value = 5;                     // EIO
  bool for_ever = false;                   // from the n-th call on, as when a disk was pulled out
  std::function<void(TargetCall)> before;  // called before each call; must stand several threads

  [[nodiscard]] int refuses(TargetCall call) override {
    if (before) before(call);
    const std::uint64_t now = calls_++;
    if (now != failing_call && !(for_ever && now > failing_call)) return 0;
    struck_ = true;
    return errno_value;
  }
  [[nodiscard]] bool struck() const { return struck_; }
  [[nodiscard]] std::uint64_t calls() const { return calls_; }

 private:
  std::atomic<std::uint64_t> calls_{0};
  std::atomic<bool> struck_{false};
};

}  // namespace lastgood::os::testing
