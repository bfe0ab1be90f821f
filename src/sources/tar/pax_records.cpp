// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/tar/pax_records.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.h"

namespace lastgood::sources::tar {

namespace {

constexpr std::int64_t k_second_ns = 1'000'000'000;
constexpr std::size_t k_attribute_bytes_max = 65'536;
constexpr std::size_t k_attributes_max = 2'000;
constexpr std::string_view k_star_attribute = "SCHILY.xattr.";
constexpr std::string_view k_libarchive_attribute = "LIBARCHIVE.xattr.";

// FS_IOC_GETFLAGS bits of linux/fs.h, which is not for this folder, by the names libarchive writes.
struct FlagRow {
  std::string_view name;
  std::uint32_t bit;
};
constexpr std::array<FlagRow, 6> k_flags = {
    {{"sappnd", 0x20}, {"sappend", 0x20}, {"append", 0x20}, {"schg", 0x10}, {"simmutable", 0x10}, {"nodump", 0x40}}};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// "%3D" is '='. GNU tar writes it so in names of attributes, libarchive too.
std::string without_percents(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool coded =
        text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
    out += coded ? static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])) : text[i];
    if (coded) i += 2;
  }
  return out;
}

/// Base64 without its padding, as libarchive writes it, or with it.
std::optional<std::string> parse_base64(std::string_view text) {
  constexpr std::string_view k_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string out;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const std::size_t value = k_letters.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out.push_back(static_cast<char>(bits >> count));
  }
  return out;
}

void add_attribute(PaxFields& fields, std::string name, std::string value) {
  if (name.empty() || name.find('\0') != std::string::npos || value.size() > k_attribute_bytes_max) return;
  if (fields.attributes.size() >= k_attributes_max) return;
  std::erase_if(fields.attributes, [&](const model::Attribute& attribute) { return attribute.name == name; });
  fields.attributes.push_back({std::move(name), std::move(value)});
}

std::uint32_t flags_of(std::string_view text) {
  std::uint32_t flags = 0;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view name = text.substr(0, comma);
    for (const FlagRow& row : k_flags) flags |= row.name == name ? row.bit : 0;
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return flags;
}

bool take_sparse(std::string_view key, std::string_view value, PaxFields& fields) {
  if (key == "GNU.sparse.major") return (fields.sparse_major = parse_decimal(value)).has_value();
  if (key == "GNU.sparse.name") return fields.sparse_name = std::string(value), true;
  if (key == "GNU.sparse.realsize" || key == "GNU.sparse.size") {
    return (fields.sparse_real_size = parse_decimal(value)).has_value();
  }
  if (key == "GNU.sparse.map") {
    auto parts = parse_sparse_list(value);
    if (parts) fields.sparse_parts = std::move(*parts);
    return parts.has_value();
  }
  if (key == "GNU.sparse.offset") return (fields.part_offset = parse_decimal(value)).has_value();
  if (key == "GNU.sparse.numbytes") {
    const auto length = parse_decimal(value);
    if (!length || !fields.part_offset || fields.sparse_parts.size() >= k_sparse_parts_max) return false;
    fields.sparse_parts.push_back({*std::exchange(fields.part_offset, std::nullopt), *length});
  }
  return true;
}

bool take_extension(std::string_view key, std::string_view value, PaxFields& fields) {
  if (key.starts_with("GNU.sparse.")) return take_sparse(key, value, fields);
  if (key.starts_with(k_star_attribute)) {
    add_attribute(fields, without_percents(key.substr(k_star_attribute.size())), std::string(value));
  } else if (key.starts_with(k_libarchive_attribute)) {
    const auto bytes = parse_base64(value);
    std::string name = without_percents(key.substr(k_libarchive_attribute.size()));
    const bool is_there = std::any_of(fields.attributes.begin(), fields.attributes.end(),
                                      [&](const model::Attribute& attribute) { return attribute.name == name; });
    // libarchive writes both forms; the other one is exact.
    if (bytes && !is_there) add_attribute(fields, std::move(name), *bytes);
  } else if (key == "RHT.security.selinux") {
    add_attribute(fields, "security.selinux", std::string(value) + '\0');
  } else if (key == "SCHILY.acl.access") {
    fields.acl_access = value;
  } else if (key == "SCHILY.acl.default") {
    fields.acl_default = value;
  } else if (key == "SCHILY.fflags") {
    fields.flags = flags_of(value);
  }
  return true;
}

/// False when the value is none that the key can have. Keys nobody knows are passed over.
bool take_record(std::string_view key, std::string_view value, PaxFields& fields) {
  if (key == "path") return fields.path = std::string(value), true;
  if (key == "linkpath") return fields.link_path = std::string(value), true;
  if (key == "uname") return fields.user = std::string(value), true;
  if (key == "gname") return fields.group = std::string(value), true;
  if (key == "size") return (fields.size_bytes = parse_decimal(value)).has_value();
  if (key == "uid") return (fields.user_id = parse_decimal(value)).has_value();
  if (key == "gid") return (fields.group_id = parse_decimal(value)).has_value();
  if (key == "mtime") return (fields.mtime_ns = parse_pax_time(value)).has_value();
  if (key == "ctime") return (fields.ctime_ns = parse_pax_time(value)).has_value();
  return take_extension(key, value, fields);
}

}  // namespace

std::optional<std::int64_t> parse_pax_time(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t dot = text.find('.');
  const auto seconds = parse_decimal(text.substr(0, dot));
  if (!seconds || *seconds > static_cast<std::uint64_t>(INT64_MAX / k_second_ns) - 1) return std::nullopt;
  std::int64_t nanoseconds = 0;
  if (dot != std::string_view::npos) {
    std::string digits(text.substr(dot + 1));
    if (digits.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
    digits.resize(9, '0');
    nanoseconds = static_cast<std::int64_t>(*parse_decimal(digits));
  }
  const std::int64_t time = static_cast<std::int64_t>(*seconds) * k_second_ns + nanoseconds;
  return negative ? -time : time;
}

std::optional<std::string> parse_pax_records(base::ByteView bytes, PaxFields& fields) {
  const std::string_view text = bytes.text();
  for (std::size_t at = 0; at < text.size();) {
    // Some writers fill up with NULs.
    if (text[at] == '\0') break;
    const std::size_t space = text.find(' ', at);
    const auto length =
        space == std::string_view::npos || space - at > 10 ? std::nullopt : parse_decimal(text.substr(at, space - at));
    if (!length || *length > text.size() - at || *length < space - at + 3) {
      return fmt::format("the record at byte {} says a length that is none", at);
    }
    const std::string_view record = text.substr(at, static_cast<std::size_t>(*length));
    const std::string_view body = record.substr(space - at + 1);
    const std::size_t equals = body.find('=');
    if (equals == std::string_view::npos || equals == 0 || !body.ends_with('\n')) {
      return fmt::format("the record at byte {} of {} bytes is not KEY=VALUE and a new line", at, *length);
    }
    const std::string_view key = body.substr(0, equals);
    if (!take_record(key, body.substr(equals + 1, body.size() - equals - 2), fields)) {
      return fmt::format("the record at byte {} has a value that '{}' cannot have", at,
                         base::printable(key.substr(0, 100)));
    }
    at += record.size();
  }
  return std::nullopt;
}

}  // namespace lastgood::sources::tar
