// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/tar/tar_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace lastgood::sources::tar {

namespace {

// What a map's node, a node and a member cost beside their texts.
constexpr std::uint64_t k_node_bytes = 120;
constexpr std::size_t k_texts_max = 100'000;

std::string in_quotes(std::string_view path) { return "'" + base::printable(path.substr(0, 300)) + "'"; }

std::uint64_t memory_of(const Member& member) {
  std::uint64_t bytes = sizeof(Member) + member.link_target.size();
  if (member.extras == nullptr) return bytes;
  const MemberExtras& extras = *member.extras;
  bytes += sizeof(MemberExtras) + extras.acl_access.size() + extras.acl_default.size() + extras.parts.size() * 24;
  for (const model::Attribute& attribute : extras.attributes) {
    bytes += sizeof attribute + attribute.name.size() + attribute.value.size();
  }
  return bytes;
}

}  // namespace

void FindingTally::add(std::string_view rule, std::string sentence) {
  auto found = told_.find(rule);
  if (found == told_.end()) found = told_.emplace(std::string(rule), Told{std::move(sentence), 0}).first;
  ++found->second.count;
}

std::vector<model::Finding> FindingTally::findings() const {
  std::vector<model::Finding> all;
  for (const auto& [rule, told] : told_) {
    all.push_back(
        {.rule = rule,
         .sentence = told.count == 1 ? told.first : fmt::format("{} (and {} more)", told.first, told.count - 1)});
  }
  return all;
}

TarIndex::TarIndex() {
  nodes_.emplace_back();
  nodes_.front().children = std::make_unique<Children>();
}

const std::string* TarIndex::intern(const std::string& text) {
  if (text.empty()) return nullptr;
  const auto found = texts_.find(text);
  if (found != texts_.end()) return &*found;
  if (texts_.size() >= k_texts_max) return nullptr;
  memory_bytes_ += text.size() + k_node_bytes;
  return &*texts_.insert(text).first;
}

std::uint32_t TarIndex::add_node(Children& children, std::string_view name) {
  const auto number = static_cast<std::uint32_t>(nodes_.size());
  // Before the vector grows: `children` lives in a node.
  children.emplace(std::string(name), number);
  nodes_.emplace_back();
  memory_bytes_ += k_node_bytes + name.size();
  return number;
}

/// The folder that `path` lies in; k_none when something on the way is no folder, or is missing and not to be made.
std::uint32_t TarIndex::find_parent(std::string_view path, Missing missing) {
  std::uint32_t at = 0;
  for (std::size_t from = 0, slash = path.find('/'); slash != std::string_view::npos;
       from = slash + 1, slash = path.find('/', from)) {
    Children& children = *nodes_[at].children;
    const std::string_view name = path.substr(from, slash - from);
    const auto found = children.find(name);
    if (found == children.end()) {
      if (missing == Missing::refuse) return k_none;
      at = add_node(children, name);
      nodes_[at].children = std::make_unique<Children>();
    } else {
      at = found->second;
    }
    if (nodes_[at].children == nullptr) return k_none;
  }
  return at;
}

std::optional<std::uint32_t> TarIndex::find_node(std::string_view path) {
  const std::uint32_t parent = find_parent(path, Missing::refuse);
  if (parent == k_none) return std::nullopt;
  const Children& children = *nodes_[parent].children;
  const auto found = children.find(path.substr(path.rfind('/') + 1));
  return found == children.end() ? std::nullopt : std::optional(found->second);
}

void TarIndex::release(std::uint32_t member) {
  if (member != k_none) --members_[member].names;
}

/// Gives the name to the member, as extracting would: the later one stays.
bool TarIndex::place(const std::string& path, std::uint32_t member) {
  const bool is_folder = members_[member].kind == model::EntryKind::folder;
  const std::uint32_t parent = find_parent(path, Missing::make);
  if (parent == k_none) {
    tally_.add("tar.name.through",
               fmt::format("{} would lie below something that is no folder: refused", in_quotes(path)));
    return true;
  }
  Children& children = *nodes_[parent].children;
  const std::string_view name = std::string_view(path).substr(path.rfind('/') + 1);
  const auto found = children.find(name);
  const std::uint32_t number = found == children.end() ? add_node(children, name) : found->second;
  Node& node = nodes_[number];
  if (found != children.end() && node.member != k_none) {
    tally_.add("tar.name.again",
               fmt::format("{} is in the archive more than once: the last one counts", in_quotes(path)));
  }
  if (!is_folder && node.children != nullptr && !node.children->empty()) {
    tally_.add("tar.name.folder",
               fmt::format("{} is a folder with members and comes again as none: the folder stays", in_quotes(path)));
    return true;
  }
  release(std::exchange(node.member, member));
  ++members_[member].names;
  if (!is_folder) {
    node.children.reset();
  } else if (node.children == nullptr) {
    node.children = std::make_unique<Children>();
  }
  return true;
}

bool TarIndex::add(const std::string& path, Member member) {
  const std::uint64_t needed = memory_of(member) + path.size() + k_node_bytes;
  if (memory_bytes_ + needed > k_memory_bytes_max || members_.size() >= k_none || nodes_.size() >= k_none - 5'000) {
    return false;
  }
  memory_bytes_ += memory_of(member);
  newest_mtime_ns_ = std::max(newest_mtime_ns_, member.mtime_ns);
  members_.push_back(std::move(member));
  return place(path, static_cast<std::uint32_t>(members_.size() - 1));
}

bool TarIndex::add_link(const std::string& path, const std::string& target) {
  if (memory_bytes_ + path.size() + k_node_bytes > k_memory_bytes_max || nodes_.size() >= k_none - 5'000) return false;
  const auto found = find_node(target);
  const std::uint32_t member = found ? nodes_[*found].member : k_none;
  if (member == k_none || nodes_[*found].children != nullptr) {
    tally_.add("tar.link.target", fmt::format("{} is a hard link to {}, which is no file in the archive: refused",
                                              in_quotes(path), in_quotes(target)));
    return true;
  }
  if (path == target) return true;
  return place(path, member);
}

const TarIndex::Children* TarIndex::find_folder(std::string_view path) const {
  const Node* at = &nodes_.front();
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    if (at->children == nullptr) return nullptr;
    const auto found = at->children->find(path.substr(0, slash));
    if (found == at->children->end()) return nullptr;
    at = &nodes_[found->second];
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return at->children.get();
}

}  // namespace lastgood::sources::tar
