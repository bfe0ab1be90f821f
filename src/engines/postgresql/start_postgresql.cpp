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

#include <fmt/format.h>

#include "engines/postgresql/cluster_copy.h"
#include "engines/postgresql/quiet_cluster.h"
#include "engines/scratch_run.h"

namespace lastgood::engines::postgresql {

namespace {

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

base::Result<ScratchReport> start_copy(const UnitView& view, const std::string& folder, const ScratchOptions& options) {
  LG_ASSIGN(const std::string bin, find_programs(view, folder));
  LG_ASSIGN(os::ScratchTree tree, os::ScratchTree::make(options.parent));
  LG_TRY(copy_files(view, folder, tree, "data", is_cluster_data));
  for (const std::string& empty : empty_cluster_folders()) LG_TRY(tree.make_folder(fmt::format("data/{}", empty)));
  LG_ASSIGN(const std::vector<std::string> tablespaces, copy_tablespaces(view, folder, tree));
  for (const std::string& name : tablespaces) LG_TRY(tree.make_link("data/pg_tblspc/" + name, "tablespaces/" + name));
  LG_TRY(copy_linked_log(view, folder, tree));
  LG_TRY(tree.make_folder("own"));
  LG_TRY(tree.write_file("own/postgresql.conf", base::ByteView(own_configuration())));
  LG_TRY(tree.write_file("data/postgresql.auto.conf", base::ByteView("")));
  LG_TRY(tree.write_file("own/hba.conf", base::ByteView("local all all trust\n")));
  LG_TRY(tree.write_file("own/ident.conf", base::ByteView("")));
  // Whoever made the cluster: not every one of them is called postgres.
  const std::vector<std::string> superusers = first_superusers(view, folder);
  LG_TRY(tree.write_file("own/who", base::ByteView(std::string_view(superusers.front()))));
  return run_locked_in(std::string(k_script), {bin, tree.path() + "/data", tree.path() + "/own"}, tree,
                       options.time_limit_s);
}

}  // namespace lastgood::engines::postgresql
