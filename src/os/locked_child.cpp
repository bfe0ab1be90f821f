// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/locked_child.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <vector>

#include "base/assert.h"
#include "base/sanitizers.h"

namespace lastgood::os {
namespace {

constexpr int k_inherited = 3;
constexpr uid_t k_nobody = 65534;

constexpr bool k_sanitized = LASTGOOD_HAS_ADDRESS_SANITIZER != 0 || LASTGOOD_HAS_THREAD_SANITIZER != 0;

#if defined(__x86_64__)
constexpr std::uint32_t k_architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t k_architecture = AUDIT_ARCH_AARCH64;
#else
#error "the filter of system calls must know the machine"
#endif

/// What a program needs that computes, reads and writes.
constexpr std::array k_allowed = {SYS_read,           SYS_pread64,       SYS_write, SYS_writev,    SYS_lseek,
                                  SYS_fstat,          SYS_newfstatat,    SYS_brk,   SYS_mmap,      SYS_munmap,
                                  SYS_mremap,         SYS_madvise,       SYS_futex, SYS_getrandom, SYS_rt_sigreturn,
                                  SYS_rt_sigprocmask, SYS_clock_gettime, SYS_exit,  SYS_exit_group};

base::Status limit(__rlimit_resource_t resource, std::uint64_t most) {
  const rlimit both{most, most};
  if (::setrlimit(resource, &both) != 0) return base::system_error("limit", "the helper", errno);
  return base::Done{};
}

base::Status drop_rights() {
  if (::geteuid() != 0) return base::Done{};
  if (::setgroups(0, nullptr) != 0 || ::setresgid(k_nobody, k_nobody, k_nobody) != 0 ||
      ::setresuid(k_nobody, k_nobody, k_nobody) != 0)
    return base::system_error("drop the rights of", "the helper", errno);
  return base::Done{};
}

base::Status filter_calls() {
  std::vector<sock_filter> filter;
  filter.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)));
  filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, k_architecture, 1, 0));
  filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
  filter.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)));
  for (const auto call : k_allowed) {
    filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(call), 0, 1));
    filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  }
  filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
    return base::system_error("filter the system calls of", "the helper", errno);
  return base::Done{};
}

class InheritedFile final : public base::ByteSource {
 public:
  explicit InheritedFile(std::uint64_t size_bytes) : size_bytes_(size_bytes) {}
  [[nodiscard]] std::uint64_t size_bytes() const override { return size_bytes_; }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override {
    std::size_t filled = 0;
    while (filled < into.size() && offset_bytes + filled < size_bytes_) {
      const ssize_t got =
          ::pread(k_inherited, into.data() + filled, into.size() - filled, static_cast<off_t>(offset_bytes + filled));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return base::system_error("read", "the inherited file", errno);
      if (got == 0) break;
      filled += static_cast<std::size_t>(got);
    }
    return filled;
  }

 private:
  std::uint64_t size_bytes_;
};

/// The folder of the running program.
base::Result<std::string> own_folder() {
  std::array<char, PATH_MAX> buffer{};
  const ssize_t length = ::readlink("/proc/self/exe", buffer.data(), buffer.size() - 1);
  if (length <= 0) return base::system_error("find", "/proc/self/exe", errno);
  const std::string program(buffer.data(), static_cast<std::size_t>(length));
  return program.substr(0, program.rfind('/'));
}

base::Result<std::string> find_helper(const std::string& name) {
  if (name.starts_with('/')) return name;
  LG_ASSIGN(const std::string folder, own_folder());
  for (const char* place : {"/", "/../", "/../libexec/lastgood/"}) {
    std::string path = folder + place + name;
    if (::access(path.c_str(), X_OK) == 0) return path;
  }
  return base::Error{.code = base::ErrorCode::unsupported,
                     .what = "the helper program '" + name + "' is not installed beside this one",
                     .path = name,
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = "install the whole package"};
}

}  // namespace

base::Result<std::unique_ptr<base::ByteSource>> open_inherited_file() {
  struct stat status {};
  if (::fstat(k_inherited, &status) != 0) return base::system_error("look at", "descriptor 3", errno);
  return std::unique_ptr<base::ByteSource>(std::make_unique<InheritedFile>(static_cast<std::uint64_t>(status.st_size)));
}

base::Status lock_in(const LockLimits& limits) {
  LG_TRY(drop_rights());
  LG_TRY(limit(RLIMIT_CORE, 0));
  LG_TRY(limit(RLIMIT_FSIZE, 0));
  LG_TRY(limit(RLIMIT_CPU, limits.processor_s));
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return base::system_error("lock in", "the helper", errno);
  if (k_sanitized) return base::Done{};
  LG_TRY(limit(RLIMIT_AS, limits.memory_bytes));
  LG_TRY(limit(RLIMIT_NOFILE, 0));
  LG_TRY(limit(RLIMIT_NPROC, 0));
  return filter_calls();
}

base::Result<LockedChild> LockedChild::start(const std::string& program, const std::string& argument,
                                             const Descriptor& file) {
  LG_ASSIGN(std::string path, find_helper(program));
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return base::system_error("open a pipe to", path, errno);
  Descriptor from(ends[0]);
  const Descriptor into(ends[1]);
  // dup2 onto itself would leave it closed at exec: a copy that is surely another one.
  const Descriptor copy(::fcntl(file.get(), F_DUPFD_CLOEXEC, 10));
  if (copy.get() < 0) return base::system_error("hand over", path, errno);
  posix_spawn_file_actions_t actions{};
  LG_ASSERT(::posix_spawn_file_actions_init(&actions) == 0);
  LG_ASSERT(::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0);
  LG_ASSERT(::posix_spawn_file_actions_adddup2(&actions, into.get(), STDOUT_FILENO) == 0);
  LG_ASSERT(::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) == 0);
  LG_ASSERT(::posix_spawn_file_actions_adddup2(&actions, copy.get(), k_inherited) == 0);
  std::string word = argument;
  std::array<char*, 3> words{path.data(), word.data(), nullptr};
  std::array<char*, 1> environment{nullptr};
  pid_t child = 0;
  const int failed = ::posix_spawn(&child, path.c_str(), &actions, nullptr, words.data(), environment.data());
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return base::system_error("run", path, failed);
  return LockedChild(child, std::move(from));
}

LockedChild::LockedChild(LockedChild&& other) noexcept
    : child_(other.child_), exit_code_(other.exit_code_), output_(std::move(other.output_)) {
  other.child_ = -1;
}

LockedChild::~LockedChild() { (void)end(); }

base::Result<std::size_t> LockedChild::read(std::span<std::uint8_t> into, int silence_s) {
  while (true) {
    pollfd waiting{output_.get(), POLLIN, 0};
    const int ready = ::poll(&waiting, 1, silence_s * 1000);
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) return base::system_error("wait for", "the helper", errno);
    if (ready == 0) {
      base::Error error;
      error.code = base::ErrorCode::limit_reached;
      error.what = "the helper said nothing for " + std::to_string(silence_s) + " seconds";
      return error;
    }
    const ssize_t got = ::read(output_.get(), into.data(), into.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return base::system_error("hear", "the helper", errno);
    return static_cast<std::size_t>(got);
  }
}

int LockedChild::end() {
  if (child_ < 0) return exit_code_;
  // One that has ended already keeps its own end: a signal to it changes nothing.
  int status = 0;
  pid_t gone = ::waitpid(child_, &status, WNOHANG);
  if (gone == 0) {
    output_ = Descriptor();
    // It may be about to end by itself, having written all.
    for (int i = 0; i < 50 && gone == 0; ++i) {
      ::poll(nullptr, 0, 2);
      gone = ::waitpid(child_, &status, WNOHANG);
    }
    if (gone == 0) {
      ::kill(child_, SIGKILL);
      while (::waitpid(child_, &status, 0) < 0 && errno == EINTR) {
      }
    }
  }
  child_ = -1;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return exit_code_;
}

}  // namespace lastgood::os
