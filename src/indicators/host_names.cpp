// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "indicators/host_names.h"

#include <libpsl.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/letters.h"

namespace lastgood::indicators {

namespace {

using base::is_digit;
using base::is_letter;

constexpr std::size_t k_name_bytes_max = 253;
constexpr std::size_t k_label_bytes_max = 63;

/// Suffixes that are more often the ending of a file, a word behind a full stop, or a member of an object. Sorted.
constexpr std::array<std::string_view, 83> k_ambiguous = {
    "ag",  "ai",   "al",    "am",       "app",   "as",     "at",      "bar",   "be",    "bin",     "bot",        "box",
    "by",  "call", "cam",   "cat",      "cc",    "cf",     "click",   "cloud", "codes", "contact", "data",       "date",
    "dev", "do",   "doc",   "download", "email", "events", "exposed", "fail",  "fit",   "foo",     "foundation", "gl",
    "gs",  "gt",   "help",  "host",     "id",    "in",     "is",      "it",    "java",  "link",    "lol",        "lt",
    "map", "md",   "me",    "menu",     "ml",    "mo",     "mov",     "ms",    "my",    "name",    "new",        "no",
    "now", "off",  "open",  "page",     "pl",    "pm",     "prof",    "ps",    "py",    "rs",      "sh",         "show",
    "so",  "st",   "style", "target",   "tf",    "to",     "tt",      "us",    "vi",    "watch",   "zip",
};

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > k_label_bytes_max || label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
}

std::size_t count_labels(std::string_view name) {
  std::size_t labels = 0;
  while (true) {
    const std::size_t dot = name.find('.');
    if (!is_label(name.substr(0, dot))) return 0;
    ++labels;
    if (dot == std::string_view::npos) return labels;
    name.remove_prefix(dot + 1);
  }
}

/// "COM" and "com", not "Com": a sentence that begins behind a full stop without a space.
bool is_one_case(std::string_view suffix) {
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto upper = std::count_if(suffix.begin(), suffix.end(), is_upper);
  return upper == 0 || static_cast<std::size_t>(upper) == suffix.size();
}

bool is_suffix_shaped(std::string_view suffix) {
  if (suffix.size() < 2 || suffix.size() > 24) return false;
  return suffix.starts_with("xn--") || std::all_of(suffix.begin(), suffix.end(), is_letter);
}

}  // namespace

std::optional<std::string> find_host_name(std::string_view name, HostEvidence evidence) {
  static_assert(std::is_sorted(k_ambiguous.begin(), k_ambiguous.end()));
  if (name.size() < 4 || name.size() > k_name_bytes_max) return std::nullopt;
  const std::string_view suffix = name.substr(name.rfind('.') + 1);
  if (suffix.size() == name.size() || !is_suffix_shaped(suffix)) return std::nullopt;
  if (evidence == HostEvidence::bare && !is_one_case(suffix)) return std::nullopt;
  const std::size_t labels = count_labels(name);
  if (labels < 2) return std::nullopt;
  std::string host(name);
  for (char& c : host) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  const std::string_view low_suffix = std::string_view(host).substr(host.size() - suffix.size());
  if (evidence == HostEvidence::bare && labels == 2 &&
      std::binary_search(k_ambiguous.begin(), k_ambiguous.end(), low_suffix))
    return std::nullopt;
  const psl_ctx_t* const list = psl_builtin();
  constexpr int k_types = PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE;
  const std::string top(low_suffix);
  if (list == nullptr || psl_is_public_suffix2(list, top.c_str(), k_types) == 0) return std::nullopt;
  if (psl_is_public_suffix2(list, host.c_str(), k_types) != 0) return std::nullopt;  // "co.in" is nobody's
  return host;
}

std::string registered_part(const std::string& host) {
  const psl_ctx_t* const list = psl_builtin();
  const char* const part = list == nullptr ? nullptr : psl_registrable_domain(list, host.c_str());
  return part == nullptr ? host : std::string(part);
}

}  // namespace lastgood::indicators
