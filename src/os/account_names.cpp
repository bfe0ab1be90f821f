// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/account_names.h"

#include <charconv>
#include <fstream>

namespace lastgood::os {

namespace {

/// Lines are "name:password:number:...", of users and of groups alike.
std::optional<std::uint32_t> find_number(const char* path, const std::string& name) {
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    const std::size_t password = line.find(':');
    if (password != name.size() || !line.starts_with(name)) continue;
    const std::size_t number = line.find(':', password + 1);
    if (number == std::string::npos) continue;
    std::uint32_t value = 0;
    const char* begin = line.data() + number + 1;
    const auto [end, error] = std::from_chars(begin, line.data() + line.size(), value);
    if (error == std::errc() && end != begin) return value;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::uint32_t> find_user_id(const std::string& name) { return find_number("/etc/passwd", name); }
std::optional<std::uint32_t> find_group_id(const std::string& name) { return find_number("/etc/group", name); }

}  // namespace lastgood::os
