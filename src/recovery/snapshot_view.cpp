// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/snapshot_view.h"

#include <optional>
#include <utility>

#include "recovery/opened_source.h"
#include "sources/content_bytes.h"

namespace lastgood::recovery {

namespace {

base::Error not_there(std::string_view path) {
  return base::Error{.code = base::ErrorCode::not_found,
                     .what = "cannot find '" + base::printable(path) + "' in the snapshot",
                     .path = std::string(path),
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = {}};
}

}  // namespace

std::vector<engines::UnitEntry> unit_entries_of(const sources::Folder& folder) {
  std::vector<engines::UnitEntry> entries;
  entries.reserve(folder.entries.size());
  for (const model::TreeEntry& entry : folder.entries) {
    entries.push_back({.name = entry.name,
                       .kind = entry.kind,
                       .size_bytes = entry.content.size_bytes,
                       .mtime_ns = entry.mtime_ns,
                       .link_target = entry.link_target});
  }
  return entries;
}

base::Result<sources::Folder> SnapshotView::read(std::string_view folder) const {
  const auto parts = parts_of(folder);
  if (!parts) return not_there(folder);
  LG_ASSIGN(const std::optional<std::string> subtree, find_subtree(source_, root_, *parts));
  if (!subtree) return not_there(folder);
  return source_.read_folder(*subtree);
}

base::Result<std::vector<engines::UnitEntry>> SnapshotView::list(std::string_view folder) const {
  LG_ASSIGN(const sources::Folder read_folder, read(folder));
  return unit_entries_of(read_folder);
}

base::Result<std::unique_ptr<base::ByteSource>> SnapshotView::open(std::string_view file) const {
  const std::size_t slash = file.find_last_of('/');
  const std::string_view folder = slash == std::string_view::npos ? std::string_view() : file.substr(0, slash);
  LG_ASSIGN(const sources::Folder read_folder, read(folder));
  const model::TreeEntry* entry =
      find_entry(read_folder, slash == std::string_view::npos ? file : file.substr(slash + 1));
  if (entry == nullptr || entry->kind != model::EntryKind::regular) return not_there(file);
  LG_ASSIGN(std::unique_ptr<sources::Content> content, source_.open_content(entry->content));
  return std::unique_ptr<base::ByteSource>(std::make_unique<sources::ContentBytes>(std::move(content)));
}

std::unique_ptr<engines::UnitView> SnapshotView::open_outside(std::string_view path) const {
  const auto parts = parts_of(path);
  if (!parts) return nullptr;
  auto subtree = find_subtree(source_, root_, *parts);
  if (!subtree.ok() || !subtree.value()) return nullptr;
  return std::make_unique<SnapshotView>(source_, std::move(*subtree.value()));
}

}  // namespace lastgood::recovery
