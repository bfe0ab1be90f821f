// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What the case can say in a field of a notice, by name. Pure: the same facts give the same words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "facts/case_facts.h"

namespace lastgood::notices {

enum class Standing : std::uint8_t { unknown, estimate, final };
std::string_view name_of(Standing standing);

struct Statement {
  Standing standing = Standing::unknown;
  std::vector<std::string> lines;  // empty: unknown
  std::vector<std::string> basis;  // what each stands on
};

/// Every name that a rule may ask for.
[[nodiscard]] std::vector<std::string_view> statement_names();
/// REQUIRES: `name` is one of statement_names().
[[nodiscard]] Statement state(std::string_view name, const facts::CaseFacts& facts);

}  // namespace lastgood::notices
