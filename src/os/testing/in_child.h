// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Runs a piece of a test in a process of its own: for limits that cannot be lifted again, and for dying.
#pragma once

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <functional>

namespace lastgood::os::testing {

/// The exit status of `work` (0..255), which gives it; -1 when it died.
inline int run_in_child(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child < 0) std::abort();
  if (child == 0) ::_exit(work());
  int status = 0;
  if (::waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

/// From here on, no file of this process grows beyond `size_bytes`: to the program this looks as a full disk does.
inline void limit_file_size(std::uint64_t size_bytes) {
  (void)std::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{.rlim_cur = size_bytes, .rlim_max = size_bytes};
  if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) std::abort();
}

}  // namespace lastgood::os::testing
