// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/plan_words.h"

#include <array>

namespace lastgood::recovery {

namespace {
constexpr std::array<std::string_view, 7> k_kinds = {"file",   "folder",           "link",        "fifo",
                                                     "socket", "character_device", "block_device"};
}  // namespace

std::string_view name_of_kind(model::EntryKind kind) { return k_kinds.at(static_cast<std::size_t>(kind)); }

std::optional<model::EntryKind> find_kind(std::string_view name) {
  for (std::size_t i = 0; i < k_kinds.size(); ++i) {
    if (k_kinds[i] == name) return static_cast<model::EntryKind>(i);
  }
  return std::nullopt;
}

}  // namespace lastgood::recovery
