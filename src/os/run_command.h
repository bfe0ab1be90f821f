// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Runs a program that a person named, for a limited time, as an account that may be another one: how services are
// started and asked. No shell. Linux only.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"

namespace lastgood::os {

struct Command {
  std::vector<std::string> arguments;  // the first is the program's absolute path
  std::string user;                    // empty: ours
  double time_limit_s = 60;            // then the program and all of its process group are ended
  /// A file of ours that what it prints is added to; what it leaves running may go on writing there. Empty: nothing is
  /// kept but the last words.
  std::string output_path;
  /// Asked some times a second while it runs, with the seconds since it was begun. `end`: it and all of its process
  /// group are ended; `leave`: it is not waited for any more. Empty: it is waited for.
  enum class Next : std::uint8_t { wait, end, leave };
  std::function<Next(double seconds)> look;
};

struct CommandEnd {
  enum class How : std::uint8_t { ended, too_slow, cut_short, left_running } how = How::ended;
  int exit_code = 0;       // 128 + n when signal n ended it
  int process = 0;         // its id, and that of its process group
  std::string last_words;  // the end of what it printed, 4 KiB at most
  double seconds = 0;
  [[nodiscard]] bool is_well() const { return how == How::ended && exit_code == 0; }
};

/// Returns when the program itself ended: what it left running in the background is not waited for. It gets an
/// environment of our own (PATH, HOME, LC_ALL), "/" as its folder, nothing on its standard input, no terminal, and no
/// open files of ours: what goes on running depends on nothing of us. An Error: it could not be started, or the account
/// is not there. Any thread. REQUIRES: arguments is not empty.
[[nodiscard]] base::Result<CommandEnd> run_command(const Command& command);

}  // namespace lastgood::os
