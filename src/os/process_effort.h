// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What running processes have computed, read and written so far: how whoever waits for a program tells one that works
// for long from one that hangs. Linux only: proc(5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lastgood::os {

struct ProcessEffort {
  int process = 0;
  std::uint64_t cpu_ms = 0;
  std::uint64_t bytes = 0;      // read and written, also from memory
  bool waits_for_disk = false;  // in a call that nothing interrupts
};

/// Of `first` and all that descends from it, without what has ended. Empty where the system does not say.
[[nodiscard]] std::vector<ProcessEffort> efforts_below(int first);

/// When a process began, in ticks since this machine did: with its number it tells it from any other. Nothing: it has
/// ended.
[[nodiscard]] std::optional<std::uint64_t> begun_ticks(int process);

/// Processes of the session that `leader` began, with it or after it has ended; without what has ended.
[[nodiscard]] std::vector<int> processes_of_session(int leader);

/// What it is called, "postgres"; empty: it has ended.
[[nodiscard]] std::string process_name(int process);

}  // namespace lastgood::os
