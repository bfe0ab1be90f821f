// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/free_space.h"

#include <sys/statvfs.h>

#include <cerrno>

#include <fmt/format.h>

#include "base/human.h"

namespace lastgood::os {

std::optional<std::uint64_t> free_bytes(const std::string& path) {
  std::string at = path;
  while (true) {
    struct statvfs status {};
    if (::statvfs(at.empty() ? "." : at.c_str(), &status) == 0) return std::uint64_t{status.f_bavail} * status.f_frsize;
    if ((errno != ENOENT && errno != ENOTDIR) || at.empty() || at == "/") return std::nullopt;
    const std::size_t slash = at.rfind('/');
    at.resize(slash == std::string::npos ? 0 : slash == 0 ? 1 : slash);
  }
}

base::Error with_space(base::Error error, std::uint64_t needed_bytes, const std::string& path) {
  if (error.code != base::ErrorCode::no_space) return error;
  const std::optional<std::uint64_t> free = free_bytes(path);
  if (!free) return error;
  error.what += fmt::format(": {} are needed, {} are free", base::human_bytes(needed_bytes), base::human_bytes(*free));
  return error;
}

}  // namespace lastgood::os
