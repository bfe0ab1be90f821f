// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/output/with_case.h"

#include <algorithm>
#include <array>

#include "cli/output/shell_word.h"
#include "cli/run.h"

namespace lastgood::cli {

namespace {

constexpr std::string_view k_program = "lastgood ";
constexpr std::array<std::string_view, 4> k_without_case = {"help", "man", "completion", "version"};

bool is_word_of_ours(std::string_view word) {
  const auto all = commands();
  return std::any_of(all.begin(), all.end(), [&](const Command& command) { return command.name == word; }) &&
         std::find(k_without_case.begin(), k_without_case.end(), word) == k_without_case.end();
}

}  // namespace

std::string with_case(std::string_view text, const std::string& case_folder) {
  if (case_folder.empty()) return std::string(text);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t found = text.find(k_program, at);
    if (found == std::string_view::npos) return out + std::string(text.substr(at));
    const std::size_t begin = found + k_program.size();
    const std::size_t end = std::min(text.find_first_not_of("abcdefghijklmnopqrstuvwxyz", begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    const std::string_view behind = text.substr(end);
    // "case new" makes another one.
    const bool is_named = is_word_of_ours(word) && !(word == "case" && behind.starts_with(" new"));
    out += text.substr(at, begin - at);
    if (is_named) out += "--case " + shell_word(case_folder) + " ";
    at = begin;
  }
  return out;
}

}  // namespace lastgood::cli
