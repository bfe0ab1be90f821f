// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/borg/folder_store.h"

#include "base/byte_view.h"

namespace lastgood::sources::borg {

using base::ByteView;

namespace {

void append_number(std::string& out, std::uint32_t value) {
  for (unsigned i = 0; i < 4; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFF);
}

}  // namespace

std::size_t FolderStore::slot_of(const FolderDigest& digest) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = static_cast<std::size_t>(ByteView(digest).le64(0)) & mask;
  while (slots_[slot] != 0 && digests_[slots_[slot] - 1] != digest) slot = (slot + 1) & mask;
  return slot;
}

std::optional<std::uint32_t> FolderStore::find(const FolderDigest& digest) const {
  const std::uint32_t found = slots_[slot_of(digest)];
  if (found == 0) return std::nullopt;
  return found - 1;
}

void FolderStore::grow() {
  slots_.assign(slots_.size() * 2, 0);
  for (std::uint32_t number = 0; number < digests_.size(); ++number) slots_[slot_of(digests_[number])] = number + 1;
}

std::uint32_t FolderStore::add(const View& folder, const FolderDigest& digest, std::vector<model::Finding> findings) {
  const std::size_t slot = slot_of(digest);
  if (slots_[slot] != 0) return slots_[slot] - 1;
  std::string list;
  list.reserve(4 * (1 + folder.entries.size() + folder.children.size()));
  append_number(list, static_cast<std::uint32_t>(folder.entries.size()));
  for (const std::uint32_t entry : folder.entries) append_number(list, entry);
  for (const std::uint32_t child : folder.children) append_number(list, child);
  const auto number = static_cast<std::uint32_t>(digests_.size());
  list_of_.push_back(lists_.intern(list));
  digests_.push_back(digest);
  slots_[slot] = number + 1;
  if (!findings.empty()) findings_.emplace(number, std::move(findings));
  if (digests_.size() * 4 > slots_.size() * 3) grow();
  return number;
}

FolderStore::View FolderStore::view(std::uint32_t number) const {
  const ByteView list(lists_.at(list_of_[number]));
  const std::uint64_t entries = list.le32(0);
  View out;
  out.entries.reserve(static_cast<std::size_t>(entries));
  for (std::uint64_t i = 0; i < entries; ++i) out.entries.push_back(list.le32(4 + 4 * i));
  for (std::uint64_t at = 4 + 4 * entries; at < list.size(); at += 4) out.children.push_back(list.le32(at));
  return out;
}

std::vector<model::Finding> FolderStore::findings(std::uint32_t number) const {
  const auto found = findings_.find(number);
  return found == findings_.end() ? std::vector<model::Finding>() : found->second;
}

}  // namespace lastgood::sources::borg
