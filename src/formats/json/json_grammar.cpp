// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/json/json_grammar.h"

#include <algorithm>
#include <array>

namespace lastgood::formats {

namespace {

constexpr std::size_t k_depth_max = 100'000;

// What a byte may be part of without changing the state.
constexpr std::uint8_t k_blank = 1;   // between values
constexpr std::uint8_t k_word = 2;    // letters of numbers, of true, false and null, and of what some make of infinity
constexpr std::uint8_t k_string = 4;  // all but the quote and the backslash

constexpr std::array<std::uint8_t, 256> k_parts = [] {
  std::array<std::uint8_t, 256> parts{};
  parts.fill(k_string);
  parts['"'] = parts['\\'] = 0;
  for (const char blank : {' ', '\t', '\n', '\r', '\x1E'}) parts[static_cast<std::uint8_t>(blank)] |= k_blank;
  for (std::uint8_t letter = '0'; letter <= '9'; ++letter) parts[letter] |= k_word;
  for (std::uint8_t letter = 'a'; letter <= 'z'; ++letter) parts[letter] |= k_word;
  for (std::uint8_t letter = 'A'; letter <= 'Z'; ++letter) parts[letter] |= k_word;
  for (const char sign : {'-', '+', '.'}) parts[static_cast<std::uint8_t>(sign)] |= k_word;
  return parts;
}();

bool is_blank(std::uint8_t byte) { return (k_parts[byte] & k_blank) != 0; }
bool is_word(std::uint8_t byte) { return (k_parts[byte] & k_word) != 0; }

}  // namespace

void JsonGrammar::read(base::ByteView piece, std::uint64_t offset, std::size_t unit) {
  std::size_t at = 0;
  if (offset == 0 && piece.matches(0, "\xEF\xBB\xBF")) at = 3;
  if (offset == 0 && piece.u8(0) == 'x') at = 1;  // a byte order mark, narrowed
  while (!has_fault_) {
    at += run_bytes(piece.part(at));
    if (at >= piece.size()) return;
    if (!take(piece.u8(at))) {
      has_fault_ = true;
      fault_offset_ = offset + at * unit;
    }
    ++at;
  }
}

/// Length of the bytes in front that change nothing: most of a text is inside strings, words and indentation.
std::size_t JsonGrammar::run_bytes(base::ByteView rest) const {
  std::uint8_t part = 0;
  if (state_ == State::string) part = k_string;
  if (state_ == State::word) part = k_word;
  if (state_ == State::value || state_ == State::after_value) part = k_blank;
  const std::uint8_t* end =
      std::find_if(rest.begin(), rest.end(), [part](std::uint8_t byte) { return (k_parts[byte] & part) == 0; });
  return static_cast<std::size_t>(end - rest.begin());
}

void JsonGrammar::end_value() {
  ++values_;
  if (stack_.empty()) ++documents_;
  state_ = State::after_value;
}

bool JsonGrammar::take(std::uint8_t byte) {
  switch (state_) {
    case State::value: return take_value(byte);
    case State::after_value: return take_after_value(byte);
    case State::string:
      if (byte == '"')
        end_value();
      else
        state_ = State::escape;
      return true;
    case State::escape: state_ = State::string; return true;
    case State::word:
      if (is_word(byte)) return true;
      end_value();
      return take_after_value(byte);
    case State::slash:
      if (byte != '/' && byte != '*') return false;
      state_ = byte == '/' ? State::line_comment : State::block_comment;
      return true;
    case State::line_comment:
      if (byte == '\n') state_ = before_comment_;
      return true;
    case State::block_comment:
      if (byte == '*') state_ = State::block_star;
      return true;
    case State::block_star:
      if (byte == '/')
        state_ = before_comment_;
      else if (byte != '*')
        state_ = State::block_comment;
      return true;
  }
  return false;
}

bool JsonGrammar::take_value(std::uint8_t byte) {
  if (is_blank(byte)) return true;
  if (byte == '{' || byte == '[') {
    if (stack_.size() >= k_depth_max) return false;
    stack_.push_back(byte);
    return true;
  }
  // An empty container, or one with a trailing comma.
  if (byte == '}' || byte == ']') return take_after_value(byte);
  if (byte == '"') {
    state_ = State::string;
    return true;
  }
  if (byte == '/') {
    before_comment_ = state_;
    state_ = State::slash;
    return true;
  }
  if (!is_word(byte)) return false;
  state_ = State::word;
  return true;
}

bool JsonGrammar::take_after_value(std::uint8_t byte) {
  if (is_blank(byte)) return true;
  if (byte == '/') {
    before_comment_ = State::after_value;
    state_ = State::slash;
    return true;
  }
  if (stack_.empty()) {
    // The next document; logs also put commas between them.
    state_ = State::value;
    return byte == ',' || (byte != '}' && byte != ']' && take_value(byte));
  }
  const std::uint8_t top = stack_.back();
  if (byte == ',') {
    if (top == ':') stack_.pop_back();
    state_ = State::value;
    return true;
  }
  if (byte == ':' && top == '{') {
    stack_.push_back(':');
    state_ = State::value;
    return true;
  }
  if (byte == '}' && (top == '{' || top == ':')) {
    stack_.pop_back();
    if (top == ':') stack_.pop_back();
    end_value();
    return true;
  }
  if (byte == ']' && top == '[') {
    stack_.pop_back();
    end_value();
    return true;
  }
  return false;
}

}  // namespace lastgood::formats
