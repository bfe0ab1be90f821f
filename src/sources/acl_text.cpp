// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/acl_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <compare>
#include <cstdint>
#include <utility>
#include <vector>

namespace lastgood::sources {

namespace {

// linux/posix_acl.h
enum Tag : std::uint16_t { owner = 0x01, user = 0x02, owning_group = 0x04, group = 0x08, mask = 0x10, other = 0x20 };
constexpr std::uint32_t k_no_id = 0xFFFFFFFF;
constexpr std::uint32_t k_version = 2;
// The kernel's limit for one extended attribute is 64 KiB: 8191 entries of 8 bytes.
constexpr std::size_t k_entries_max = 8191;

struct AclEntry {
  std::uint16_t tag = 0;
  std::uint16_t permissions = 0;
  std::uint32_t id = k_no_id;
};

std::string_view trim(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t\r");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r") - from + 1);
}

std::optional<std::uint32_t> parse_id(std::string_view text) {
  std::uint32_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || id == k_no_id) return std::nullopt;
  return id;
}

std::optional<std::uint16_t> parse_permissions(std::string_view text) {
  std::uint16_t bits = 0;
  if (text.empty() || text.size() > 3) return std::nullopt;
  for (const char c : text) {
    switch (c) {
      case 'r': bits = static_cast<std::uint16_t>(bits | 4U); break;
      case 'w': bits = static_cast<std::uint16_t>(bits | 2U); break;
      case 'x': bits = static_cast<std::uint16_t>(bits | 1U); break;
      case '-': break;
      default: return std::nullopt;
    }
  }
  return bits;
}

std::optional<std::uint32_t> id_of(NameKind kind, std::string_view name, std::string_view number,
                                   const FindId& find_id) {
  const std::optional<std::uint32_t> written = parse_id(number.empty() ? name : number);
  return written || !number.empty() || !find_id ? written : find_id(kind, name);
}

/// "mask:r--" and "other:r--" leave the empty name out.
bool is_short_form(std::string_view first_field) {
  return first_field == "mask" || first_field == "m" || first_field == "other" || first_field == "o";
}

std::optional<AclEntry> parse_entry(std::string_view line, const FindId& find_id) {
  std::array<std::string_view, 4> fields;
  std::size_t count = 0;
  for (; count < fields.size(); ++count) {
    const std::size_t end = count + 1 < fields.size() ? line.find(':') : std::string_view::npos;
    fields[count] = trim(line.substr(0, end));
    if (end == std::string_view::npos) {
      ++count;
      break;
    }
    line.remove_prefix(end + 1);
  }
  if (count == 2 && is_short_form(fields[0])) {
    std::swap(fields[1], fields[2]);
  } else if (count < 3) {
    return std::nullopt;
  }
  const std::optional<std::uint16_t> permissions = parse_permissions(fields[2]);
  if (!permissions) return std::nullopt;
  AclEntry entry{.permissions = *permissions};
  const bool is_user = fields[0] == "user" || fields[0] == "u";
  const bool is_group = fields[0] == "group" || fields[0] == "g";
  if (fields[0] == "mask" || fields[0] == "m") {
    entry.tag = mask;
  } else if (fields[0] == "other" || fields[0] == "o") {
    entry.tag = other;
  } else if (!is_user && !is_group) {
    return std::nullopt;
  } else if (fields[1].empty()) {
    entry.tag = is_user ? owner : owning_group;
  } else {
    const std::optional<std::uint32_t> id =
        id_of(is_user ? NameKind::user : NameKind::group, fields[1], fields[3], find_id);
    if (!id) return std::nullopt;
    entry.tag = is_user ? user : group;
    entry.id = *id;
  }
  const bool may_be_named = entry.tag == user || entry.tag == group;
  if (!may_be_named && !fields[1].empty()) return std::nullopt;
  return entry;
}

/// Each of the four lone tags at most once, named ones once per id, and what must be there is.
bool is_complete(const std::vector<AclEntry>& sorted) {
  std::uint32_t seen = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i > 0 && sorted[i].tag == sorted[i - 1].tag && sorted[i].id == sorted[i - 1].id) return false;
    seen |= sorted[i].tag;
  }
  constexpr std::uint32_t k_always = owner | owning_group | other;
  const bool names_somebody = (seen & (user | group)) != 0;
  return (seen & k_always) == k_always && (!names_somebody || (seen & mask) != 0);
}

void append_little(std::string& out, std::uint32_t value, unsigned count) {
  for (unsigned i = 0; i < count; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFF);
}

}  // namespace

std::optional<std::string> parse_acl_text(std::string_view text, const FindId& find_id) {
  std::vector<AclEntry> entries;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\n,"), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line = trim(line.substr(0, line.find('#')));
    if (line.empty()) continue;
    const std::optional<AclEntry> entry = parse_entry(line, find_id);
    if (!entry || entries.size() == k_entries_max) return std::nullopt;
    entries.push_back(*entry);
  }
  std::sort(entries.begin(), entries.end(),
            [](const AclEntry& a, const AclEntry& b) { return a.tag != b.tag ? a.tag < b.tag : a.id < b.id; });
  if (!is_complete(entries)) return std::nullopt;
  std::string out;
  append_little(out, k_version, 4);
  for (const AclEntry& entry : entries) {
    append_little(out, entry.tag, 2);
    append_little(out, entry.permissions, 2);
    append_little(out, entry.id, 4);
  }
  return out;
}

}  // namespace lastgood::sources
