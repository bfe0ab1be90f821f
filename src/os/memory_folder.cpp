// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/memory_folder.h"

#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <fstream>

#include "os/free_space.h"

namespace lastgood::os {

namespace {

/// 0: the kernel does not say.
std::uint64_t available_bytes() {
  std::ifstream file("/proc/meminfo");
  std::string name;
  std::uint64_t kibibytes = 0;
  std::string unit;
  while (file >> name >> kibibytes) {
    if (name == "MemAvailable:") return kibibytes * 1024;
    std::getline(file, unit);
  }
  return 0;
}

}  // namespace

bool is_little(std::uint64_t bytes, const MemoryLeft& left) {
  constexpr std::uint64_t k_most_bytes = std::uint64_t{512} << 20U;
  return bytes <= k_most_bytes && bytes <= left.available_bytes / 8 && bytes <= left.folder_bytes / 2;
}

std::optional<std::string> find_memory_folder(std::uint64_t bytes) {
  const std::string folder = "/dev/shm";
  struct statfs status {};
  if (::statfs(folder.c_str(), &status) != 0 || status.f_type != TMPFS_MAGIC) return std::nullopt;
  if (::access(folder.c_str(), W_OK | X_OK) != 0) return std::nullopt;
  const MemoryLeft left{.available_bytes = available_bytes(), .folder_bytes = free_bytes(folder).value_or(0)};
  return is_little(bytes, left) ? std::optional(folder) : std::nullopt;
}

}  // namespace lastgood::os
