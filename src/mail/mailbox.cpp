// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "mail/mailbox.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "mail/header.h"
#include "mail/letters.h"
#include "mail/mail_date.h"

namespace lastgood::mail {

namespace {

constexpr std::size_t k_block_bytes = 1U << 20U;
constexpr std::size_t k_first_block_bytes = 32U << 10U;  // most mails end in it
constexpr std::size_t k_separator_max = 1024;            // a "From " line and the beginning of the line behind it
constexpr std::string_view k_from = "From ";

base::Result<std::vector<std::uint8_t>> read_at(base::ByteSource& bytes, std::uint64_t offset, std::size_t size) {
  std::vector<std::uint8_t> block(size);
  LG_ASSIGN(const std::size_t got, bytes.read(offset, block));
  block.resize(got);
  return block;
}

std::string_view text_of(const std::vector<std::uint8_t>& block) {
  return base::ByteView(std::span<const std::uint8_t>(block)).text();
}

/// True when `text` begins with a separator line and a header field behind it.
bool is_separator(std::string_view text) {
  if (!text.starts_with(k_from)) return false;
  const std::size_t end = text.substr(0, k_separator_max).find('\n');
  if (end == std::string_view::npos) return false;
  const std::string_view sender_and_date = text.substr(k_from.size(), end - k_from.size());
  const std::size_t blank = sender_and_date.find(' ');
  if (blank == std::string_view::npos || !parse_mail_date(sender_and_date.substr(blank))) return false;
  const std::string_view behind = text.substr(end + 1, k_separator_max);
  return parse_header(base::ByteView(behind)).fields_seen > 0;
}

bool ends_with_blank_line(std::string_view before) {
  if (!before.ends_with('\n')) return false;
  before.remove_suffix(1);
  if (before.ends_with('\r')) before.remove_suffix(1);
  return before.ends_with('\n');
}

}  // namespace

bool is_mailbox(base::ByteView opening) { return is_separator(opening.text()); }

base::Result<std::optional<MailSpan>> MailboxReader::next() {
  if (at_bytes_ >= bytes_.size_bytes()) return std::optional<MailSpan>();
  LG_ASSIGN(const auto by_length, end_by_length());
  MailSpan span{at_bytes_, 0};
  if (by_length) {
    span.end_bytes = *by_length;
  } else {
    LG_ASSIGN(span.end_bytes, end_by_separator());
  }
  at_bytes_ = span.end_bytes;
  return std::optional<MailSpan>(span);
}

base::Result<std::optional<std::uint64_t>> MailboxReader::end_by_length() {
  // A header longer than this is no reason to believe a length in it.
  LG_ASSIGN(const auto block, read_at(bytes_, at_bytes_, k_first_block_bytes));
  const Header header = parse_header(base::ByteView(std::span<const std::uint8_t>(block)), at_bytes_);
  const HeaderField* const field = find_field(header, "Content-Length");
  if (field == nullptr || header.body_bytes >= at_bytes_ + k_first_block_bytes) return std::optional<std::uint64_t>();
  const auto length = parse_decimal(trim(field->body), bytes_.size_bytes());
  if (!length || header.body_bytes + *length > bytes_.size_bytes()) return std::optional<std::uint64_t>();
  std::uint64_t end = header.body_bytes + *length;
  LG_ASSIGN(const auto behind, read_at(bytes_, end, 2 * k_separator_max));
  std::string_view text = text_of(behind);
  // Most writers put the blank line that separates mails behind the length.
  const std::size_t whole = text.size();
  for (int i = 0; i < 2 && !text.starts_with(k_from); ++i) {
    if (text.starts_with('\r')) text.remove_prefix(1);
    if (text.starts_with('\n')) text.remove_prefix(1);
  }
  end += whole - text.size();
  if (!text.empty() && !is_separator(text)) return std::optional<std::uint64_t>();
  return std::optional<std::uint64_t>(end);
}

base::Result<std::uint64_t> MailboxReader::end_by_separator() {
  // Each block overlaps the next by what a separator needs.
  std::uint64_t from = at_bytes_;
  std::size_t size = k_first_block_bytes;
  while (from < bytes_.size_bytes()) {
    LG_ASSIGN(const auto block, read_at(bytes_, from, size));
    const std::string_view text = text_of(block);
    const bool last = text.size() < size;
    for (std::size_t at = text.find("\nFrom "); at != std::string_view::npos; at = text.find("\nFrom ", at + 1)) {
      if (!last && at + 2 * k_separator_max > text.size()) break;
      if (from + at + 1 > at_bytes_ && ends_with_blank_line(text.substr(0, at + 1)) &&
          is_separator(text.substr(at + 1))) {
        return from + at + 1;
      }
    }
    if (last) break;
    from += size - 2 * k_separator_max - 8;
    size = k_block_bytes;
  }
  return bytes_.size_bytes();
}

}  // namespace lastgood::mail
