// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/units/snapshot_view.h"

#include <algorithm>
#include <mutex>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "sources/content_bytes.h"

namespace lastgood::recovery {

namespace {

using engines::UnitEntry;
using engines::UnitView;
using FolderPointer = std::shared_ptr<const sources::Folder>;

base::Error nothing_there(std::string_view path) {
  return {.code = base::ErrorCode::not_found,
          .what = fmt::format("'{}' is not in this snapshot", base::printable(path)),
          .path = std::string(path)};
}

/// As of a live tree: a link or a pipe in place of a file is no file that is missing.
base::Error no_file(std::string_view path) {
  return {.code = base::ErrorCode::misuse,
          .what = fmt::format("'{}' is no regular file in this snapshot", base::printable(path)),
          .path = std::string(path)};
}

/// The folders of one snapshot that were read last: a check opens many files of few folders. Any thread.
class FolderCache {
 public:
  FolderCache(sources::Source& source, std::string root) : source_(source), root_(std::move(root)) {}

  sources::Source& source() { return source_; }

  struct Listed {
    std::string subtree;
    FolderPointer folder;
  };
  /// `path` without '/' at its ends.
  base::Result<Listed> find_folder(std::string_view path) {
    std::string subtree = root_;
    LG_ASSIGN(FolderPointer here, read(subtree));
    while (!path.empty()) {
      const std::size_t slash = path.find('/');
      const std::string_view name = path.substr(0, slash);
      path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
      if (name.empty()) continue;
      const model::TreeEntry* const entry = find(*here, name);
      if (entry == nullptr || entry->kind != model::EntryKind::folder) return nothing_there(name);
      subtree = entry->subtree;
      LG_ASSIGN(here, read(subtree));
    }
    return Listed{std::move(subtree), std::move(here)};
  }
  base::Result<FolderPointer> folder(std::string_view path) {
    LG_ASSIGN(Listed listed, find_folder(path));
    return std::move(listed.folder);
  }

  static const model::TreeEntry* find(const sources::Folder& folder, std::string_view name) {
    const auto found =
        std::lower_bound(folder.entries.begin(), folder.entries.end(), name,
                         [](const model::TreeEntry& entry, std::string_view n) { return entry.name < n; });
    return found == folder.entries.end() || found->name != name ? nullptr : &*found;
  }

 private:
  static constexpr std::size_t k_folders_max = 512;

  base::Result<FolderPointer> read(const std::string& subtree) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      const auto found = kept_.find(subtree);
      if (found != kept_.end()) return found->second;
    }
    LG_ASSIGN(sources::Folder folder, source_.read_folder(subtree));
    auto pointer = std::make_shared<const sources::Folder>(std::move(folder));
    const std::lock_guard<std::mutex> lock(mutex_);
    if (kept_.size() >= k_folders_max) kept_.clear();
    kept_.emplace(subtree, pointer);
    return FolderPointer(std::move(pointer));
  }

  sources::Source& source_;
  std::string root_;
  std::mutex mutex_;
  std::unordered_map<std::string, FolderPointer> kept_;
};

class SnapshotView final : public UnitView {
 public:
  SnapshotView(std::shared_ptr<FolderCache> cache, std::string path, OutsideLookup outside)
      : cache_(std::move(cache)), path_(std::move(path)), outside_(std::move(outside)) {}

  [[nodiscard]] base::Result<std::vector<UnitEntry>> list(std::string_view folder) const override {
    LG_ASSIGN(const FolderPointer listed, cache_->folder(below(folder)));
    std::vector<UnitEntry> entries;
    entries.reserve(listed->entries.size());
    for (const model::TreeEntry& entry : listed->entries) {
      entries.push_back({.name = entry.name,
                         .kind = entry.kind,
                         .size_bytes = entry.content.size_bytes,
                         .mtime_ns = entry.mtime_ns,
                         .link_target = entry.link_target});
    }
    return entries;
  }

  [[nodiscard]] base::Result<std::unique_ptr<base::ByteSource>> open(std::string_view file) const override {
    const std::string path = below(file);
    const std::size_t slash = path.rfind('/');
    const std::string_view name = slash == std::string::npos ? path : std::string_view(path).substr(slash + 1);
    LG_ASSIGN(
        const FolderPointer folder,
        cache_->folder(slash == std::string::npos ? std::string_view{} : std::string_view(path).substr(0, slash)));
    const model::TreeEntry* const entry = FolderCache::find(*folder, name);
    if (entry == nullptr) return nothing_there(file);
    if (entry->kind != model::EntryKind::regular) return no_file(file);
    LG_ASSIGN(std::unique_ptr<sources::Content> content, cache_->source().open_content(entry->content));
    return std::unique_ptr<base::ByteSource>(std::make_unique<sources::ContentBytes>(std::move(content)));
  }

  [[nodiscard]] std::unique_ptr<UnitView> open_outside(std::string_view path) const override {
    if (!path.starts_with('/')) return nullptr;
    for (std::string& at : outside_ ? outside_(path) : std::vector<std::string>{std::string(path)}) {
      if (cache_->folder(at).ok()) return std::make_unique<SnapshotView>(cache_, std::move(at), outside_);
    }
    return nullptr;
  }

  [[nodiscard]] std::optional<std::string> find_on_this_machine(std::string_view folder) const override {
    const base::Result<FolderCache::Listed> listed = cache_->find_folder(below(folder));
    return listed.ok() ? cache_->source().find_on_this_machine(listed.value().subtree) : std::nullopt;
  }

 private:
  [[nodiscard]] std::string below(std::string_view relative) const {
    if (path_.empty()) return std::string(relative);
    return relative.empty() ? path_ : fmt::format("{}/{}", path_, relative);
  }

  std::shared_ptr<FolderCache> cache_;
  std::string path_;
  OutsideLookup outside_;
};

}  // namespace

base::Result<std::unique_ptr<UnitView>> open_snapshot_view(sources::Source& source, const model::Snapshot& snapshot,
                                                           const std::string& path, OutsideLookup outside) {
  auto cache = std::make_shared<FolderCache>(source, snapshot.root);
  // The root is read when somebody asks for something in it.
  if (!path.empty() && path != "/") LG_TRY(cache->folder(path));
  const std::size_t from = std::min(path.find_first_not_of('/'), path.size());
  return std::unique_ptr<UnitView>(
      std::make_unique<SnapshotView>(std::move(cache), path.substr(from), std::move(outside)));
}

}  // namespace lastgood::recovery
