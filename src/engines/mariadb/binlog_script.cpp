// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/binlog_script.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/error.h"
#include "base/rfc3339.h"

namespace lastgood::engines::mariadb {

namespace {

constexpr std::size_t k_line_letters_max = 200;  // comments are shorter

/// Takes in one line after the other.
struct WordPlace {
  std::string at;
  std::int64_t time_ns = 0;
  std::size_t logs = 0;

  void on_line(std::string_view line) {
    constexpr std::string_view k_at = "# at ";
    if (line.starts_with(k_at)) {
      at = line.substr(k_at.size());
      return;
    }
    const std::int64_t time = parse_event_time(line);
    if (time == 0) return;
    time_ns = time;
    logs += line.find("\tStart: binlog v") == std::string_view::npos ? 0U : 1U;
  }
};

std::uint64_t line_in(std::string_view words) {
  constexpr std::string_view k_mark = ") at line ";
  const std::size_t at = words.rfind(k_mark);
  std::uint64_t line = 0;
  if (at == std::string_view::npos) return line;
  const std::string_view digits = words.substr(at + k_mark.size());
  std::from_chars(digits.data(), digits.data() + digits.size(), line);
  return line;
}

}  // namespace

std::int64_t parse_event_time(std::string_view line) {
  constexpr std::size_t k_stamp_letters = 15;  // yymmdd hh:mm:ss, the hour may begin with a blank
  constexpr std::size_t k_day_letters = 7;
  if (!line.starts_with('#') || line.find(" server id ") != k_stamp_letters + 1) return 0;
  std::string stamp(line.substr(1, k_stamp_letters));
  std::replace(stamp.begin() + k_day_letters, stamp.end(), ' ', '0');
  return base::parse_rfc3339(fmt::format("20{}-{}-{}T{}Z", stamp.substr(0, 2), stamp.substr(2, 2), stamp.substr(4, 2),
                                         stamp.substr(k_day_letters)))
      .value_or(0);
}

base::Result<std::string> find_refused_event(base::ByteSource& script, std::string_view words,
                                             const std::vector<std::string>& names) {
  const std::uint64_t wanted = line_in(words);
  if (wanted == 0) return std::string();
  WordPlace place;
  std::vector<std::uint8_t> buffer(std::size_t{1} << 20U);
  std::string line;
  std::uint64_t number = 1;
  for (std::uint64_t from = 0; number <= wanted;) {
    LG_ASSIGN(const std::size_t got, script.read(from, buffer));
    if (got == 0) break;
    from += got;
    for (std::size_t i = 0; i < got && number <= wanted; ++i) {
      const char letter = static_cast<char>(buffer[i]);
      if (letter != '\n') {
        if (line.size() < k_line_letters_max) line += letter;
        continue;
      }
      place.on_line(line);
      line.clear();
      ++number;
    }
  }
  if (place.at.empty() || place.logs == 0 || place.logs > names.size()) return std::string();
  return fmt::format("the event at {} of '{}', of {}", base::printable(place.at),
                     base::printable(names[place.logs - 1]), base::format_rfc3339(place.time_ns));
}

}  // namespace lastgood::engines::mariadb
