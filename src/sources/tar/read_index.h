// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Reads an archive once from front to end and makes its index. Every defect is a finding; what is whole stays readable.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sources/tar/tar_index.h"
#include "sources/tar/unpacked_bytes.h"

namespace lastgood::sources::tar {

/// Puts the members of `bytes` into `index`.
void read_index(UnpackedBytes& bytes, TarIndex& index);

/// A name from an archive as a path below its top. Leading '/', "./" and doubled '/' are taken off. `refused`: why it
/// cannot be one: "..", a NUL, too deep. An empty path is the top itself.
struct TamedPath {
  std::string path;
  std::optional<std::string_view> refused;
  bool was_absolute = false;
};
[[nodiscard]] TamedPath tame_path(std::string_view name);

}  // namespace lastgood::sources::tar
