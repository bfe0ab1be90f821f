// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Where tests let real engines work: TMPDIR where it is set; else in memory where there is plenty, because the engines
// make and remove thousands of files, which takes some file systems half of a test's time; else where temporary files
// go.
#pragma once

#include <sys/statvfs.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace lastgood::engines::testing {

inline std::uint64_t available_memory_bytes() {
  std::ifstream file("/proc/meminfo");
  std::string name;
  std::uint64_t kib = 0;
  while (file >> name >> kib) {
    if (name == "MemAvailable:") return kib * 1024;
    std::getline(file, name);
  }
  return 0;
}

inline std::string engine_parent() {
  constexpr std::uint64_t k_plenty_bytes = std::uint64_t{8} << 30U;
  const std::string in_memory = "/dev/shm";
  struct statvfs state {};
  // Planted libraries have to be loadable where nobody guards against them.
  const bool is_plenty = ::statvfs(in_memory.c_str(), &state) == 0 && (state.f_flag & ST_NOEXEC) == 0 &&
                         std::uint64_t{state.f_bavail} * state.f_frsize > k_plenty_bytes &&
                         available_memory_bytes() > k_plenty_bytes;
  if (std::getenv("TMPDIR") == nullptr && is_plenty) return in_memory;
  return std::filesystem::temp_directory_path().string();
}

}  // namespace lastgood::engines::testing
