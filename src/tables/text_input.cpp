// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "tables/text_input.h"

#include <algorithm>

#include "base/byte_view.h"
#include "base/utf8.h"
#include "tables/table_sink.h"

namespace lastgood::tables {

namespace {

constexpr std::size_t k_piece_bytes = std::size_t{256} << 10;

}  // namespace

// One byte more than a small content has: its end is seen without growing.
TextInput::TextInput(base::ByteSource& source)
    : source_(source),
      piece_(static_cast<std::size_t>(std::min<std::uint64_t>(source.size_bytes() + 1, k_piece_bytes))) {}

bool TextInput::is_full() const { return window_.size() - begin_ >= k_row_bytes_max; }

void TextInput::decide_encoding(std::string_view head, std::size_t& skipped) {
  encoding_ = Encoding::bytes;
  if (head.starts_with("\xEF\xBB\xBF")) {
    skipped = 3;
  } else if (head.starts_with("\xFF\xFE")) {
    encoding_ = Encoding::utf16_le;
    skipped = 2;
  } else if (head.starts_with("\xFE\xFF")) {
    encoding_ = Encoding::utf16_be;
    skipped = 2;
  }
}

void TextInput::add_utf16(std::string_view bytes) {
  carry_ += bytes;
  const base::ByteView view{std::string_view(carry_)};
  const auto unit_at = [&](std::size_t at) { return encoding_ == Encoding::utf16_le ? view.le16(at) : view.be16(at); };
  std::size_t at = 0;
  while (at + 2 <= carry_.size()) {
    const std::uint32_t unit = unit_at(at);
    if (unit >= 0xD800 && unit < 0xDC00) {
      if (at + 4 > carry_.size()) break;
      const std::uint32_t low = unit_at(at + 2);
      if (low >= 0xDC00 && low < 0xE000) {
        base::append_utf8(window_, 0x10000 + ((unit - 0xD800) << 10U) + (low - 0xDC00));
        at += 4;
        continue;
      }
    }
    base::append_utf8(window_, unit >= 0xD800 && unit < 0xE000 ? 0xFFFD : unit);
    at += 2;
  }
  carry_.erase(0, at);
}

bool TextInput::more() {
  if (at_end_ || is_full()) return false;
  if (begin_ > 0) {
    window_.erase(0, begin_);
    begin_ = 0;
  }
  // A long row is tried again after each piece: pieces that grow with it keep that linear.
  const std::size_t wanted = std::min(window_.size(), std::size_t{4} << 20);
  if (piece_.size() < wanted) piece_.resize(wanted);
  auto got = source_.read(read_bytes_, piece_);
  if (!got.ok()) {
    status_ = std::move(got).error();
    at_end_ = true;
    return false;
  }
  const std::size_t count = got.value();
  if (count == 0) {
    at_end_ = true;
    return false;
  }
  const base::ByteView view{std::span<const std::uint8_t>(piece_).first(count)};
  std::string_view text = view.text();
  std::size_t skipped = 0;
  if (encoding_ == Encoding::unknown) decide_encoding(text, skipped);
  text.remove_prefix(skipped);
  offset_bytes_ += skipped;
  read_bytes_ += count;
  if (encoding_ == Encoding::bytes) {
    window_ += text;
  } else {
    add_utf16(text);
  }
  return true;
}

void TextInput::skip(std::size_t count) {
  count = std::min(count, window_.size() - begin_);
  begin_ += count;
  offset_bytes_ += count;
  looked_ = 0;
  pending_skip_ = 0;
}

void TextInput::skip_long_line() {
  while (true) {
    const std::size_t end = rest().find('\n');
    if (end != std::string_view::npos) return skip(end + 1);
    skip(rest().size());
    if (!more()) return;
  }
}

std::optional<TextInput::Line> TextInput::next_line() {
  if (pending_skip_ > 0) skip(pending_skip_);
  looked_ = 0;
  while (true) {
    const std::string_view text = rest();
    const std::size_t end = text.find('\n', looked_);
    if (end != std::string_view::npos) {
      pending_skip_ = end + 1;
      const bool has_return = end > 0 && text[end - 1] == '\r';
      return Line{.text = text.substr(0, has_return ? end - 1 : end), .offset_bytes = offset_bytes_};
    }
    looked_ = text.size();
    if (is_full()) {
      const std::uint64_t at = offset_bytes_;
      skip_long_line();
      return Line{.text = {}, .offset_bytes = at, .is_too_long = true};
    }
    if (more()) continue;
    if (rest().empty()) return std::nullopt;
    pending_skip_ = rest().size();
    return Line{.text = rest(), .offset_bytes = offset_bytes_};
  }
}

}  // namespace lastgood::tables
