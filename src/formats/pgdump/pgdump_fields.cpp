// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/pgdump/pgdump_fields.h"

#include <algorithm>

namespace lastgood::formats::pgdump {

namespace {

using base::ByteView;

constexpr std::int64_t k_integer_max = std::int64_t{1} << 31;
constexpr std::size_t k_piece_bytes = 64 * 1024;
constexpr std::size_t k_cell_bytes = 64;
constexpr int k_controls_max = 3;  // of one cell; 64 random bytes hold seven on average

bool is_control(std::uint8_t byte) { return byte < 0x20 && (byte < '\t' || byte > '\r'); }

/// Offset of the first cell that no database could have as text; npos when there is none.
std::size_t find_binary(ByteView text) {
  for (std::size_t at = 0; at < text.size(); at += k_cell_bytes) {
    int controls = 0;
    for (const std::uint8_t byte : text.part(at, k_cell_bytes)) {
      if (byte == 0) return at;
      if (is_control(byte)) ++controls;
    }
    if (controls > k_controls_max) return at;
  }
  return ByteView::npos;
}

}  // namespace

void FieldReader::fail(Trouble trouble, std::uint64_t at) {
  if (trouble_ != Trouble::none) return;
  trouble_ = trouble;
  trouble_at_ = at;
}

std::uint64_t FieldReader::read_little(std::size_t count) {
  if (trouble_ != Trouble::none) return 0;
  const ByteView bytes = input_.at(at_, count);
  if (bytes.size() < count) {
    fail(Trouble::cut, at_);
    return 0;
  }
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value |= std::uint64_t{bytes.u8(i)} << (8 * i);
  at_ += count;
  return value;
}

std::uint8_t FieldReader::read_byte() { return static_cast<std::uint8_t>(read_little(1)); }

std::int64_t FieldReader::read_integer() {
  const std::uint64_t from = at_;
  const std::uint8_t sign = read_byte();
  const std::uint64_t value = read_little(integer_bytes_);
  if (trouble_ != Trouble::none) {
    trouble_at_ = std::min(trouble_at_, from);
    return 0;
  }
  if (sign > 1 || value > static_cast<std::uint64_t>(k_integer_max)) {
    fail(Trouble::misfit, from);
    return 0;
  }
  return sign == 1 ? -static_cast<std::int64_t>(value) : static_cast<std::int64_t>(value);
}

bool FieldReader::check_text(std::uint64_t length_bytes) {
  const std::uint64_t end = std::min(input_.size_bytes(), at_ + length_bytes);
  for (std::uint64_t at = at_; at < end;) {
    const auto wish = static_cast<std::size_t>(std::min<std::uint64_t>(end - at, k_piece_bytes));
    const ByteView piece = input_.at(at, wish);
    if (piece.empty() || !input_.may_continue(piece.size() / 4096)) {
      fail(Trouble::cut, at);
      return false;
    }
    if (const std::size_t binary = find_binary(piece); binary != ByteView::npos) {
      fail(Trouble::misfit, at + binary);
      return false;
    }
    at += piece.size();
  }
  return true;
}

std::string FieldReader::read_string(std::size_t kept_bytes_max) {
  const std::uint64_t from = at_;
  const std::int64_t length = read_integer();
  if (trouble_ != Trouble::none || length == -1) return "";
  if (length < 0) {
    fail(Trouble::misfit, from);
    return "";
  }
  const auto length_bytes = static_cast<std::uint64_t>(length);
  if (!check_text(length_bytes)) return "";
  if (length_bytes > input_.size_bytes() - at_) {
    fail(Trouble::cut, from);
    return "";
  }
  const auto kept = static_cast<std::size_t>(std::min<std::uint64_t>(length_bytes, kept_bytes_max));
  std::string text(kept == 0 ? std::string_view() : input_.at(at_, kept).text());
  at_ += length_bytes;
  return text;
}

bool FieldReader::skip_string() {
  const std::uint64_t from = at_;
  read_string();
  return trouble_ == Trouble::none && input_.at(from, 1).u8(0) == 0;
}

}  // namespace lastgood::formats::pgdump
