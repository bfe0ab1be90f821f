// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Ways by which a cluster can run what an attacker put into it, and what closes each:
//   configuration, recovery and standby settings, client authentication     not copied; our own files instead
//   tablespace_map and links that lead elsewhere                            not copied; links made by us
//   archive, restore and end-of-recovery commands, preloaded libraries      our configuration has none
//   libraries loaded for a database or role (ALTER ... SET)                 overruled by the connection's own options
//   event triggers                                                          switched off in the catalogue before any
//   DDL autovacuum, subscriptions, background workers                           off functions of indexes and types only
//   built-in indexes are checked an amcheck extension that is not amcheck                                ours is
//   declared anew from the server's library
#include "engines/postgresql/start_postgresql.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

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

// $1 programs, $2 data directory, $3 folder of our files and the socket.
constexpr std::string_view k_script = R"sh(
bin=$1 data=$2 own=$3
export PGOPTIONS='-c session_preload_libraries= -c local_preload_libraries= -c search_path=pg_catalog -c session_replication_role=replica'
"$bin/postgres" -D "$data" -c config_file="$own/postgresql.conf" -c hba_file="$own/hba.conf" -c ident_file="$own/ident.conf" -c unix_socket_directories="$own" -c port=5432 >"$own/log" 2>&1 &
server=$!
ask() { "$bin/psql" -X -q -A -t -h "$own" -p 5432 -U "$who" -d "$1" -v ON_ERROR_STOP=1; }
until "$bin/pg_isready" -q -h "$own" -p 5432; do
  kill -0 $server 2>/dev/null || { tail -n 20 "$own/log"; exit 20; }
  sleep 0.1
done
who=$(cat "$own/who")
databases=$(echo "SELECT datname FROM pg_database WHERE datallowconn ORDER BY 1" | ask template1 2>"$own/err") || { cat "$own/err"; exit 21; }
echo STARTED
echo "$databases" | while IFS= read -r database; do
  ask "$database" >"$own/out" 2>&1 <<'SQL'
UPDATE pg_event_trigger SET evtenabled = 'D' WHERE evtenabled <> 'D';
CREATE SCHEMA lastgood_scratch_check;
CREATE FUNCTION lastgood_scratch_check.check_index(regclass, boolean) RETURNS void AS '$libdir/amcheck', 'bt_index_check' LANGUAGE C STRICT;
CREATE FUNCTION lastgood_scratch_check.check_heap(relation regclass, on_error_stop boolean, check_toast boolean, skip text, startblock bigint, endblock bigint, OUT blkno bigint, OUT offnum integer, OUT attnum integer, OUT msg text) RETURNS SETOF record AS '$libdir/amcheck', 'verify_heapam' LANGUAGE C;
SQL
  [ $? = 0 ] || sed "s/^/COMPLAINT /" "$own/out"
  echo "SELECT 'SELECT ''heap ' || c.oid || ' ' || quote_ident(c.relname) || ' block '' || blkno || '': '' || msg FROM lastgood_scratch_check.check_heap(' || c.oid || ', false, true, ''none'', NULL, NULL);' FROM pg_class c WHERE c.relkind IN ('r','t','m') AND c.relpersistence = 'p' AND c.relam = 2
    UNION ALL SELECT 'SELECT lastgood_scratch_check.check_index(' || i.indexrelid || ', true);' FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relam = 403 AND c.relpersistence = 'p' AND i.indisvalid AND i.indexprs IS NULL AND i.indpred IS NULL AND NOT EXISTS (SELECT 1 FROM unnest(i.indclass::oid[]) k WHERE k >= 16384)" | ask "$database" >"$own/statements" 2>"$own/err" || sed "s/^/COMPLAINT /" "$own/err"
  "$bin/psql" -X -q -A -t -h "$own" -p 5432 -U "$who" -d "$database" -f "$own/statements" 2>&1 | sed -n "s/^\(..*\)/COMPLAINT \1/p"
done
kill -INT $server
wait $server
exit 0
)sh";

}  // namespace

namespace {

std::string join(const std::string& folder, std::string_view name) {
  return folder.empty() ? std::string(name) : fmt::format("{}/{}", folder, name);
}

bool take_all(std::string_view /*path*/) { return true; }

/// The programs of the cluster's own version.
base::Result<std::string> find_programs(const UnitView& view, const std::string& folder) {
  LG_ASSIGN(const std::unique_ptr<base::ByteSource> version_file, view.open(join(folder, "PG_VERSION")));
  std::array<std::uint8_t, 8> bytes{};
  LG_ASSIGN(const std::size_t got, version_file->read(0, bytes));
  std::string version(base::ByteView(std::span<const std::uint8_t>(bytes.data(), got)).text());
  version.erase(std::find_if(version.begin(), version.end(), [](char c) { return c < '0' || c > '9'; }), version.end());
  const std::string bin = fmt::format("/usr/lib/postgresql/{}/bin", version);
  if (version.empty() || find_program({bin + "/postgres"}).empty())
    return base::Error{.code = base::ErrorCode::unsupported,
                       .what = fmt::format("PostgreSQL {} is not installed", version),
                       .path = folder,
                       .hint = fmt::format("install postgresql-{}: other versions cannot open these files", version)};
  return bin;
}

/// Tablespaces: what a link leads to, or a folder that a restore put in its place.
base::Status copy_tablespaces(const UnitView& view, const std::string& folder, os::ScratchTree& tree) {
  const auto tablespaces = view.list(join(folder, "pg_tblspc"));
  const auto is_versioned = [](std::string_view path) { return path.starts_with("PG_"); };
  for (const UnitEntry& entry : tablespaces.ok() ? tablespaces.value() : std::vector<UnitEntry>{}) {
    if (entry.name.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string into = "tablespaces/" + entry.name;
    if (entry.kind == model::EntryKind::folder) {
      LG_TRY(copy_files(view, join(folder, "pg_tblspc/" + entry.name), tree, into, is_versioned));
    } else {
      const std::unique_ptr<UnitView> outside = view.open_outside(entry.link_target);
      if (!outside)
        return base::Error{.code = base::ErrorCode::not_found,
                           .what = fmt::format("cannot see the tablespace '{}'", base::printable(entry.link_target)),
                           .path = entry.link_target};
      LG_TRY(copy_files(*outside, {}, tree, into, is_versioned));
    }
    LG_TRY(tree.make_link("data/pg_tblspc/" + entry.name, into));
  }
  return base::Done{};
}

/// A log that lies elsewhere.
base::Status copy_linked_log(const UnitView& view, const std::string& folder, os::ScratchTree& tree) {
  const auto entries = view.list(folder);
  for (const UnitEntry& entry : entries.ok() ? entries.value() : std::vector<UnitEntry>{}) {
    if (entry.name != "pg_wal" || entry.kind != model::EntryKind::link) continue;
    const std::unique_ptr<UnitView> outside = view.open_outside(entry.link_target);
    if (outside) LG_TRY(copy_files(*outside, {}, tree, "data/pg_wal", take_all));
  }
  return base::Done{};
}

}  // namespace

base::Result<ScratchReport> start_copy(const UnitView& view, const std::string& folder, const ScratchOptions& options) {
  LG_ASSIGN(const std::string bin, find_programs(view, folder));
  LG_ASSIGN(os::ScratchTree tree, os::ScratchTree::make(options.parent));
  LG_TRY(copy_files(view, folder, tree, "data", [](std::string_view path) {
    if (path == "PG_VERSION" || path == "backup_label") return true;
    return std::any_of(k_folders.begin(), k_folders.end(),
                       [&](std::string_view start) { return path.starts_with(start); });
  }));
  for (const char* empty : k_empty_folders) LG_TRY(tree.make_folder(fmt::format("data/{}", empty)));
  LG_TRY(copy_tablespaces(view, folder, tree));
  LG_TRY(copy_linked_log(view, folder, tree));
  LG_TRY(tree.make_folder("own"));
  LG_TRY(tree.write_file("own/postgresql.conf", base::ByteView(k_configuration)));
  LG_TRY(tree.write_file("data/postgresql.auto.conf", base::ByteView("")));
  LG_TRY(tree.write_file("own/hba.conf", base::ByteView("local all all trust\n")));
  LG_TRY(tree.write_file("own/ident.conf", base::ByteView("")));
  LG_TRY(tree.write_file("own/who", base::ByteView("postgres")));
  return run_locked_in(std::string(k_script), {bin, tree.path() + "/data", tree.path() + "/own"}, tree,
                       options.time_limit_s);
}

}  // namespace lastgood::engines::postgresql
