// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sheets/prepared_sheet.h"

#include <fmt/format.h>

namespace lastgood::sheets {

namespace {

std::string span_words(double seconds) {
  const auto minutes = static_cast<std::int64_t>(seconds / 60);
  if (minutes >= 48 * 60) return fmt::format("{} days {} h", minutes / (24 * 60), (minutes / 60) % 24);
  if (minutes >= 60) {
    return minutes % 60 == 0 ? fmt::format("{} h", minutes / 60)
                             : fmt::format("{} h {} min", minutes / 60, minutes % 60);
  }
  return minutes > 0 ? fmt::format("{} min", minutes) : fmt::format("{} s", static_cast<std::int64_t>(seconds));
}

}  // namespace

std::string age_of(const Stamp& stamp) {
  if (stamp.data_as_of_ns == 0) return "of unknown age";
  const double seconds = static_cast<double>(stamp.made_ns - stamp.data_as_of_ns) / 1e9;
  if (seconds < 0) return "later than the clock here says";
  return span_words(seconds) + " old";
}

bool is_stale(const Stamp& stamp) {
  if (stamp.stale_after_s <= 0) return false;
  if (stamp.data_as_of_ns == 0) return true;
  return static_cast<double>(stamp.made_ns - stamp.data_as_of_ns) / 1e9 > stamp.stale_after_s;
}

std::string stale_words(const Stamp& stamp) {
  if (!is_stale(stamp)) return {};
  if (stamp.data_as_of_ns == 0) return "AGE OF THE DATA UNKNOWN";
  return "OLDER THAN " + span_words(stamp.stale_after_s);
}

std::vector<std::string> PreparedSheet::all_notes() const {
  std::vector<std::string> out = notes;
  out.insert(out.end(), shortened.begin(), shortened.end());
  return out;
}

}  // namespace lastgood::sheets
