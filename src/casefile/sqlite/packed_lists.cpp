// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "casefile/sqlite/packed_lists.h"

#include <charconv>

namespace lastgood::casefile {

namespace {

void append_netstring(std::string& out, std::string_view text) {
  out += std::to_string(text.size());
  out += ':';
  out += text;
  out += ',';
}

/// Takes a number and the `end` byte behind it off the front of `rest`; with an `end` of NUL, the number may be the
/// last.
std::optional<std::uint64_t> take_number(std::string_view& rest, char end) {
  std::uint64_t value = 0;
  const char* last = rest.data() + rest.size();
  const auto [stop, error] = std::from_chars(rest.data(), last, value);
  if (error != std::errc() || stop == rest.data()) return std::nullopt;
  rest.remove_prefix(static_cast<std::size_t>(stop - rest.data()));
  if (end == '\0' && rest.empty()) return value;
  const char expected = end == '\0' ? ' ' : end;
  if (rest.empty() || rest.front() != expected) return std::nullopt;
  rest.remove_prefix(1);
  return value;
}

std::optional<std::string_view> take_netstring(std::string_view& rest) {
  const auto length = take_number(rest, ':');
  if (!length || *length >= rest.size() || rest[*length] != ',') return std::nullopt;
  const std::string_view out = rest.substr(0, *length);
  rest.remove_prefix(*length + 1);
  return out;
}

}  // namespace

std::string pack_texts(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) append_netstring(out, text);
  return out;
}

std::optional<std::vector<std::string>> unpack_texts(std::string_view packed) {
  std::vector<std::string> out;
  while (!packed.empty()) {
    const auto text = take_netstring(packed);
    if (!text) return std::nullopt;
    out.emplace_back(*text);
  }
  return out;
}

std::string pack_reasons(const std::vector<model::Reason>& reasons) {
  std::string out;
  for (const model::Reason& reason : reasons) {
    append_netstring(out, reason.rule);
    append_netstring(out, reason.sentence);
  }
  return out;
}

std::optional<std::vector<model::Reason>> unpack_reasons(std::string_view packed) {
  std::vector<model::Reason> out;
  while (!packed.empty()) {
    const auto rule = take_netstring(packed);
    const auto sentence = rule ? take_netstring(packed) : std::nullopt;
    if (!sentence) return std::nullopt;
    out.push_back({.rule = std::string(*rule), .sentence = std::string(*sentence)});
  }
  return out;
}

std::string pack_ranges(const std::vector<model::ByteRange>& ranges) {
  std::string out;
  for (const model::ByteRange& range : ranges) {
    if (!out.empty()) out += ' ';
    out += std::to_string(range.from) + "-" + std::to_string(range.to);
  }
  return out;
}

std::optional<std::vector<model::ByteRange>> unpack_ranges(std::string_view packed) {
  std::vector<model::ByteRange> out;
  while (!packed.empty()) {
    const auto from = take_number(packed, '-');
    const auto to = from ? take_number(packed, '\0') : std::nullopt;
    if (!to) return std::nullopt;
    out.push_back({.from = *from, .to = *to});
  }
  return out;
}

std::string pack_counts(const model::ScanCounts& counts) {
  std::string out = std::to_string(counts.files);
  const auto append = [&out](std::uint64_t number) { out += " " + std::to_string(number); };
  append(counts.bytes);
  append(counts.bytes_read);
  append(counts.skipped);
  for (const std::uint64_t files : counts.files_by_verdict) append(files);
  for (const std::uint64_t bytes : counts.bytes_by_verdict) append(bytes);
  return out;
}

std::optional<model::ScanCounts> unpack_counts(std::string_view packed) {
  model::ScanCounts out;
  bool whole = true;
  const auto take = [&packed, &whole](std::uint64_t& into) {
    const auto number = take_number(packed, '\0');
    whole = whole && number.has_value();
    into = number.value_or(0);
  };
  take(out.files);
  take(out.bytes);
  take(out.bytes_read);
  take(out.skipped);
  for (std::uint64_t& files : out.files_by_verdict) take(files);
  for (std::uint64_t& bytes : out.bytes_by_verdict) take(bytes);
  if (!whole || !packed.empty()) return std::nullopt;
  return out;
}

}  // namespace lastgood::casefile
