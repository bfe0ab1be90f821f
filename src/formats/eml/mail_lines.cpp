// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/eml/mail_lines.h"

#include <algorithm>
#include <array>

#include "base/letters.h"

namespace lastgood::formats {

namespace {

using base::lower;

constexpr std::size_t k_boundaries_max = 256;
constexpr std::size_t k_boundary_letters_max = 200;
constexpr std::size_t k_name_letters_max = 76;
constexpr std::array<std::string_view, 14> k_known_names = {
    "received",       "return-path",  "from",         "to",           "subject",
    "date",           "message-id",   "mime-version", "delivered-to", "x-mozilla-status",
    "dkim-signature", "content-type", "reply-to",     "x-original-to"};

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t") == std::string_view::npos; }

bool is_base64_line(std::string_view text) {
  for (const char letter : text) {
    const bool fits = (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
                      (letter >= '0' && letter <= '9') || letter == '+' || letter == '/' || letter == '=' ||
                      letter == ' ';
    if (!fits) return false;
  }
  return true;
}

}  // namespace

bool is_header_field(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > k_name_letters_max) return false;
  for (const char letter : line.substr(0, colon)) {
    if (letter <= ' ' || letter > '~') return false;
  }
  return true;
}

bool opens_message(std::string_view text) {
  std::size_t at = 0, fields = 0;
  bool known = false;
  for (std::size_t lines = 0; lines < 24 && at < text.size(); ++lines) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty()) break;
    if (line[0] == ' ' || line[0] == '\t') {
      if (fields == 0) return false;
      continue;
    }
    if (!is_header_field(line)) return end == text.size() && known && fields >= 2;
    ++fields;
    const std::string name = lower(line.substr(0, line.find(':')));
    known = known || std::find(k_known_names.begin(), k_known_names.end(), name) != k_known_names.end();
  }
  return known && fields >= 2;
}

void MailLines::note_boundary(std::string_view text) {
  const std::size_t at = lower(text).find("boundary=");
  if (at == std::string::npos || boundaries_.size() >= k_boundaries_max) return;
  std::string_view value = text.substr(at + 9);
  const bool quoted = value.starts_with("\"");
  if (quoted) value.remove_prefix(1);
  value = value.substr(0, value.find_first_of(quoted ? "\"" : " ;\t"));
  if (!value.empty() && value.size() <= k_boundary_letters_max) boundaries_.emplace_back(value);
}

bool MailLines::take_boundary(std::string_view text) {
  if (!text.starts_with("--")) return false;
  for (std::size_t i = boundaries_.size(); i-- > 0;) {
    const std::string& boundary = boundaries_[i];
    if (text.substr(2, boundary.size()) != boundary) continue;
    const std::string_view rest = text.substr(2 + boundary.size());
    if (!is_blank(rest) && !rest.starts_with("--")) continue;
    is_base64_ = false;
    // What was declared inside this multipart and never closed stays open.
    open_multiparts_ += boundaries_.size() - 1 - i;
    boundaries_.resize(i + 1);
    if (rest.starts_with("--")) {
      boundaries_.pop_back();
      state_ = State::body;
    } else {
      ++parts_;
      state_ = State::header;
    }
    return true;
  }
  return false;
}

void MailLines::take_header(std::string_view text) {
  if (is_blank(text)) {
    state_ = State::body;
    return;
  }
  note_boundary(text);
  if (!is_header_field(text)) return;
  ++fields_;
  const std::string field = lower(text.substr(0, 64));
  if (field.starts_with("content-transfer-encoding:")) is_base64_ = field.find("base64") != std::string::npos;
}

void MailLines::line(std::string_view text, std::uint64_t /*offset*/) {
  if (messages_ == 0) messages_ = container_ == Container::message ? 1 : 0;
  if (container_ == Container::mailbox && after_blank_ && text.starts_with("From ")) {
    ++messages_;
    open_multiparts_ += boundaries_.size();
    boundaries_.clear();
    is_base64_ = false;
    state_ = State::header;
    after_blank_ = false;
    return;
  }
  after_blank_ = text.empty();
  if (take_boundary(text)) return;
  if (state_ == State::header) {
    take_header(text);
    return;
  }
  // An attached message has a header of its own, in what is a body to the outer one.
  if (!is_base64_ && (text.starts_with(" ") || text.starts_with("\t") || text.starts_with("Content-")))
    note_boundary(text);
  if (is_base64_ && !is_base64_line(text)) ++odd_base64_lines_;
}

}  // namespace lastgood::formats
