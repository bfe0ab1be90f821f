// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/seconds_option.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/letters.h"

namespace lastgood::cli {

std::string describe_bad_seconds(std::string_view text) {
  constexpr std::size_t k_digits_max = 9;
  const std::string_view number = text.substr(std::min(text.find_first_not_of('0'), text.size()));
  const bool is_good =
      !number.empty() && number.size() <= k_digits_max && std::all_of(text.begin(), text.end(), base::is_digit);
  return is_good ? std::string() : fmt::format("'{}' is not a number of seconds, such as 600", text);
}

CLI::Validator whole_seconds() {
  return {[](std::string& text) { return describe_bad_seconds(text); }, "SECONDS", "whole_seconds"};
}

}  // namespace lastgood::cli
