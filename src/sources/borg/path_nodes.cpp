// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/borg/path_nodes.h"

#include <algorithm>

#include "sources/source.h"

namespace lastgood::sources::borg {

bool is_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.size() <= 255 &&
         name.find('\0') == std::string_view::npos && name.find('/') == std::string_view::npos;
}

std::uint32_t PathNodes::child(std::uint32_t folder, std::string_view name) {
  const std::uint64_t key = (std::uint64_t{folder} << 32) | names_.intern(name);
  const auto found = children_.find(key);
  if (found != children_.end()) return found->second;
  if (nodes_.size() >= k_nodes_max) return k_no_node;
  const auto node = static_cast<std::uint32_t>(nodes_.size());
  nodes_.push_back({.parent = folder, .name = static_cast<std::uint32_t>(key)});
  children_.emplace(key, node);
  return node;
}

std::optional<PathNodes::Place> PathNodes::place_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  if (path.size() > k_path_bytes_max || !is_name(name)) return std::nullopt;
  if (slash == std::string_view::npos) return Place{.folder = 0, .name = name};
  const std::string_view above = path.substr(0, slash);
  if (above == last_parent_ && last_node_ != 0) return Place{.folder = last_node_, .name = name};
  std::uint32_t node = 0;
  std::size_t depth = 0;
  for (std::size_t at = 0; at <= above.size();) {
    const std::size_t end = std::min(above.find('/', at), above.size());
    const std::string_view part = above.substr(at, end - at);
    if (!is_name(part) || ++depth > k_depth_max) return std::nullopt;
    node = child(node, part);
    if (node == k_no_node) return std::nullopt;
    at = end + 1;
  }
  last_parent_ = above;
  last_node_ = node;
  return Place{.folder = node, .name = name};
}

std::string PathNodes::path(std::uint32_t node) const {
  std::vector<std::string_view> parts;
  for (; node != 0; node = nodes_[node].parent) parts.push_back(name(node));
  std::string out;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    if (!out.empty()) out += '/';
    out += *part;
  }
  return out;
}

}  // namespace lastgood::sources::borg
