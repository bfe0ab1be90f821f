// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A long reason that several sheets have is said once, and by name where it comes again.
#pragma once

#include <map>
#include <string>

namespace lastgood::sheets {

class SaidOnce {
 public:
  /// The reason; where another sheet had the same before, "for the same reason as 'SHEET'".
  [[nodiscard]] std::string reason(const std::string& sentence, const std::string& sheet) {
    const auto [at, is_new] = first_.try_emplace(sentence, sheet);
    return is_new ? sentence : "for the same reason as '" + at->second + "'";
  }
  /// The note; a long one that another sheet had before is "the same note as at 'SHEET'".
  [[nodiscard]] std::string note(const std::string& sentence, const std::string& sheet) {
    if (sentence.size() <= k_short_bytes) return sentence;
    const auto [at, is_new] = first_.try_emplace(sentence, sheet);
    return is_new ? sentence : "the same note as at '" + at->second + "'";
  }

 private:
  static constexpr std::size_t k_short_bytes = 100;
  std::map<std::string, std::string> first_;  // which sheet had it first
};

}  // namespace lastgood::sheets
