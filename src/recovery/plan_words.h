// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Words of plan files for values of the model.
#pragma once

#include <optional>
#include <string_view>

#include "model/tree_entry.h"

namespace lastgood::recovery {

/// "file", "folder", "link", "fifo", "socket", "character_device", "block_device".
std::string_view name_of_kind(model::EntryKind kind);
std::optional<model::EntryKind> find_kind(std::string_view name);

}  // namespace lastgood::recovery
