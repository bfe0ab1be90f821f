// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/run_command.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <thread>

#include "base/assert.h"
#include "os/account_names.h"
#include "os/evidence.h"

namespace lastgood::os {

namespace {

constexpr std::size_t k_last_words_bytes = 4096;
constexpr int k_grace_ms = 2000;
constexpr double k_look_s = 0.2;
constexpr std::array<const char*, 2> k_setpriv = {"/usr/bin/setpriv", "/bin/setpriv"};

using Seconds = std::chrono::duration<double>;

base::Result<Descriptor> open_output(const std::string& path) {
  const int fd = path.empty() ? ::memfd_create("lastgood-output", MFD_CLOEXEC)
                              : ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return base::system_error("open", path.empty() ? "memory" : path, errno);
  return Descriptor(fd);
}

/// setpriv(1) of util-linux takes the account and its groups, and then is the program: nothing of ours runs as it.
base::Result<std::vector<std::string>> words_of(const Command& command) {
  std::vector<std::string> words;
  if (!command.user.empty()) {
    if (!find_user_id(command.user))
      return base::Error{.code = base::ErrorCode::not_found,
                         .what = "there is no account '" + base::printable(command.user) + "' on this machine",
                         .path = command.arguments.front()};
    const auto program =
        std::find_if(k_setpriv.begin(), k_setpriv.end(), [](const char* path) { return ::access(path, X_OK) == 0; });
    if (program == k_setpriv.end())
      return base::Error{.code = base::ErrorCode::unsupported,
                         .what = "cannot run a program as another account: setpriv is not installed",
                         .path = command.arguments.front(),
                         .hint = "install util-linux"};
    const std::string id = std::to_string(*find_user_id(command.user));
    words = {*program, "--reuid=" + command.user, "--regid=" + command.user, "--init-groups", "--"};
    if (!find_group_id(command.user)) words[2] = "--regid=" + id;
  }
  words.insert(words.end(), command.arguments.begin(), command.arguments.end());
  return words;
}

class SpawnPlan {
 public:
  explicit SpawnPlan(int output) {
    LG_ASSERT(::posix_spawn_file_actions_init(&actions_) == 0 && ::posix_spawnattr_init(&attributes_) == 0);
    LG_ASSERT(::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0);
    LG_ASSERT(::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO) == 0);
    LG_ASSERT(::posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO) == 0);
    LG_ASSERT(::posix_spawn_file_actions_addchdir_np(&actions_, "/") == 0);
    LG_ASSERT(::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1) == 0);
    // A session, and with it a group, of its own, to be ended as a whole; our terminal and its signals are ours.
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    LG_ASSERT(::posix_spawnattr_setsigmask(&attributes_, &none) == 0 &&
              ::posix_spawnattr_setsigdefault(&attributes_, &all) == 0 &&
              ::posix_spawnattr_setflags(&attributes_,
                                         POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) == 0);
  }
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  base::Result<pid_t> start(std::vector<std::string> words) const {
    std::vector<std::string> environment{"PATH=/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin", "HOME=/",
                                         "LC_ALL=C.UTF-8"};
    const auto pointers = [](std::vector<std::string>& texts) {
      std::vector<char*> out;
      for (std::string& text : texts) out.push_back(text.data());
      out.push_back(nullptr);
      return out;
    };
    pid_t child = 0;
    const int failed = ::posix_spawn(&child, words[0].c_str(), &actions_, &attributes_, pointers(words).data(),
                                     pointers(environment).data());
    if (failed != 0) return base::system_error("run", words[0], failed);
    return child;
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

/// True when the child ended within the time.
bool wait_for(const Descriptor& child, double seconds) {
  const auto until = std::chrono::steady_clock::now() + Seconds(std::min(seconds, 1e6));
  while (true) {
    const double left_s = Seconds(until - std::chrono::steady_clock::now()).count();
    pollfd ready{.fd = child.get(), .events = POLLIN, .revents = 0};
    const int count = ::poll(&ready, 1, std::max(0, static_cast<int>(std::ceil(left_s * 1000))));
    if (count > 0) return true;
    if (count == 0 || (count < 0 && errno != EINTR)) return false;
  }
}

/// How it ended, or why it is waited for no longer.
CommandEnd::How watch(const Descriptor& child, const Command& command) {
  const auto begun = std::chrono::steady_clock::now();
  while (true) {
    const double left_s = command.time_limit_s - Seconds(std::chrono::steady_clock::now() - begun).count();
    if (wait_for(child, command.look ? std::min(left_s, k_look_s) : left_s)) return CommandEnd::How::ended;
    const double seconds = Seconds(std::chrono::steady_clock::now() - begun).count();
    if (seconds >= command.time_limit_s) return CommandEnd::How::too_slow;
    switch (command.look ? command.look(seconds) : Command::Next::wait) {
      case Command::Next::wait: break;
      case Command::Next::end: return CommandEnd::How::cut_short;
      case Command::Next::leave: return CommandEnd::How::left_running;
    }
  }
}

int reap(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Asked first, then without asking, also of those of its group that outlive it. Its exit code.
int end_group(pid_t child, const Descriptor& watched) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(k_grace_ms);
  ::kill(-child, SIGTERM);
  if (!wait_for(watched, k_grace_ms / 1000.0)) ::kill(-child, SIGKILL);
  const int exit_code = reap(child);
  constexpr std::chrono::milliseconds k_look_again(20);
  while (::kill(-child, 0) == 0 && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(k_look_again);
  ::kill(-child, SIGKILL);
  return exit_code;
}

std::string last_words(const Descriptor& output, off_t from) {
  const off_t end = ::lseek(output.get(), 0, SEEK_END);
  if (end <= from) return {};
  const std::size_t size = std::min(static_cast<std::size_t>(end - from), k_last_words_bytes);
  std::string out(size, '\0');
  const ssize_t got = ::pread(output.get(), out.data(), size, end - static_cast<off_t>(size));
  out.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  while (!out.empty() && (out.back() == '\n' || out.back() == '\r' || out.back() == ' ')) out.pop_back();
  return out;
}

}  // namespace

base::Result<CommandEnd> run_command(const Command& command) {
  LG_ASSERT(!command.arguments.empty());
  LG_ASSIGN(std::vector<std::string> words, words_of(command));
  LG_ASSIGN(const Descriptor output, open_output(command.output_path));
  const off_t from = std::max<off_t>(0, ::lseek(output.get(), 0, SEEK_END));
  const auto begun = std::chrono::steady_clock::now();
  LG_ASSIGN(const pid_t child, SpawnPlan(output.get()).start(std::move(words)));
  // glibc 2.36 declares pidfd_open(2) for C only.
  const Descriptor watched(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  CommandEnd end;
  end.process = child;
  end.how = watch(watched, command);
  if (end.how == CommandEnd::How::ended)
    end.exit_code = reap(child);
  else if (end.how != CommandEnd::How::left_running)
    end.exit_code = end_group(child, watched);
  end.seconds = Seconds(std::chrono::steady_clock::now() - begun).count();
  end.last_words = last_words(output, from);
  return end;
}

}  // namespace lastgood::os
