// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "backentry/number_block.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/letters.h"

namespace lastgood::backentry {

namespace {

using base::is_digit;

constexpr std::size_t k_block_bytes_max = 40;
constexpr std::size_t k_digits_max = 9;

bool may_stand_in_prefix(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '.' || c == '/';
}

base::Error misuse(std::string_view block, std::string_view why) {
  return {.code = base::ErrorCode::misuse,
          .what = fmt::format("'{}' is no block of numbers: {}", base::printable(block.substr(0, 60)), why),
          .path = {},
          .offset_bytes = {},
          .system_errno = 0,
          .hint = "a block is written like W-0001..W-0999"};
}

/// Where the digits at the end begin.
std::size_t digits_begin(std::string_view text) {
  std::size_t begin = text.size();
  while (begin > 0 && is_digit(text[begin - 1])) --begin;
  return begin;
}

}  // namespace

base::Result<NumberBlock> parse_number_block(std::string_view text) {
  if (text.size() > k_block_bytes_max)
    return misuse(text, fmt::format("it is longer than {} bytes", k_block_bytes_max));
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return misuse(text, "'..' is missing");
  const std::string_view from = text.substr(0, dots);
  const std::string_view to = text.substr(dots + 2);
  const std::size_t begin = digits_begin(from);
  if (digits_begin(to) != begin || from.substr(0, begin) != to.substr(0, begin))
    return misuse(text, "its ends begin with different letters");
  if (from.size() != to.size()) return misuse(text, "its ends have different numbers of digits");
  if (from.size() == begin || from.size() - begin > k_digits_max)
    return misuse(text, fmt::format("it needs 1 to {} digits", k_digits_max));
  NumberBlock block;
  block.prefix = from.substr(0, begin);
  block.digits = static_cast<unsigned>(from.size() - begin);
  std::from_chars(from.data() + begin, from.data() + from.size(), block.first);
  std::from_chars(to.data() + begin, to.data() + to.size(), block.last);
  if (!std::all_of(block.prefix.begin(), block.prefix.end(), &may_stand_in_prefix))
    return misuse(text, "only letters, digits, '-', '.' and '/' may stand in it");
  if (block.last < block.first) return misuse(text, "its last number is before its first");
  return block;
}

std::string number_text(const NumberBlock& block, std::uint64_t index) {
  const std::uint64_t size = block.last - block.first + 1;
  std::string text = fmt::format("{}{:0{}}", block.prefix, block.first + index % size, block.digits);
  if (index >= size) text += fmt::format("/{}", index / size + 1);
  return text;
}

std::string usual_block(std::string_view sheet_id) {
  std::string prefix;
  bool begins = true;
  for (const char c : sheet_id.substr(0, 200)) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter && begins && prefix.size() < 4) prefix += static_cast<char>(c >= 'a' ? c - 'a' + 'A' : c);
    begins = !letter && !is_digit(c);
  }
  if (prefix.empty()) prefix = "N";
  return fmt::format("{0}-0001..{0}-9999", prefix);
}

}  // namespace lastgood::backentry
