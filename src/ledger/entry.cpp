// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "ledger/entry.h"

#include <fmt/format.h>

#include "base/rfc3339.h"
#include "ledger/canonical_json.h"

namespace lastgood::ledger {

namespace {

constexpr std::string_view k_beginning = "{\"sequence\":";
constexpr std::string_view k_digest_member = ",\"sha256\":\"";
constexpr std::string_view k_ending = "\"}";
constexpr std::size_t k_digest_digits = 64;
constexpr std::size_t k_tail_bytes = k_digest_member.size() + k_digest_digits + k_ending.size();
constexpr std::size_t k_name_bytes_max = 64;

bool is_name(std::string_view text, char separator) {
  if (text.empty() || text.size() > k_name_bytes_max || text[0] < 'a' || text[0] > 'z') return false;
  for (const char c : text) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == separator)) return false;
  }
  return true;
}

bool is_digest(std::string_view text) {
  if (text.size() != k_digest_digits) return false;
  for (const char c : text) {
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
  }
  return true;
}

void append_value(std::string& out, const FieldValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    append_text(out, *text);
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    out += std::to_string(*number);
  } else {
    char before = '[';
    for (const std::string& item : std::get<std::vector<std::string>>(value)) {
      out += before;
      append_text(out, item);
      before = ',';
    }
    out += before == '[' ? "[]" : "]";
  }
}

void append_fields(std::string& out, const Fields& fields) {
  out += '{';
  for (const auto& [name, value] : fields) {
    if (out.back() != '{') out += ',';
    append_text(out, name);
    out += ':';
    append_value(out, value);
  }
  out += '}';
}

std::optional<std::vector<std::string>> parse_texts(Scanner& scanner) {
  std::vector<std::string> out;
  if (!scanner.take("[")) return std::nullopt;
  if (scanner.take("]")) return out;
  do {
    auto item = scanner.take_text();
    if (!item) return std::nullopt;
    out.push_back(std::move(*item));
  } while (scanner.take(","));
  if (!scanner.take("]")) return std::nullopt;
  return out;
}

std::optional<FieldValue> parse_value(Scanner& scanner) {
  if (scanner.next() == '"') {
    auto text = scanner.take_text();
    return text ? std::optional<FieldValue>(std::move(*text)) : std::nullopt;
  }
  if (scanner.next() == '[') {
    auto texts = parse_texts(scanner);
    return texts ? std::optional<FieldValue>(std::move(*texts)) : std::nullopt;
  }
  const auto number = scanner.take_integer(k_integer_max);
  return number ? std::optional<FieldValue>(*number) : std::nullopt;
}

std::optional<Fields> parse_fields(Scanner& scanner) {
  Fields out;
  if (!scanner.take("{")) return std::nullopt;
  if (scanner.take("}")) return out;
  do {
    auto name = scanner.take_text();
    if (!name || !is_field_name(*name) || !scanner.take(":")) return std::nullopt;
    if (!out.empty() && *name <= out.rbegin()->first) return std::nullopt;
    auto value = parse_value(scanner);
    if (!value) return std::nullopt;
    out.emplace_hint(out.end(), std::move(*name), std::move(*value));
  } while (scanner.take(","));
  if (!scanner.take("}")) return std::nullopt;
  return out;
}

/// One `"name":"text"` with what stands before it; empty when that is not what comes.
std::optional<std::string> parse_member(Scanner& scanner, std::string_view before) {
  return scanner.take(before) ? scanner.take_text() : std::nullopt;
}

bool parse_actor(Scanner& scanner, Actor& out) {
  auto host = parse_member(scanner, "{\"host\":");
  auto login = host ? parse_member(scanner, ",\"login\":") : std::nullopt;
  auto program = login ? parse_member(scanner, ",\"program\":") : std::nullopt;
  auto user = program ? parse_member(scanner, ",\"user\":") : std::nullopt;
  if (!user || !scanner.take("}")) return false;
  out = {
      .host = std::move(*host), .login = std::move(*login), .program = std::move(*program), .user = std::move(*user)};
  return true;
}

}  // namespace

bool is_kind(std::string_view text) { return is_name(text, '-'); }
bool is_field_name(std::string_view text) { return is_name(text, '_'); }

std::string text_in(const Fields& fields, std::string_view name) {
  const auto at = fields.find(name);
  const auto* text = at == fields.end() ? nullptr : std::get_if<std::string>(&at->second);
  return text == nullptr ? std::string() : *text;
}

std::int64_t number_in(const Fields& fields, std::string_view name) {
  const auto at = fields.find(name);
  const auto* number = at == fields.end() ? nullptr : std::get_if<std::int64_t>(&at->second);
  return number == nullptr ? 0 : *number;
}

std::string write_entry(const Entry& entry) {
  std::string out = fmt::format("{{\"sequence\":{},\"time\":", entry.sequence);
  append_text(out, entry.time);
  out += ",\"actor\":{\"host\":";
  append_text(out, entry.actor.host);
  out += ",\"login\":";
  append_text(out, entry.actor.login);
  out += ",\"program\":";
  append_text(out, entry.actor.program);
  out += ",\"user\":";
  append_text(out, entry.actor.user);
  out += "},\"kind\":";
  append_text(out, entry.kind);
  out += ",\"fields\":";
  append_fields(out, entry.fields);
  out += ",\"previous\":";
  append_text(out, entry.previous);
  const base::Sha256Digest digest = base::sha256(base::ByteView(std::string_view(out)));
  out += k_digest_member;
  out += base::hex(base::ByteView(std::span<const std::uint8_t>(digest)));
  out += k_ending;
  return out;
}

bool is_complete(std::string_view line) {
  if (line.size() < k_beginning.size() + k_tail_bytes || !line.starts_with(k_beginning)) return false;
  const std::string_view tail = line.substr(line.size() - k_tail_bytes);
  return tail.starts_with(k_digest_member) && tail.ends_with(k_ending) &&
         is_digest(tail.substr(k_digest_member.size(), k_digest_digits));
}

std::string_view digest_in(std::string_view line) {
  return line.substr(line.size() - k_digest_digits - k_ending.size(), k_digest_digits);
}

bool has_right_digest(std::string_view line) {
  if (!is_complete(line)) return false;
  const base::Sha256Digest digest = base::sha256(base::ByteView(line.substr(0, line.size() - k_tail_bytes)));
  return digest_in(line) == base::hex(base::ByteView(std::span<const std::uint8_t>(digest)));
}

std::optional<Entry> parse_entry(std::string_view line) {
  Scanner scanner(line);
  Entry out;
  if (!scanner.take(k_beginning)) return std::nullopt;
  const auto sequence = scanner.take_integer(k_integer_max);
  if (!sequence || *sequence < 1) return std::nullopt;
  out.sequence = static_cast<std::uint64_t>(*sequence);
  auto time = parse_member(scanner, ",\"time\":");
  if (!time || !base::is_rfc3339(*time)) return std::nullopt;
  out.time = std::move(*time);
  if (!scanner.take(",\"actor\":") || !parse_actor(scanner, out.actor)) return std::nullopt;
  auto kind = parse_member(scanner, ",\"kind\":");
  if (!kind || !is_kind(*kind)) return std::nullopt;
  out.kind = std::move(*kind);
  if (!scanner.take(",\"fields\":")) return std::nullopt;
  auto fields = parse_fields(scanner);
  if (!fields) return std::nullopt;
  out.fields = std::move(*fields);
  auto previous = parse_member(scanner, ",\"previous\":");
  if (!previous || !is_digest(*previous)) return std::nullopt;
  out.previous = std::move(*previous);
  auto sha256 = parse_member(scanner, ",\"sha256\":");
  if (!sha256 || !is_digest(*sha256) || !scanner.take("}") || !scanner.at_end()) return std::nullopt;
  out.sha256 = std::move(*sha256);
  return out;
}

}  // namespace lastgood::ledger
