// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/json/json_grammar.h"

namespace lastgood::formats {

namespace {

constexpr std::size_t k_depth_max = 100'000;

bool is_blank(std::uint8_t byte) { return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == 0x1E; }

/// Letters of numbers, of true, false and null, and of what writers of numbers make of infinity.
bool is_word(std::uint8_t byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '-' ||
         byte == '+' || byte == '.';
}

}  // namespace

void JsonGrammar::read(base::ByteView piece, std::uint64_t offset, std::size_t unit) {
  std::size_t at = 0;
  if (offset == 0 && piece.matches(0, "\xEF\xBB\xBF")) at = 3;
  if (offset == 0 && piece.u8(0) == 'x') at = 1;  // a byte order mark, narrowed
  for (; at < piece.size() && !has_fault_; ++at) {
    const std::uint8_t byte = piece.u8(at);
    if (state_ == State::string && byte != '"' && byte != '\\') continue;
    if (take(byte)) continue;
    has_fault_ = true;
    fault_offset_ = offset + at * unit;
  }
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
