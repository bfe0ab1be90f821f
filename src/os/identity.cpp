// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/identity.h"

#include <unistd.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <limits>

namespace lastgood::os {

namespace {

/// passwd(5): name:password:uid:gid:gecos:home:shell
std::string account_name(std::uint32_t wanted_uid) {
  std::ifstream accounts("/etc/passwd");
  const std::string wanted = std::to_string(wanted_uid);
  std::string line;
  while (std::getline(accounts, line)) {
    const std::size_t name_end = line.find(':');
    if (name_end == std::string::npos) continue;
    const std::size_t uid_begin = line.find(':', name_end + 1);
    if (uid_begin == std::string::npos) continue;
    const std::size_t uid_end = line.find(':', uid_begin + 1);
    if (uid_end == std::string::npos) continue;
    if (line.compare(uid_begin + 1, uid_end - uid_begin - 1, wanted) == 0) return line.substr(0, name_end);
  }
  return "uid " + wanted;
}

/// proc(5), /proc/PID/loginuid: set at login and inherited; 4294967295 where nobody logged in.
std::string login_name() {
  std::ifstream file("/proc/self/loginuid");
  std::uint32_t uid = 0;
  if (!(file >> uid) || uid == std::numeric_limits<std::uint32_t>::max()) return {};
  return account_name(uid);
}

}  // namespace

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "localhost";
  return name.data();
}

Identity current_identity() { return {.host = host_name(), .user = account_name(::geteuid()), .login = login_name()}; }

long process_id() { return ::getpid(); }

}  // namespace lastgood::os
