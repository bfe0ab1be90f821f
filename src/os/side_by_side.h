// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Several things done at a time, each by a thread, so that one that hangs does not keep the others waiting.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>

namespace lastgood::os {

class SideBySide {
 public:
  explicit SideBySide(std::size_t at_once) : at_once_(at_once) {}

  /// Calls `each` with 0 to `count` - 1: begun in this order, at most `at_once` at a time. Returns when all have.
  void work(std::size_t count, const std::function<void(std::size_t)>& each);

  /// For `each` that lacks room which others may have taken: returns when no other is at work; nothing is begun until
  /// all that wait here have had their turn, one after the other.
  void wait_until_alone();

 private:
  void enter();
  void leave();

  std::size_t at_once_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t inside_ = 0;   // begun and not ended
  std::size_t waiting_ = 0;  // of these, in wait_until_alone
  bool is_alone_ = false;    // one has its turn; the only one inside that does not wait
};

}  // namespace lastgood::os
