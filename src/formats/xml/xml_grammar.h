// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// XML read to its end: do the tags nest, does everything that was opened close? W3C XML 1.0 (Fifth Edition).
#pragma once

#include <string>
#include <vector>

#include "formats/text/text_scan.h"

namespace lastgood::formats {

class XmlGrammar final : public TextReader {
 public:
  void read(base::ByteView piece, std::uint64_t offset, std::size_t unit) override;

  [[nodiscard]] std::uint64_t elements() const { return elements_; }
  [[nodiscard]] const std::string& root() const { return root_; }
  /// The first place that breaks nesting or syntax; nothing behind it was read.
  [[nodiscard]] bool has_fault() const { return fault_ != nullptr; }
  [[nodiscard]] const char* fault() const { return fault_; }
  [[nodiscard]] std::uint64_t fault_offset() const { return fault_offset_; }
  /// The content ended inside a tag, a comment, or an element that was never closed.
  [[nodiscard]] bool is_open() const { return state_ != State::content || !stack_.empty(); }
  [[nodiscard]] std::size_t depth() const { return stack_.size(); }

 private:
  enum class State : std::uint8_t {
    content,
    less_than,
    bang,
    open_name,
    in_tag,
    quote,
    slash,
    close_name,
    close_blank,
    instruction,
    comment,
    cdata,
    doctype
  };
  void take(char letter, std::uint64_t offset);
  void take_markup(char letter, std::uint64_t offset);
  void take_bang(char letter);
  void take_doctype(char letter);
  void take_until(char letter, std::string_view ending);
  void open(char letter, std::uint64_t offset);
  void close(std::uint64_t offset);
  void add_to_name(char letter);
  void fail(const char* what, std::uint64_t offset);

  State state_ = State::content;
  std::vector<std::uint32_t> stack_;  // digests of the names of the open elements
  std::uint32_t name_ = 0;
  std::string root_;
  std::string bang_;          // what follows "<!", up to the point where its kind is known
  std::size_t matched_ = 0;   // letters of an ending seen so far
  std::size_t brackets_ = 0;  // "<" and "[" open inside a document type
  char quote_ = 0;
  std::uint64_t elements_ = 0;
  const char* fault_ = nullptr;
  std::uint64_t fault_offset_ = 0;
};

}  // namespace lastgood::formats
