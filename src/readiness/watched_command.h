// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One command of the services file, watched while it runs. A start command may itself be the server that people work
// with: it is never ended by us.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "services/services_file.h"

namespace lastgood::readiness {

enum class CommandPart : std::uint8_t { hook, start, stop };
std::string_view name_of(CommandPart part);

struct WatchedCommand {
  const services::Service& service;
  CommandPart part = CommandPart::start;
  const std::vector<std::string>& command;
  double limit_s = 600;
  std::string log_path;
  std::function<bool()> cancelled;
  std::function<void(double seconds)> waits;  // some times a second while it runs
};

struct CommandOutcome {
  enum class How : std::uint8_t {
    well,         // it ended with 0
    still_runs,   // a start command that did not end, though the service is well
    failed,       // not started, not 0, or not within its limit
    interrupted,  // cancelled
  } how = How::well;
  std::string sentence;  // "'/bin/true' ended with 0", "stop '/bin/sleep' did not end within 2 s and was ended"
  int process = 0;       // that was left running, with all of its process group; 0: none was
  int session = 0;       // of all that it began; 0: it could not be run
};

/// A hook or a stop command is ended with all that it started when it is over its limit or `cancelled`. A start command
/// is left running then, and that is said; where its service's health check is well for some seconds while it runs, it
/// is not waited for any more. REQUIRES: log_path lies in a folder that is there. Any thread.
[[nodiscard]] CommandOutcome run_watched(const WatchedCommand& watched);

}  // namespace lastgood::readiness
