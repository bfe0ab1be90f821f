// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/outside_paths.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "recovery/case_sources.h"
#include "recovery/opened_source.h"
#include "recovery/units/snapshot_view.h"
#include "sources/open_source.h"

namespace lastgood::recovery {

namespace {

/// "/bk/day/ts" below "/bk" is "/day/ts"; nothing for what does not lie below it.
std::optional<std::string_view> find_rest(std::string_view path, std::string_view folder) {
  if (folder.empty() || !path.starts_with(folder) || path.size() == folder.size() || path[folder.size()] != '/')
    return std::nullopt;
  return path.substr(folder.size());
}

/// Without its first part; empty where there is no other.
std::string_view behind_first(std::string_view path) {
  const std::size_t slash = path.find('/', 1);
  return slash == std::string_view::npos ? std::string_view() : path.substr(slash);
}

std::string local_folder(const model::BackupSource& source) {
  const auto address = sources::parse_source_address(source.address);
  return address.ok() ? sources::local_folder_of(address.value()) : std::string();
}

}  // namespace

std::vector<OutsidePath> find_outside_paths(const model::BackupSource& source, const model::Snapshot& snapshot,
                                            std::string_view target) {
  std::vector<OutsidePath> out;
  const auto parts = parts_of(target);
  if (!target.starts_with('/') || !parts || parts->empty()) return out;
  std::string plain;
  for (const std::string& part : *parts) plain += "/" + part;
  const auto add = [&out](std::string_view stored, OutsidePath::Of of) {
    const bool is_known = std::any_of(out.begin(), out.end(), [&](const auto& one) { return one.stored == stored; });
    if (!stored.empty() && !is_known) out.push_back({std::string(stored), of});
  };
  if (const auto stored = stored_path_of(source, plain)) add(*stored, OutsidePath::Of::victim);
  add(plain, OutsidePath::Of::victim);
  const auto rest = find_rest(plain, local_folder(source));
  // Below a live tree a tool's snapshots (".zfs/snapshot/NAME") have the paths of that tree.
  const bool is_of_tree = snapshot.root == "." || snapshot.root.find('/') != std::string::npos;
  // A folder of snapshots: the job may have called this one otherwise while it wrote it ("current"), and rsnapshot does
  // so every night. What a link of a snapshot leads to is in that snapshot.
  if (rest) add(is_of_tree ? *rest : behind_first(*rest), OutsidePath::Of::backup);
  // The folder of snapshots lies elsewhere by now, and the snapshot's name says where it begins.
  const std::string within = "/" + snapshot.id + "/";
  const std::size_t at = plain.find(within);
  if (!rest && at != std::string::npos && snapshot.id != ".")
    add(std::string_view(plain).substr(at + within.size() - 1), OutsidePath::Of::backup);
  return out;
}

base::Result<std::unique_ptr<engines::UnitView>> open_source_view(const model::BackupSource& record,
                                                                  sources::Source& source,
                                                                  const model::Snapshot& snapshot,
                                                                  const std::string& path) {
  return open_snapshot_view(source, snapshot, path, [record, snapshot](std::string_view target) {
    std::vector<std::string> paths;
    for (OutsidePath& outside : find_outside_paths(record, snapshot, target))
      paths.push_back(std::move(outside.stored));
    return paths;
  });
}

}  // namespace lastgood::recovery
