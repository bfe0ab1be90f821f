// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"
#include "logs/log_parser.h"
#include "logs/text_cursor.h"
#include "model/ip_address.h"

namespace lastgood::logs {

std::string event_words(std::string_view text) {
  std::string words;
  text = trimmed(text);
  std::size_t at = 0;
  while (at < text.size() && words.size() < model::k_event_words_bytes_max) {
    const auto byte = static_cast<std::uint8_t>(text[at]);
    const std::size_t length = base::utf8_length_at(text, at);
    if (length == 0 || byte < 0x20 || byte == 0x7f) {
      words += byte == '\t' ? ' ' : '?';
      ++at;
      continue;
    }
    if (words.size() + length > model::k_event_words_bytes_max) break;
    words.append(text.substr(at, length));
    at += length;
  }
  return words;
}

std::string event_text(std::string_view text) { return std::string(text.substr(0, k_line_bytes_max)); }

std::string event_address(std::string_view text, std::uint16_t* port) {
  text = trimmed(text);
  if (const auto ip = model::parse_ip(text)) return model::text_of(*ip);
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return {};
    const auto ip = model::parse_ip(text.substr(1, end - 1));
    if (!ip) return {};
    if (port != nullptr && text.substr(end + 1).starts_with(':')) *port = parse_port(text.substr(end + 2));
    return model::text_of(*ip);
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return {};
  const auto ip = model::parse_ip(text.substr(0, colon));
  if (!ip) return {};
  if (port != nullptr) *port = parse_port(text.substr(colon + 1));
  return model::text_of(*ip);
}

}  // namespace lastgood::logs
