// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/cluster_copy.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engines/postgresql/backup_files.h"
#include "engines/postgresql/copy_stand.h"
#include "engines/postgresql/relation_files.h"
#include "engines/scratch_copy.h"
#include "engines/scratch_run.h"

namespace lastgood::engines::postgresql {

namespace {

using namespace std::string_view_literals;

constexpr std::array k_folders = {"base/"sv,         "global/"sv,       "pg_wal/"sv,
                                  "pg_xact/"sv,      "pg_multixact/"sv, "pg_subtrans/"sv,
                                  "pg_commit_ts/"sv, "pg_twophase/"sv,  "pg_logical/"sv};
constexpr std::array k_empty_folders = {
    "pg_dynshmem",           "pg_notify",   "pg_replslot",          "pg_serial",
    "pg_snapshots",          "pg_stat",     "pg_stat_tmp",          "pg_tblspc",
    "pg_wal/archive_status", "pg_twophase", "pg_commit_ts",         "pg_logical/snapshots",
    "pg_logical/mappings",   "pg_subtrans", "pg_multixact/members", "pg_multixact/offsets"};

constexpr std::string_view k_configuration = R"(listen_addresses = ''
unix_socket_permissions = 0700
archive_mode = off
archive_command = ''
restore_command = ''
recovery_end_command = ''
archive_cleanup_command = ''
shared_preload_libraries = ''
session_preload_libraries = ''
local_preload_libraries = ''
dynamic_library_path = '$libdir'
jit = off
autovacuum = off
max_logical_replication_workers = 0
max_wal_senders = 10
max_connections = 1000
max_worker_processes = 64
max_prepared_transactions = 1000
max_locks_per_transaction = 256
hot_standby = off
fsync = off
logging_collector = off
log_destination = 'stderr'
ssl = off
shared_buffers = 128MB
dynamic_shared_memory_type = mmap
)";

bool take_all(std::string_view /*path*/) { return true; }

/// Files of a database's folder: what only looks like one (renamed by an attacker) is not carried along, nor the caches
/// that the server makes anew.
bool is_database_file(std::string_view name) {
  return parse_relation_name(name).has_value() || name == "PG_VERSION" || name == "pg_filenode.map" ||
         name == "pg_control";
}

}  // namespace

bool is_cluster_data(std::string_view path) {
  if (path == "PG_VERSION" || path == "backup_label") return true;
  if (path.starts_with("base/") || path.starts_with("global/"))
    return is_database_file(path.substr(path.rfind('/') + 1));
  return std::any_of(k_folders.begin(), k_folders.end(),
                     [&](std::string_view start) { return path.starts_with(start); });
}

std::vector<std::string> empty_cluster_folders() { return {k_empty_folders.begin(), k_empty_folders.end()}; }

std::string_view own_configuration() { return k_configuration; }

std::string join(const std::string& folder, std::string_view name) {
  return folder.empty() ? std::string(name) : fmt::format("{}/{}", folder, name);
}

namespace {

/// The programs are chosen by PG_VERSION: where pg_control says otherwise, they would be the wrong ones.
base::Status check_version(const UnitView& view, const std::string& folder) {
  const std::optional<ControlFile> control = read_control(view, folder);
  const std::string fault =
      control ? find_version_fault(read_text(view, join(folder, "PG_VERSION"), 64), *control) : std::string();
  if (fault.empty()) return base::Done{};
  return base::Error{.code = base::ErrorCode::damaged_source,
                     .what = "PG_VERSION " + fault,
                     .path = join(folder, "PG_VERSION"),
                     .hint = "no server opens it so: take PG_VERSION from a copy of the same server"};
}

}  // namespace

base::Result<std::string> find_programs(const UnitView& view, const std::string& folder) {
  LG_ASSIGN(const std::unique_ptr<base::ByteSource> version_file, view.open(join(folder, "PG_VERSION")));
  std::array<std::uint8_t, 8> bytes{};
  LG_ASSIGN(const std::size_t got, version_file->read(0, bytes));
  std::string version(base::ByteView(std::span<const std::uint8_t>(bytes.data(), got)).text());
  version.erase(std::find_if(version.begin(), version.end(), [](char c) { return c < '0' || c > '9'; }), version.end());
  LG_TRY(check_version(view, folder));
  const std::string bin = fmt::format("/usr/lib/postgresql/{}/bin", version);
  if (version.empty() || find_program({bin + "/postgres"}).empty())
    return base::Error{
        .code = base::ErrorCode::unsupported,
        .what = fmt::format("PostgreSQL {} is not installed", version),
        .path = folder,
        .hint = fmt::format("install postgresql-{0}: other versions cannot open these files, and a system has "
                            "but its own unless apt.postgresql.org is added",
                            version)};
  return bin;
}

std::vector<ListedTablespace> list_tablespaces(const UnitView& view, const std::string& folder) {
  std::vector<ListedTablespace> found;
  const auto entries = view.list(join(folder, "pg_tblspc"));
  for (const UnitEntry& entry : entries.ok() ? entries.value() : std::vector<UnitEntry>{}) {
    if (entry.name.find_first_not_of("0123456789") != std::string::npos) continue;
    const bool is_inside = entry.kind == model::EntryKind::folder;
    found.push_back({.number = entry.name,
                     .lies = is_inside ? ListedTablespace::Lies::inside : ListedTablespace::Lies::outside,
                     .target = entry.link_target});
  }
  for (MappedTablespace& mapped :
       parse_tablespace_map(read_text(view, join(folder, "tablespace_map"), k_tablespace_map_bytes_max))) {
    const bool is_known = std::any_of(found.begin(), found.end(),
                                      [&](const ListedTablespace& one) { return one.number == mapped.number; });
    if (!is_known)
      found.push_back({std::move(mapped.number), ListedTablespace::Lies::outside, std::move(mapped.target)});
  }
  return found;
}

base::Result<std::vector<std::string>> copy_tablespaces(const UnitView& view, const std::string& folder,
                                                        os::ScratchTree& tree) {
  std::vector<std::string> names;
  const auto is_versioned = [](std::string_view path) { return path.starts_with("PG_"); };
  for (const ListedTablespace& tablespace : list_tablespaces(view, folder)) {
    const std::string into = "tablespaces/" + tablespace.number;
    if (tablespace.lies == ListedTablespace::Lies::inside) {
      LG_TRY(copy_files(view, join(folder, "pg_tblspc/" + tablespace.number), tree, into, is_versioned));
    } else {
      const std::unique_ptr<UnitView> outside = view.open_outside(tablespace.target);
      if (outside)
        LG_TRY(copy_files(*outside, {}, tree, into, is_versioned));
      else
        LG_TRY(tree.make_folder(into));
    }
    names.push_back(tablespace.number);
  }
  return names;
}

base::Status copy_linked_log(const UnitView& view, const std::string& folder, os::ScratchTree& tree,
                             const std::string& into) {
  const auto entries = view.list(folder);
  for (const UnitEntry& entry : entries.ok() ? entries.value() : std::vector<UnitEntry>{}) {
    if (entry.name != "pg_wal" || entry.kind != model::EntryKind::link) continue;
    const std::unique_ptr<UnitView> outside = view.open_outside(entry.link_target);
    // Saved logs can take the place of those that nobody can see from here.
    LG_TRY(tree.make_folder(into));
    if (outside) LG_TRY(copy_files(*outside, {}, tree, into, take_all));
  }
  return base::Done{};
}

}  // namespace lastgood::engines::postgresql
