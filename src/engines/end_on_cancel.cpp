// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/end_on_cancel.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace lastgood::engines {

EndOnCancel::EndOnCancel(const StartWatcher* watcher, std::function<void()> end) {
  if (watcher == nullptr) return;
  thread_ = std::jthread([this, watcher, end = std::move(end)](const std::stop_token& is_answered) {
    constexpr std::chrono::milliseconds k_look_every(100);
    std::mutex mutex;
    std::condition_variable_any answered;
    std::unique_lock lock(mutex);
    while (!is_answered.stop_requested()) {
      if (watcher->cancelled()) {
        has_ended_ = true;
        end();
        return;
      }
      answered.wait_for(lock, is_answered, k_look_every, [] { return false; });
    }
  });
}

base::Status EndOnCancel::instead_of(base::Status answer, const std::string& engine) const {
  if (answer.ok() || !has_ended_) return answer;
  return stopped_while_asked(engine);
}

base::Error stopped_while_asked(const std::string& engine) {
  return {.code = base::ErrorCode::cancelled, .what = "stopped while " + engine + " was asked"};
}

}  // namespace lastgood::engines
