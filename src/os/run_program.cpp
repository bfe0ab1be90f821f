// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/run_program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

#include "base/assert.h"
#include "os/evidence.h"

namespace lastgood::os {
namespace {

constexpr std::size_t k_printed_bytes_max = 64 * 1024;

/// What posix_spawn does to the descriptors of the new program.
class FileActions {
 public:
  FileActions() { LG_ASSERT(::posix_spawn_file_actions_init(&actions_) == 0); }
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  void nothing_in_everything_to(int pipe) {
    LG_ASSERT(::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0);
    LG_ASSERT(::posix_spawn_file_actions_adddup2(&actions_, pipe, STDOUT_FILENO) == 0);
    LG_ASSERT(::posix_spawn_file_actions_adddup2(&actions_, pipe, STDERR_FILENO) == 0);
  }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

std::string read_until_closed(const Descriptor& pipe) {
  std::string printed;
  std::array<char, 4096> piece{};
  while (true) {
    const ssize_t count = ::read(pipe.get(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return printed;
    const auto room = k_printed_bytes_max - printed.size();
    printed.append(piece.data(), std::min(room, static_cast<std::size_t>(count)));
  }
}

}  // namespace

base::Result<ProgramEnd> run_program(std::span<const std::string> arguments, const std::string& home) {
  LG_ASSERT(!arguments.empty());
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return base::system_error("open a pipe to", arguments[0], errno);
  const Descriptor from(ends[0]);
  Descriptor into(ends[1]);
  FileActions actions;
  actions.nothing_in_everything_to(into.get());

  std::vector<std::string> words(arguments.begin(), arguments.end());
  std::vector<std::string> environment{"PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME=" + home,
                                       "LC_ALL=C.UTF-8"};
  pid_t child = 0;
  const int failed = ::posix_spawn(&child, words[0].c_str(), actions.get(), nullptr, pointers_to(words).data(),
                                   pointers_to(environment).data());
  if (failed != 0) return base::system_error("run", arguments[0], failed);
  into = Descriptor();

  ProgramEnd end;
  end.printed = read_until_closed(from);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return base::system_error("wait for", arguments[0], errno);
  }
  end.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return end;
}

}  // namespace lastgood::os
