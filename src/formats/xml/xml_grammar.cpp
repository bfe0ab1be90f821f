// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/xml/xml_grammar.h"

namespace lastgood::formats {

namespace {

constexpr std::size_t k_depth_max = 100'000;
constexpr std::size_t k_root_letters_max = 64;
constexpr std::uint32_t k_name_seed = 2166136261U;

bool is_blank(char letter) { return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r'; }

/// Letters a name may begin with; everything above ASCII counts as one.
bool begins_name(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_' || letter == ':' ||
         static_cast<unsigned char>(letter) >= 0x80;
}

}  // namespace

void XmlGrammar::fail(const char* what, std::uint64_t offset) {
  fault_ = what;
  fault_offset_ = offset;
}

void XmlGrammar::read(base::ByteView piece, std::uint64_t offset, std::size_t unit) {
  const std::string_view text = piece.text();
  std::size_t at = 0;
  while (at < text.size() && fault_ == nullptr) {
    if (state_ == State::content || state_ == State::quote) {
      // Most of a document is content and attribute values: jump to where they may end.
      const std::size_t next = text.find(state_ == State::content ? '<' : quote_, at);
      if (next == std::string_view::npos) return;
      at = next;
    }
    take(text[at], offset + at * unit);
    ++at;
  }
}

void XmlGrammar::add_to_name(char letter) {
  name_ = (name_ ^ static_cast<unsigned char>(letter)) * 16777619U;  // FNV-1a
  if (elements_ == 0 && root_.size() < k_root_letters_max) root_.push_back(letter);
}

void XmlGrammar::take(char letter, std::uint64_t offset) {
  switch (state_) {
    case State::content: state_ = State::less_than; return;
    case State::quote: state_ = State::in_tag; return;
    case State::bang: take_bang(letter); return;
    case State::instruction: take_until(letter, "?>"); return;
    case State::comment: take_until(letter, "-->"); return;
    case State::cdata: take_until(letter, "]]>"); return;
    case State::doctype: take_doctype(letter); return;
    case State::less_than:
    case State::open_name:
    case State::in_tag:
    case State::slash:
    case State::close_name:
    case State::close_blank: take_markup(letter, offset); return;
  }
}

void XmlGrammar::take_until(char letter, std::string_view ending) {
  if (letter == ending[matched_]) {
    if (++matched_ == ending.size()) {
      matched_ = 0;
      state_ = State::content;
    }
    return;
  }
  // "--->" and "]]]>" end too: the first letters of the ending repeat.
  if (matched_ == ending.size() - 1 && letter == ending[0]) return;
  matched_ = letter == ending[0] ? 1 : 0;
}

void XmlGrammar::take_bang(char letter) {
  bang_.push_back(letter);
  if (bang_ == "--") state_ = State::comment;
  if (bang_ == "[CDATA[") state_ = State::cdata;
  const bool undecided = bang_ == "-" || std::string_view("[CDATA[").starts_with(bang_);
  if (state_ == State::bang && !undecided) {
    state_ = State::doctype;
    brackets_ = 0;
    quote_ = 0;
  }
  matched_ = 0;
  if (state_ == State::doctype) take_doctype(letter);
}

/// A document type may hold an internal subset with declarations, quotes and comments of its own.
void XmlGrammar::take_doctype(char letter) {
  if (quote_ != 0) {
    if (letter == quote_) quote_ = 0;
    return;
  }
  // Inside the internal subset comments hold apostrophes: only quotes of the declaration itself are followed.
  if (brackets_ == 0 && (letter == '"' || letter == '\'')) quote_ = letter;
  if (letter == '[' || letter == '<') ++brackets_;
  if ((letter == ']' || letter == '>') && brackets_ > 0) {
    --brackets_;
    return;
  }
  if (letter == '>') state_ = State::content;
}

void XmlGrammar::open(char letter, std::uint64_t offset) {
  if (letter == '/') {
    ++elements_;
    state_ = State::slash;
    return;
  }
  if (letter == '>' || is_blank(letter)) {
    state_ = letter == '>' ? State::content : State::in_tag;
    ++elements_;
    stack_.push_back(name_);
    if (stack_.size() > k_depth_max) fail("elements are nested too deep", offset);
    return;
  }
  add_to_name(letter);
}

void XmlGrammar::close(std::uint64_t offset) {
  if (stack_.empty() || stack_.back() != name_) {
    fail("an end tag does not fit the element that is open", offset);
    return;
  }
  stack_.pop_back();
  state_ = State::content;
}

void XmlGrammar::take_markup(char letter, std::uint64_t offset) {
  switch (state_) {
    case State::less_than:
      name_ = k_name_seed;
      bang_.clear();
      matched_ = 0;
      if (letter == '/')
        state_ = State::close_name;
      else if (letter == '?')
        state_ = State::instruction;
      else if (letter == '!')
        state_ = State::bang;
      else if (!begins_name(letter))
        fail("no name follows '<'", offset);
      else {
        state_ = State::open_name;
        add_to_name(letter);
      }
      return;
    case State::open_name: open(letter, offset); return;
    case State::in_tag:
      if (letter == '"' || letter == '\'') {
        quote_ = letter;
        state_ = State::quote;
      } else if (letter == '/') {
        name_ = stack_.empty() ? 0 : stack_.back();
        if (!stack_.empty()) stack_.pop_back();
        state_ = State::slash;
      } else if (letter == '>') {
        state_ = State::content;
      } else if (letter == '<') {
        fail("a tag is not closed before the next begins", offset);
      }
      return;
    case State::slash:
      if (letter == '>') {
        state_ = State::content;
      } else {
        fail("a '/' does not end its tag", offset);
      }
      return;
    case State::close_name:
    case State::close_blank:
      if (letter == '>')
        close(offset);
      else if (is_blank(letter))
        state_ = State::close_blank;
      else
        add_to_name(letter);
      return;
    case State::content:
    case State::quote:
    case State::bang:
    case State::instruction:
    case State::comment:
    case State::cdata:
    case State::doctype: return;
  }
}

}  // namespace lastgood::formats
