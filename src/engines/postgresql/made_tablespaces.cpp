// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/made_tablespaces.h"

#include <algorithm>
#include <array>

namespace lastgood::engines::postgresql {

namespace {

constexpr std::size_t k_path_letters_max = 1023;  // MAXPGPATH: pg_config_manual.h
constexpr std::size_t k_number_digits_max = 10;

bool is_at_or_below(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

bool is_plain(std::string_view path) {
  if (path.size() < 2 || path.size() > k_path_letters_max || path.front() != '/' || path.back() == '/') return false;
  for (std::size_t from = 1; from <= path.size();) {
    const std::size_t end = std::min(path.find('/', from), path.size());
    const std::string_view part = path.substr(from, end - from);
    if (part.empty() || part == "." || part == "..") return false;
    from = end + 1;
  }
  return true;
}

}  // namespace

std::optional<MadeTablespace> find_made_tablespace(std::string_view words, const std::vector<std::string>& shown) {
  // CONTEXT:  WAL redo at 0/30000D8 for Tablespace/CREATE: 16390 "/srv/space"
  constexpr std::string_view k_mark = " for Tablespace/CREATE: ";
  const std::size_t at = words.rfind(k_mark);
  if (at == std::string_view::npos || words.find("\" does not exist") == std::string_view::npos) return std::nullopt;
  std::string_view rest = words.substr(at + k_mark.size());
  rest = rest.substr(0, rest.find('\n'));
  const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
  const std::string_view path = rest.substr(digits);
  if (digits == 0 || digits > k_number_digits_max || !path.starts_with(" \"") || !path.ends_with('"') ||
      path.size() < 3)
    return std::nullopt;
  const std::string_view place = path.substr(2, path.size() - 3);
  if (!is_plain(place)) return std::nullopt;
  constexpr std::array<std::string_view, 7> k_own = {"/room",     "/lower",       "/proc",      "/dev/null",
                                                     "/dev/zero", "/dev/urandom", "/dev/random"};
  const auto is_met = [&](std::string_view one) { return is_at_or_below(place, one) || is_at_or_below(one, place); };
  if (std::any_of(k_own.begin(), k_own.end(), is_met) || std::any_of(shown.begin(), shown.end(), is_met))
    return std::nullopt;
  return MadeTablespace{.number = std::string(rest.substr(0, digits)), .place = std::string(place)};
}

}  // namespace lastgood::engines::postgresql
