// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/typed_lines.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "os/terminal.h"

namespace lastgood::os {

bool TypedLines::at_terminal() { return ::isatty(STDIN_FILENO) == 1; }

bool TypedLines::read_more() {
  constexpr int k_wait_ms = 100;  // so long a wish to stop goes unnoticed at most
  while (!ended_ && !stop_requested()) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    const int ready = ::poll(&input, 1, k_wait_ms);
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    std::array<char, 4096> piece{};
    const ssize_t got = ready < 0 ? -1 : ::read(STDIN_FILENO, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got > 0) {
      read_.append(piece.data(), static_cast<std::size_t>(got));
      return true;
    }
    ended_ = true;
  }
  return false;
}

std::optional<std::string> TypedLines::next(std::size_t bytes_max) {
  std::string line;
  bool any = false;
  while (true) {
    const std::size_t end = read_.find('\n');
    any = any || !read_.empty();
    if (line.size() < bytes_max) line.append(read_, 0, std::min(end, bytes_max - line.size()));
    if (end != std::string::npos) {
      read_.erase(0, end + 1);
      return line;
    }
    read_.clear();
    if (!read_more()) break;
  }
  if (!any || stop_requested()) return std::nullopt;
  return line;
}

}  // namespace lastgood::os
