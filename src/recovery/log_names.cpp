// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/log_names.h"

#include <algorithm>
#include <array>

#include "base/letters.h"
#include "engines/packed_log.h"

namespace lastgood::recovery {

namespace {

using base::is_digit;

constexpr std::size_t k_segment_digits = 24;
constexpr std::size_t k_number_digits_min = 6;
constexpr std::string_view k_unfinished = ".partial";

bool is_hex_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); }
bool is_any_hex_digit(char c) { return is_hex_digit(c) || (c >= 'a' && c <= 'f'); }
bool are_all(std::string_view text, bool (*fits)(char)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

/// pgBackRest puts a digest behind the name of a segment, before the compressor's ending.
std::string_view without_digest(std::string_view name) {
  constexpr std::size_t k_letters = 40;
  const bool has_digest = name.size() == k_segment_digits + 1 + k_letters && name[k_segment_digits] == '-' &&
                          are_all(name.substr(k_segment_digits + 1), is_any_hex_digit);
  return has_digest ? name.substr(0, k_segment_digits) : name;
}

/// Of a log that can be replayed as it is.
std::optional<LogName> whole_name(std::string_view name) {
  if (!is_log_name(name)) return std::nullopt;
  name = without_digest(engines::without_packing(name));
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return LogName{.series = {}, .number = std::string(name)};
  if (name.ends_with(".index") || name.ends_with(".history")) return std::nullopt;
  return LogName{.series = std::string(name.substr(0, dot)), .number = std::string(name.substr(dot + 1))};
}

/// What archives and their tools lay beside a log.
bool is_company(std::string_view behind) {
  constexpr std::array<std::string_view, 11> k_endings = {".backup", ".md5", ".sha1",  ".sha256", ".sha512", ".asc",
                                                          ".sig",    ".tmp", ".ready", ".done",   ".index"};
  behind = engines::without_packing(behind);
  return std::any_of(k_endings.begin(), k_endings.end(), [&](auto ending) { return behind.ends_with(ending); });
}

/// Where the name of a segment stands, whatever is before or behind it.
std::size_t find_segment(std::string_view name) {
  for (std::size_t begin = 0; begin + k_segment_digits <= name.size();) {
    const auto* const end =
        std::find_if_not(name.begin() + static_cast<std::ptrdiff_t>(begin), name.end(), is_hex_digit);
    const auto length = static_cast<std::size_t>(end - name.begin()) - begin;
    if (length == k_segment_digits) return begin;
    begin += length + 1;
  }
  return std::string_view::npos;
}

/// "mysql-bin.000012" at the beginning; numbers begin with zeros until a server wrote 100,000 of them, days do not.
std::optional<LogName> binary_log_at_beginning(std::string_view name, std::string_view& behind) {
  for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.', dot + 1)) {
    const std::string_view rest = name.substr(dot + 1);
    const auto end = static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), is_digit) - rest.begin());
    if (dot == 0 || end < k_number_digits_min || rest[0] != '0') continue;
    behind = rest.substr(end);
    return LogName{.series = std::string(name.substr(0, dot)), .number = std::string(rest.substr(0, end))};
  }
  return std::nullopt;
}

}  // namespace

bool is_log_name(std::string_view name) {
  name = without_digest(engines::without_packing(name));
  if (name.size() == k_segment_digits && are_all(name, is_hex_digit)) return true;
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  const std::string_view end = name.substr(dot + 1);
  if (end == "history") return dot == 8 && are_all(name.substr(0, dot), is_hex_digit);
  if (end == "index") return name.substr(0, dot).find("bin") != std::string_view::npos;
  return end.size() >= k_number_digits_min && are_all(end, is_digit);
}

bool is_unfinished_log_name(std::string_view name) {
  name = engines::without_packing(name);
  return name.ends_with(k_unfinished) && is_log_name(name.substr(0, name.size() - k_unfinished.size()));
}

bool is_segment_folder_name(std::string_view name) {
  constexpr std::size_t k_digits = 16;
  return name.size() == k_digits && are_all(name, is_hex_digit);
}

std::optional<SavedLogName> parse_saved_log_name(std::string_view name) {
  using Form = SavedLogName::Form;
  if (name.starts_with('.')) return std::nullopt;  // what a copying program has not finished
  if (auto log = whole_name(name)) return SavedLogName{std::move(*log), Form::whole};
  if (is_unfinished_log_name(name)) {
    const std::string_view inner = engines::without_packing(name);
    if (auto log = whole_name(inner.substr(0, inner.size() - k_unfinished.size())))
      return SavedLogName{std::move(*log), Form::unfinished};
  }
  std::string_view behind;
  std::optional<LogName> log;
  const std::size_t at = find_segment(name);
  if (at != std::string_view::npos) {
    behind = name.substr(at + k_segment_digits);
    log = LogName{.series = {}, .number = std::string(name.substr(at, k_segment_digits))};
  } else {
    log = binary_log_at_beginning(name, behind);
    if (behind.empty()) return std::nullopt;
  }
  if (!log || is_company(behind)) return std::nullopt;
  return SavedLogName{std::move(*log), Form::struck};
}

}  // namespace lastgood::recovery
