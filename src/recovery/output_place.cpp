// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/output_place.h"

#include <filesystem>

#include <fmt/format.h>

#include "base/error.h"
#include "base/misuse.h"
#include "os/paths.h"
#include "os/restore_target.h"

namespace lastgood::recovery {

namespace {

bool is_there(const std::filesystem::path& path) {
  std::error_code unknown;
  return std::filesystem::exists(path, unknown);
}

/// Of PostgreSQL or MariaDB, of this machine or copied.
bool is_data_directory(const std::filesystem::path& folder) {
  return (is_there(folder / "PG_VERSION") && is_there(folder / "global")) ||
         (is_there(folder / "ibdata1") && is_there(folder / "mysql"));
}

/// The path itself, or the first folder above it that is there; whoever makes it says what is wrong with it.
std::filesystem::path nearest_there(const std::string& path) {
  std::error_code unknown;
  // As the system reads it: behind a link ".." leads to where that lies.
  std::filesystem::path nearest = std::filesystem::absolute(path, unknown);
  while (!is_there(nearest) && nearest.has_relative_path()) nearest = nearest.parent_path();
  return nearest;
}

base::Error refused(const std::string& path, const std::string& what, const std::filesystem::path& place) {
  base::Error error = base::misuse(fmt::format("nothing is written to '{}': it lies in {}, '{}'", base::printable(path),
                                               what, base::printable(place.string())),
                                   "choose a folder outside of all backups and databases");
  error.path = path;
  return error;
}

}  // namespace

base::Result<std::vector<std::string>> find_source_folders(casefile::CaseStore& store) {
  LG_ASSIGN(const std::vector<model::BackupSource> sources, store.backups().sources());
  std::vector<std::string> out;
  for (const model::BackupSource& source : sources) {
    const std::size_t colon = source.address.find(':');
    if (colon == std::string::npos) continue;
    const auto folder = os::absolute_path(source.address.substr(colon + 1));
    if (folder.ok()) out.push_back(folder.value());
  }
  return out;
}

base::Status check_outside_sources(casefile::CaseStore& store, const std::string& path) {
  const std::filesystem::path nearest = nearest_there(path);
  LG_ASSIGN(const std::vector<std::string> folders, find_source_folders(store));
  for (const std::string& folder : folders) {
    const auto is_inside = os::lies_inside(nearest.string(), folder);
    if (is_inside.ok() && is_inside.value()) return refused(path, "a backup of the case", folder);
  }
  return base::Done{};
}

base::Status check_outside_databases(const std::string& path) {
  std::error_code unknown;
  const std::filesystem::path nearest = nearest_there(path);
  const std::filesystem::path real = std::filesystem::weakly_canonical(nearest, unknown);
  for (std::filesystem::path at = unknown ? nearest : real; at.has_relative_path(); at = at.parent_path()) {
    if (is_data_directory(at)) return refused(path, "the data directory of a database", at);
  }
  return base::Done{};
}

base::Status check_outside_disk(const std::string& path, const std::string& disk) {
  LG_ASSIGN(const bool is_inside, os::lies_inside(nearest_there(path).string(), disk));
  if (is_inside) return refused(path, "the disk that is looked at", disk);
  return base::Done{};
}

base::Status check_output_place(casefile::CaseStore& store, const std::string& path) {
  LG_TRY(check_outside_sources(store, path));
  return check_outside_databases(path);
}

}  // namespace lastgood::recovery
