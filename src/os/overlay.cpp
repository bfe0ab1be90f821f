// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/overlay.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace lastgood::os {

std::string overlay_options(const std::string& lower, const std::string& tree) {
  return "metacopy=on,lowerdir=" + lower + ",upperdir=" + tree + "/upper,workdir=" + tree + "/work";
}

bool can_overlay(const std::string& lower, const std::string& tree) {
  if (tree.find_first_of(",:\\\n") != std::string::npos) return false;
  const std::string shown = tree + "/mnt";  // the room is made there later
  const std::string data = tree + "/data";
  const std::string options = overlay_options(shown, tree);
  const pid_t child = ::fork();
  if (child < 0) return false;
  if (child == 0) {  // system calls alone: this process may have threads
    const bool is_shown =
        ::unshare(CLONE_NEWNS) == 0 && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
        (::mkdir(shown.c_str(), 0700) == 0 || errno == EEXIST) &&
        ::mount(lower.c_str(), shown.c_str(), nullptr, MS_BIND, nullptr) == 0 &&
        ::mount("none", data.c_str(), "overlay", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, options.c_str()) == 0;
    ::_exit(is_shown ? 0 : 1);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return false;
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace lastgood::os
