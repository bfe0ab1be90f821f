// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/folder_tree.h"

#include <algorithm>
#include <utility>

#include "sources/source.h"

namespace lastgood::recovery::restore {

namespace {

constexpr std::size_t k_open_folders_max = 192;

}  // namespace

FolderTree::FolderTree() {
  nodes_.push_back({0, {}});
  by_path_[""] = 0;
}

std::uint32_t FolderTree::find(std::string_view path) const {
  const auto found = by_path_.find(std::string(path));
  return found == by_path_.end() ? k_no_folder : found->second;
}

std::uint32_t FolderTree::add(std::string_view path) {
  if (const std::uint32_t known = find(path); known != k_no_folder) return known;
  if (path.empty() || path.front() != '/') return k_no_folder;
  // All names are looked at before the first is added, so that a bad path leaves nothing.
  std::vector<std::size_t> ends;
  for (std::size_t from = 1; from <= path.size();) {
    const std::size_t end = std::min(path.find('/', from), path.size());
    if (!os::is_entry_name(path.substr(from, end - from))) return k_no_folder;
    ends.push_back(end);
    from = end + 1;
  }
  if (ends.size() > sources::k_depth_max || path.back() == '/') return k_no_folder;
  std::uint32_t parent = 0;
  std::size_t from = 1;
  for (const std::size_t end : ends) {
    const auto [place, made] = by_path_.try_emplace(std::string(path.substr(0, end)), size());
    if (made) nodes_.push_back({parent, std::string(path.substr(from, end - from))});
    parent = place->second;
    from = end + 1;
  }
  return parent;
}

std::string FolderTree::path(std::uint32_t folder) const {
  std::vector<std::uint32_t> up;
  for (; folder != 0; folder = nodes_[folder].parent) up.push_back(folder);
  std::string out;
  for (auto it = up.rbegin(); it != up.rend(); ++it) out += "/" + nodes_[*it].name;
  return out;
}

void FolderTree::put_elsewhere(std::uint32_t folder, std::uint32_t parent, std::string name) {
  nodes_[folder] = {parent, std::move(name)};
}

const os::Descriptor* FolderCache::find(std::uint32_t folder) {
  if (folder == 0) return &target_.root();
  if (slot_of_.size() <= folder || slot_of_[folder] == k_no_folder) return nullptr;
  Slot& slot = slots_[slot_of_[folder]];
  slot.used = true;
  return &slot.descriptor;
}

const os::Descriptor* FolderCache::keep(std::uint32_t folder, os::Descriptor descriptor) {
  if (slot_of_.size() < tree_.size()) slot_of_.resize(tree_.size(), k_no_folder);
  std::size_t at = slots_.size();
  if (at < k_open_folders_max) {
    slots_.emplace_back();
  } else {
    // The clock's hand: a slot that was used since it last came by gets another round.
    while (std::exchange(slots_[hand_].used, false)) hand_ = (hand_ + 1) % slots_.size();
    at = hand_;
    hand_ = (hand_ + 1) % slots_.size();
    slot_of_[slots_[at].folder] = k_no_folder;
  }
  slots_[at].folder = folder;
  slots_[at].used = true;
  slots_[at].descriptor = std::move(descriptor);
  slot_of_[folder] = static_cast<std::uint32_t>(at);
  return &slots_[at].descriptor;
}

base::Result<const os::Descriptor*> FolderCache::open(std::uint32_t folder) {
  if (const os::Descriptor* known = find(folder)) return known;
  std::vector<std::uint32_t> down;
  const os::Descriptor* from = nullptr;
  for (std::uint32_t at = folder; (from = find(at)) == nullptr; at = tree_.parent(at)) down.push_back(at);
  os::Descriptor current;
  for (auto it = down.rbegin(); it != down.rend(); ++it) {
    LG_ASSIGN(os::Descriptor next, target_.open_folder(*from, tree_.name(*it), tree_.path(*it)));
    // Kept at once: a long way down must not be walked again for the neighbour. Nothing opened here is dropped by
    // `keep` before it was used, because a dropped slot is never the newest.
    from = keep(*it, std::move(next));
  }
  return from;
}

void FolderCache::clear() {
  slots_.clear();
  slot_of_.clear();
  hand_ = 0;
}

}  // namespace lastgood::recovery::restore
