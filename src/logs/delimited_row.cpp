// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "logs/delimited_row.h"

namespace lastgood::logs {

RowJoiner::State RowJoiner::take(const LogLine& line) {
  if (is_waiting_) {
    text_ += '\n';
    text_ += line.text;
  } else {
    text_ = line.text;
    offset_bytes_ = line.offset_bytes;
    quotes_ = 0;
  }
  is_waiting_ = false;
  // Whether a quote is open is told by their number: two in a row stand for one inside.
  // Those of earlier lines are counted already.
  for (const char c : line.text) quotes_ += c == '"' ? 1U : 0U;
  if (quotes_ % 2 == 1) {
    if (line.is_cut || text_.size() > k_row_bytes_max) return State::broken;
    is_waiting_ = true;
    return State::waiting;
  }
  return parse();
}

RowJoiner::State RowJoiner::parse() {
  row_.offset_bytes = offset_bytes_;
  row_.fields.clear();
  std::size_t at = 0;
  while (true) {
    if (row_.fields.size() == k_row_fields_max) return State::broken;
    std::string& field = row_.fields.emplace_back();
    if (at < text_.size() && text_[at] == '"') {
      ++at;
      while (at < text_.size()) {
        if (text_[at] == '"') {
          if (at + 1 >= text_.size() || text_[at + 1] != '"') break;
          ++at;
        }
        field += text_[at++];
      }
      ++at;  // the closing quote
    }
    while (at < text_.size() && text_[at] != separator_) field += text_[at++];
    if (at >= text_.size()) return State::complete;
    ++at;
  }
}

}  // namespace lastgood::logs
