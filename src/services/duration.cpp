// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "services/duration.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace lastgood::services {

namespace {

constexpr double k_longest_s = 3650.0 * 86400;

double seconds_of(std::string_view unit) {
  if (unit == "ms") return 0.001;
  if (unit == "s") return 1;
  if (unit == "m" || unit == "min") return 60;
  if (unit == "h") return 3600;
  if (unit == "d") return 86400;
  return 0;
}

}  // namespace

std::optional<double> parse_duration(std::string_view text) {
  double sum = 0;
  double last_unit = std::numeric_limits<double>::infinity();
  if (text.empty() || text.size() > 32) return {};
  while (!text.empty()) {
    const std::size_t digits = text.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string_view::npos || digits > 9) return {};
    unsigned long count = 0;
    std::from_chars(text.data(), text.data() + digits, count);
    text.remove_prefix(digits);
    const std::size_t letters = std::min(text.find_first_of("0123456789"), text.size());
    const double unit = seconds_of(text.substr(0, letters));
    if (unit == 0 || unit >= last_unit) return {};
    sum += static_cast<double>(count) * unit;
    last_unit = unit;
    text.remove_prefix(letters);
  }
  if (sum > k_longest_s) return {};
  return sum;
}

}  // namespace lastgood::services
