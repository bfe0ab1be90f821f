// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A message of the Internet as lines: header fields, MIME parts, Base64 bodies. Shared by eml and mbox.
#pragma once

#include <string>
#include <vector>

#include "formats/text/text_lines.h"

namespace lastgood::formats {

/// "Name: value" with a name of printable letters, RFC 5322 section 2.2.
bool is_header_field(std::string_view line);

/// True when `text` begins with header fields, two at least, and one of the names every message has.
bool opens_message(std::string_view text);

class MailLines final : public LineReader {
 public:
  enum class Container : std::uint8_t { message, mailbox };
  explicit MailLines(Container container) : container_(container) {}

  [[nodiscard]] std::uint64_t messages() const { return messages_; }
  [[nodiscard]] std::uint64_t fields() const { return fields_; }
  [[nodiscard]] std::uint64_t parts() const { return parts_; }
  /// Multiparts whose last boundary has not come.
  [[nodiscard]] std::uint64_t open_multiparts() const { return open_multiparts_ + boundaries_.size(); }
  /// Lines of Base64 bodies that are no Base64.
  [[nodiscard]] std::uint64_t odd_base64_lines() const { return odd_base64_lines_; }

 private:
  enum class State : std::uint8_t { header, body };
  void line(std::string_view text, std::uint64_t offset) override;
  void take_header(std::string_view text);
  bool take_boundary(std::string_view text);
  void note_boundary(std::string_view text);

  Container container_;
  State state_ = State::header;
  bool after_blank_ = true;
  bool is_base64_ = false;
  std::vector<std::string> boundaries_;  // declared and not yet closed
  std::uint64_t messages_ = 0, fields_ = 0, parts_ = 0, open_multiparts_ = 0, odd_base64_lines_ = 0;
};

}  // namespace lastgood::formats
