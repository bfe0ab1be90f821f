// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "mail/saved_zone.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "mail/letters.h"

namespace lastgood::mail {

namespace {

constexpr std::size_t k_records_max = 1'000'000;
constexpr std::size_t k_line_max = 70'000;  // a TXT record has at most 65,535 bytes
constexpr std::size_t k_findings_max = 100;
constexpr int k_cname_max = 8;

std::string name_key(std::string_view name) {
  while (!name.empty() && name.back() == '.') name.remove_suffix(1);
  return lower(name);
}

/// A name as zone files write it (RFC 1035 section 5.1): "\\032" is a blank, which a name may hold.
std::string written_name(std::string_view text) {
  std::string name;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto code = text[i] == '\\' && i + 3 < text.size() ? parse_decimal(text.substr(i + 1, 3), 255) : std::nullopt;
    name += code ? static_cast<char>(*code) : text[i];
    i += code ? 3U : 0U;
  }
  return name;
}

std::string_view next_word(std::string_view& line) {
  line = trim(line);
  const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
  const std::string_view word = line.substr(0, end);
  line = trim(line.substr(end));
  return word;
}

std::optional<RecordType> find_type(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, RecordType>, 6> k_types = {{{"A", RecordType::a},
                                                                               {"AAAA", RecordType::aaaa},
                                                                               {"MX", RecordType::mx},
                                                                               {"TXT", RecordType::txt},
                                                                               {"PTR", RecordType::ptr},
                                                                               {"CNAME", RecordType::cname}}};
  for (const auto& [name, type] : k_types) {
    if (same_word(name, word)) return type;
  }
  return std::nullopt;
}

/// Quoted strings joined, with RFC 1035's "\\c" and "\\DDD"; text without quotes as it stands.
std::optional<std::string> parse_strings(std::string_view text) {
  if (!text.starts_with('"')) return std::string(text);
  std::string joined;
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      inside = !inside;
    } else if (inside && c == '\\' && i + 1 < text.size()) {
      const auto code = i + 3 < text.size() ? parse_decimal(text.substr(i + 1, 3), 255) : std::nullopt;
      joined += code ? static_cast<char>(*code) : text[i + 1];
      i += code ? 3U : 1U;
    } else if (inside) {
      joined += c;
    } else if (!is_blank(c)) {
      return std::nullopt;
    }
  }
  return inside ? std::nullopt : std::optional(joined);
}

}  // namespace

std::vector<model::Finding> SavedZone::add(std::string_view text) {
  std::vector<model::Finding> findings;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = trim(text.substr(at, end - at));
    if (!line.empty() && line.front() != '#' && line.front() != ';' && !add_line(line) &&
        findings.size() < k_findings_max) {
      findings.push_back({"mail.zone.line",
                          records_ >= k_records_max
                              ? fmt::format("more than {} records; the rest is left out", k_records_max)
                              : "the line is no 'NAME TYPE VALUE'",
                          model::Weight::remarks,
                          {at, end}});
    }
    at = end + 1;
  }
  return findings;
}

bool SavedZone::add_line(std::string_view line) {
  if (line.size() > k_line_max || records_ >= k_records_max) return false;
  const std::string name = written_name(next_word(line));
  if (same_word(name, "$COMPLETE")) {
    complete_.insert(name_key(line));
    return !line.empty();
  }
  std::string_view word = next_word(line);
  if (parse_decimal(word, UINT32_MAX)) word = next_word(line);
  if (same_word(word, "IN")) word = next_word(line);
  const auto type = find_type(word);
  if (!type || line.empty()) return false;
  Answers& answers = answers_[{name_key(name), *type}];
  if (line == "NONE" || line == "FAILED") {
    answers = {line == "NONE" ? LookupStatus::none : LookupStatus::failed, {}};
    return true;
  }
  unsigned preference = 0;
  if (*type == RecordType::mx) {
    const auto number = parse_decimal(next_word(line), 65535);
    if (!number) return false;
    preference = static_cast<unsigned>(*number);
  }
  const auto value = *type == RecordType::txt ? parse_strings(line) : std::optional(written_name(line));
  if (!value) return false;
  answers.status = LookupStatus::found;
  answers.values.emplace_back(preference, *value);
  ++records_;
  return true;
}

bool SavedZone::is_complete(std::string_view name) const {
  if (complete_.contains("")) return true;
  while (true) {
    if (complete_.contains(std::string(name))) return true;
    const std::size_t dot = name.find('.');
    if (dot == std::string_view::npos) return false;
    name.remove_prefix(dot + 1);
  }
}

Lookup SavedZone::find(std::string_view name, RecordType type) const {
  std::string key = name_key(name);
  for (int i = 0; i <= k_cname_max; ++i) {
    const auto found = answers_.find({key, type});
    if (found != answers_.end()) {
      Lookup lookup{found->second.status, {}};
      auto values = found->second.values;
      std::stable_sort(values.begin(), values.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
      for (auto& value : values) lookup.values.push_back(std::move(value.second));
      return lookup;
    }
    const auto alias = answers_.find({key, RecordType::cname});
    if (alias == answers_.end() || alias->second.values.empty()) break;
    key = name_key(alias->second.values.front().second);
  }
  return {is_complete(key) ? LookupStatus::none : LookupStatus::not_saved, {}};
}

}  // namespace lastgood::mail
