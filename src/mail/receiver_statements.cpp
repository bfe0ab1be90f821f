// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "mail/receiver_statements.h"

#include <array>

#include "mail/letters.h"
#include "mail/received_peer.h"
#include "mail/trace_tokens.h"

namespace lastgood::mail {

namespace {

constexpr std::size_t k_methods_max = 64;
constexpr std::size_t k_properties_max = 32;
constexpr std::size_t k_statements_max = 64;

/// `text` cut at ';' outside comments and quotes.
std::vector<std::string_view> split_statements(std::string_view text) {
  std::vector<std::string_view> parts;
  int depth = 0;
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ';';
    if (c == '\\') {
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == '(' && !quoted) {
      ++depth;
    } else if (c == ')' && !quoted && depth > 0) {
      --depth;
    } else if (c == ';' && ((!quoted && depth == 0) || i >= text.size())) {
      parts.push_back(trim(text.substr(begin, i - begin)));
      begin = i + 1;
      if (parts.size() > k_methods_max) break;
    }
  }
  return parts;
}

std::string_view unquoted(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') return text.substr(1, text.size() - 2);
  return text;
}

/// "spf=pass (comment) smtp.mailfrom=x": nothing when no method=result begins it.
std::optional<MethodResult> parse_method(std::string_view text) {
  MethodResult result;
  for (const Token& token : split_tokens(text)) {
    if (token.kind == TokenKind::comment) {
      if (result.comments.size() < 1024) {
        if (!result.comments.empty()) result.comments += ' ';
        result.comments += token.text;
      }
      continue;
    }
    const std::size_t equals = token.text.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = trim(token.text.substr(0, equals));
    const std::string_view value = unquoted(trim(token.text.substr(equals + 1)));
    if (result.method.empty()) {
      result.method = lower(name.substr(0, name.find('/')));
      result.result = lower(value);
    } else if (result.properties.size() < k_properties_max) {
      result.properties.emplace_back(lower(name), std::string(value));
    }
  }
  if (result.method.empty()) return std::nullopt;
  return result;
}

std::optional<model::IpAddress> ip_in(std::string_view word) {
  word = unquoted(trim(word));
  while (!word.empty() && (word.back() == ';' || word.back() == ',' || word.back() == ')')) word.remove_suffix(1);
  const auto literal = parse_literal(word);
  return literal ? std::optional(literal->ip) : std::nullopt;
}

/// The word behind `marker`.
std::optional<model::IpAddress> ip_behind(std::string_view line, std::string_view marker) {
  const std::size_t at = find_word(line, marker);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = trim(line.substr(at + marker.size()));
  return ip_in(rest.substr(0, rest.find_first_of(" ;)")));
}

}  // namespace

std::string MethodResult::property(std::string_view name) const {
  for (const auto& [key, value] : properties) {
    if (key == name) return value;
  }
  return {};
}

AuthenticationResults parse_authentication_results(std::string_view line) {
  AuthenticationResults parsed;
  bool first = true;
  for (const std::string_view part : split_statements(line.substr(0, 64U << 10U))) {
    if (part.empty()) continue;
    if (begins_with_word(part, "i=") && !parsed.instance) {
      if (const auto instance = parse_decimal(trim(part.substr(2)), 1000)) {
        parsed.instance = static_cast<unsigned>(*instance);
        continue;
      }
    }
    if (first) {
      first = false;
      const std::string_view word = part.substr(0, part.find_first_of(" \t("));
      if (word.find('=') == std::string_view::npos) {
        parsed.authserv_id = std::string(unquoted(word));
        continue;
      }
    }
    if (auto method = parse_method(part); method && parsed.results.size() < k_methods_max) {
      parsed.results.push_back(std::move(*method));
    }
  }
  return parsed;
}

std::optional<model::IpAddress> find_stated_ip(std::string_view line) {
  constexpr std::array<std::string_view, 8> k_markers = {
      "client-ip=",      "sender IP is ", "smtp.remote-ip=",     "policy.iprev=",
      "smtp.client-ip=", " designates ",  "discourages use of ", " does not designate "};
  for (const auto marker : k_markers) {
    if (auto ip = ip_behind(line, marker)) return ip;
  }
  return std::nullopt;
}

std::vector<PeerStatement> find_peer_statements(const Header& header) {
  constexpr std::array<std::string_view, 7> k_client = {
      "x-originating-ip", "x-original-ip",          "x-client-ip", "x-source-ip", "x-remote-ip",
      "x-real-ip",        "x-originating-client-ip"};
  std::vector<PeerStatement> statements;
  for (std::size_t i = 0; i < header.fields.size() && statements.size() < k_statements_max; ++i) {
    const HeaderField& field = header.fields[i];
    PeerStatement statement{std::string(field.name), i, field.offset_bytes, {}, false};
    std::optional<model::IpAddress> ip;
    for (const auto name : k_client) statement.about_client = statement.about_client || same_word(field.name, name);
    if (statement.about_client || same_word(field.name, "x-sender-ip")) {
      const std::string line = unfold(field.body);
      ip = ip_in(std::string_view(line).substr(0, line.find(' ')));
    } else if (same_word(field.name, "received-spf") || same_word(field.name, "authentication-results") ||
               same_word(field.name, "x-ms-exchange-authentication-results")) {
      ip = find_stated_ip(unfold(field.body));
    }
    if (!ip) continue;
    statement.ip = *ip;
    statements.push_back(std::move(statement));
  }
  return statements;
}

}  // namespace lastgood::mail
