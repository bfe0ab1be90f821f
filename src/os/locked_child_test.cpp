// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a helper that is locked in can read, compute and write, and ends at anything else; and that its parent
// hears what it wrote, sees how it ended, and waits for no silent one.
#include "os/locked_child.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <vector>

#include "base/sanitizers.h"

namespace lastgood::os {
namespace {

/// What a child does once it is locked in.
template <typename Step>
[[noreturn]] void locked(Step step) {
  if (!lock_in({}).ok()) ::_exit(90);
  step();
  ::_exit(7);
}

TEST(LockedChild, computes_allocates_and_ends_when_locked_in) {
  EXPECT_EXIT(locked([] { std::vector<char>(std::size_t{64} << 20U, 'x').back() = 'y'; }), ::testing::ExitedWithCode(7),
              "");
}

#if !LASTGOOD_HAS_ADDRESS_SANITIZER && !LASTGOOD_HAS_THREAD_SANITIZER
TEST(LockedChild, ends_at_files_sockets_children_and_too_much_memory_when_locked_in) {
  const auto killed = testing::KilledBySignal(SIGSYS);
  EXPECT_EXIT(locked([] { (void)::open("/etc/passwd", O_RDONLY); }), killed, "");
  EXPECT_EXIT(locked([] { (void)::socket(AF_INET, SOCK_STREAM, 0); }), killed, "");
  EXPECT_EXIT(locked([] { (void)::fork(); }), killed, "");
  EXPECT_EXIT(locked([] { (void)::execl("/bin/true", "true", nullptr); }), killed, "");
  EXPECT_EXIT(locked([] { (void)::kill(::getppid(), 0); }), killed, "");
  EXPECT_DEATH(locked([] { std::vector<char>(std::size_t{4} << 30U, 'x').back() = 'y'; }), "");
}
#endif

std::string heard_from(const std::string& script, int& code, int silence_s = 30) {
  Descriptor null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  // /bin/sh -c is more than the one argument that a helper gets: the script is a file.
  std::string path = ::testing::TempDir() + "helper-XXXXXX";
  const int file = ::mkstemp(path.data());
  const std::string text = "#!/bin/sh\n" + script;
  EXPECT_EQ(::write(file, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  EXPECT_EQ(::fchmod(file, 0700), 0);
  ::close(file);
  auto child = LockedChild::start(path, "argument", null);
  EXPECT_TRUE(child.ok());
  std::string heard;
  std::array<std::uint8_t, 100> piece{};
  while (true) {
    const auto got = child.value().read(piece, silence_s);
    if (!got.ok()) heard += "(" + got.error().what + ")";
    if (!got.ok() || got.value() == 0) break;
    heard.append(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(got.value()));
  }
  code = child.value().end();
  ::unlink(path.c_str());
  return heard;
}

TEST(LockedChild, is_heard_and_its_end_is_seen) {
  int code = 0;
  EXPECT_EQ(heard_from("echo $1; [ -z \"$HOME\" ] && exit 5", code), "argument\n");
  EXPECT_EQ(code, 5);
  EXPECT_EQ(heard_from("kill -SEGV $$", code), "");
  EXPECT_EQ(code, 128 + SIGSEGV);
  EXPECT_EQ(heard_from("echo a; exec sleep 100", code, 1), "a\n(the helper said nothing for 1 seconds)");
  EXPECT_EQ(code, 128 + SIGKILL);
}

TEST(LockedChild, is_told_when_it_is_not_installed) {
  const Descriptor null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(LockedChild::start("no-such-helper", "", null).error().code, base::ErrorCode::unsupported);
}

}  // namespace
}  // namespace lastgood::os
