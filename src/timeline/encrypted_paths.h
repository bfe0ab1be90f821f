// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// EncryptedPaths: which paths of a log are files that the scan judged encrypted. A log sees the server's paths and the
// scan those of wherever the disk is mounted now, so only their last parts can agree: the name and the folder it is in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lastgood::timeline {

enum class PathMatch : std::uint8_t { none, name, name_and_folder };

class EncryptedPaths {
 public:
  static constexpr std::size_t k_paths_max = 8'000'000;

  /// Also the paths without the extension, as a log of writes before the renames has them.
  void add(std::string_view path, const std::vector<std::string>& extensions);
  void finish();
  [[nodiscard]] PathMatch find(std::string_view path) const;
  [[nodiscard]] std::size_t size() const { return paths_; }
  [[nodiscard]] bool is_full() const { return paths_ == k_paths_max; }

 private:
  std::vector<std::uint64_t> names_;    // hashes, sorted
  std::vector<std::uint64_t> folders_;  // of "folder/name"
  std::size_t paths_ = 0;
};

/// Hash of the name and the folder it is in; not of secrets.
[[nodiscard]] std::uint64_t tail_hash(std::string_view path);

}  // namespace lastgood::timeline
