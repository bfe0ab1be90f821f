// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "readiness/watched_command.h"

#include <algorithm>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "os/run_command.h"
#include "readiness/ask_health.h"

namespace lastgood::readiness {

namespace {

using How = CommandOutcome::How;
using Next = os::Command::Next;

constexpr double k_first_look_s = 1;
// Most commands that start a server end soon after it is up: those are waited for.
constexpr double k_well_for_s = 3;

/// Whether the service is well although its start command has not ended.
class LookedAtHealth {
 public:
  explicit LookedAtHealth(const services::Service& service) : service_(service) {}

  bool is_well_for_long(double seconds) {
    if (!service_.healthcheck || seconds < next_look_s_) return false;
    const bool is_well = ask_once(service_).health == Health::well;
    next_look_s_ = seconds + std::max(k_first_look_s, service_.healthcheck->interval_s);
    if (!is_well) well_since_s_.reset();
    if (is_well && !well_since_s_) well_since_s_ = seconds;
    return is_well && seconds - *well_since_s_ >= k_well_for_s;
  }

 private:
  const services::Service& service_;
  double next_look_s_ = k_first_look_s;
  std::optional<double> well_since_s_;
};

std::string last_line_of(const os::CommandEnd& end) {
  if (end.last_words.empty()) return {};
  return ": " + base::printable(end.last_words.substr(end.last_words.rfind('\n') + 1));
}

/// Of a command that did not end by itself.
std::string still_running(const os::CommandEnd& end) {
  return fmt::format("it was left running (process {0}; 'kill -- -{0}' ends it)", end.process);
}

class Watch {
 public:
  explicit Watch(const WatchedCommand& watched) : watched_(watched), health_(watched.service) {}

  Next look(double seconds) {
    watched_.waits(seconds);
    const bool is_start = watched_.part == CommandPart::start;
    if (watched_.cancelled()) {
      how_ = How::interrupted;
      return is_start ? Next::leave : Next::end;
    }
    if (!is_start) return Next::wait;
    if (health_.is_well_for_long(seconds)) {
      how_ = How::still_runs;
      return Next::leave;
    }
    if (seconds < watched_.limit_s) return Next::wait;
    how_ = How::failed;
    return Next::leave;
  }

  CommandOutcome outcome_of(const os::CommandEnd& end) const {
    const std::string program = base::printable(watched_.command.front());
    const std::string name = fmt::format("{} '{}'", name_of(watched_.part), program);
    switch (end.how) {
      case os::CommandEnd::How::ended:
        if (end.exit_code == 0) return {How::well, fmt::format("'{}' ended with 0", program)};
        return {How::failed, fmt::format("{} ended with {}{}", name, end.exit_code, last_line_of(end))};
      case os::CommandEnd::How::too_slow:
        return {How::failed,
                fmt::format("{} did not end within {} s and was ended{}", name, watched_.limit_s, last_line_of(end))};
      case os::CommandEnd::How::cut_short:
        return {How::interrupted,
                fmt::format("interrupted: {} had not ended after {:.0f} s, and was ended with all that it had started",
                            name, end.seconds)};
      case os::CommandEnd::How::left_running: break;
    }
    const auto left = [&](std::string sentence) { return CommandOutcome{how_, std::move(sentence), end.process}; };
    if (how_ == How::still_runs)
      return left(fmt::format("'{}' has not ended after {:.0f} s, and the service is well: {}", program, end.seconds,
                              still_running(end)));
    if (how_ == How::interrupted)
      return left(
          fmt::format("interrupted: {} had not ended after {:.0f} s; {}", name, end.seconds, still_running(end)));
    return left(
        fmt::format("{} did not end within {} s{}; {}", name, watched_.limit_s, last_line_of(end), still_running(end)));
  }

 private:
  const WatchedCommand& watched_;
  LookedAtHealth health_;
  How how_ = How::well;
};

}  // namespace

std::string_view name_of(CommandPart part) {
  switch (part) {
    case CommandPart::hook: return "hook";
    case CommandPart::start: return "start";
    case CommandPart::stop: return "stop";
  }
  return "start";
}

CommandOutcome run_watched(const WatchedCommand& watched) {
  Watch watch(watched);
  const bool is_start = watched.part == CommandPart::start;
  const auto end =
      os::run_command({.arguments = watched.command,
                       .user = watched.service.user,
                       .time_limit_s = is_start ? std::numeric_limits<double>::infinity() : watched.limit_s,
                       .output_path = watched.log_path,
                       .look = [&watch](double seconds) { return watch.look(seconds); }});
  if (!end.ok()) return {How::failed, end.error().what};
  CommandOutcome outcome = watch.outcome_of(end.value());
  outcome.session = end.value().process;
  return outcome;
}

}  // namespace lastgood::readiness
