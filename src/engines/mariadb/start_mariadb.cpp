// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Ways by which a data directory can run what an attacker put into it, and what closes each:
//   my.cnf, init_file, plugin_load, wsrep hooks          --no-defaults, and only data files are copied
//   plugins, functions and accounts in the mysql schema  --skip-grant-tables loads none of them
//   events, replication                                  --event-scheduler=DISABLED --skip-slave-start, no binary log
//   tables and files elsewhere                           --skip-symbolic-links, .isl files are not copied
//   backup-my.cnf of mariadb-backup                      only the four settings that say how data files lie
#include "engines/mariadb/start_mariadb.h"

#include "engines/mariadb/data_copy.h"
#include "engines/scratch_run.h"

namespace lastgood::engines::mariadb {

namespace {

// $1 data directory, $2 our folder, $3 and $4 further settings of the server, $5 prepare or use.
constexpr std::string_view k_script = R"sh(
data=$1 own=$2 use=$5 decided=0
if [ "$use" = prepare ]; then
  mariadb-backup --no-defaults --prepare --target-dir="$data" >"$own/prepare.log" 2>&1 || { tail -n 20 "$own/prepare.log"; exit 20; }
fi
serve() {
  exec mariadbd --no-defaults --datadir="$data" --socket="$own/s" --pid-file="$own/pid" --tmpdir="$own/tmp" --skip-networking \
    --skip-grant-tables --event-scheduler=DISABLED --skip-slave-start --skip-log-bin --skip-symbolic-links --skip-external-locking \
    --secure-file-priv="$own/none" --local-infile=OFF --lower-case-table-names=0 "$@" >>"$own/log" 2>&1
}
serve $3 $4 &
server=$!
until mariadb-admin --no-defaults -S "$own/s" ping >/dev/null 2>&1; do
  if ! kill -0 $server 2>/dev/null; then
    # Transactions that the binary log, which is not copied, would decide about: they are committed, to see the tables.
    if [ "$decided" = 0 ] && grep -q "prepared transactions" "$own/log"; then
      decided=1
      serve $3 $4 --tc-heuristic-recover=COMMIT &
      server=$!
      continue
    elif [ "$decided" = 1 ]; then
      decided=2
      serve $3 $4 &
      server=$!
      continue
    fi
    tail -n 20 "$own/log"
    exit 20
  fi
  sleep 0.1
done
echo STARTED
mariadb-check --no-defaults -S "$own/s" --all-databases --check --silent >"$own/check" 2>&1
code=$?
sed -n "s/^\(..*\)/COMPLAINT \1/p" "$own/check"
[ $code = 0 ] || [ -s "$own/check" ] || echo "COMPLAINT mariadb-check ended with code $code"
mariadb-admin --no-defaults -S "$own/s" shutdown >/dev/null 2>&1
wait $server
exit 0
)sh";

}  // namespace

base::Result<ScratchReport> start_copy(const UnitView& view, const std::string& folder, const ScratchOptions& options) {
  if (find_program({"/usr/sbin/mariadbd"}).empty())
    return base::Error{.code = base::ErrorCode::unsupported,
                       .what = "MariaDB is not installed",
                       .path = folder,
                       .hint = "install mariadb-server"};
  LG_ASSIGN(os::ScratchTree tree, os::ScratchTree::make(options.parent));
  LG_TRY(copy_files(view, folder, tree, "data", is_data));
  LG_TRY(tree.make_folder("own/tmp"));
  LG_TRY(tree.make_folder("own/none"));
  const bool must_prepare = is_unprepared(view, folder);
  if (must_prepare) {
    if (find_program({"/usr/bin/mariadb-backup"}).empty())
      return base::Error{.code = base::ErrorCode::unsupported,
                         .what = "mariadb-backup is not installed",
                         .path = folder,
                         .hint = "install mariadb-backup: this backup must be prepared first"};
    LG_TRY(tree.write_file("data/backup-my.cnf", base::ByteView(std::string_view(prepare_settings(view, folder)))));
  }
  const std::vector<std::string> layout = layout_settings(view, folder);
  return run_locked_in(
      std::string(k_script),
      {tree.path() + "/data", tree.path() + "/own", layout.at(0), layout.at(1), must_prepare ? "prepare" : "use"}, tree,
      options.time_limit_s);
}

}  // namespace lastgood::engines::mariadb
