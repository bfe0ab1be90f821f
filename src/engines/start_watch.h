// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Waiting for an engine that works on a copy: replaying a large log may take long, and one that hangs never ends.
// Private to engines/.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engines/scratch_server.h"
#include "os/locked_room.h"

namespace lastgood::engines {

/// One thread. The rooms outlive it: that of the engine first; work in any of them is work.
class StartWatch {
 public:
  /// `engine`: as a sentence begins with it, "PostgreSQL".
  StartWatch(std::string engine, std::vector<const os::LockedRoom*> rooms, const ScratchServerOptions& options);

  /// Looks, at most once a second. ErrorCode::limit_reached: it hangs, or the time is over; what it said last is the
  /// hint. ErrorCode::cancelled: by the options' watcher.
  [[nodiscard]] base::Status look();
  /// It is asked something now: that it did nothing until then is no sign of anything.
  void begin_question() { worked_ = looked_ = Clock::now(); }
  /// The error that look() ended with, also for those whom another error came before; Done: it goes on.
  [[nodiscard]] base::Status state() const { return gave_up_ ? base::Status(*gave_up_) : base::Status(base::Done{}); }
  /// How long to wait until the next question to it: seldom after a while, because each one makes it do something.
  [[nodiscard]] std::chrono::milliseconds pause() const;

 private:
  using Clock = std::chrono::steady_clock;
  [[nodiscard]] bool has_worked();
  base::Error give_up(base::Error error) { return gave_up_.emplace(std::move(error)); }

  std::string engine_;
  std::vector<const os::LockedRoom*> rooms_;
  const ScratchServerOptions& options_;
  Clock::time_point begun_ = Clock::now();
  Clock::time_point looked_ = begun_;
  Clock::time_point worked_ = begun_;  // when it was seen to have done anything
  std::vector<os::ProcessEffort> efforts_;
  std::optional<base::Error> gave_up_;
};

/// Waits until the program in a room ends; its exit code. `server`: in whose room what it asks for is done; or null.
[[nodiscard]] base::Result<int> wait_watched(const std::string& engine, os::LockedRoom& room,
                                             const os::LockedRoom* server, const ScratchServerOptions& options);

/// The error of an engine that answered and then did not let anybody in any more: busy_retry, because another start on
/// the same copy may do.
[[nodiscard]] base::Error hangs(std::string_view engine, const ScratchServerOptions& options);

/// The last line that has anything in it; "nothing" without one.
[[nodiscard]] std::string last_line(std::string_view words);

/// The error of an engine that ended by itself, by what it said, of which the last lines are the hint. A full disk
/// under the copy says nothing about the copy: it may have said so long before its end.
[[nodiscard]] base::Error ended_by_itself(std::string what, const std::string& words);

}  // namespace lastgood::engines
