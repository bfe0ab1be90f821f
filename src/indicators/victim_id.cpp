// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "indicators/victim_id.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/letters.h"

namespace lastgood::indicators {

namespace {

using base::is_digit;

constexpr std::size_t k_id_bytes_max = 100;
constexpr std::size_t k_id_context_bytes = 48;

constexpr std::array<std::string_view, 20> k_announcements = {
    "your id",    "personal id",      "decryption id", "unique id",   "victim id",  "client id",    "company id",
    "chat id",    "machine id",       "support id",    "ваш id",      "your key",   "personal key", "victim key",
    "client key", "installation key", "login id",      "access code", "your token", "chat token"};

bool is_alnum(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Where the group ends that begins at `at`, if it is long enough to be one.
std::size_t end_of_group(std::string_view text, std::size_t at) {
  std::size_t to = at;
  while (to < text.size() && to - at < k_id_bytes_max && is_alnum(text[to])) ++to;
  return to - at >= k_id_group_bytes_min ? to : at;
}

std::size_t begin_of_group(std::string_view text, std::size_t to) {
  std::size_t from = to;
  while (from > 0 && to - from < k_id_bytes_max && is_alnum(text[from - 1])) --from;
  return to - from >= k_id_group_bytes_min ? from : to;
}

/// All announcements end in one of four words, and few texts hold any: asked first, by their last letters.
bool may_announce(std::string_view before) {
  for (std::size_t i = 2; i < before.size(); ++i) {
    const char last = static_cast<char>(before[i] | 0x20);
    if (last != 'd' && last != 'y' && last != 'n' && last != 'e') continue;
    const char second = static_cast<char>(before[i - 1] | 0x20);
    const char first = static_cast<char>(before[i - 2] | 0x20);
    const bool is_id = last == 'd' && second == 'i' && first == ' ';
    const bool is_key = last == 'y' && second == 'e' && first == 'k';
    const bool is_token = last == 'n' && second == 'e' && first == 'k';
    const bool is_code = last == 'e' && second == 'd' && first == 'o';
    if (is_id || is_key || is_token || is_code) return true;
  }
  return false;
}

}  // namespace

RunOfLetters with_joined_groups(std::string_view text, RunOfLetters run) {
  while (run.to < text.size() && text[run.to] == '-' && run.to - run.from < k_id_bytes_max) {
    const std::size_t to = end_of_group(text, run.to + 1);
    if (to == run.to + 1) break;
    run.to = to;
  }
  while (run.from > 0 && text[run.from - 1] == '-' && run.to - run.from < k_id_bytes_max) {
    const std::size_t from = begin_of_group(text, run.from - 1);
    if (from == run.from - 1) break;
    run.from = from;
  }
  return run;
}

bool is_victim_id(std::string_view text, RunOfLetters run) {
  const std::string_view id = text.substr(run.from, run.to - run.from);
  if (id.size() < k_id_bytes_min || id.size() > k_id_bytes_max || !std::any_of(id.begin(), id.end(), is_digit))
    return false;
  const std::size_t from = run.from - std::min(run.from, k_id_context_bytes);
  if (!may_announce(text.substr(from, run.from - from))) return false;
  std::string before(text.substr(from, run.from - from));
  for (char& c : before) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return std::any_of(k_announcements.begin(), k_announcements.end(),
                     [&](std::string_view words) { return before.find(words) != std::string::npos; });
}

bool follows_bare_id(std::string_view text, std::size_t at) {
  constexpr std::string_view k_between = " :=-[";
  constexpr std::size_t k_between_max = 3;
  std::size_t end = at;
  while (end > 0 && at - end < k_between_max && k_between.find(text[end - 1]) != std::string_view::npos) --end;
  if (end == at || end < 2) return false;
  const bool is_id = (text[end - 2] == 'i' || text[end - 2] == 'I') && (text[end - 1] == 'd' || text[end - 1] == 'D');
  return is_id && (end == 2 || !is_alnum(text[end - 3]));
}

}  // namespace lastgood::indicators
