// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/tar/acl_text.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <vector>

#include "sources/tar/sparse_map.h"

namespace lastgood::sources::tar {

namespace {

constexpr std::size_t k_entries_max = 8'000;  // what fits into the 64 KiB of an attribute
constexpr std::uint32_t k_no_id = UINT32_MAX;

struct AclEntry {
  std::uint16_t tag = 0;
  std::uint16_t permissions = 0;
  std::uint32_t id = k_no_id;
};

std::string_view trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

std::optional<std::uint16_t> parse_permissions(std::string_view text) {
  std::uint16_t bits = 0;
  for (const char c : text) {
    if (c == 'r')
      bits |= 4;
    else if (c == 'w')
      bits |= 2;
    else if (c == 'x')
      bits |= 1;
    else if (c != '-')
      return std::nullopt;
  }
  return text.empty() || text.size() > 3 ? std::nullopt : std::optional(bits);
}

std::optional<std::uint32_t> id_of(NameKind kind, std::string_view name, std::string_view number,
                                   const FindId& find_id) {
  const auto written = parse_decimal(number.empty() ? name : number);
  if (written && *written < k_no_id) return static_cast<std::uint32_t>(*written);
  return find_id(kind, name);
}

/// "tag:name:permissions" and, as star writes it, ":number".
std::optional<AclEntry> parse_entry(std::string_view text, const FindId& find_id) {
  std::array<std::string_view, 4> fields;
  std::size_t count = 0;
  while (count < fields.size()) {
    const std::size_t colon = text.find(':');
    fields[count++] = trimmed(text.substr(0, colon));
    if (colon == std::string_view::npos) break;
    text.remove_prefix(colon + 1);
  }
  if (count < 3) {
    // "mask:r--" and "other:r--" leave the empty name out.
    if (count != 2 || (!fields[0].starts_with('m') && !fields[0].starts_with('o'))) return std::nullopt;
    fields[2] = fields[1];
    fields[1] = {};
  }
  const auto permissions = parse_permissions(fields[2]);
  if (!permissions) return std::nullopt;
  AclEntry entry{.permissions = *permissions};
  const bool is_user = fields[0] == "user" || fields[0] == "u";
  if (is_user || fields[0] == "group" || fields[0] == "g") {
    entry.tag = is_user ? 0x01 : 0x04;
    if (fields[1].empty()) return entry;
    entry.tag = is_user ? 0x02 : 0x08;
    const auto id = id_of(is_user ? NameKind::user : NameKind::group, fields[1], fields[3], find_id);
    if (!id) return std::nullopt;
    entry.id = *id;
    return entry;
  }
  if (fields[0] == "mask" || fields[0] == "m")
    entry.tag = 0x10;
  else if (fields[0] == "other" || fields[0] == "o")
    entry.tag = 0x20;
  else
    return std::nullopt;
  return entry;
}

void append_little(std::string& out, std::uint32_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}

}  // namespace

std::optional<std::string> parse_acl_text(std::string_view text, const FindId& find_id) {
  std::vector<AclEntry> entries;
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(",\n");
    std::string_view one = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    one = trimmed(one.substr(0, one.find('#')));
    if (one.empty()) continue;
    const auto entry = parse_entry(one, find_id);
    if (!entry || entries.size() >= k_entries_max) return std::nullopt;
    entries.push_back(*entry);
  }
  if (entries.empty()) return std::nullopt;
  // The kernel refuses entries in another order.
  std::stable_sort(entries.begin(), entries.end(),
                   [](const AclEntry& a, const AclEntry& b) { return std::tie(a.tag, a.id) < std::tie(b.tag, b.id); });
  std::string bytes;
  append_little(bytes, 2, 4);
  for (const AclEntry& entry : entries) {
    append_little(bytes, entry.tag, 2);
    append_little(bytes, entry.permissions, 2);
    append_little(bytes, entry.id, 4);
  }
  return bytes;
}

}  // namespace lastgood::sources::tar
