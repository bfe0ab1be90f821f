// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "mail/spf_record.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "mail/letters.h"

namespace lastgood::mail {

namespace {

constexpr std::size_t k_terms_max = 1000;
constexpr std::size_t k_expanded_max = 64U << 10U;

constexpr std::array<std::string_view, 8> k_mechanisms = {"all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"};

bool is_alnum(char c) { return is_letter(c) || is_digit(c); }

/// A final label: letters among its characters, or a hyphen inside; never all digits.
bool is_top_label(std::string_view label) {
  if (label.empty() || !is_alnum(label.front()) || !is_alnum(label.back())) return false;
  const bool shape = std::all_of(label.begin(), label.end(), [](char c) { return is_alnum(c) || c == '-'; });
  return shape && std::any_of(label.begin(), label.end(), [](char c) { return is_letter(c) || c == '-'; });
}

/// Section 7.1: a macro-string that ends in a label or in a macro.
bool is_domain_spec(std::string_view text) {
  const MacroValues values{
      "a@b.example", "b.example", "h.example", {}, "unknown", 0, [] { return std::string("unknown"); }};
  if (text.empty() || !expand_macros(text, values, MacroUse::domain)) return false;
  const std::size_t brace = text.rfind("%{");
  if (text.ends_with('}') && brace != std::string_view::npos && text.find('}', brace) == text.size() - 1) return true;
  if (text.ends_with('.')) text.remove_suffix(1);
  const std::size_t dot = text.rfind('.');
  return dot != std::string_view::npos && is_top_label(text.substr(dot + 1));
}

/// "0", or digits without a leading zero.
std::optional<unsigned> parse_prefix(std::string_view text, std::size_t max) {
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  const auto value = parse_decimal(text, max);
  return value ? std::optional(static_cast<unsigned>(*value)) : std::nullopt;
}

/// Takes the digits behind the last `slashes` from the end of `text`; false where they are no prefix. A '/' that no
/// digits follow is part of the name.
bool take_prefix(std::string_view& text, std::string_view slashes, std::size_t max, unsigned& prefix) {
  const std::size_t at = text.rfind(slashes);
  if (at == std::string_view::npos) return true;
  const std::string_view digits = text.substr(at + slashes.size());
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) return true;
  text = text.substr(0, at);
  const auto value = parse_prefix(digits, max);
  prefix = value.value_or(prefix);
  return value.has_value();
}

/// "/24", "//64" or "/24//64" at the end.
bool take_prefixes(std::string_view& text, SpfTerm& term) {
  return take_prefix(text, "//", 128, term.prefix_v6) && take_prefix(text, "/", 32, term.prefix_v4);
}

bool read_block(SpfTerm& term, std::string_view argument) {
  const bool six = term.mechanism == SpfMechanism::ip6;
  const std::size_t slash = argument.find('/');
  const std::string_view address = argument.substr(0, slash);
  auto ip = model::parse_ip(address);
  if (!ip || address.find('%') != std::string_view::npos || (address.find(':') != std::string_view::npos) != six)
    return false;
  unsigned bits = six ? 128 : 32;
  if (slash != std::string_view::npos) {
    const auto prefix = parse_prefix(argument.substr(slash + 1), bits);
    if (!prefix) return false;
    bits = *prefix;
  }
  // An IPv4 address inside an IPv6 one is kept as IPv4; its prefix then counts from there.
  if (six && !ip->is_v6) bits = bits >= 96 ? bits - 96 : 0;
  term.block = model::IpBlock{*ip, bits};
  return true;
}

bool read_mechanism(SpfTerm& term, std::string_view text) {
  if (!text.empty() && (text[0] == '+' || text[0] == '-' || text[0] == '~' || text[0] == '?')) {
    term.qualifier = text[0];
    text.remove_prefix(1);
  }
  const std::size_t end = std::min(text.find_first_of(":/"), text.size());
  const std::string name = lower(text.substr(0, end));
  const auto found = std::find(k_mechanisms.begin(), k_mechanisms.end(), name);
  if (found == k_mechanisms.end()) return false;
  term.mechanism = static_cast<SpfMechanism>(found - k_mechanisms.begin());
  std::string_view argument = text.substr(end);
  const bool given = argument.starts_with(':');
  switch (term.mechanism) {
    case SpfMechanism::all: return argument.empty();
    case SpfMechanism::ip4:
    case SpfMechanism::ip6: return given && read_block(term, argument.substr(1));
    case SpfMechanism::include:
    case SpfMechanism::exists: break;
    case SpfMechanism::ptr:
      if (argument.empty()) return true;
      break;
    case SpfMechanism::a:
    case SpfMechanism::mx:
      if (!take_prefixes(argument, term)) return false;
      if (argument.empty()) return true;
      break;
  }
  if (!argument.starts_with(':')) return false;
  term.domain = std::string(argument.substr(1));
  return is_domain_spec(term.domain);
}

/// "name=value" where the name is one of a modifier; nothing otherwise.
std::optional<std::size_t> find_modifier(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0 || !is_letter(text[0])) return std::nullopt;
  const std::string_view name = text.substr(0, equals);
  const bool shape =
      std::all_of(name.begin(), name.end(), [](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; });
  return shape ? std::optional(equals) : std::nullopt;
}

bool read_modifier(SpfRecord& record, std::string_view name, std::string_view value) {
  const bool redirect = same_word(name, "redirect");
  if (redirect || same_word(name, "exp")) {
    std::optional<std::string>& place = redirect ? record.redirect : record.explanation;
    if (place || !is_domain_spec(value)) return false;
    place = std::string(value);
    return true;
  }
  const MacroValues values{
      "a@b.example", "b.example", "h.example", {}, "unknown", 0, [] { return std::string("unknown"); }};
  return expand_macros(value, values, MacroUse::domain).has_value();
}

/// One "%{...}": letter, digits, 'r', delimiters.
struct Macro {
  char letter = 0;
  std::size_t keep = 0;  // 0: all parts
  bool reversed = false;
  std::string_view delimiters = ".";
};

std::optional<Macro> parse_macro(std::string_view inside, MacroUse use) {
  if (inside.empty()) return std::nullopt;
  Macro macro;
  macro.letter = inside.front();
  constexpr std::string_view k_letters = "slodiphv";
  constexpr std::string_view k_explanation_letters = "crt";
  const char letter = lower(macro.letter);
  const bool known = k_letters.find(letter) != std::string_view::npos ||
                     (use == MacroUse::explanation && k_explanation_letters.find(letter) != std::string_view::npos);
  if (!known) return std::nullopt;
  inside.remove_prefix(1);
  std::size_t digits = 0;
  while (digits < inside.size() && is_digit(inside[digits])) ++digits;
  if (digits > 0) {
    const auto keep = parse_decimal(inside.substr(0, std::min<std::size_t>(digits, 18)), SIZE_MAX);
    if (!keep || *keep == 0) return std::nullopt;
    macro.keep = *keep;
    inside.remove_prefix(digits);
  }
  if (!inside.empty() && lower(inside.front()) == 'r') {
    macro.reversed = true;
    inside.remove_prefix(1);
  }
  if (inside.find_first_not_of(".-+,/_=") != std::string_view::npos) return std::nullopt;
  if (!inside.empty()) macro.delimiters = inside;
  return macro;
}

std::string letter_value(char letter, const MacroValues& values) {
  const std::size_t at = values.sender.rfind('@');
  switch (lower(letter)) {
    case 's': return values.sender;
    case 'l': return values.sender.substr(0, at);
    case 'o': return at == std::string::npos ? values.sender : values.sender.substr(at + 1);
    case 'd': return values.domain;
    case 'i': return values.ip.is_v6 ? dotted(values.ip) : model::text_of(values.ip);
    case 'p': return values.validated_name();
    case 'h': return values.helo;
    case 'v': return values.ip.is_v6 ? "ip6" : "in-addr";
    case 'c': return model::text_of(values.ip);
    case 'r': return values.receiver;
    default: return std::to_string(values.time_seconds);
  }
}

std::string transform(const std::string& value, const Macro& macro) {
  std::vector<std::string> parts;
  std::size_t at = 0;
  while (at <= value.size()) {
    const std::size_t end = std::min(value.find_first_of(macro.delimiters, at), value.size());
    parts.push_back(value.substr(at, end - at));
    at = end + 1;
  }
  if (macro.reversed) std::reverse(parts.begin(), parts.end());
  const std::size_t skip = macro.keep > 0 && macro.keep < parts.size() ? parts.size() - macro.keep : 0;
  std::string result;
  for (std::size_t i = skip; i < parts.size(); ++i) {
    if (i > skip) result += '.';
    result += parts[i];
  }
  return result;
}

/// Upper-case letters ask for the value as it may stand in a URL (RFC 3986 section 2.3).
std::string url_escaped(const std::string& value) {
  std::string result;
  for (const char c : value) {
    const bool plain = is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
    result += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return result;
}

}  // namespace

std::string_view name_of(SpfMechanism mechanism) { return k_mechanisms.at(static_cast<std::size_t>(mechanism)); }

bool is_spf_record(std::string_view text) {
  return begins_with_word(text, "v=spf1") && (text.size() == 6 || text[6] == ' ');
}

std::optional<SpfRecord> parse_spf_record(std::string_view text, std::string& trouble) {
  SpfRecord record;
  text.remove_prefix(std::min<std::size_t>(text.size(), 6));
  while (true) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    if (text.empty()) return record;
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end);
    trouble = std::string(word);
    if (record.terms.size() >= k_terms_max) return std::nullopt;
    if (const auto equals = find_modifier(word)) {
      if (!read_modifier(record, word.substr(0, *equals), word.substr(*equals + 1))) return std::nullopt;
      continue;
    }
    SpfTerm term;
    term.text = std::string(word);
    if (!read_mechanism(term, word)) return std::nullopt;
    record.terms.push_back(std::move(term));
  }
}

std::optional<std::string> expand_macros(std::string_view text, const MacroValues& values, MacroUse use) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (result.size() > k_expanded_max) return std::nullopt;
    const auto byte = static_cast<unsigned char>(text[i]);
    if (text[i] != '%') {
      const bool plain = byte > 0x20 && byte < 0x7F;
      if (!plain && (use == MacroUse::domain || byte >= 0x7F)) return std::nullopt;
      result += text[i];
      continue;
    }
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (next == '%' || next == '_' || next == '-') {
      result += next == '%' ? "%" : next == '_' ? " " : "%20";
      ++i;
      continue;
    }
    const std::size_t close = next == '{' ? text.find('}', i) : std::string_view::npos;
    if (close == std::string_view::npos) return std::nullopt;
    const auto macro = parse_macro(text.substr(i + 2, close - i - 2), use);
    if (!macro) return std::nullopt;
    const std::string value = transform(letter_value(macro->letter, values), *macro);
    result += macro->letter != lower(macro->letter) ? url_escaped(value) : value;
    i = close;
  }
  return result;
}

std::string dotted(const model::IpAddress& ip) {
  std::string text;
  const std::size_t bytes = ip.is_v6 ? 16 : 4;
  for (std::size_t i = 0; i < bytes; ++i) {
    if (!text.empty()) text += '.';
    if (ip.is_v6) {
      text += fmt::format("{:x}.{:x}", ip.bytes.at(i) >> 4U, ip.bytes.at(i) & 0xFU);
    } else {
      text += fmt::format("{}", ip.bytes.at(i));
    }
  }
  return text;
}

}  // namespace lastgood::mail
