// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <variant>

#include "ledger/ledger.h"

namespace lastgood::report {

/// The field of that name and kind; an empty one where the entry has none.
template <typename Value>
Value field_of(const ledger::Entry& entry, std::string_view name) {
  const auto at = entry.fields.find(name);
  if (at == entry.fields.end()) return {};
  const auto* value = std::get_if<Value>(&at->second);
  return value == nullptr ? Value{} : *value;
}

}  // namespace lastgood::report
