// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Three processes: the keeper, which makes a process namespace; the first inside, which makes the room, starts the
// program and ends with it or with us; the program. Between fork and exec only system calls are made: this process may
// have threads.
#include "os/locked_room.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>

#include "base/assert.h"
#include "os/scratch_tree.h"

namespace lastgood::os {
namespace {

constexpr int k_control = 0;
constexpr int k_reports = 3;
constexpr char k_go = 'g';
constexpr std::chrono::seconds k_end_patience{10};

struct Report {
  enum class Kind : int { ready, failed, ended } kind = Kind::ready;
  int value = 0;  // process number, errno, exit code
  std::array<char, 96> what{};
};

/// What is done, in this order, to make the room's file tree.
struct Step {
  enum class Kind : std::uint8_t { mount, folder, file, link } kind = Kind::mount;
  std::string source;  // of a mount; of a link, what it leads to
  std::string target;
  std::string type;
  unsigned long flags = 0;
  std::string options;
};

/// All that the children need, made before they are.
struct Prepared {
  std::vector<Step> steps;
  std::string root;
  std::vector<char*> words;
  std::vector<char*> environment;
  std::string input;
  PlainAccount account;
};

void report(Report::Kind kind, int value, const char* what) {
  Report line{.kind = kind, .value = value};
  std::strncpy(line.what.data(), what, line.what.size() - 1);
  ssize_t done = 0;
  do done = ::write(k_reports, &line, sizeof line);
  while (done < 0 && errno == EINTR);
}

[[noreturn]] void give_up(const char* what) {
  report(Report::Kind::failed, errno, what);
  ::_exit(125);
}

int make_file(const char* path) {
  const int file = ::open(path, O_CREAT | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0644);
  return file < 0 ? -1 : ::close(file);
}

bool do_step(const Step& step) {
  const char* const target = step.target.c_str();
  switch (step.kind) {
    case Step::Kind::folder: return ::mkdir(target, 0755) == 0 || errno == EEXIST;
    case Step::Kind::file: return make_file(target) == 0;
    case Step::Kind::link: return ::symlink(step.source.c_str(), target) == 0 || errno == EEXIST;
    case Step::Kind::mount: break;
  }
  return ::mount(step.source.empty() ? nullptr : step.source.c_str(), target,
                 step.type.empty() ? nullptr : step.type.c_str(), step.flags,
                 step.options.empty() ? nullptr : step.options.c_str()) == 0;
}

[[noreturn]] void run_program_inside(const Prepared& prepared) {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  for (int capability = 0; capability < 64; ++capability) ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  if (::setgroups(0, nullptr) != 0 ||
      ::setresgid(prepared.account.group_id, prepared.account.group_id, prepared.account.group_id) != 0 ||
      ::setresuid(prepared.account.user_id, prepared.account.user_id, prepared.account.user_id) != 0)
    give_up("take an account without rights");
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) give_up("give up new rights");
  if (::chdir("/room") != 0) give_up("enter the room");
  const int input = ::open(prepared.input.c_str(), O_RDONLY | O_CLOEXEC);
  if (input < 0 || ::dup2(input, 0) < 0) give_up("open what the program reads");
  ::fcntl(k_reports, F_SETFD, FD_CLOEXEC);
  ::execve(prepared.words[0], prepared.words.data(), prepared.environment.data());
  give_up("start the program");
}

/// Reads one byte of the control pipe; 0 at its end.
char read_word() {
  char word = 0;
  ssize_t got = 0;
  do got = ::read(k_control, &word, 1);
  while (got < 0 && errno == EINTR);
  return got == 1 ? word : '\0';
}

[[noreturn]] void run_first_inside(const Prepared& prepared) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (::unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS) != 0) give_up("make namespaces");
  ::umask(022);  // the account without rights goes through these folders, whatever we were started with
  for (const Step& step : prepared.steps) {
    if (!do_step(step)) give_up(step.target.c_str());
  }
  if (::chdir(prepared.root.c_str()) != 0 || ::syscall(SYS_pivot_root, ".", ".") != 0 ||
      ::umount2(".", MNT_DETACH) != 0 || ::chdir("/") != 0)
    give_up("close the room");
  report(Report::Kind::ready, 0, "");
  if (read_word() != k_go) ::_exit(125);
  const pid_t program = ::fork();
  if (program < 0) give_up("start a process");
  if (program == 0) run_program_inside(prepared);
  while (true) {
    int status = 0;
    pid_t gone = ::waitpid(-1, &status, WNOHANG);
    while (gone > 0 && gone != program) gone = ::waitpid(-1, &status, WNOHANG);
    if (gone == program) ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    pollfd line{k_control, POLLIN, 0};
    if (::poll(&line, 1, 20) <= 0) continue;
    const char word = read_word();
    if (word == '\0') ::_exit(124);  // the kernel ends all others of this namespace
    ::kill(program, word);
  }
}

[[noreturn]] void run_keeper(const Prepared& prepared, int control, int printed, int reports) {
  ::setsid();
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGINT, SIGTERM, SIGPIPE, SIGCHLD, SIGHUP, SIGALRM}) ::signal(number, SIG_DFL);
  if (::dup2(control, k_control) < 0 || ::dup2(printed, 1) < 0 || ::dup2(printed, 2) < 0 ||
      ::dup2(reports, k_reports) < 0)
    ::_exit(125);
  ::syscall(SYS_close_range, 4U, ~0U, 0U);
  if (::unshare(CLONE_NEWPID) != 0) give_up("make a process namespace");
  const pid_t first = ::fork();
  if (first < 0) give_up("start a process");
  if (first == 0) run_first_inside(prepared);
  report(Report::Kind::ready, first, "");
  int status = 0;
  while (::waitpid(first, &status, 0) < 0 && errno == EINTR) {
  }
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  report(Report::Kind::ended, code, "");
  ::_exit(0);
}

/// Makes the list of steps.
class RoomDrawing {
 public:
  explicit RoomDrawing(const RoomPlan& plan) : root_(plan.tree + "/mnt") {
    mount("", "/", "", MS_REC | MS_PRIVATE);
    mount("none", root_, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=1m");
    for (const char* folder : {"/tmp", "/dev", "/room"}) make_folder(folder);
    for (const char* device : {"/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"}) {
      make_file(device);
      mount(device, root_ + device, "", MS_BIND);
    }
    for (const std::string& program : plan.programs) show(program, program);
    for (const auto& [source, target] : plan.stand_ins) show(source, target);
    for (const auto& [place, target] : plan.links) make_link(place, target);
    bind(plan.tree, "/room", MS_NOSUID | MS_NODEV | MS_NOEXEC);
    if (plan.lower) {
      make_folder("/lower");
      bind(*plan.lower, "/lower", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY);
      mount("none", root_ + "/room/data", "overlay", MS_NOSUID | MS_NODEV | MS_NOEXEC,
            "metacopy=on,lowerdir=" + root_ + "/lower,upperdir=" + plan.tree + "/upper,workdir=" + plan.tree + "/work");
    }
    mount("", root_, "", MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV);
  }
  [[nodiscard]] std::vector<Step> take() { return std::move(steps_); }
  [[nodiscard]] const std::string& root() const { return root_; }

 private:
  void mount(std::string source, std::string target, std::string type, unsigned long flags, std::string options = {}) {
    steps_.push_back(
        {Step::Kind::mount, std::move(source), std::move(target), std::move(type), flags, std::move(options)});
  }
  void make_folder(const std::string& inside) {
    for (std::size_t end = inside.find('/', 1);; end = inside.find('/', end + 1)) {
      const std::string part = inside.substr(0, end);
      if (made_.insert(part).second) steps_.push_back({Step::Kind::folder, {}, root_ + part, {}, 0, {}});
      if (end == std::string::npos) return;
    }
  }
  void make_parent(const std::string& inside) {
    const std::size_t slash = inside.rfind('/');
    if (slash > 0) make_folder(inside.substr(0, slash));
  }
  void make_link(const std::string& inside, const std::string& target) {
    make_parent(inside);
    steps_.push_back({Step::Kind::link, target, root_ + inside, {}, 0, {}});
  }
  void make_file(const std::string& inside) {
    make_parent(inside);
    steps_.push_back({Step::Kind::file, {}, root_ + inside, {}, 0, {}});
  }
  void bind(const std::string& source, const std::string& inside, unsigned long flags) {
    mount(source, root_ + inside, "", MS_BIND);
    mount("", root_ + inside, "", MS_REMOUNT | MS_BIND | flags);
  }
  /// A file, folder or link of this machine; what is not there is left out.
  void show(const std::string& source, const std::string& inside) {
    std::error_code trouble;
    const std::filesystem::file_status status = std::filesystem::symlink_status(source, trouble);
    if (std::filesystem::is_symlink(status) && source == inside) {
      make_link(inside, std::filesystem::read_symlink(source, trouble).string());
      return;
    }
    if (!std::filesystem::exists(std::filesystem::status(source, trouble))) return;
    if (std::filesystem::is_directory(source, trouble))
      make_folder(inside);
    else
      make_file(inside);
    bind(source, inside, MS_NOSUID | MS_NODEV | MS_RDONLY);
  }

  std::string root_;
  std::vector<Step> steps_;
  std::set<std::string> made_;
};

std::vector<char*> pointers_to_words(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

base::Result<std::pair<Descriptor, Descriptor>> open_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return base::system_error("open a pipe to", "the room", errno);
  // High numbers: the children put them in their places with dup2.
  Descriptor from(::fcntl(ends[0], F_DUPFD_CLOEXEC, 10));
  Descriptor into(::fcntl(ends[1], F_DUPFD_CLOEXEC, 10));
  ::close(ends[0]);
  ::close(ends[1]);
  if (!from.open() || !into.open()) return base::system_error("open a pipe to", "the room", errno);
  return std::pair<Descriptor, Descriptor>(std::move(from), std::move(into));
}

/// The next report; nothing when none came in time or the keeper is gone.
std::optional<Report> read_report(const Descriptor& reports, std::chrono::milliseconds patience) {
  if (!wait_readable(reports.get(), patience)) return std::nullopt;
  Report report;
  ssize_t got = 0;
  do got = ::read(reports.get(), &report, sizeof report);
  while (got < 0 && errno == EINTR);
  if (got != static_cast<ssize_t>(sizeof report)) return Report{.kind = Report::Kind::ended, .value = 125};
  return report;
}

base::Error not_made(const Report& report) {
  const std::string what(report.what.data());
  return {.code = report.value == EPERM || report.value == EINVAL || report.value == ENOSYS || report.value == ENODEV
                      ? base::ErrorCode::unsupported
                      : base::ErrorCode::io,
          .what = "cannot lock a program in (" + base::printable(what) +
                  "): " + (report.value == 0 ? std::string("it ended") : std::string(std::strerror(report.value))),
          .system_errno = report.value,
          .hint = "locking in needs root and a kernel that lets it make namespaces"};
}

std::string read_part(const Descriptor& file, off_t from, std::size_t bytes_max) {
  std::string text(bytes_max, '\0');
  std::size_t filled = 0;
  while (filled < bytes_max) {
    const ssize_t got =
        ::pread(file.get(), text.data() + filled, bytes_max - filled, from + static_cast<off_t>(filled));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    filled += static_cast<std::size_t>(got);
  }
  text.resize(filled);
  return text;
}

}  // namespace

bool wait_readable(int file, std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (true) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    pollfd waiting{file, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(std::clamp<long long>(left, 0, 1'000'000'000)));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

void close_both_ways(int socket) { ::shutdown(socket, SHUT_RDWR); }

base::Result<LockedRoom> LockedRoom::make(const RoomPlan& plan) {
  LG_ASSERT(!plan.command.empty());
  if (!has_root_rights())
    return base::Error{.code = base::ErrorCode::unsupported,
                       .what = "cannot lock a database server in without root's rights",
                       .hint = "run this step as root: the server itself will run as nobody"};
  if (::mkdir((plan.tree + "/mnt").c_str(), 0700) != 0 && errno != EEXIST)
    return base::system_error("make a folder in", plan.tree, errno);
  RoomDrawing drawing(plan);
  std::vector<std::string> words = plan.command;
  std::vector<std::string> environment = plan.environment;
  const Prepared prepared{.steps = drawing.take(),
                          .root = drawing.root(),
                          .words = pointers_to_words(words),
                          .environment = pointers_to_words(environment),
                          .input = plan.input,
                          .account = plain_account()};
  // A file without a name: nothing inside can reach it but by printing.
  Descriptor printed(::open(plan.tree.c_str(), O_RDWR | O_TMPFILE | O_APPEND | O_CLOEXEC, 0600));
  if (!printed.open()) printed = Descriptor(static_cast<int>(::syscall(SYS_memfd_create, "printed", 1U)));
  if (!printed.open()) return base::system_error("make a file in", plan.tree, errno);
  LG_ASSIGN(auto control, open_pipe());
  LG_ASSIGN(auto reports, open_pipe());
  const Descriptor print_end(::fcntl(printed.get(), F_DUPFD_CLOEXEC, 10));
  const pid_t keeper = ::fork();
  if (keeper < 0) return base::system_error("start a process for", "the room", errno);
  if (keeper == 0) run_keeper(prepared, control.first.get(), print_end.get(), reports.second.get());
  LockedRoom room;
  room.keeper_ = keeper;
  room.control_ = std::move(control.second);
  room.reports_ = std::move(reports.first);
  room.printed_ = std::move(printed);
  reports.second = Descriptor();
  for (bool is_ready = false; !is_ready || room.first_inside_ == 0;) {
    const std::optional<Report> said = read_report(room.reports_, std::chrono::seconds(60));
    if (!said || said->kind != Report::Kind::ready) return not_made(said.value_or(Report{}));
    if (said->value == 0)
      is_ready = true;
    else
      room.first_inside_ = said->value;
  }
  return room;
}

LockedRoom::LockedRoom(LockedRoom&& other) noexcept { *this = std::move(other); }
LockedRoom& LockedRoom::operator=(LockedRoom&& other) noexcept {
  if (this == &other) return *this;
  end();
  keeper_ = std::exchange(other.keeper_, -1);
  first_inside_ = other.first_inside_;
  control_ = std::move(other.control_);
  reports_ = std::move(other.reports_);
  printed_ = std::move(other.printed_);
  exit_code_ = other.exit_code_;
  return *this;
}
LockedRoom::~LockedRoom() { end(); }

std::string LockedRoom::path_of(std::string_view inside) const {
  return "/proc/" + std::to_string(first_inside_) + "/root" + std::string(inside);
}

base::Status LockedRoom::start() {
  if (::write(control_.get(), &k_go, 1) != 1) return base::system_error("start", "the program in the room", errno);
  return base::Done{};
}

std::optional<int> LockedRoom::wait(std::chrono::milliseconds patience) {
  if (exit_code_) return exit_code_;
  const std::optional<Report> said = read_report(reports_, patience);
  if (said && said->kind == Report::Kind::ended) exit_code_ = said->value;
  if (said && said->kind == Report::Kind::failed) exit_code_ = 125;
  return exit_code_;
}

std::optional<int> LockedRoom::stop(int signal, std::chrono::milliseconds patience) {
  if (exit_code_) return exit_code_;
  const char word = static_cast<char>(signal);
  // Fails when it has ended by itself: then that is reported.
  if (::write(control_.get(), &word, 1) != 1 && errno != EPIPE) return std::nullopt;
  return wait(patience);
}

std::vector<ProcessEffort> LockedRoom::efforts() const { return efforts_below(first_inside_); }

std::string LockedRoom::last_words(std::size_t bytes_max) const {
  const off_t size = ::lseek(printed_.get(), 0, SEEK_END);
  return read_part(printed_, std::max<off_t>(0, size - static_cast<off_t>(bytes_max)), bytes_max);
}

std::uint64_t LockedRoom::printed_bytes() const {
  return static_cast<std::uint64_t>(std::max<off_t>(0, ::lseek(printed_.get(), 0, SEEK_END)));
}

std::string LockedRoom::first_words(std::size_t bytes_max) const { return read_part(printed_, 0, bytes_max); }

void LockedRoom::end() {
  if (keeper_ < 0) return;
  control_ = Descriptor();
  // A room whose own processes somebody has stopped does not hear of it. With its keeper all in it goes.
  std::optional<Report> said;
  do said = read_report(reports_, k_end_patience);
  while (said && said->kind != Report::Kind::ended);
  if (!said) ::kill(keeper_, SIGKILL);
  int status = 0;
  while (::waitpid(keeper_, &status, 0) < 0 && errno == EINTR) {
  }
  keeper_ = -1;
}

base::Result<TreeGuard> TreeGuard::watch(const std::string& path) {
  LG_ASSIGN(auto line, open_pipe());
  std::string script = R"(read word && exit 0
for again in 1 2 3 4 5 6 7 8 9 10; do rm -rf -- "$1" 2>/dev/null && exit 0; sleep 0.3; done)";
  std::string folder = path;
  std::array<char*, 6> words{};
  std::string shell = "/bin/sh";
  std::string option = "-c";
  words = {shell.data(), option.data(), script.data(), option.data(), folder.data(), nullptr};
  std::string search = "PATH=/usr/bin:/bin";
  std::array<char*, 2> environment{search.data(), nullptr};
  const pid_t watcher = ::fork();
  if (watcher < 0) return base::system_error("start a process for", path, errno);
  if (watcher == 0) {
    ::setsid();
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int number : {SIGINT, SIGTERM, SIGPIPE, SIGCHLD, SIGHUP}) ::signal(number, SIG_DFL);
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (::dup2(line.first.get(), 0) < 0 || ::dup2(nothing, 1) < 0 || ::dup2(nothing, 2) < 0) ::_exit(125);
    ::syscall(SYS_close_range, 3U, ~0U, 0U);
    ::execve(shell.c_str(), words.data(), environment.data());
    ::_exit(125);
  }
  TreeGuard guard;
  guard.watcher_ = watcher;
  guard.line_ = std::move(line.second);
  return guard;
}

TreeGuard::TreeGuard(TreeGuard&& other) noexcept { *this = std::move(other); }
TreeGuard& TreeGuard::operator=(TreeGuard&& other) noexcept {
  std::swap(watcher_, other.watcher_);
  std::swap(line_, other.line_);
  return *this;
}

void TreeGuard::let_live() {
  const char word = '\n';
  if (line_.open()) [[maybe_unused]]
    const ssize_t said = ::write(line_.get(), &word, 1);
}

TreeGuard::~TreeGuard() {
  line_ = Descriptor();
  if (watcher_ < 0) return;
  int status = 0;
  while (::waitpid(watcher_, &status, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace lastgood::os
