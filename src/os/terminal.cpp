// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/terminal.h"

#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <string_view>

namespace lastgood::os {

namespace {

std::atomic<bool> stop_flag = false;
std::atomic<bool> has_interrupted = false;  // by Ctrl-C, which a terminal sends beside what another program sends
std::atomic<bool> has_terminated = false;
static_assert(std::atomic<bool>::is_always_lock_free, "the handler may use it");

/// May use what signal-safety(7) allows. The second one is final.
extern "C" void on_stop_signal(int number) {
  stop_flag = true;
  std::atomic<bool>& was_there = number == SIGTERM ? has_terminated : has_interrupted;
  if (!was_there.exchange(true)) return;
  constexpr std::string_view k_words = "lastgood: ended at once, in the middle of its work\n";
  [[maybe_unused]] const ::ssize_t written = ::write(STDERR_FILENO, k_words.data(), k_words.size());
  std::signal(number, SIG_DFL);
  ::raise(number);
}

}  // namespace

bool is_terminal(Stream stream) { return ::isatty(stream == Stream::out ? STDOUT_FILENO : STDERR_FILENO) == 1; }

unsigned terminal_columns() {
  struct winsize size {};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80U;
}

void catch_stop_signals() {
  std::signal(SIGINT, on_stop_signal);
  std::signal(SIGTERM, on_stop_signal);
  std::signal(SIGPIPE, SIG_IGN);
}

bool stop_requested() { return stop_flag; }

void raise_open_file_limit() {
  struct rlimit limit {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace lastgood::os
