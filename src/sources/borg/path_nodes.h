// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The folders that any archive names, as a tree of numbers: an item then needs only the number of the folder it is in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sources/borg/bytes_pool.h"

namespace lastgood::sources::borg {

inline constexpr std::uint32_t k_no_node = UINT32_MAX;

/// Node 0 is the root; a child's number is always larger than its parent's. One thread.
class PathNodes {
 public:
  /// Of all archives together; more is damage or an attack on memory.
  static constexpr std::size_t k_nodes_max = 16'000'000;
  static constexpr std::size_t k_path_bytes_max = 65'536;

  explicit PathNodes(BytesPool& names) : names_(names) { nodes_.push_back({}); }

  struct Place {
    std::uint32_t folder = 0;
    std::string_view name;  // last part of the path given
  };
  /// Splits "a/b/c" and makes the nodes of "a" and "a/b". Nothing when a part is "", "." or "..", holds a NUL, is
  /// longer than 255 bytes, or when a limit is reached.
  [[nodiscard]] std::optional<Place> place_of(std::string_view path);
  /// k_no_node at the limit.
  [[nodiscard]] std::uint32_t child(std::uint32_t folder, std::string_view name);

  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  [[nodiscard]] std::uint32_t parent(std::uint32_t node) const { return nodes_[node].parent; }
  [[nodiscard]] std::string_view name(std::uint32_t node) const { return names_.at(nodes_[node].name); }
  [[nodiscard]] std::string path(std::uint32_t node) const;

 private:
  struct Node {
    std::uint32_t parent = 0;
    std::uint32_t name = 0;
  };
  BytesPool& names_;
  std::vector<Node> nodes_;
  std::unordered_map<std::uint64_t, std::uint32_t> children_;  // parent and name to node
  std::string last_parent_;                                    // items of one folder mostly follow each other
  std::uint32_t last_node_ = 0;
};

[[nodiscard]] bool is_name(std::string_view name);

}  // namespace lastgood::sources::borg
