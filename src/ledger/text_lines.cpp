// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "ledger/text_lines.h"

#include "ledger/merkle_tree.h"

namespace lastgood::ledger {

namespace {

constexpr std::size_t k_number_digits_max = 16;
constexpr std::size_t k_case_id_digits = 32;

}  // namespace

std::optional<std::string_view> take_line(std::string_view& text, std::string_view name) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view line = text.substr(0, end);
  if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != ' ') return std::nullopt;
  line.remove_prefix(name.size() + 1);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<std::uint64_t> take_number(std::string_view& text, std::string_view name) {
  std::string_view rest = text;
  const auto digits = take_line(rest, name);
  if (!digits || digits->empty() || digits->size() > k_number_digits_max) return std::nullopt;
  if (digits->find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  if (digits->size() > 1 && digits->front() == '0') return std::nullopt;
  std::uint64_t out = 0;
  for (const char c : *digits) out = out * 10 + static_cast<std::uint64_t>(c - '0');
  text = rest;
  return out;
}

std::optional<base::Sha256Digest> take_digest(std::string_view& text, std::string_view name) {
  std::string_view rest = text;
  const auto digits = take_line(rest, name);
  auto out = digits ? parse_digest(*digits) : std::nullopt;
  if (out) text = rest;
  return out;
}

bool is_case_id(std::string_view text) {
  return text.size() == k_case_id_digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace lastgood::ledger
