// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/ask_secret.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "os/evidence.h"

namespace lastgood::os {

namespace {

constexpr std::size_t k_secret_bytes_max = 4096;

/// Gives the terminal back as it was, also when typing is interrupted.
class HiddenTyping {
 public:
  explicit HiddenTyping(int terminal) : terminal_(terminal), known_(::tcgetattr(terminal, &before_) == 0) {
    if (!known_) return;
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(terminal_, TCSAFLUSH, &hidden);
  }
  ~HiddenTyping() {
    if (known_) ::tcsetattr(terminal_, TCSAFLUSH, &before_);
  }
  HiddenTyping(const HiddenTyping&) = delete;
  HiddenTyping& operator=(const HiddenTyping&) = delete;

 private:
  int terminal_;
  termios before_{};
  bool known_;
};

void say(int terminal, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::write(terminal, text.data() + done, text.size() - done);
    if (count <= 0) return;
    done += static_cast<std::size_t>(count);
  }
}

}  // namespace

namespace {

enum class Shown : std::uint8_t { no, yes };

std::optional<std::string> ask(const std::string& question, Shown shown) {
  const Descriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (!terminal.open()) return std::nullopt;
  say(terminal.get(), question + ": ");
  std::string typed;
  {
    std::optional<HiddenTyping> hidden;
    if (shown == Shown::no) hidden.emplace(terminal.get());
    char c = 0;
    while (typed.size() < k_secret_bytes_max && ::read(terminal.get(), &c, 1) == 1 && c != '\n') typed += c;
  }
  if (shown == Shown::no) say(terminal.get(), "\n");
  if (typed.empty()) return std::nullopt;
  return typed;
}

}  // namespace

std::optional<std::string> ask_secret(const std::string& question) { return ask(question, Shown::no); }
std::optional<std::string> ask_text(const std::string& question) { return ask(question, Shown::yes); }

}  // namespace lastgood::os
