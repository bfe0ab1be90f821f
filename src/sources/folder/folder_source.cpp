// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/folder/folder_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/checksum.h"
#include "os/directory_list.h"
#include "sources/folder/folder_content.h"
#include "sources/folder/open_folder.h"

namespace lastgood::sources::folder {

namespace {

model::EntryKind kind_of(os::EntryType type) {
  switch (type) {
    case os::EntryType::regular: return model::EntryKind::regular;
    case os::EntryType::directory: return model::EntryKind::folder;
    case os::EntryType::link: return model::EntryKind::link;
    case os::EntryType::fifo: return model::EntryKind::fifo;
    case os::EntryType::socket: return model::EntryKind::socket;
    case os::EntryType::character_device: return model::EntryKind::character_device;
    case os::EntryType::block_device: return model::EntryKind::block_device;
  }
  return model::EntryKind::regular;
}

/// The handle of a content: inode number, ':', path below the place. The number is where it lies, roughly: tables of
/// inodes and the files' blocks follow it on most file systems.
struct Handle {
  std::uint64_t inode = 0;
  std::string_view path;
};

std::optional<Handle> parse_handle(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  Handle handle;
  const char* end = text.data() + colon;
  const auto parsed = std::from_chars(text.data(), end, handle.inode);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  handle.path = text.substr(colon + 1);
  return handle;
}

/// True for a path that read_folder gave: parts without "..", not absolute, not deeper than sources go.
bool is_plain_path(std::string_view path) {
  std::size_t parts = 0;
  if (path.find('\0') != std::string_view::npos) return false;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view part = path.substr(at, end - at);
    if (part.empty() || part == ".." || (part == "." && at > 0) || ++parts > k_depth_max) return false;
    at = end + 1;
  }
  return true;
}

base::Error unknown_id(std::string_view subtree) {
  return base::Error{
      .code = base::ErrorCode::not_found,
      .what = fmt::format("cannot open '{}': it is in no snapshot", base::printable(subtree.substr(0, 512))),
      .path = std::string(subtree),
      .offset_bytes = {},
      .system_errno = 0,
      .hint = {}};
}

std::string joined(std::string_view folder, std::string_view name) {
  return std::string(folder) + "/" + std::string(name);
}

/// What cannot be read of an entry is a finding of it: the rest is worth having.
void add_links_and_attributes(const os::Descriptor& directory, const std::string& path, model::TreeEntry& entry) {
  if (entry.kind == model::EntryKind::link) {
    auto target = os::read_link_at(directory, entry.name, path);
    if (target.ok()) {
      entry.link_target = std::move(target).value();
    } else {
      entry.findings.push_back({.rule = "folder.link", .sentence = target.error().what});
    }
  }
  auto attributes = os::read_attributes_at(directory, entry.name, path);
  if (!attributes.ok()) {
    entry.findings.push_back({.rule = "folder.attributes", .sentence = attributes.error().what});
    return;
  }
  for (os::NamedValue& attribute : attributes.value()) {
    entry.attributes.push_back({std::move(attribute.name), std::move(attribute.value)});
  }
}

base::Result<model::TreeEntry> read_entry(const os::Descriptor& directory, std::string_view folder, std::string name) {
  const std::string path = joined(folder, name);
  LG_ASSIGN(const os::EntryStatus status, os::entry_status_at(directory, name, path));
  model::TreeEntry entry;
  entry.name = std::move(name);
  entry.kind = kind_of(status.type);
  entry.mode = status.mode;
  entry.user_id = status.user_id;
  entry.group_id = status.group_id;
  entry.mtime_ns = status.mtime_ns;
  entry.ctime_ns = status.ctime_ns;
  entry.device_number = status.device_number;
  entry.flags = status.flags;
  if (entry.kind == model::EntryKind::folder) entry.subtree = path;
  if (entry.kind == model::EntryKind::regular) {
    if (status.links > 1) entry.link_group = status.inode;
    entry.content.key = inode_key({.device = status.device,
                                   .inode = status.inode,
                                   .size_bytes = status.size_bytes,
                                   .mtime_ns = status.mtime_ns,
                                   .ctime_ns = status.ctime_ns});
    entry.content.size_bytes = status.size_bytes;
    entry.content.handle = std::to_string(status.inode) + ":" + path;
  }
  add_links_and_attributes(directory, path, entry);
  return entry;
}

}  // namespace

FolderSource::FolderSource(os::Descriptor place, std::string path, std::uint64_t device, FoundSnapshots found)
    : place_(std::move(place)),
      path_(std::move(path)),
      device_(device),
      snapshots_(std::move(found.snapshots)),
      findings_(std::move(found.findings)),
      hidden_(std::move(found.hidden)) {
  traits_.subtree_ids = SourceTraits::SubtreeIds::named_by_place;
  traits_.format = "folder";
  for (const model::Snapshot& snapshot : snapshots_) {
    auto root = std::make_unique<Root>();
    root->relative = snapshot.root;
    roots_.emplace(snapshot.root, std::move(root));
  }
}

void FolderSource::open_root(Root& root) const {
  root.device = device_;
  if (root.relative == ".") return;
  auto directory = os::open_evidence_directory(place_, root.relative);
  if (!directory.ok()) {
    root.failed = directory.error();
    return;
  }
  const auto status = os::status_of(directory.value(), root.relative);
  if (!status.ok()) {
    root.failed = status.error();
    return;
  }
  root.device = status.value().device;
  // On the place's own file system the place's descriptor serves: a thousand snapshots need no thousand descriptors.
  if (root.device != device_) root.own = os::hold_access_times(std::move(directory).value());
}

base::Result<FolderSource::PlaceInRoot> FolderSource::find_root(std::string_view subtree) {
  if (!is_plain_path(subtree)) return unknown_id(subtree);
  for (std::size_t end = subtree.find('/');; end = subtree.find('/', end + 1)) {
    const auto found = roots_.find(subtree.substr(0, end));
    if (found == roots_.end()) {
      if (end == std::string_view::npos) return unknown_id(subtree);
      continue;
    }
    Root& root = *found->second;
    std::call_once(root.opened, [&] { open_root(root); });
    if (root.failed) return *root.failed;
    return PlaceInRoot{&root, end == std::string_view::npos ? std::string_view() : subtree.substr(end + 1)};
  }
}

base::Result<os::Descriptor> FolderSource::open_below(const PlaceInRoot& where) {
  const Root& root = *where.root;
  if (root.own.open()) return os::open_evidence_directory(root.own, where.below);
  if (root.relative == ".") return os::open_evidence_directory(place_, where.below);
  return os::open_evidence_directory(place_, where.below.empty() ? root.relative : joined(root.relative, where.below));
}

base::Result<Folder> FolderSource::read_folder(std::string_view subtree) {
  LG_ASSIGN(const PlaceInRoot where, find_root(subtree));
  LG_ASSIGN(const os::Descriptor directory, open_below(where));
  LG_ASSIGN(const os::FileStatus status, os::status_of(directory, subtree));
  Folder folder;
  if (status.device != where.root->device) {
    folder.findings.push_back(
        {.rule = "folder.device",
         .sentence = fmt::format("'{}' is another file system mounted here: name it as a source of its own",
                                 base::printable(subtree))});
    return folder;
  }
  const bool is_place = where.root->relative == "." && where.below.empty();
  std::vector<std::string> names;
  const base::Status listed = os::list_directory(directory, subtree, [&](std::string_view name, auto /*kind*/) {
    if (is_place && std::find(hidden_.begin(), hidden_.end(), name) != hidden_.end()) return true;
    names.emplace_back(name);
    return names.size() < k_folder_entries_max;
  });
  if (!listed.ok()) folder.findings.push_back({.rule = "folder.list", .sentence = listed.error().what});
  if (names.size() >= k_folder_entries_max) {
    folder.findings.push_back({.rule = "folder.entries",
                               .sentence = fmt::format("more than {} entries: the rest is not read", names.size())});
  }
  std::sort(names.begin(), names.end());
  folder.entries.reserve(names.size());
  for (std::string& name : names) {
    auto entry = read_entry(directory, subtree, std::move(name));
    if (entry.ok()) {
      folder.entries.push_back(std::move(entry).value());
    } else {
      folder.findings.push_back({.rule = "folder.entry", .sentence = entry.error().what});
    }
  }
  return folder;
}

base::Result<std::unique_ptr<Content>> FolderSource::open_content(const model::ContentRef& content) {
  const auto handle = parse_handle(content.handle);
  if (!handle) return unknown_id(content.handle);
  const std::size_t slash = handle->path.rfind('/');
  if (slash == std::string_view::npos) return unknown_id(content.handle);
  const std::string name(handle->path.substr(slash + 1));
  if (name.empty() || name == "." || name == ".." || name.find('\0') != std::string::npos) {
    return unknown_id(content.handle);
  }
  LG_ASSIGN(const PlaceInRoot where, find_root(handle->path.substr(0, slash)));
  LG_ASSIGN(const os::Descriptor directory, open_below(where));
  return open_inode(directory, name, joined(path_, handle->path), content);
}

std::optional<std::string> FolderSource::find_on_this_machine(std::string_view subtree) {
  const base::Result<PlaceInRoot> where = find_root(subtree);
  if (!where.ok()) return std::nullopt;
  const base::Result<os::Descriptor> directory = open_below(where.value());
  return directory.ok() ? os::find_real_path(directory.value(), joined(path_, subtree)) : std::nullopt;
}

std::uint64_t FolderSource::position_of(const model::ContentRef& content) const {
  const auto handle = parse_handle(content.handle);
  return handle ? handle->inode : 0;
}

base::Result<std::unique_ptr<Source>> open_folder(const std::string& location, const SourceSecrets& /*secrets*/,
                                                  const OpenOptions& options) {
  auto opened = os::open_evidence_root(location);
  if (!opened.ok()) {
    base::Error error = std::move(opened).error();
    if (error.code == base::ErrorCode::misuse) error.hint = "name the folder that the link points to";
    return error;
  }
  const os::Descriptor plain = std::move(opened).value();
  // Snapshots of ZFS are mounted when somebody looks; a detached view would not see that, so they are found without.
  LG_ASSIGN(FoundSnapshots found, find_snapshots(plain, location, options.names_in));
  if (options.as_of_ns) {
    std::erase_if(found.snapshots,
                  [&](const model::Snapshot& snapshot) { return snapshot.time_ns > *options.as_of_ns; });
  }
  LG_ASSIGN(os::Descriptor again, os::open_evidence_directory(plain, ""));
  LG_ASSIGN(const os::FileStatus status, os::status_of(plain, location));
  return std::unique_ptr<Source>(std::make_unique<FolderSource>(os::hold_access_times(std::move(again)), location,
                                                                status.device, std::move(found)));
}

}  // namespace lastgood::sources::folder
