// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// AccessMatcher: which of the counted files are those that a log names. The log has the server's paths and the count
// those of a copy, so whole names are held against each other from the end: at least two must agree (the name and its
// folder), and of several counted files that fit one path of the log the one with most names is it; where two agree
// equally far, neither is.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "exposure/shown_access.h"

namespace lastgood::exposure {

class AccessMatcher {
 public:
  /// REQUIRES: `accessed` outlives this object.
  explicit AccessMatcher(const std::vector<AccessedFile>& accessed);

  /// Of every file that will be counted. Any thread.
  void see(const std::string& path);
  /// Once, behind the last `see`.
  void decide();
  /// REQUIRES: decided. Any thread. Null: no access to it is shown.
  [[nodiscard]] const AccessedFile* find(const std::string& path) const;
  /// Is access to a file below `folder` shown? A database is read with all its files or not at all.
  [[nodiscard]] bool is_any_below(const std::string& folder) const;
  template <typename Visit>
  void visit(const Visit& one) const {
    for (const auto& [path, accessed] : found_) one(accessed_[accessed]);
  }
  [[nodiscard]] std::uint64_t matched() const { return found_.size(); }
  /// Counted files that could be one of a log as well as others could.
  [[nodiscard]] std::uint64_t doubtful() const { return doubtful_; }

 private:
  struct Best {
    std::uint32_t accessed = 0;
    std::size_t names = 0;
  };
  [[nodiscard]] Best best_of(std::string_view path, const std::vector<std::uint32_t>& of_tail) const;

  const std::vector<AccessedFile>& accessed_;
  std::unordered_map<std::string_view, std::vector<std::uint32_t>> by_tail_;  // "folder/name"
  std::mutex mutex_;
  std::vector<std::string> seen_;
  std::unordered_map<std::string, std::uint32_t> found_;
  std::uint64_t doubtful_ = 0;
};

}  // namespace lastgood::exposure
