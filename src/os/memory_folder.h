// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A folder in memory for what is thrown away soon: nothing waits for a disk, and no power cut leaves patients' data on
// one. Linux only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace lastgood::os {

struct MemoryLeft {
  std::uint64_t available_bytes = 0;  // without swapping, as the kernel estimates it
  std::uint64_t folder_bytes = 0;     // that may still be written to the folder
};

/// Whether `bytes`, and as much again that a program writes beside them, are little of it: an eighth of what is
/// available, and half a gibibyte at most, whatever else a machine, or a limit that the kernel's estimate does not
/// know, needs.
[[nodiscard]] bool is_little(std::uint64_t bytes, const MemoryLeft& left);

/// "/dev/shm" where that is a folder in memory which may be written to and `bytes` are little of what is left; nothing
/// elsewhere.
[[nodiscard]] std::optional<std::string> find_memory_folder(std::uint64_t bytes);

}  // namespace lastgood::os
