// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "readiness/read_settings.h"

#include <algorithm>
#include <span>

#include <nlohmann/json.hpp>

namespace lastgood::readiness {

namespace {

constexpr std::uint64_t k_settings_bytes_max = std::uint64_t{1} << 20U;
constexpr std::size_t k_shares_max = 1'000;

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

std::string read_text(const engines::UnitView& view, const std::string& file) {
  const auto opened = view.open(file);
  if (!opened.ok() || opened.value()->size_bytes() > k_settings_bytes_max) return {};
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(opened.value()->size_bytes()));
  const auto got = opened.value()->read(0, bytes);
  if (!got.ok()) return {};
  return std::string(base::ByteView(std::span<const std::uint8_t>(bytes)).text().substr(0, got.value()));
}

/// Few brackets: no settings of a person, and nothing for a parser to nest in, have more.
bool is_flat(std::string_view text) {
  constexpr std::size_t k_brackets_max = 4096;
  std::size_t open = 0;
  for (const char c : text) open += c == '{' || c == '[' ? 1U : 0U;
  return open <= k_brackets_max;
}

/// The next line; moves `rest` behind it.
std::string_view take_line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return trimmed(line);
}

/// "'cp %p /srv/%f'  # comment" without quotes, blanks and comment; a quote inside is written twice.
std::string without_quotes(std::string_view value) {
  if (!value.starts_with('\'') && !value.starts_with('"'))
    return std::string(trimmed(value.substr(0, value.find('#'))));
  const char quote = value.front();
  std::string out;
  for (std::size_t at = 1; at < value.size(); ++at) {
    if (value[at] == quote && value.substr(at + 1, 1) != std::string_view(&quote, 1)) return out;
    if (value[at] == quote) ++at;
    out += value[at];
  }
  return {};  // it does not end
}

bool is_same_name(std::string_view a, std::string_view b) {
  const auto same = [](char x, char y) { return (x == '-' ? '_' : x) == (y == '-' ? '_' : y); };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
}

/// Of "name = value".
std::optional<std::string> value_in(std::string_view line, std::string_view name) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos || !is_same_name(trimmed(line.substr(0, equals)), name)) return std::nullopt;
  return without_quotes(trimmed(line.substr(equals + 1)));
}

}  // namespace

std::string find_setting(const engines::UnitView& view, const std::string& file, std::string_view name) {
  const std::string text = read_text(view, file);
  std::string out;
  std::string_view rest = text;
  while (!rest.empty()) {
    std::string_view line = take_line(rest);
    line = trimmed(line.substr(0, line.find('#')));
    if (!line.starts_with(name)) continue;
    std::string_view value = trimmed(line.substr(name.size()));
    if (!value.starts_with('=')) continue;
    value = trimmed(value.substr(1));
    const bool is_number = !value.empty() && value.size() <= 5 &&
                           value.find_first_not_of("0123456789") == std::string_view::npos && value.front() != '0';
    if (is_number && std::stoul(std::string(value)) <= 65535) out = value;
  }
  return out;
}

bool is_plain_path(std::string_view path) {
  return path.size() > 1 && path.starts_with('/') && path.find('%') == std::string_view::npos &&
         (std::string(path) + "/").find("/../") == std::string::npos && path.find('\0') == std::string_view::npos;
}

std::string parse_text_setting(std::string_view text, std::string_view name) {
  std::string out;
  while (!text.empty()) {
    if (std::optional<std::string> value = value_in(take_line(text), name); value && !value->empty())
      out = std::move(*value);
  }
  return out;
}

std::optional<std::string> find_given_setting(const engines::UnitView& view, const std::string& file,
                                              std::string_view name) {
  const std::string text = read_text(view, file);
  std::optional<std::string> out;
  std::string_view rest = text;
  while (!rest.empty()) {
    if (std::optional<std::string> value = value_in(take_line(rest), name)) out = std::move(value);
  }
  return out;
}

std::string find_text_setting(const engines::UnitView& view, const std::string& file, std::string_view name) {
  return parse_text_setting(read_text(view, file), name);
}

std::vector<Share> parse_shares(std::string_view text) {
  std::vector<Share> out;
  std::string section;
  while (!text.empty() && out.size() < k_shares_max) {
    const std::string_view line = take_line(text);
    if (line.starts_with('[') && line.ends_with(']')) section = trimmed(line.substr(1, line.size() - 2));
    if (section.empty() || section == "global" || section == "homes" || section == "printers" || section == "print$")
      continue;
    if (!line.starts_with("path")) continue;
    const std::string_view value = trimmed(line.substr(4));
    if (!value.starts_with('=')) continue;
    const std::string_view path = trimmed(value.substr(1));
    if (is_plain_path(path)) out.push_back({section, std::string(path)});
  }
  return out;
}

std::string parse_mail_folder(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::string_view line = take_line(text);
    constexpr std::string_view k_name = "mail_location";
    if (!line.starts_with(k_name)) continue;
    line = trimmed(line.substr(k_name.size()));
    if (!line.starts_with('=')) continue;
    std::string_view place = trimmed(line.substr(1));
    constexpr std::string_view k_maildir = "maildir:";
    if (!place.starts_with(k_maildir)) continue;
    place.remove_prefix(k_maildir.size());
    place = place.substr(0, place.find(':'));
    const std::size_t variable = place.find('%');
    if (variable != std::string_view::npos) place = place.substr(0, place.rfind('/', variable));
    if (is_plain_path(place)) out = place;
  }
  return out;
}

std::string find_mail_folder(const engines::UnitView& view, const std::string& file) {
  return parse_mail_folder(read_text(view, file));
}

OrthancSettings parse_orthanc_settings(std::string_view text) {
  OrthancSettings out;
  if (!is_flat(text)) return out;
  constexpr bool k_no_exceptions = false;
  constexpr bool k_with_comments = true;
  const auto read = nlohmann::json::parse(text, nullptr, k_no_exceptions, k_with_comments);
  if (!read.is_object()) return out;
  for (const char* key : {"StorageDirectory", "IndexDirectory"}) {
    const auto at = read.find(key);
    if (at == read.end() || !at->is_string()) continue;
    const auto& path = at->get_ref<const std::string&>();
    if (is_plain_path(path)) out.index_folder = path;
  }
  const auto port = read.find("HttpPort");
  if (port != read.end() && port->is_number_unsigned() && port->get<std::uint64_t>() <= 65'535)
    out.http_port = port->get<unsigned>();
  return out;
}

OrthancSettings find_orthanc_settings(const engines::UnitView& view, const std::string& file) {
  return parse_orthanc_settings(read_text(view, file));
}

std::vector<Share> find_shares(const engines::UnitView& view, const std::string& file) {
  return parse_shares(read_text(view, file));
}

std::string parse_archive_folder(std::string_view command) {
  constexpr std::string_view k_ends = " \t\"'=<>;&|(){}";
  for (std::size_t at = command.find("/%f"); at != std::string_view::npos; at = command.find("/%f", at + 1)) {
    const std::size_t before = command.find_last_of(k_ends, at);
    const std::string_view folder = command.substr(before == std::string_view::npos ? 0 : before + 1,
                                                   at - (before == std::string_view::npos ? 0 : before + 1));
    const bool is_plain = folder.starts_with('/') && folder.find_first_of("%$`\\*?") == std::string_view::npos &&
                          folder.find("..") == std::string_view::npos;
    if (is_plain) return std::string(folder);
  }
  return {};
}

}  // namespace lastgood::readiness
