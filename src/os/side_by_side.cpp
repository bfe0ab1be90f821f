// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/side_by_side.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace lastgood::os {

void SideBySide::enter() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return waiting_ == 0 && !is_alone_; });
  ++inside_;
}

void SideBySide::leave() {
  const std::unique_lock lock(mutex_);
  --inside_;
  is_alone_ = false;  // whoever has its turn is the first to leave
  changed_.notify_all();
}

void SideBySide::wait_until_alone() {
  std::unique_lock lock(mutex_);
  ++waiting_;
  changed_.notify_all();
  changed_.wait(lock, [&] { return inside_ == waiting_; });
  --waiting_;
  is_alone_ = true;
}

void SideBySide::work(std::size_t count, const std::function<void(std::size_t)>& each) {
  std::atomic<std::size_t> next = 0;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < std::min(count, at_once_); ++i) {
    threads.emplace_back([&] {
      for (std::size_t at = next++; at < count; at = next++) {
        enter();
        each(at);
        leave();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace lastgood::os
