// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Engines that hang in tests: stopped by a signal as soon as they are there.
#pragma once

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>

#include "engines/scratch_server.h"
#include "os/process_effort.h"

namespace lastgood::engines::testing {

/// Stops each program below this process whose command begins with a path that ends in `name`, as long as it lives;
/// with `file` only once that is there, in the program's own file tree.
class StopsPrograms {
 public:
  explicit StopsPrograms(std::string name, std::string file = {})
      : thread_([this, name = std::move(name), file = std::move(file)] {
          while (!is_over_) {
            bool has_stopped = false;
            for (const os::ProcessEffort& one : os::efforts_below(::getpid())) {
              const std::string process = "/proc/" + std::to_string(one.process);
              std::ifstream words(process + "/cmdline");
              std::string command;
              std::getline(words, command, '\0');
              const bool is_ready = file.empty() || ::access((process + "/root" + file).c_str(), F_OK) == 0;
              if (command.ends_with(name) && is_ready) has_stopped = ::kill(one.process, SIGSTOP) == 0;
            }
            rounds_ += has_stopped ? 1 : 0;
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
          }
        }) {}
  ~StopsPrograms() {
    is_over_ = true;
    thread_.join();
  }
  /// Until all that are there now are stopped.
  void wait() const {
    while (rounds_ < 2) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  StopsPrograms(const StopsPrograms&) = delete;
  StopsPrograms& operator=(const StopsPrograms&) = delete;

 private:
  std::atomic<bool> is_over_ = false;
  std::atomic<int> rounds_ = 0;
  std::thread thread_;
};

class StartTeller final : public StartWatcher {
 public:
  int told = 0;
  int cancels_when_told = -1;
  StartWait last;
  void on_wait(const StartWait& wait) override {
    ++told;
    last = wait;
  }
  [[nodiscard]] bool cancelled() const override { return cancels_when_told >= 0 && told >= cancels_when_told; }
};

/// Says stop a while after it was made.
class StopsSoon final : public StartWatcher {
 public:
  void on_wait(const StartWait& /*wait*/) override {}
  [[nodiscard]] bool cancelled() const override { return is_armed && std::chrono::steady_clock::now() > when; }
  void arm() {
    when = std::chrono::steady_clock::now() + std::chrono::milliseconds(500);
    is_armed = true;
  }
  std::chrono::steady_clock::time_point when;
  std::atomic<bool> is_armed = false;
};

inline std::size_t processes_below_us() { return os::efforts_below(::getpid()).size() - 1; }

}  // namespace lastgood::engines::testing
