// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A tree blob as entries (design.rst, "Trees and Data"; nodes as internal/restic/node.go writes them). No I/O.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "model/tree_entry.h"
#include "sources/restic/blob_id.h"

namespace lastgood::sources::restic {

/// One node: the entry without its content, and what names the content.
struct TreeNode {
  model::TreeEntry entry;
  std::vector<BlobId> content;
  std::optional<std::uint64_t> size_bytes;  // as the node says
};

/// Trees are larger than this only where somebody wants our memory.
inline constexpr std::uint32_t k_tree_bytes_max = std::uint32_t{1} << 30;

/// Shows the nodes in the order they stand in, which need be none. `bytes` ends with k_json_padding_bytes of padding.
/// Refused nodes (names that could leave their folder, unknown types) and a break of the text are findings; the nodes
/// before a break are shown.
[[nodiscard]] std::vector<model::Finding> parse_tree(const std::vector<std::uint8_t>& bytes,
                                                     const std::function<void(TreeNode&&)>& visit);

}  // namespace lastgood::sources::restic
