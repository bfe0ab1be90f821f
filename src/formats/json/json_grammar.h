// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// JSON read to its end (RFC 8259), one value or many, with the comments and trailing commas people write by hand.
#pragma once

#include <vector>

#include "formats/text/text_scan.h"

namespace lastgood::formats {

class JsonGrammar final : public TextReader {
 public:
  void read(base::ByteView piece, std::uint64_t offset, std::size_t unit) override;

  /// Values at the top: more than one in JSON lines and in logs.
  [[nodiscard]] std::uint64_t documents() const { return documents_; }
  [[nodiscard]] std::uint64_t values() const { return values_; }
  /// First byte no JSON allows; nothing behind it was read.
  [[nodiscard]] bool has_fault() const { return has_fault_; }
  [[nodiscard]] std::uint64_t fault_offset() const { return fault_offset_; }
  /// The content ended inside a string, an array or an object.
  [[nodiscard]] bool is_open() const { return !stack_.empty() || state_ == State::string || state_ == State::escape; }
  [[nodiscard]] std::size_t depth() const { return stack_.size(); }

 private:
  enum class State : std::uint8_t {
    value,
    after_value,
    string,
    escape,
    word,
    slash,
    line_comment,
    block_comment,
    block_star
  };
  [[nodiscard]] std::size_t run_bytes(base::ByteView rest) const;
  /// False: this byte may not stand here.
  bool take(std::uint8_t byte);
  bool take_value(std::uint8_t byte);
  bool take_after_value(std::uint8_t byte);
  void end_value();

  State state_ = State::value;
  State before_comment_ = State::value;
  std::vector<std::uint8_t> stack_;  // '{', '[', and ':' on top of '{' while an entry's value is due
  std::uint64_t documents_ = 0;
  std::uint64_t values_ = 0;
  bool has_fault_ = false;
  std::uint64_t fault_offset_ = 0;
};

}  // namespace lastgood::formats
