// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A question that runs for half a minute must not keep a person waiting who has pressed Ctrl-C. Private to engines/.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>

#include "engines/scratch_server.h"

namespace lastgood::engines {

/// While it lives a thread of its own asks the watcher, ten times a second, and calls `end` once when that says stop.
class EndOnCancel {
 public:
  /// `watcher`: lives longer; null: nobody is asked. `end`: called in the other thread.
  EndOnCancel(const StartWatcher* watcher, std::function<void()> end);
  EndOnCancel(const EndOnCancel&) = delete;
  EndOnCancel& operator=(const EndOnCancel&) = delete;
  ~EndOnCancel() = default;

  /// `answer`, or ErrorCode::cancelled where it was ended. `engine`: as a sentence begins with it, "PostgreSQL".
  [[nodiscard]] base::Status instead_of(base::Status answer, const std::string& engine) const;

 private:
  std::atomic<bool> has_ended_ = false;
  std::jthread thread_;  // last: it uses all above
};

/// ErrorCode::cancelled, of an engine that was asked something.
[[nodiscard]] base::Error stopped_while_asked(const std::string& engine);

}  // namespace lastgood::engines
