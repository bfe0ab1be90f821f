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

/// Stops each program below this process whose command begins with a path that ends in `name`, as long as it lives.
class StopsPrograms {
 public:
  explicit StopsPrograms(std::string name)
      : thread_([this, name = std::move(name)] {
          while (!is_over_) {
            for (const os::ProcessEffort& one : os::efforts_below(::getpid())) {
              std::ifstream file("/proc/" + std::to_string(one.process) + "/cmdline");
              std::string command;
              std::getline(file, command, '\0');
              if (command.ends_with(name)) ::kill(one.process, SIGSTOP);
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
          }
        }) {}
  ~StopsPrograms() {
    is_over_ = true;
    thread_.join();
  }
  StopsPrograms(const StopsPrograms&) = delete;
  StopsPrograms& operator=(const StopsPrograms&) = delete;

 private:
  std::atomic<bool> is_over_ = false;
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

inline std::size_t processes_below_us() { return os::efforts_below(::getpid()).size() - 1; }

}  // namespace lastgood::engines::testing
